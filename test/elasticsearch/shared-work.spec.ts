import { aheadController, isAhead } from '../../src/elasticsearch/signals';
import { SharedWork } from '../../src/elasticsearch/shared-work';

/** Work that ends when a test says so. */
function work() {
  const begun: { signal: AbortSignal; end: (value: string) => void }[] = [];
  const begin = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      begun.push({ signal, end: resolve });
      signal.addEventListener('abort', () => reject(new Error('called off')));
    });
  return { begun, begin };
}

describe('SharedWork', () => {
  it('is done once for all who ask, also later', async () => {
    const { begun, begin } = work();
    const shared = new SharedWork<string>(2);
    const both = [shared.get('a', begin), shared.get('a', begin)];
    begun[0].end('done');
    expect(await Promise.all(both)).toEqual(['done', 'done']);
    expect(await shared.get('a', begin)).toBe('done');
    expect(begun).toHaveLength(1);
  });

  it('goes on as long as somebody waits', async () => {
    const { begun, begin } = work();
    const shared = new SharedWork<string>(2);
    const stops = [new AbortController(), new AbortController()];
    const both = stops.map(({ signal }) => shared.get('a', begin, signal));
    const ended = Promise.allSettled(both);
    stops[0].abort();
    await expect(both[0]).rejects.toMatchObject({ name: 'AbortError' });
    expect(begun[0].signal.aborted).toBe(false);
    stops[1].abort();
    await ended;
    expect(begun[0].signal.aborted).toBe(true);
    // Who asks now has it begun anew.
    const again = shared.get('a', begin);
    begun[1].end('again');
    expect(await again).toBe('again');
  });

  it('is ahead of questions until one waits for it', async () => {
    const { begun, begin } = work();
    const shared = new SharedWork<string>(2);
    const ahead = shared.get('a', begin, aheadController().signal);
    expect(isAhead(begun[0].signal)).toBe(true);
    const asked = shared.get('a', begin);
    expect(isAhead(begun[0].signal)).toBe(false);
    begun[0].end('done');
    expect(await Promise.all([ahead, asked])).toEqual(['done', 'done']);
  });

  it('is begun anew after a failure, and forgets what was used longest ago', async () => {
    const shared = new SharedWork<string>(1);
    await expect(
      shared.get('a', () => Promise.reject(new Error('no')))
    ).rejects.toThrow('no');
    expect(await shared.get('a', async () => 'yes')).toBe('yes');
    expect(await shared.get('b', async () => 'other')).toBe('other');
    expect(await shared.get('a', async () => 'new')).toBe('new');
  });
});
