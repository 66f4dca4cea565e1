"""The scan of notebooks, pages and programs; notebooks are executed for real."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from jupyterlab_workload_explorer.dashboard.privacy import scan
from jupyterlab_workload_explorer.dashboard.privacy.findings import Report
from jupyterlab_workload_explorer.dashboard.privacy.json_values import typed_array

from .figures import ARRAYS, BAR, HEATMAP

PLOTLY = "application/vnd.plotly.v1+json"


def kinds(report: Report) -> set[str]:
    return {one.kind for one in report.findings}


def places(report: Report) -> set[tuple[str, str]]:
    return {(one.kind, one.place) for one in report.findings}


def written(report: Report) -> str:
    return json.dumps(report.as_json()) + report.as_text()


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., Path]:
    """Writes a notebook of cells, of which outputs are bundles by MIME type."""

    def one(*bundles: dict[str, Any], source: str = "", text: str = "") -> Path:
        cell = new_code_cell(source, id="chart")
        cell.outputs = [new_output("display_data", bundle) for bundle in bundles]
        cells = [new_markdown_cell(text, id="intro"), cell]
        path = tmp_path / "dashboard.ipynb"
        nbformat.write(new_notebook(cells=cells), path)
        return path

    return one


def test_executed_outputs(tmp_path: Path, raw: Path) -> None:
    cells = [
        "import pandas as pd, polars as pl\n"
        "table = pd.DataFrame({'username': ['mei4', 'zoe'], 'jobs': [3, 9], 'users': [1, 9]})\n"
        "table",
        "print(table.drop(columns='username'))",
        "pl.DataFrame({'package': ['numpy', 'dask'], 'users': [2, 40]})",
        "print('most jobs are by kofi3')",
        "open('/home/zoe/data.parquet')",
        "%matplotlib agg\nprint('100 users, slurm-41000017.out')",
    ]
    notebook = new_notebook(
        cells=[new_code_cell(cell, id=f"c{at}") for at, cell in enumerate(cells)]
    )
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    NotebookClient(notebook, allow_errors=True, timeout=100).execute()
    path = tmp_path / "executed.ipynb"
    nbformat.write(notebook, path)
    report = scan([path], k=5, raw=raw)
    html = "cell c0, output 1, text/html, table, column"
    assert {
        ("identity column", f"{html} username"),
        ("small group", f"{html} users"),
        ("small group", "cell c1, output 1, printed table, column users"),
        ("small group", "cell c2, output 1, text/html, table, column users"),
        ("user name", "cell c3, output 1"),
        ("user name", "cell c3, source"),
        ("home path", "cell c4, source"),
        ("home path", "cell c4, output 1"),
        ("job id", "cell c5, output 1"),
    } <= places(report)
    for secret in ("zoe", "mei4", "kofi3", "41000017"):
        assert secret not in written(report)


def test_figures_with_typed_arrays(publish, raw: Path) -> None:
    report = scan([publish({PLOTLY: BAR})], k=5, raw=raw)
    at = f"cell chart, output 1, {PLOTLY}, $.data[0]"
    assert places(report) == {
        ("identity column", f"{at}, column username"),
        ("identity column", f"{at}, column job"),
        ("small group", f"{at}, column users"),
    }
    clean = copy.deepcopy(BAR)
    del clean["data"][0]["customdata"]
    clean["data"][0]["hovertemplate"] = "package=%{x}<br>users=%{y}<extra></extra>"
    assert kinds(scan([publish({PLOTLY: clean})], k=5)) == {"small group"}
    assert scan([publish({PLOTLY: clean})], k=3, raw=raw).clean


def test_heatmaps_of_users(publish) -> None:
    report = scan([publish({PLOTLY: HEATMAP})], k=5)
    assert [(one.kind, one.times) for one in report.findings] == [("small group", 2)]
    assert scan([publish({PLOTLY: HEATMAP})], k=1).clean


def test_a_trace_for_each_user(publish) -> None:
    trace = {"type": "scatter", "x": [1, 2], "y": [3, 4], "name": "zoe"}
    figure = {"data": [trace], "layout": {"legend": {"title": {"text": "username"}}}}
    assert kinds(scan([publish({PLOTLY: figure})], k=5)) == {"identity column"}
    trace = {**trace, "name": "", "hovertemplate": "username=zoe<br>x=%{x}<extra></extra>"}
    assert kinds(scan([publish({PLOTLY: {"data": [trace], "layout": {}}})], k=5)) == {
        "identity column"
    }


def test_names_on_an_axis(publish, raw: Path) -> None:
    figure = {"data": [{"type": "bar", "x": ["kofi3", "all"], "y": [30, 40]}], "layout": {}}
    report = scan([publish({PLOTLY: figure})], k=5, raw=raw)
    assert places(report) == {("user name", f"cell chart, output 1, {PLOTLY}, $.data[0], column x")}


def test_typed_arrays_are_read() -> None:
    trace = ARRAYS["data"][0]
    assert typed_array(trace["x"]) == [1, 2, 30000]
    assert typed_array(trace["customdata"]) == [[0, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize(
    "change",
    [{"bdata": "AQACAD"}, {"bdata": "!"}, {"dtype": "c8"}, {"shape": "2, 2"}, {"bdata": 3}],
    ids=str,
)
def test_a_damaged_array_is_a_finding(change: dict[str, Any], publish) -> None:
    figure = copy.deepcopy(ARRAYS)
    figure["data"][0]["x"].update(change)
    assert kinds(scan([publish({PLOTLY: figure})], k=1)) == {"unreadable"}


def test_numbers_without_a_name_are_no_ids(publish, raw: Path) -> None:
    numbers = [41_000_000 + 17 * at for at in range(50)]
    figure = {"data": [{"type": "bar", "x": list(range(50)), "y": numbers}], "layout": {}}
    assert scan([publish({PLOTLY: figure})], k=5, raw=raw).clean


def test_other_bundles(publish, raw: Path) -> None:
    vega = "application/vnd.vegalite.v5+json"
    rows = [{"package": "numpy", "users": 2}, {"package": "kofi3", "users": 20}]
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({vega: {"datasets": {"data-1": rows}}}, {"small group", "user name"}),
        ({"application/json": {"user": "zoe", "jobs": 7}}, {"identity column"}),
        ({"application/json": [{"package": "numpy", "jobs": 7}]}, {"no users"}),
        ({"application/json": {"users": 2, "jobs": 7}}, {"small group"}),
        ({"text/markdown": "| username | users |\n|---|---|\n| zoe | 9 |"}, {"identity column"}),
        ({"text/latex": "by kofi3"}, {"user name"}),
        ({"image/svg+xml": "<svg><text>kofi3</text></svg>"}, {"user name"}),
        ({"application/javascript": 'draw({"username": ["zoe", "zoe"], "x": [1, 2, 3, 4, 5, 6]})'},
         {"identity column"}),
        ({"text/html": "<iframe srcdoc='<p>kofi3</p>'></iframe>"}, {"user name"}),
        ({"text/html": '<a href="/home/zoe/x">x</a>'}, {"home path"}),
    ]  # fmt: skip
    for bundle, found in cases:
        assert kinds(scan([publish(bundle)], k=5, raw=raw)) == found, bundle


def test_pictures_in_outputs_are_told(publish) -> None:
    report = scan([publish({"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"})], k=5)
    assert report.clean
    assert report.not_searched == [
        {
            "file": "dashboard.ipynb",
            "place": "cell chart, output 1, image/png",
            "what": "image/png",
        }
    ]


def test_sources(publish, tmp_path: Path, raw: Path) -> None:
    cases = {
        "load('/global/homes/z/zoe/reduced.parquet')": {"home path"},
        "heavy = ['kofi3']": {"user name"},
        "# as mei4 asked": {"user name"},
        "x = f'by mei4: {x}'": {"user name"},
        "%load_ext autoreload\nheavy = 'kofi3'": {"user name"},
        "x = 'kofi3": {"user name"},
        "note = 'write to zoe@lab.gov'": {"e-mail"},
        "kofi3 = 3\nread('data/reduced.parquet')": set(),
        "help = 'user@example.org'; home = '/home/jovyan/work'; clone = 'git@lab.gov:x.git'": set(),
        "url = 'https://lab.gov/users/zoe'": set(),
    }
    for source, found in cases.items():
        assert kinds(scan([publish(source=source)], k=5, raw=raw)) == found, source
        if not source.startswith("%"):
            (tmp_path / "app.py").write_text(source)
            assert kinds(scan([tmp_path / "app.py"], k=5, raw=raw)) == found, source
    assert kinds(scan([publish(text="Thanks to mei4")], k=5, raw=raw)) == {"user name"}


def test_metadata_of_notebooks(tmp_path: Path) -> None:
    notebook = new_notebook()
    notebook.metadata.papermill = {"input_path": "/global/homes/z/zoe/a.ipynb"}
    nbformat.write(notebook, tmp_path / "a.ipynb")
    report = scan([tmp_path], k=5)
    assert places(report) == {("home path", "metadata, $.papermill.input_path")}
    notebook = new_notebook()
    state = {"state": {"1": {"model_name": "HTMLModel", "state": {"value": "zoe@lab.gov"}}}}
    notebook.metadata.widgets = {"application/vnd.jupyter.widget-state+json": state}
    nbformat.write(notebook, tmp_path / "a.ipynb")
    assert kinds(scan([tmp_path], k=5)) == {"e-mail"}


def test_a_page_with_a_chart(tmp_path: Path, raw: Path) -> None:
    # As plotly.py's to_html writes it.
    page = (
        "<html><head><style>.kofi3 {color: red}</style></head><body><div>"
        "<script>window.PLOTLYENV=window.PLOTLYENV || {};"
        'if (document.getElementById("ca0d7a3b")) { Plotly.newPlot( "ca0d7a3b", '
        f'{json.dumps(BAR["data"])}, {json.dumps(BAR["layout"])}, {{"responsive": true}} ) }};'
        "</script></div></body></html>"
    )
    (tmp_path / "static.html").write_text(page)
    report = scan([tmp_path], k=5, raw=raw)
    assert kinds(report) == {"identity column", "small group"}
    data = json.dumps([{"package": "numpy", "jobs": 8, "label": "kofi3"}])
    (tmp_path / "static.html").write_text(f'<script type="application/json">{data}</script>')
    assert kinds(scan([tmp_path], k=5, raw=raw)) == {"no users", "user name"}
    (tmp_path / "static.html").write_text('<script type="application/json">{"a</script>')
    assert kinds(scan([tmp_path], k=5)) == {"unreadable"}


def test_a_library_in_a_page_is_no_finding(tmp_path: Path) -> None:
    library = "/*! by Zoe <zoe@lab.gov> */!function(e){var t={a:[1,2],b:function(){}}}();"
    (tmp_path / "static.html").write_text(f"<script>{library}</script>")
    (tmp_path / "library.js").write_text(library)
    assert scan([tmp_path], k=5).clean
    (tmp_path / "library.js").write_text(library + 'load("/home/zoe/data.json")')
    assert kinds(scan([tmp_path], k=5)) == {"home path"}


def test_names_that_are_words_of_charts_or_code(publish, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    # People may be called like this; a dashboard full of these words names none of them.
    names = ["bar", "users", "dask", "all", "none", "12", "al", "total", "numpy"]
    pq.write_table(pa.table({"user": names, "package": ["torch"] * 9}), tmp_path / "raw.parquet")
    figure = copy.deepcopy(ARRAYS)
    figure["layout"] = {"title": {"text": "All users of dask: 12 in total, none of numpy"}}
    path = publish({PLOTLY: figure, "text/plain": "12 users, al dente"}, source="kind = 'bar'")
    assert scan([path], k=5, raw=tmp_path / "raw.parquet").clean
