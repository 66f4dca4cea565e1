import fc from 'fast-check';

import { MISSING_SECONDS } from '../../src/engine/parquet/types';
import { finder, TimeAxis } from '../../src/engine/time-axis';
import { WorkloadIndex } from '../../src/engine/workload-index';
import { calendar } from '../../src/workload/calendar';
import { datasetOf, secondsChunk, times } from './tables';

const SEED = { seed: 20210104, numRuns: 60 };
const at = (text: string) => Date.parse(text) / 1000;

/** An axis over times, in seconds, of which each segment holds two. */
function axisOf(
  texts: readonly (string | null)[],
  wide: boolean
): { axis: TimeAxis; segments: WorkloadIndex['dataset']['segments'] } {
  const column = times(...texts);
  const cuts = texts.flatMap((_, i) => (i > 0 && i % 2 === 0 ? [i] : []));
  const index = new WorkloadIndex(datasetOf({ time: column }, cuts));
  const { segments } = index.dataset;
  segments.forEach((segment, s) =>
    index.add(
      segment,
      'time',
      secondsChunk(
        texts
          .slice(s * 2, s * 2 + 2)
          .map(text => (text === null ? null : Date.parse(text))),
        wide
      )
    )
  );
  return { axis: new TimeAxis(index, 'time'), segments };
}

describe.each([
  ['32 bits', false],
  ['floats', true]
])('an axis of times in %s', (_, wide) => {
  it('knows its range, missing times left out', () => {
    const { axis, segments } = axisOf(
      [null, '2021-02-01T00:00:01Z', '2021-01-01T00:00:00Z', null, null, null],
      wide
    );
    expect(axis.range(segments)).toEqual({
      from: at('2021-01-01'),
      to: at('2021-02-01') + 1
    });
    expect(axis.range(segments.slice(0, 1))).toEqual({
      from: at('2021-02-01') + 1,
      to: at('2021-02-01') + 1
    });
    expect(axis.range(segments.slice(2))).toBeNull();
    expect(axis.range([])).toBeNull();
  });

  it('puts rows into calendar periods, those without a time into the one after the last', () => {
    const { axis, segments } = axisOf(
      [
        '2021-01-31T23:59:59Z',
        '2021-02-01T00:00:00Z',
        null,
        '2021-01-01T00:00:00Z'
      ],
      wide
    );
    const { labels, codes } = axis.periods('month', 'UTC', segments);
    expect(labels).toEqual(['2021-01', '2021-02']);
    expect(segments.map(segment => [...codes(segment)])).toEqual([
      [0, 1],
      [2, 0]
    ]);
    const local = axis.periods('month', 'Asia/Tokyo', segments);
    expect(segments.map(segment => [...local.codes(segment)])).toEqual([
      [1, 1],
      [2, 0]
    ]);
    const other = axis.periods('year', 'UTC', segments.slice(0, 1));
    expect(other.labels).toEqual(['2021']);
    expect([...other.codes(segments[0])]).toEqual([0, 0]);
  });

  it('has no periods where there is no time', () => {
    const { axis, segments } = axisOf([null, null], wide);
    const { labels, codes } = axis.periods('day', 'UTC', segments);
    expect(labels).toEqual([]);
    expect([...codes(segments[0])]).toEqual([0, 0]);
  });
});

describe('an axis with a date that must be wrong', () => {
  it('has no day for each of two thousand years', () => {
    const { axis, segments } = axisOf(
      [
        '0001-01-01T00:00:00Z',
        '2021-01-01T12:00:00Z',
        '2021-01-02T00:00:00Z',
        '2021-01-05T23:59:59Z'
      ],
      true
    );
    const { labels, codes } = axis.periods('day', 'UTC', segments);
    const shown = segments.flatMap(segment =>
      [...codes(segment)].map(code => labels[code])
    );
    expect(shown).toEqual([
      '0001-01-01',
      '2021-01-01',
      '2021-01-02',
      '2021-01-05'
    ]);
    expect(labels.length).toBeLessThan(10);
  });

  it('agrees with the whole calendar on every unit and zone', () => {
    const texts = [
      '1960-02-29T23:30:00Z',
      '1999-12-31T23:59:59Z',
      '2021-03-31T22:00:00Z',
      '2021-04-01T07:00:00Z',
      null,
      '2035-10-28T00:59:59Z'
    ];
    for (const zone of [
      'UTC',
      'Europe/Berlin',
      'America/Los_Angeles',
      'Africa/Monrovia'
    ]) {
      for (const unit of ['day', 'month', 'quarter', 'year'] as const) {
        const { axis, segments } = axisOf(texts, true);
        const sparse = axis.periods(unit, zone, segments);
        const shown = segments.flatMap(segment =>
          [...sparse.codes(segment)].map(code => sparse.labels[code] ?? null)
        );
        expect(shown).toEqual(
          texts.map(text =>
            text === null
              ? null
              : calendar(unit, zone, at(text), at(text)).labels[0]
          )
        );
      }
    }
  });

  it('takes what lies outside the years 1 to 9999 for missing', () => {
    const index = new WorkloadIndex(
      datasetOf({ time: times('2021-01-01T00:00:00Z', null, null) })
    );
    const [segment] = index.dataset.segments;
    index.add(segment, 'time', {
      ...secondsChunk([0, 0, 0]),
      seconds: Float64Array.of(at('2021-01-01'), 1e13, -1e17)
    });
    const axis = new TimeAxis(index, 'time');
    expect(axis.range([segment])).toEqual({
      from: at('2021-01-01'),
      to: at('2021-01-01')
    });
    const { labels, codes } = axis.periods('year', 'UTC', [segment]);
    expect([...codes(segment)].map(code => labels[code] ?? null)).toEqual([
      '2021',
      null,
      null
    ]);
  });
});

describe('finder', () => {
  it('finds the same by table and by bisection, in 16 and 32 bits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'UTC',
          'America/Los_Angeles',
          'Australia/Lord_Howe',
          'Asia/Kathmandu',
          'Africa/Monrovia'
        ),
        fc.constantFrom('day', 'month', 'year'),
        fc.integer({ min: at('1955-01-01'), max: at('2030-01-01') }),
        fc.array(fc.nat({ max: 60 * 86400 }), { minLength: 1, maxLength: 40 }),
        (zone, unit, from, offsets) => {
          const { starts, labels } = calendar(
            unit,
            zone,
            from,
            from + 60 * 86400
          );
          const edges = starts.flatMap(start => [start - 1, start, start + 1]);
          const instants = [...edges, ...offsets.map(offset => from + offset)];
          const float = Float64Array.of(...instants, NaN);
          const missing = labels.length;
          const [byTable, bisected] = [2 ** 20, 0].map(most => {
            const into = new Uint16Array(float.length).fill(missing);
            finder(starts, most)(float, into);
            return [...into];
          });
          expect(byTable).toEqual(bisected);
          const whole = Int32Array.of(...instants, MISSING_SECONDS);
          const into = new Uint32Array(whole.length).fill(missing);
          finder(starts)(whole, into);
          expect([...into]).toEqual(bisected);
          expect(bisected).toEqual(
            [...float].map(t =>
              t >= starts[0] && t < starts[missing]
                ? starts.findLastIndex(start => start <= t)
                : missing
            )
          );
        }
      ),
      SEED
    );
  });
});
