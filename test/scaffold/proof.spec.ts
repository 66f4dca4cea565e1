import { proofText } from '../../scripts/lib/proof.mjs';
import sizes from '../sizes.json';

const proof = (names: string[], commit?: string) =>
  proofText({
    results: names.map(name => [name, { passed: 1200, failed: 0, skipped: 3 }]),
    total: { passed: 2400, failed: 0, skipped: 6 },
    sizes,
    date: '2021-01-31',
    commit
  });

describe('the text of a proof', () => {
  it('has date, commit, counts and sizes', () => {
    const text = proof(['jest', 'pytest'], 'abc1234');
    expect(text).toContain('on 2021-01-31, commit `abc1234`:');
    expect(text).toContain('| jest | 1,200 | 0 | 3 |');
    expect(text).toContain('| **all** | 2,400 | 0 | 6 |');
    const { datasets, queries, damaged_files: damaged } = sizes;
    for (const number of [datasets.prove * queries.prove, damaged.prove]) {
      expect(text).toContain(`- ${number.toLocaleString('en')} `);
    }
  });

  it('speaks of what was run only', () => {
    expect(proof(['lint'])).not.toContain('Among them');
    const text = proof(['jest']);
    expect(text).toContain('damaged files');
    expect(text).not.toContain('datasets');
    expect(text).not.toContain('commit');
  });
});
