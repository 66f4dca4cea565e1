import { cellsOf, check, findings, notebookOf } from './notebooks';

const READ = 'd: print(open("x.parquet").read())';

/** What is said of the file that is read last: how bad it is, if anything is said. */
function toldOf(...cells: readonly string[]): string | undefined {
  return findings(...cells, READ)
    .find(each => each.includes(' file-not-written '))
    ?.split(' ')[2];
}

it.each([
  'u: import mylib⏎mylib.save(1, path="x.parquet")',
  'u: from mylib import reduce_jobs⏎reduce_jobs()',
  'u: from mylib import *',
  'u: from .mylib import reduce_jobs',
  'u: import mylib.sub as m⏎m.go()',
  'u: import sidefx',
  's: import sidefx',
  'u: import importlib⏎importlib.import_module("sidefx")',
  'u: import importlib⏎importlib.import_module(1 * "sidefx")',
  'u: def go():⏎    import sidefx⏎go()',
  'u: %run r.py',
  'u: %run -n r.py',
  'u: get_ipython().run_line_magic("run", "r.py")',
  'u: get_ipython().system("python r.py")',
  'u: get_ipython().run_cell_magic("bash", "", "make")',
  'u: import runpy⏎runpy.run_path("r.py")',
  'u: code = input()⏎exec(code)',
  'u: code = input()⏎exec(code, {})',
  'u: %system python r.py',
  'u: %cp y.parquet x.parquet',
  'u: %%R⏎go()',
  'u: %%own⏎go()',
  'u: %load_ext own_magics',
  'u: import urllib.request⏎urllib.request.urlretrieve("https://a", "y")'
])('only informs of a file that other code may write: %s', cell => {
  expect(toldOf(cell)).toBe('info');
});

it.each([
  'u: import json, os.path, collections.abc as abc',
  'u: import pandas as pd, numpy as np, polars as pl, pyarrow.parquet as pq',
  'u: import dask.dataframe as dd, matplotlib.pyplot as plt, plotly.express as px',
  'u: import ipywidgets, panel as pn, bokeh.plotting, scipy.stats, xarray as xr, duckdb',
  'u: from sklearn.cluster import KMeans⏎KMeans().fit([[1]])',
  'u: import cudf, cupy⏎cudf.DataFrame().to_parquet("y.parquet")',
  'u: from math import *',
  'u: from numpy import *',
  'u: import importlib⏎importlib.import_module("json")',
  'u: %load_ext autoreload⏎%autoreload 2',
  'u: %matplotlib inline',
  'u: %%html⏎<b>',
  'u: exec("n = 1")',
  'u: exec("n = 1", {})'
])('tells as an error of a file that nothing writes: %s', cell => {
  expect(toldOf(cell)).toBe('error');
});

it.each([
  'u: import networkx as nx⏎nx.write_gml(1, "x.parquet")',
  'u: from bokeh.plotting import save⏎save(1, "x.parquet")',
  'u: import bokeh.io⏎bokeh.io.output_file("x.parquet")',
  'u: import xgboost⏎xgboost.Booster().save_model("x.parquet")'
])('knows what libraries write: %s', cell => {
  expect(toldOf(cell)).toBeUndefined();
});

it('says which module may have written it', () => {
  const { findings: all } = check(
    notebookOf({ cells: cellsOf('u: import json, mylib', READ) })
  );
  expect(all.map(({ message }) => message)).toEqual([
    expect.stringContaining('The module “mylib” may write it.')
  ]);
});

it.each([
  'd: %load_ext cudf.pandas',
  's: %load_ext cudf.pandas',
  'd: get_ipython().run_line_magic("load_ext", "cudf.pandas")',
  'd: import importlib⏎importlib.import_module("cudf.pandas")',
  'd: from importlib import import_module⏎cudf = import_module("cudf.pandas")',
  'd: cudf = __import__("cudf.pandas")'
])('takes what imports by a name for an import: %s', cell => {
  expect(findings(cell).filter(each => !each.includes(' role-'))).toEqual([
    '0 import-heavy error cudf.pandas'
  ]);
});

it.each([
  'u: %load_ext cudf.pandas',
  'd: %load_ext sql',
  'd: try:⏎    import importlib⏎    importlib.import_module("cudf")⏎except ImportError:⏎    pass',
  'd: def import_module(name):⏎    pass⏎import_module("cudf")'
])('says nothing of other imports by a name: %s', cell => {
  expect(findings(cell).filter(each => each.includes('import-'))).toEqual([]);
});
