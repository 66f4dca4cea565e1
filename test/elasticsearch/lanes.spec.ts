import { Lanes } from '../../src/elasticsearch/lanes';

/** A quick look that a test ends. */
function held() {
  let end: () => void = () => undefined;
  const look = new Promise<void>(resolve => (end = resolve));
  return { end, look: () => look };
}

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('Lanes', () => {
  it('are fewer until all quick looks have ended', async () => {
    const lanes = new Lanes();
    const { most } = lanes;
    expect(lanes.widening).toBeNull();
    const [one, other] = [held(), held()];
    const looks = [one, other].map(({ look }) => lanes.yieldTo(look));
    expect(lanes.most).toBe(1);
    let wide = false;
    void lanes.widening?.then(() => (wide = true));
    one.end();
    await looks[0];
    await jest.advanceTimersByTimeAsync(0);
    expect([lanes.most, wide]).toEqual([1, false]);
    other.end();
    await looks[1];
    await jest.advanceTimersByTimeAsync(0);
    expect([lanes.most, wide]).toEqual([most, true]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('do not wait long for one', async () => {
    const lanes = new Lanes();
    const { most } = lanes;
    const { look } = held();
    void lanes.yieldTo(look);
    await jest.advanceTimersByTimeAsync(999);
    expect(lanes.most).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(lanes.most).toBe(most);
  });

  it('give back what a look finds, and what it throws', async () => {
    const lanes = new Lanes();
    const { most } = lanes;
    expect(await lanes.yieldTo(() => Promise.resolve(7))).toBe(7);
    const failing = lanes.yieldTo(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await jest.advanceTimersByTimeAsync(0);
    expect(lanes.most).toBe(most);
  });
});
