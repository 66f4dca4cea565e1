import fc from 'fast-check';

import {
  calendar,
  calendarOf,
  checkZone,
  labelAt,
  parseInstant,
  periodOfLabel
} from '../../src/workload/calendar';
import type { CalendarUnit } from '../../src/workload/query';

const SEED = { seed: 20210103, numRuns: 100 };
const UNITS: readonly CalendarUnit[] = ['day', 'month', 'quarter', 'year'];
const at = (text: string) => Date.parse(text) / 1000;

describe('parseInstant', () => {
  it.each([
    ['2021-01-31', 'UTC', '2021-01-31T00:00:00Z'],
    ['2021-01-31', 'America/Los_Angeles', '2021-01-31T08:00:00Z'],
    ['2021-01-31', 'Asia/Kathmandu', '2021-01-30T18:15:00Z'],
    ['2021-01-31T18:00:00', 'UTC', '2021-01-31T18:00:00Z'],
    ['2021-01-31T18:00:00', 'Europe/Berlin', '2021-01-31T17:00:00Z'],
    ['2021-01-31 18:00', 'Europe/Berlin', '2021-01-31T17:00:00Z'],
    [' 2021-01-31 ', 'Europe/Berlin', '2021-01-30T23:00:00Z'],
    // An offset in the text wins over the zone.
    ['2021-01-31T18:00:00Z', 'Europe/Berlin', '2021-01-31T18:00:00Z'],
    ['2021-01-31T18:00:00-08:00', 'UTC', '2021-02-01T02:00:00Z'],
    ['2021-01-31T18:00:00+0530', 'UTC', '2021-01-31T12:30:00Z'],
    ['2021-01-31T18:00:00.000Z', 'UTC', '2021-01-31T18:00:00Z'],
    ['1969-12-31T23:59:59Z', 'UTC', '1969-12-31T23:59:59Z'],
    // Clocks skip the midnight of this day in São Paulo: it begins at one o'clock.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
    ['2018-11-04T00:30:00', 'America/Sao_Paulo', '2018-11-04T03:30:00Z'],
    // An hour that comes twice is the first of the two.
    ['2021-10-31T02:30:00', 'Europe/Berlin', '2021-10-31T00:30:00Z']
  ])('reads %s in %s', (text, zone, expected) => {
    expect(parseInstant(text, zone)).toBe(at(expected));
  });

  it.each([
    '',
    'yesterday',
    '2021',
    '2021-01',
    '2021-02-30',
    '2021-13-01',
    '20210131',
    '2021-01-31T25:00:00',
    '2021-01-31T18',
    '31.01.2021',
    '2021-01-31T18:00:00[America/Los_Angeles]'
  ])('refuses “%s”', text => {
    expect(() => parseInstant(text, 'UTC')).toThrow(
      `“${text}” is not a date. Write it as 2021-01-31 or 2021-01-31T18:00:00Z.`
    );
  });

  it.each([
    '2021-01-31T18:00:00.5Z',
    '2021-01-31T18:00:00.000000001Z',
    '1969-12-31T23:59:59.9'
  ])('refuses %s, which is finer than a second', text => {
    expect(() => parseInstant(text, 'UTC')).toThrow('finer than a second');
  });

  it('says when it is the zone that is wrong', () => {
    expect(() => parseInstant('2021-01-31', 'Mars/Olympus')).toThrow(
      '“Mars/Olympus” is not a time zone. Use a name such as UTC or America/Los_Angeles.'
    );
    expect(() => checkZone('Mars/Olympus')).toThrow(RangeError);
    expect(() => checkZone('America/Los_Angeles')).not.toThrow();
  });
});

describe('calendar', () => {
  it('covers all periods that a time touches', () => {
    expect(
      calendar(
        'month',
        'UTC',
        at('2020-12-31T23:59:59Z'),
        at('2021-02-01T00:00:00Z')
      )
    ).toEqual({
      labels: ['2020-12', '2021-01', '2021-02'],
      starts: ['2020-12-01', '2021-01-01', '2021-02-01', '2021-03-01'].map(at)
    });
    expect(
      calendar('quarter', 'UTC', at('2021-03-31'), at('2021-04-01')).labels
    ).toEqual(['2021-Q1', '2021-Q2']);
    expect(calendar('year', 'UTC', at('1969-06-01'), at('1970-01-01'))).toEqual(
      {
        labels: ['1969', '1970'],
        starts: ['1969-01-01', '1970-01-01', '1971-01-01'].map(at)
      }
    );
  });

  it('cuts days at local midnight, of 23 and 25 hours where clocks change', () => {
    const days = calendar(
      'day',
      'America/Los_Angeles',
      at('2021-03-14T12:00:00Z'),
      at('2021-03-14T20:00:00Z')
    );
    expect(days.labels).toEqual(['2021-03-14']);
    expect(days.starts).toEqual(
      ['2021-03-14T08:00:00Z', '2021-03-15T07:00:00Z'].map(at)
    );
    const { starts } = calendar(
      'day',
      'Europe/Berlin',
      at('2021-10-31'),
      at('2021-10-31')
    );
    expect(starts[1] - starts[0]).toBe(25 * 3600);
  });

  it('begins a day that lacks its midnight when clocks have gone on', () => {
    const { labels, starts } = calendar(
      'day',
      'America/Sao_Paulo',
      at('2018-11-03T12:00:00Z'),
      at('2018-11-04T12:00:00Z')
    );
    expect(labels).toEqual(['2018-11-03', '2018-11-04']);
    expect(starts).toEqual(
      [
        '2018-11-03T03:00:00Z',
        '2018-11-04T03:00:00Z',
        '2018-11-05T02:00:00Z'
      ].map(at)
    );
  });

  it('puts no instant into a day that a zone left out', () => {
    // Samoa went from 29 to 31 December 2011.
    const { labels, starts } = calendar(
      'day',
      'Pacific/Apia',
      at('2011-12-30T09:59:59Z'),
      at('2011-12-30T10:00:00Z')
    );
    expect(labels).toEqual(['2011-12-29', '2011-12-30', '2011-12-31']);
    expect(starts[1]).toBe(starts[2]);
    expect(starts[1]).toBe(at('2011-12-30T10:00:00Z'));
  });

  it('labels each instant of its periods as the calendar of its zone does', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...UNITS),
        fc.constantFrom(
          'UTC',
          'America/Los_Angeles',
          'Australia/Lord_Howe',
          'Asia/Kathmandu',
          'Africa/Monrovia',
          'America/Sao_Paulo'
        ),
        fc.integer({ min: at('1960-01-01'), max: at('2030-01-01') }),
        fc.nat({ max: 3 * 366 * 86400 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (unit, zone, from, length, share) => {
          const to = from + (unit === 'day' ? length % (40 * 86400) : length);
          const { labels, starts } = calendar(unit, zone, from, to);
          expect(starts.length).toBe(labels.length + 1);
          expect(starts[0]).toBeLessThanOrEqual(from);
          expect(starts[labels.length]).toBeGreaterThan(to);
          const instant = Math.floor(from + share * (to - from));
          const k = starts.findIndex(start => start > instant) - 1;
          expect(labels[k]).toBe(localLabel(instant, zone, unit));
          expect(labelAt(instant, unit, zone)).toBe(labels[k]);
        }
      ),
      SEED
    );
  });
});

describe('calendarOf', () => {
  it('joins stretches of time, with a period without a name between those apart', () => {
    const joined = calendarOf('month', 'UTC', [
      { from: at('1970-01-01'), to: at('1970-01-02') },
      { from: at('2021-01-05'), to: at('2021-01-06') },
      { from: at('2021-01-20'), to: at('2021-02-01') },
      { from: at('2021-03-01'), to: at('2021-03-01') }
    ]);
    expect(joined).toEqual({
      labels: ['1970-01', '', '2021-01', '2021-02', '2021-03'],
      starts: [
        '1970-01-01',
        '1970-02-01',
        '2021-01-01',
        '2021-02-01',
        '2021-03-01',
        '2021-04-01'
      ].map(at)
    });
  });

  it('is the calendar where there is one stretch, and empty where there is none', () => {
    const stretch = { from: at('2021-01-05'), to: at('2021-04-06') };
    expect(calendarOf('day', 'Europe/Berlin', [stretch])).toEqual(
      calendar('day', 'Europe/Berlin', stretch.from, stretch.to)
    );
    expect(calendarOf('day', 'UTC', [])).toEqual({ labels: [], starts: [0] });
  });
});

describe('periodOfLabel', () => {
  it.each([
    ['2021', '2021-01-01', '2022-01-01', 'year'],
    ['2021-Q1', '2021-01-01', '2021-04-01', 'quarter'],
    ['2021-Q4', '2021-10-01', '2022-01-01', 'quarter'],
    ['2021-12', '2021-12-01', '2022-01-01', 'month'],
    ['2020-02-29', '2020-02-29', '2020-03-01', 'day']
  ])('reads %s', (label, from, to, unit) => {
    expect(periodOfLabel(label)).toEqual({ from, to, unit });
  });

  it.each([
    '',
    '21',
    '2021-13',
    '2021-Q5',
    '2021-00',
    '2021-02-29',
    '2021-1',
    'numpy'
  ])('takes “%s” for no period', label => {
    expect(periodOfLabel(label)).toBeNull();
  });

  it('finds back the period of every label', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...UNITS),
        fc.constantFrom('UTC', 'America/Los_Angeles', 'Asia/Kathmandu'),
        fc.integer({ min: at('1960-01-01'), max: at('2035-01-01') }),
        (unit, zone, instant) => {
          const label = labelAt(instant, unit, zone);
          const period = periodOfLabel(label);
          expect(period?.unit).toBe(unit);
          expect(parseInstant(period?.from ?? '', zone)).toBeLessThanOrEqual(
            instant
          );
          expect(parseInstant(period?.to ?? '', zone)).toBeGreaterThan(instant);
        }
      ),
      SEED
    );
  });
});

/** What ICU says of an instant, put together to a label. */
function localLabel(seconds: number, zone: string, unit: CalendarUnit): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit'
  }).formatToParts(seconds * 1000);
  const part = (type: string) => parts.find(p => p.type === type)?.value ?? '';
  const [year, month, day] = [part('year'), part('month'), part('day')];
  return {
    day: `${year}-${month}-${day}`,
    month: `${year}-${month}`,
    quarter: `${year}-Q${Math.ceil(Number(month) / 3)}`,
    year
  }[unit];
}
