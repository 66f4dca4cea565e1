const NAMES = [
  'ArrayBuffer',
  'Array',
  'Uint8Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array'
] as const;

const SIZES: Record<(typeof NAMES)[number], number> = {
  ArrayBuffer: 1,
  Array: 8,
  Uint8Array: 1,
  Uint16Array: 2,
  Int32Array: 4,
  Uint32Array: 4,
  Float32Array: 4,
  Float64Array: 8,
  BigInt64Array: 8
};

/** Notes the largest array, in bytes, that is made by its length while it is watched. */
export function watchAllocations(): { largest: number; stop: () => void } {
  const watch = { largest: 0, stop: () => undefined as void };
  const globals: Record<string, unknown> = globalThis;
  const originals = NAMES.map(name => globals[name]);
  NAMES.forEach((name, i) => {
    const original = originals[i] as new (...args: unknown[]) => object;
    globals[name] = new Proxy(original, {
      construct(target, args: unknown[], newTarget) {
        if (typeof args[0] === 'number' && args.length === 1) {
          watch.largest = Math.max(watch.largest, args[0] * SIZES[name]);
        }
        return Reflect.construct(target, args, newTarget) as object;
      }
    });
  });
  watch.stop = () => {
    NAMES.forEach((name, i) => {
      globals[name] = originals[i];
    });
  };
  return watch;
}
