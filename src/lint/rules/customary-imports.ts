const STATEMENTS = [
  'from collections import Counter',
  'from pathlib import Path',
  'import altair as alt',
  'import collections',
  'import copy',
  'import csv',
  'import dask.array as da',
  'import dask.dataframe as dd',
  'from collections import defaultdict',
  'import functools',
  'import glob',
  'import plotly.graph_objects as go',
  'import gzip',
  'import itertools',
  'import json',
  'import logging',
  'import math',
  'import matplotlib as mpl',
  'from collections import namedtuple',
  'import numpy as np',
  'import os',
  'import pyarrow as pa',
  'from functools import partial',
  'import pathlib',
  'import pandas as pd',
  'import pickle',
  'import polars as pl',
  'import matplotlib.pyplot as plt',
  'import pyarrow.parquet as pq',
  'import plotly.express as px',
  'import random',
  'import re',
  'import shutil',
  'import seaborn as sns',
  'import statistics',
  'import subprocess',
  'import sys',
  'import tempfile',
  'import textwrap',
  'import time',
  'from datetime import timedelta',
  'from tqdm.auto import tqdm',
  'import warnings',
  'import ipywidgets as widgets',
  'import xarray as xr'
];

/** Imports by the name that nearly everybody gives them. Packages that need a GPU or a cluster are not among them. */
export const CUSTOMARY_IMPORTS: Readonly<Record<string, string>> =
  Object.fromEntries(
    STATEMENTS.map(statement => [
      statement.slice(statement.lastIndexOf(' ') + 1),
      statement
    ])
  );
