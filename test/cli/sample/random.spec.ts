import { EventQueue } from '../../../src/cli/sample/event-queue';
import { AliasTable, Random } from '../../../src/cli/sample/random';
import {
  PERIOD_END,
  PERIOD_START,
  Rhythm
} from '../../../src/cli/sample/rhythm';

const MANY = 200_000;

function draws<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw);
}

describe('Random', () => {
  it('repeats itself for a seed, and differs for another', () => {
    const of = (seed: string): number[] => {
      const random = new Random(seed);
      return draws(5, () => random.float());
    };
    expect(of('a')).toEqual(of('a'));
    expect(of('a')).not.toEqual(of('b'));
    // Numbers that were once written stay: other machines must make the same files.
    expect(of('1').map(value => value * 2 ** 32)).toMatchInlineSnapshot(`
     [
       2701005225,
       325764788,
       3038716673,
       1775991720,
       837491973,
     ]
    `);
  });

  it('gives streams that do not hang on how much was drawn before', () => {
    const random = new Random('a');
    const before = random.fork('x').float();
    random.float();
    expect(random.fork('x').float()).toBe(before);
    expect(random.fork('y').float()).not.toBe(before);
  });

  it('is spread evenly', () => {
    const random = new Random('even');
    const counts = new Array<number>(16).fill(0);
    draws(MANY, () => counts[random.below(16)]++);
    const expected = MANY / 16;
    const chi = counts.reduce(
      (sum, n) => sum + (n - expected) ** 2 / expected,
      0
    );
    // 99.9 % of even generators stay below 37.7 with 15 degrees of freedom.
    expect(chi).toBeLessThan(37.7);
  });

  it('draws the laws that it says', () => {
    const random = new Random('laws');
    const mean = (values: number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(draws(MANY, () => random.exponential()))).toBeCloseTo(1, 1);
    const normal = draws(MANY, () => random.normal());
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map(value => value * value))).toBeCloseTo(1, 1);
    const around = draws(MANY, () => random.around(10, 1)).sort(
      (a, b) => a - b
    );
    expect(Math.abs(around[MANY / 2] - 10)).toBeLessThan(0.2);
    const sizes = draws(MANY, () => random.pareto(2, 100, 1));
    expect(Math.min(...sizes.slice(0, 50_000))).toBe(2);
    expect(Math.max(...sizes.slice(0, 50_000))).toBe(100);
    // P(size ≥ 10) is (2/10 − 2/101) / (1 − 2/101).
    expect(sizes.filter(size => size >= 10).length / MANY).toBeCloseTo(
      0.184,
      2
    );
  });

  it('shuffles without loss', () => {
    const random = new Random('shuffle');
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = random.shuffled(values);
    expect(shuffled).not.toEqual(values);
    expect([...shuffled].sort()).toEqual(values);
  });
});

describe('AliasTable', () => {
  it('draws by weight, and never what weighs nothing', () => {
    const random = new Random('alias');
    const weights = [0, 5, 0.5, 0, 94.5];
    const table = new AliasTable(weights);
    const counts = new Array<number>(5).fill(0);
    draws(MANY, () => counts[table.draw(random)]++);
    expect(counts[0] + counts[3]).toBe(0);
    expect(counts[1] / MANY).toBeCloseTo(0.05, 2);
    expect(counts[2] / MANY).toBeCloseTo(0.005, 3);
  });

  it('refuses to draw from nothing', () => {
    expect(() => new AliasTable([])).toThrow('positive weight');
    expect(() => new AliasTable([0, 0])).toThrow('positive weight');
  });
});

describe('Rhythm', () => {
  const rhythm = new Rhythm();

  it('covers the period from end to end, in order', () => {
    const times = Array.from({ length: 10_001 }, (_, i) =>
      rhythm.timeAt(i / 10_000)
    );
    expect(times[0]).toBe(PERIOD_START);
    expect(times[10_000]).toBeLessThan(PERIOD_END);
    expect(times[10_000]).toBeGreaterThan(PERIOD_END - 60_000);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('has fewer events on Sundays and at night, and more in May than in January', () => {
    const dates = Array.from(
      { length: 50_000 },
      (_, i) => new Date(rhythm.timeAt(i / 50_000) - 8 * 3_600_000)
    );
    const count = (holds: (date: Date) => boolean): number =>
      dates.filter(holds).length;
    const sundays = count(date => date.getUTCDay() === 0);
    expect(sundays).toBeLessThan(0.7 * count(date => date.getUTCDay() === 3));
    const nights = count(date => date.getUTCHours() < 6);
    expect(nights).toBeLessThan(
      0.7 * count(date => Math.floor(date.getUTCHours() / 6) === 2)
    );
    expect(count(date => date.getUTCMonth() === 4)).toBeGreaterThan(
      1.1 * count(date => date.getUTCMonth() === 0)
    );
  });
});

describe('EventQueue', () => {
  it('hands out the soonest first, also when its time has changed', () => {
    const random = new Random('queue');
    const queue = new EventQueue<{ next: number }>();
    draws(500, () => queue.add({ next: random.below(1000) }));
    const seen: number[] = [];
    while (queue.first) {
      const event = queue.first;
      seen.push(event.next);
      if (random.chance(0.5)) {
        event.next += random.below(100);
        queue.moveFirst();
      } else {
        queue.removeFirst();
      }
    }
    expect(seen.length).toBeGreaterThan(500);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    queue.removeFirst();
    queue.moveFirst();
    expect(queue.first).toBeUndefined();
  });
});
