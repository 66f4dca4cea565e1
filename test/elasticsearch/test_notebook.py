"""A notebook that gathers holds no secret, whatever it prints and however it fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from .conftest import SECRETS, Records, basic

WRONG = "wrong-Pass-55c0"

CELL = """
from jupyterlab_workload_explorer import gather
from jupyterlab_workload_explorer.elasticsearch.connections import find_connection
print(find_connection("records"))
print(gather("records", "gw-records-*", OUT))
gather("wrong", "gw-records-*", OUT + "-never")
"""


def test_a_notebook_that_gathers(
    records: Records, site_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content: dict[str, Any] = json.loads(site_file.read_text())
    wrong = {**content["connections"][0], "name": "wrong"}
    wrong["authentication"] = {"user": "nobody", "password": {"environment": "GW_WRONG"}}
    content["connections"].append(wrong)
    site_file.write_text(json.dumps(content))
    monkeypatch.setenv("GW_WRONG", WRONG)
    out = tmp_path / "gathered"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(f"OUT = {str(out)!r}\n{CELL}")]
    )
    with pytest.raises(CellExecutionError):
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    saved = nbformat.writes(notebook)
    assert "Connection(name='records'" in saved
    assert "GatherProblem" in saved
    texts = {"the notebook": saved.encode()}
    texts |= {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(texts) > 3
    # The key of the fixtures stands in its own file.
    del texts[str(tmp_path / "key")]
    for secret in (*SECRETS, WRONG, basic("nobody", WRONG)):
        assert [name for name, text in texts.items() if secret.encode() in text] == []
