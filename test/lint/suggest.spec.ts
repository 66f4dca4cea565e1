import { suggestRoles } from '../../src/lint/suggest';
import { DEFAULT_ROLE_POLICY } from '../../src/workload/role-policy';
import { english } from '../../src/workload/translator';

/** The suggestions for code cells, as `role: first reason` by cell; given roles stand before a bar: `upstream| x = 1`. */
function suggest(...sources: string[]) {
  const cells = sources.map((text, i) => {
    const [, tag, source] = /^(?:(\w+)\| )?([\s\S]*)$/.exec(text) ?? [];
    return {
      id: `c${i}`,
      type: 'code' as const,
      source,
      tags: tag === undefined ? [] : [tag]
    };
  });
  return suggestRoles(
    { cells, path: null },
    { policy: DEFAULT_ROLE_POLICY, trans: english }
  );
}

const roles = (...sources: string[]) =>
  suggest(...sources).map(({ cell, role, because }) => [cell, role, because]);

describe('suggestRoles', () => {
  it('reads a notebook as the studies write them', () => {
    const sources = [
      'import pandas as pd\nimport plotly.express as px',
      'period = "2021-01"\ntop = 20',
      'import dask_cudf',
      'raw = dask_cudf.read_parquet("/data/raw/*.parquet")',
      'users = raw.groupby("package").username.nunique()',
      'users.to_frame().compute().to_parquet(f"users-{period}.parquet")',
      'reduced = pd.read_parquet(f"./users-{period}.parquet")',
      'def style(figure):\n    return figure.update_layout(title=period)',
      'figure = style(px.bar(reduced))\nfigure',
      '# nothing but a comment'
    ];
    expect(roles(...sources)).toEqual([
      [0, 'shared', 'evidence'],
      [1, 'shared', 'evidence'],
      [2, 'upstream', 'evidence'],
      [3, 'upstream', 'evidence'],
      [4, 'upstream', 'flow'],
      [5, 'upstream', 'evidence'],
      [6, 'downstream', 'evidence'],
      [7, 'downstream', 'flow'],
      [8, 'downstream', 'evidence']
    ]);
    const [, , heavy, read, , , reduced, style] = suggest(...sources);
    expect(heavy.reasons).toEqual([
      'It uses dask_cudf, which needs GPUs or a cluster.'
    ]);
    expect(read.reasons).toEqual([
      'It uses dask_cudf, which needs GPUs or a cluster.',
      'It reads /data/raw/*.parquet, which this notebook does not write.'
    ]);
    expect(reduced.reasons).toEqual([
      'It reads users-2021-01.parquet, which this notebook writes.'
    ]);
    expect(style.reasons).toEqual(['Only downstream cells use its “style”.']);
  });

  it('goes by the roles that are there, and never changes them', () => {
    expect(
      roles(
        'upstream| table = load()',
        'small = table.head()',
        'limit = compute()',
        'downstream| show(limit)',
        'upstream| reduce(limit)'
      )
    ).toEqual([
      [1, 'upstream', 'flow'],
      [2, 'shared', 'flow']
    ]);
    expect(roles('upstream| x = 1', 'downstream| y = 2')).toEqual([]);
  });

  it('calls a guess what is one', () => {
    expect(
      roles('downstream| draw()', 'something()', 'upstream| reduce()', 'more()')
    ).toEqual([
      [1, 'downstream', 'guess'],
      [3, 'upstream', 'guess']
    ]);
    expect(roles('something()')).toEqual([[0, 'shared', 'guess']]);
  });

  it.each([
    ['ax = df.plot()', 'downstream'],
    ['df.rename(index=names).plot.bar()', 'downstream'],
    ['import seaborn as sns\nsns.histplot([1])', 'downstream'],
    ['display(table)', 'downstream'],
    ['from ipywidgets import interact\ninteract(f, x=1)', 'downstream'],
    ['import torch', 'upstream'],
    ['from numba.cuda import jit', 'upstream'],
    ['from numba import njit', 'shared'],
    ['table.to_csv("out.csv")', 'upstream'],
    ['open("raw.log").read()', 'upstream'],
    ['import dask.dataframe as dd\nx = dd.from_pandas(t)', 'upstream'],
    ['%%bash\nls', 'shared'],
    ['!sbatch reduce.sh', 'upstream'],
    ['import subprocess\nsubprocess.run(["srun", "x"])', 'upstream'],
    ['!ls', 'shared'],
    ['table.to_csv(where())', 'upstream']
  ])('takes %j for %s', (source, role) => {
    expect(roles(source).map(([, given]) => given)).toEqual([role]);
  });
});
