/** @jest-environment jsdom */
import { drawPage } from '../../../src/dashboard/static-page/page';

const TABLE = {
  month: [null, null, '2021-01', '2021-02'],
  package: ['numpy', 'dask', 'numpy', 'dask'],
  users: [31, 15, 20, null]
};

const CONTROLS = {
  table: 't',
  category: 'package',
  value: 'users',
  series: null,
  filters: [
    { column: 'month', label: 'Month', all: 'all of the time', value: null }
  ],
  sort: ['users', 'package'],
  top: [10, 1]
};

/** A page with these charts, and what Plotly was asked to draw. */
function draw(charts: unknown[]) {
  document.body.innerHTML = charts
    .map(
      (_, index) =>
        `<figure data-chart="${index}"><div class="plot" style="height: 300px"></div></figure>`
    )
    .join('');
  const data = document.createElement('script');
  data.type = 'application/json';
  data.id = 'workload-page-data';
  data.textContent = JSON.stringify({ charts, tables: { t: TABLE } });
  document.body.append(data);
  const drawn: unknown[] = [];
  drawPage(document, {
    react: (_, { data }) => {
      drawn.push(data);
      return Promise.resolve();
    }
  });
  return drawn;
}

function select(name: string, option: string): void {
  const label = [...document.querySelectorAll('label')].find(one =>
    one.textContent?.startsWith(name)
  );
  const field = label?.querySelector('select');
  if (!field) {
    throw new Error(`no ${name}`);
  }
  field.value = option;
  field.dispatchEvent(new Event('change'));
}

describe('drawPage', () => {
  it('draws a figure without controls as it is', () => {
    const data = [{ type: 'scatter', x: [1], y: [2] }];
    expect(draw([{ data, layout: null, config: null }])).toEqual([data]);
    expect(document.querySelector('select')).toBeNull();
  });

  it('draws what is chosen, and keeps the other choices', () => {
    const drawn = draw([
      { data: [{ type: 'bar' }], layout: {}, config: null, controls: CONTROLS }
    ]);
    expect(drawn).toMatchObject([[{ x: ['numpy', 'dask'], y: [31, 15] }]]);
    select('Show', 'top 1');
    expect(drawn[1]).toMatchObject([{ x: ['numpy'], y: [31] }]);
    select('Sort by', 'package');
    expect(drawn[2]).toMatchObject([{ x: ['dask'], y: [15] }]);
  });

  it('says that there is no number for a choice', () => {
    const drawn = draw([
      { data: [{ type: 'bar' }], layout: {}, config: null, controls: CONTROLS }
    ]);
    select('Month', '2021-02');
    expect(drawn).toHaveLength(1);
    const empty = document.querySelector<HTMLElement>('.empty');
    expect(empty?.hidden).toBe(false);
    expect(document.querySelector<HTMLElement>('.plot')?.hidden).toBe(true);
    select('Month', '2021-01');
    expect(empty?.hidden).toBe(true);
    expect(drawn[1]).toMatchObject([{ x: ['numpy'], y: [20] }]);
  });
});
