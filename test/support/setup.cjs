// jsdom lacks a few things that JupyterLab's packages touch while they load.
if (typeof window !== 'undefined') {
  const { TextDecoder, TextEncoder } = require('node:util');
  globalThis.TextDecoder ??= TextDecoder;
  globalThis.TextEncoder ??= TextEncoder;
  const { deserialize, serialize } = require('node:v8');
  globalThis.structuredClone ??= value => deserialize(serialize(value));
  globalThis.DragEvent ??= class DragEvent extends Event {};
  globalThis.ResizeObserver ??= class ResizeObserver {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  // Notebooks subclass it while their module loads.
  globalThis.IntersectionObserver ??= class IntersectionObserver {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  window.matchMedia ??= query => ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {}
  });
}
