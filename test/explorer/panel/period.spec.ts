import {
  ALL_TIME,
  dayBars,
  presets,
  stepPeriod,
  touches,
  unitAround,
  unitOf
} from '../../../src/explorer/panel/period';

const days = { first: '2020-11-14', last: '2021-05-31' };

describe('unitAround', () => {
  it.each([
    ['month', '2021-02-28', '2021-02-01', '2021-03-01'],
    ['month', '2020-12-31', '2020-12-01', '2021-01-01'],
    ['quarter', '2021-05-31', '2021-04-01', '2021-07-01'],
    ['quarter', '2021-12-01', '2021-10-01', '2022-01-01'],
    ['year', '2020-02-29', '2020-01-01', '2021-01-01']
  ] as const)('finds the %s of %s', (unit, day, from, to) => {
    expect(unitAround(day, unit)).toEqual({ from, to });
  });
});

describe('unitOf', () => {
  it.each([
    ['2021-01-01', '2021-02-01', 'month'],
    ['2021-01-01', '2021-04-01', 'quarter'],
    ['2021-01-01', '2022-01-01', 'year'],
    ['2021-02-01', '2021-05-01', null],
    ['2021-01-02', '2021-02-02', null],
    ['2021-01-01T00:00:00', '2021-02-01', null],
    [null, '2021-02-01', null]
  ])('knows %s to %s as %s', (from, to, unit) => {
    expect(unitOf({ from, to })).toBe(unit);
  });
});

describe('stepPeriod', () => {
  it('goes from all of time to the last or the first unit', () => {
    expect(stepPeriod(ALL_TIME, 'quarter', -1, days)).toEqual(
      unitAround('2021-05-31', 'quarter')
    );
    expect(stepPeriod(ALL_TIME, 'month', 1, days)).toEqual(
      unitAround('2020-11-14', 'month')
    );
  });

  it('goes to the next calendar unit over the end of a year', () => {
    const december = unitAround('2020-12-05', 'month');
    expect(stepPeriod(december, 'month', 1, days)).toEqual(
      unitAround('2021-01-05', 'month')
    );
    expect(
      stepPeriod(unitAround('2021-01-01', 'quarter'), 'quarter', -1, days)
    ).toEqual(unitAround('2020-10-01', 'quarter'));
  });

  it('comes back to where it was', () => {
    const start = unitAround('2021-03-01', 'month');
    const there = stepPeriod(start, 'month', 1, days);
    expect(stepPeriod(there, 'month', -1, days)).toEqual(start);
  });

  it('moves any other period by its own length', () => {
    const week = { from: '2021-01-04', to: '2021-01-11' };
    expect(stepPeriod(week, 'month', 1, days)).toEqual({
      from: '2021-01-11',
      to: '2021-01-18'
    });
    expect(stepPeriod(week, 'month', -1, days)).toEqual({
      from: '2020-12-28',
      to: '2021-01-04'
    });
  });

  it('goes beside the period when the unit is another one', () => {
    expect(
      stepPeriod(unitAround('2021-02-01', 'month'), 'quarter', 1, days)
    ).toEqual(unitAround('2021-03-01', 'quarter'));
    expect(
      stepPeriod(unitAround('2021-01-01', 'year'), 'month', -1, days)
    ).toEqual(unitAround('2020-12-31', 'month'));
  });

  it('takes the unit beside the bound of a half-open period', () => {
    expect(
      stepPeriod({ from: '2021-02-01', to: null }, 'month', -1, days)
    ).toEqual(unitAround('2021-01-31', 'month'));
    expect(
      stepPeriod({ from: null, to: '2021-02-01' }, 'month', 1, days)
    ).toEqual(unitAround('2021-02-01', 'month'));
  });
});

describe('touches', () => {
  it('takes the end as exclusive', () => {
    expect(touches({ from: null, to: '2020-11-14' }, days)).toBe(false);
    expect(touches({ from: null, to: '2020-11-15' }, days)).toBe(true);
    expect(touches({ from: '2021-05-31', to: null }, days)).toBe(true);
    expect(touches({ from: '2021-06-01', to: null }, days)).toBe(false);
  });
});

describe('presets', () => {
  it('offers the last units of the data and each year, latest first', () => {
    expect(presets(days).map(preset => preset.id)).toEqual([
      'all',
      'last-month',
      'last-quarter',
      'last-year',
      '2021',
      '2020'
    ]);
    expect(presets(days)[1].period).toEqual(unitAround('2021-05-31', 'month'));
  });

  it('offers all of time alone when there is no time column', () => {
    expect(presets(null).map(preset => preset.id)).toEqual(['all']);
  });
});

describe('dayBars', () => {
  it('keeps every record and fills days without any with zero', () => {
    const bars = dayBars(
      [
        { day: '2021-01-01', records: 5 },
        { day: '2021-01-04', records: 7 }
      ],
      100
    );
    expect(bars.step).toBe(1);
    expect(bars.bars).toEqual([5, 0, 0, 7]);
  });

  it('gathers days when there are more than bars', () => {
    const many = Array.from({ length: 365 }, (_, i) => ({
      day: new Date(Date.UTC(2021, 0, 1 + i)).toISOString().slice(0, 10),
      records: 1
    }));
    const { bars, step } = dayBars(many, 100);
    expect(step).toBe(4);
    expect(bars).toHaveLength(92);
    expect(bars.reduce((a, b) => a + b, 0)).toBe(365);
  });
});
