"""The third run of a notebook, of real kernels: what it brings, and how soon."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import nbformat

from jupyterlab_workload_explorer.dashboard.publish.execute import execute

_WIDGETS = "application/vnd.jupyter.widget-state+json"

#: What ``ipywidgets.Output`` does, by the messages that it sends.
OUTPUT_WIDGET = """\
from comm import create_comm

def output_widget():
    of = {"_model_module": "@jupyter-widgets/output", "_model_name": "OutputModel"}
    state = {**of, "_model_module_version": "1.0.0", "msg_id": "", "outputs": []}
    data = {"state": state, "buffer_paths": []}
    return create_comm(target_name="jupyter.widget", data=data, metadata={"version": "2.1.0"})

def write_within(widget, text):
    here = get_ipython().kernel.get_parent()["header"]["msg_id"]
    for msg_id in (here, ""):
        widget.send({"method": "update", "state": {"msg_id": msg_id}, "buffer_paths": []})
        if msg_id:
            print(text, flush=True)
"""


def notebook(*sources: str) -> dict[str, Any]:
    cells = [
        nbformat.v4.new_code_cell(source, id=f"cell-{at}") for at, source in enumerate(sources)
    ]
    return json.loads(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))


def test_a_widget_of_outputs_does_not_make_it_wait(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    # About one in fifteen of these lost the note of its end, and waited for the time limit.
    cells = ["for at in range(3):\n    write_within(output_widget(), f'told {at}')"] * 40
    limit = 20
    began = time.monotonic()
    ran = execute(notebook(OUTPUT_WIDGET, *cells), tmp_path / "bundle", "python3", limit).notebook
    assert time.monotonic() - began < limit
    assert [cell["outputs"] for cell in ran["cells"]] == [[]] * 41
    states = ran["metadata"]["widgets"][_WIDGETS]["state"].values()
    said = [one["text"] for model in states for one in model["state"]["outputs"]]
    assert said == ["told 0\n", "told 1\n", "told 2\n"] * 40


#: Shown by the first cell, and replaced by the third.
REPLACED = (
    "print('a')\nshown = display('two', display_id=True)\nprint('b')",
    "kept = display('kept', display_id=True)",
    "shown.update('many')",
)


def test_what_a_later_cell_replaces_is_kept(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    ran = execute(notebook(*REPLACED), tmp_path / "bundle", "python3", 60)

    def texts(cell: dict[str, Any]) -> list[str]:
        return [one.get("text") or one["data"]["text/plain"] for one in cell["outputs"]]

    final = [["a\n", "'many'", "b\n"], ["'kept'"], []]
    assert [texts(cell) for cell in ran.notebook["cells"]] == final
    *cells, more = ran.live["cells"]
    assert cells == ran.notebook["cells"]
    assert more["id"] == "cell-0, before a later cell replaced its output"
    assert [one.get("text") for one in more["outputs"]] == ["", None, ""]
    assert more["outputs"][1]["data"]["text/plain"] == "'two'"
