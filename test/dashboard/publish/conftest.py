"""Compiled dashboards with reduced data, and raw records elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.content_hash import content_hash
from jupyterlab_workload_explorer.dashboard.publish.outcome import Outcome
from jupyterlab_workload_explorer.dashboard.publish.publish import publish
from jupyterlab_workload_explorer.dashboard.publish.question import Question

REDUCED = {"package": ["amber", "gromacs"], "users": [12, 31], "jobs": [100, 300]}

#: Reads the reduced file, and shows a text that does not stand in the source, and a chart.
SHOW = """\
import pyarrow.parquet as pq
from IPython.display import display
rows = pq.read_table("data/reduced.parquet").to_pydict()
print("-".join(["text", *rows["package"]]))
chart = {"type": "bar", "x": rows["package"], "y": rows["jobs"]}
display({"application/vnd.plotly.v1+json": {"data": [chart], "layout": {}}}, raw=True)
"""


@dataclass(frozen=True)
class Sample:
    """A folder with a compiled dashboard, raw records, and where it is published to."""

    folder: Path
    raw: Path
    out: Path

    @property
    def notebook(self) -> Path:
        return self.folder / "report.dashboard.ipynb"

    @property
    def reduced(self) -> Path:
        return self.folder / "data" / "reduced.parquet"

    def write(self, *sources: str, kernel: str = "python3") -> Path:
        """Write the compiled notebook, with its recorded check."""
        cells = [
            nbformat.v4.new_code_cell(source, id=f"cell-{at}", metadata={"tags": ["downstream"]})
            for at, source in enumerate(sources)
        ]
        content = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_markdown_cell("# Use", id="title"), *cells],
            metadata={
                "kernelspec": {"name": kernel, "display_name": kernel, "language": "python"},
                "language_info": {"name": "python"},
                "workload": {
                    "dashboard": {
                        "version": 1,
                        "tool": "workload-explorer 0.1.0",
                        "source": "report.ipynb",
                        "source_hash": f"sha256:{'0' * 64}",
                        "dropped": [],
                    }
                },
            },
        )
        return self.save(json.loads(nbformat.writes(content)))

    def save(self, content: dict[str, Any], errors: int = 0) -> Path:
        """Write a notebook with a check that is right for it."""
        content["metadata"]["workload"]["check"] = {
            "version": 1,
            "tool": "workload-explorer 0.1.0",
            "hash": content_hash(content),
            "errors": errors,
        }
        text = json.dumps(
            content, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")
        )
        self.notebook.write_text(text + "\n")
        return self.notebook

    def reduce(self, columns: Mapping[str, Any]) -> None:
        """Write the reduced file."""
        pq.write_table(pa.table(columns), self.reduced)

    def question(self, **changes: Any) -> Question:
        return replace(Question(self.notebook, self.out), **changes)

    def publish(self, **changes: Any) -> Outcome:
        return publish(self.question(**changes))


def make_sample(at: Path) -> Sample:
    """A dashboard that can be published."""
    found = Sample(at / "work", at / "raw", at / "public" / "report")
    for one in (found.folder / "data", found.raw, found.out.parent):
        one.mkdir(parents=True)
    records = {"username": ["adalove", "kofiann"] * 20, "job_id": [f"417{at}" for at in range(40)]}
    pq.write_table(pa.table(records), found.raw / "records.parquet")
    found.reduce(REDUCED)
    found.write(SHOW)
    return found


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return make_sample(tmp_path)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sample, Outcome]:
    """A dashboard that was published once; not to be changed."""
    found = make_sample(tmp_path_factory.mktemp("published"))
    archive = found.out.with_name("report.tar.gz")
    # As a server does, whose own thread is needed for others.
    with ThreadPoolExecutor(1) as threads:
        outcome = threads.submit(found.publish, raw=[found.raw], archive=archive).result()
    assert outcome.published, outcome.to_text()
    return found, outcome


@pytest.fixture(autouse=True)
def no_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A site file that says nothing, and a list of dashboards, whatever this machine has."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    path = tmp_path / "workload-site.json"
    path.write_text('{"version": 1}')
    monkeypatch.setenv("WORKLOAD_SITE", str(path))
