"""Metadata of notebooks that are not compiled, of their cells and outputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.privacy import scan

from .notebook_files import code, places, shown, write_notebook

#: What tools write that says nothing of anybody.
CELL: dict[str, Any] = {
    "tags": ["parameters"],
    "execution": {
        "iopub.execute_input": "2021-05-01T10:00:00.123456Z",
        "iopub.status.busy": "2021-05-01T10:00:00.1Z",
        "iopub.status.idle": "2021-05-01T10:00:01+02:00",
        "shell.execute_reply": "2021-05-01T10:00:01Z",
    },
    "ExecuteTime": {"end_time": "2021-05-01 10:00:01", "start_time": "2021-05-01 10:00:00"},
    "papermill": {"duration": 1.5, "exception": False, "start_time": "2021-05-01T10:00:00.12"},
    "jupyter": {"outputs_hidden": True, "source_hidden": False},
    "collapsed": False,
    "scrolled": "auto",
}
NOTEBOOK: dict[str, Any] = {
    "kernelspec": {"display_name": "Julia 1.10", "language": "julia", "name": "julia-1.10"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".jl",
        "mimetype": "text/x-julia",
        "name": "julia",
        "pygments_lexer": "ipython3",
    },
    "papermill": {
        "input_path": "reduced.ipynb",
        "output_path": "out/reduced.ipynb",
        "parameters": {"month": "2021-03", "k": 5},
        "start_time": "2021-05-01T10:00:00.123456",
    },
}


@pytest.fixture
def named_as_words(tmp_path: Path) -> Path:
    """Records of users who are called as languages, kernels and what they do are."""
    names = ["julia", "ipython", "shell", "reply", "iopub", "busy", "idle", "mei4"]
    path = tmp_path / "raw" / "a.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"username": names}), path)
    return path


def test_what_tools_write_is_no_finding(tmp_path: Path, named_as_words: Path) -> None:
    output = {**shown(text_plain="x"), "metadata": {"needs_background": "light"}}
    path = write_notebook(
        tmp_path / "a.ipynb", code("x", [output], metadata=CELL), **json.loads(json.dumps(NOTEBOOK))
    )
    assert scan([path], k=5, raw=named_as_words).findings == []


@pytest.mark.parametrize(
    ("told", "kind", "path"),
    [
        ({"note": "as mei4 asked"}, "user name", "$.note"),
        ({"mei4": True}, "user name", "$.key m… (4 characters)"),
        ({"tags": ["public", "mei4"]}, "user name", "$.tags"),
        ({"a": {"b": [{"c": ["of mei4"]}]}}, "user name", "$.a.b, column c"),
        ({"config": {"type": "by mei4"}}, "user name", "$.config.type"),
        ({"execution": {"run": "by mei4"}}, "user name", "$.execution.run"),
        ({"papermill": {"input_path": "/home/zoe/a.ipynb"}}, "home path",
         "$.papermill.input_path"),
        ({"executionInfo": {"user": {"userId": "0123"}}}, "identity column",
         "$.executionInfo.user, column userId"),
        ({"kernelspec": {"name": "mei4-env", "language": "python"}}, "user name",
         "$.kernelspec.name"),
    ],
)  # fmt: skip
def test_all_of_it_is_searched(
    told: dict[str, Any], kind: str, path: str, tmp_path: Path, named_as_words: Path
) -> None:
    output = {**shown(text_plain="x"), "metadata": told}
    cases = {
        "metadata": write_notebook(tmp_path / "a.ipynb", **NOTEBOOK | told),
        "cell 2, metadata": write_notebook(
            tmp_path / "b.ipynb", code(), {"cell_type": "markdown", "metadata": told}
        ),
        "cell 1, output 1, metadata": write_notebook(tmp_path / "c.ipynb", code("x", [output])),
    }
    for place, file in cases.items():
        found = places(scan([file], k=5, raw=named_as_words))
        assert (kind, f"{place}, {path}") in found
        assert {one for one, _ in found} == {kind}


def test_what_stands_beside_the_states_of_widgets(tmp_path: Path, named_as_words: Path) -> None:
    states = {"application/vnd.jupyter.widget-state+json": {"state": {}}, "state": {"a": "mei4"}}
    path = write_notebook(tmp_path / "a.ipynb", widgets=states)
    assert places(scan([path], k=5, raw=named_as_words)) == {
        ("user name", "metadata, $.widgets.state.a")
    }


def test_names_of_attachments(tmp_path: Path, named_as_words: Path) -> None:
    attached = {"mei4.png": {"image/png": "iVBORw0KGgo="}}
    path = write_notebook(tmp_path / "a.ipynb", {"cell_type": "raw", "attachments": attached})
    report = scan([path], k=5, raw=named_as_words)
    assert places(report) == {("user name", "cell 1, attachment")}
    assert [one["place"] for one in report.not_searched] == ["cell 1, attachment, image/png"]
