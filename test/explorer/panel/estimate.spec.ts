import { estimateText } from '../../../src/explorer/panel/estimate';
import type { IEstimate } from '../../../src/workload/answer';
import type { AnalysisId } from '../../../src/workload/query';
import { english } from '../../../src/workload/translator';
import { newChart, newView } from '../../../src/workload/view';
import { chartQuery } from '../../../src/explorer/panel/asks';
import { fakeProvenance } from './fakes';

function text(estimate: IEstimate | null, analysis: AnalysisId) {
  const view = newView({ paths: ['elasticsearch:mods/a'] });
  const query = chartQuery(view, newChart('a', analysis));
  return estimateText(
    { ...fakeProvenance(query), exact: false, estimate },
    english
  );
}

describe('an estimate', () => {
  it('says how far it may be off, and how it was made', () => {
    const sketch = text(
      { method: 'cardinality', error: 0.0123, of: 'value' },
      'top-packages'
    );
    expect(sketch?.label).toBe('estimate ±2 %');
    expect(sketch?.title).toMatch(/sketches.*95 of 100.*±2 %/);
    const sample = text(
      { method: 'sample', error: 0.051, of: 'one' },
      'package-correlation'
    );
    expect(sample?.label).toBe('estimate ±0.06');
    expect(sample?.title).toMatch(/sample/);
  });

  it('says so when nobody knows how far', () => {
    expect(
      text({ method: 'sample', error: null, of: 'value' }, 'top-packages')
    ).toEqual({
      label: 'estimate, error unknown',
      title: expect.stringContaining('not known')
    });
  });

  it('says when it is a share of all that is counted', () => {
    expect(
      text({ method: 'cardinality', error: 0.021, of: 'all' }, 'job-sizes')
        ?.label
    ).toBe('estimate ±3 % of all');
  });

  it('is neither an exact answer nor a part of one', () => {
    const view = newView({ paths: ['a'] });
    const query = chartQuery(view, newChart('a', 'top-packages'));
    expect(estimateText(fakeProvenance(query), english)).toBeNull();
    expect(
      estimateText(
        { ...fakeProvenance(query, 10, true), exact: false },
        english
      )
    ).toBeNull();
  });
});
