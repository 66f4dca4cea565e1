import { isDayStart, sameZone } from '../../src/workload/calendar';
import {
  checkDistilled,
  readDistilled,
  tellsDays
} from '../../src/engine/distilled';
import type { ITouched } from '../../src/engine/distilled';
import type { IDistilled, IFileEntry } from '../../src/engine/engine';
import type { ParquetFile } from '../../src/engine/parquet/types';
import { defaultSelection } from '../../src/workload/query';
import type { Filter } from '../../src/workload/query';

const ZONE = 'America/Los_Angeles';
const DISTILLED: IDistilled = {
  zone: ZONE,
  day: 'event_timestamp',
  dropped: [
    { column: 'process_id', role: 'process' },
    { column: 'executable', role: 'executable' },
    { column: 'hostname', role: null }
  ]
};
const MAPPING = {
  user: ['username'],
  time: ['event_timestamp'],
  is_container: ['is_shifter'],
  count: ['count']
};
const COLUMNS = ['username', 'event_timestamp', 'is_shifter', 'month', 'count'];

function entry(path: string): IFileEntry {
  return { path, location: path, size: 1, modified: null, partitions: {} };
}

function file(about: unknown): ParquetFile {
  return {
    rows: 0,
    createdBy: null,
    columns: [],
    unsupported: [],
    rowGroups: [],
    raw: { leaves: [] },
    keyValue:
      about === undefined ? {} : { 'workload.gather': JSON.stringify(about) }
  };
}

function check(change: Partial<ITouched>): () => void {
  const selection = defaultSelection({ paths: ['days'] });
  const touched: ITouched = {
    selection,
    mapping: MAPPING,
    filters: [],
    roles: [],
    has: name => COLUMNS.includes(name),
    ...change
  };
  return () => checkDistilled(DISTILLED, touched);
}

describe('what files say of how they were distilled', () => {
  it('is read from their footers', () => {
    const files = [
      file({ distilled: DISTILLED }),
      file({ distilled: DISTILLED })
    ];
    const entries = [entry('a'), entry('b')];
    expect(readDistilled(entries, files)).toEqual(DISTILLED);
    expect(readDistilled(entries, [file(undefined), file({})])).toBeNull();
    expect(readDistilled([entry('a')], [file({ distilled: null })])).toBeNull();
  });

  it('has to be the same in all', () => {
    const other = { ...DISTILLED, zone: 'UTC' };
    for (const second of [
      { distilled: other },
      { distilled: null },
      undefined
    ]) {
      expect(() =>
        readDistilled(
          [entry('a'), entry('b')],
          [file({ distilled: DISTILLED }), file(second)]
        )
      ).toThrow(/a and b were not distilled alike/);
    }
  });

  it.each([
    { distilled: true },
    { distilled: { zone: ZONE } },
    { distilled: { ...DISTILLED, zone: 'Mars/Olympus' } },
    { distilled: { ...DISTILLED, dropped: ['version'] } }
  ])('has to be of a known form: %j', about => {
    expect(() => readDistilled([entry('a')], [file(about)])).toThrow(
      /does not say how in a form that is known/
    );
  });
});

describe('what distilled data cannot answer', () => {
  const period = (from: string | null, to: string | null, zone: string) => ({
    selection: {
      ...defaultSelection({ paths: ['days'] }),
      period: { from, to },
      zone
    }
  });
  const where = (filter: Filter) => ({ filters: [filter] });

  it.each([
    [
      'a dropped role',
      { roles: ['process' as const] },
      /“process_id” was dropped/
    ],
    [
      'a condition on a dropped column',
      where({ field: 'hostname', op: 'any', values: ['nid1'] }),
      /“hostname” was dropped/
    ],
    [
      'a condition on what is derived of it',
      where({ field: 'environment', op: 'any', values: ['conda'] }),
      /“executable” was dropped/
    ],
    [
      'a period of other days',
      period('2021-02-01', null, 'UTC'),
      /midnight there/
    ],
    [
      'a part of a day',
      period(null, '2021-02-01T12:00:00', ZONE),
      /midnight there/
    ],
    [
      'months of another zone',
      { ...period(null, null, 'UTC'), roles: ['time' as const] },
      /Choose America\/Los_Angeles/
    ],
    [
      'a time of day',
      where({ field: 'time', op: 'range', from: '2021-02-01T12:00:00Z' }),
      /midnight there/
    ],
    [
      'an instant',
      where({ field: 'event_timestamp', op: 'any', values: ['2021-02-01'] }),
      /holds days only/
    ],
    [
      'months of folders',
      where({ field: 'month', op: 'any', values: ['2021-02'] }),
      /months of their folders/
    ],
    [
      'a condition on counts',
      where({ field: 'count', op: 'range', from: '2' }),
      /says nothing of a record/
    ],
    [
      'records without their counts',
      { mapping: { user: ['username'] } },
      /Map it as “count”/
    ],
    [
      'a key made of the time',
      { mapping: { ...MAPPING, job: ['username', 'event_timestamp'] } },
      /holds days only/
    ]
  ])('is refused: %s', (_, change, message) => {
    expect(check(change)).toThrow(message);
  });

  it.each([
    ['whole days', period('2021-02-01', '2021-03-14', ZONE)],
    [
      'the same instants in another zone',
      period('2021-02-01T08:00:00Z', null, 'UTC')
    ],
    ['months of the zone by another name', period(null, null, 'US/Pacific')],
    ['records without a time', where({ field: 'time', op: 'missing' })],
    [
      'a role that another column plays',
      {
        roles: ['process' as const],
        mapping: { ...MAPPING, process: ['username'] }
      }
    ],
    [
      'environments that are written down',
      {
        ...where({ field: 'environment', op: 'any', values: ['conda'] }),
        roles: ['executable' as const],
        has: (name: string) => name === 'environment'
      }
    ]
  ])('does not hold for %s', (_, change) => {
    expect(check(change)).not.toThrow();
  });

  it('are days of other zones', () => {
    expect(tellsDays(DISTILLED, MAPPING, 'UTC')).toBe(false);
    expect(tellsDays(DISTILLED, MAPPING, ZONE)).toBe(true);
    expect(tellsDays(DISTILLED, { time: ['ingested'] }, 'UTC')).toBe(true);
    expect(tellsDays(null, MAPPING, 'UTC')).toBe(true);
  });
});

describe('days and zones', () => {
  it('begin at the first instant of a date', () => {
    const at = (text: string) => Date.parse(text) / 1000;
    expect(isDayStart(at('2021-03-14T08:00:00Z'), ZONE)).toBe(true);
    expect(isDayStart(at('2021-03-15T08:00:00Z'), ZONE)).toBe(false);
    // Clocks skip midnight there, and go through it twice there.
    expect(isDayStart(at('2021-10-03T04:00:00Z'), 'America/Asuncion')).toBe(
      true
    );
    expect(isDayStart(at('2021-11-07T04:00:00Z'), 'America/Havana')).toBe(true);
    expect(isDayStart(at('2021-11-07T05:00:00Z'), 'America/Havana')).toBe(
      false
    );
  });

  it('have several names', () => {
    expect(sameZone('UTC', 'Etc/UTC')).toBe(true);
    expect(sameZone('America/Los_Angeles', 'US/Pacific')).toBe(true);
    expect(sameZone('UTC', 'Europe/London')).toBe(false);
  });
});
