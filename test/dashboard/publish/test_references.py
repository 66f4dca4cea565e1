"""Data by reference: read where they are, and checked when they have changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.publish.check_data_command import main
from jupyterlab_workload_explorer.dashboard.publish.references import Reference, schema_of

from .conftest import REDUCED, Sample
from .server import fetch, served

SHOW = """\
import glob, pyarrow.parquet as pq
files = sorted(glob.glob({where!r} + "/*.parquet"))
packages = [name for file in files for name in pq.read_table(file)["package"].to_pylist()]
print("-".join(["text", *packages]))
"""


def month(folder: Path, name: str, columns: dict[str, list[object]]) -> None:
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    """A folder elsewhere, to which months are added."""
    found = tmp_path / "srv"
    found.mkdir()
    month(found, "2021-01", REDUCED)
    (found / ".tmp").write_text("left")
    return found


@pytest.mark.parametrize("at", ["absolute", "link", "folder"])
def test_a_new_month_appears(
    sample: Sample, mounted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], at: str
) -> None:
    named = sample.folder / "data" / "months"
    if at == "absolute":
        where, path = str(mounted), mounted
    else:
        where, path = "data/months", named
        if at == "link":
            named.symlink_to(mounted)
        else:
            mounted = shutil.move(mounted, named)
    sample.write(SHOW.format(where=where))
    outcome = sample.publish(by_reference=[path])
    assert outcome.published, outcome.to_text()
    (described,) = outcome.manifest["data"]["referenced"]
    assert (described["path"], described["kind"]) == (str(mounted), "folder")
    assert described["at"] == (None if at == "absolute" else "data/months")
    assert [one["path"] for one in described["files"]] == ["2021-01.parquet"]
    assert described["schemas"][0][1] == {"name": "users", "type": "int64"}
    assert outcome.manifest["data"]["copied"] == []
    assert not any("months" in one["path"] for one in outcome.manifest["files"])
    assert main([str(sample.out)]) == 0
    month(mounted, "2021-02", {**REDUCED, "package": ["namd", "vasp"]})
    assert main([str(sample.out)]) == 0
    assert "2021-02.parquet is new" in capsys.readouterr().out
    if at == "link":
        with served(sample.out, tmp_path) as address:
            assert "text-amber-gromacs-namd-vasp" in fetch(address)[1]


@pytest.mark.parametrize("named", ["data/months", "{folder}/data/months"])
def test_a_page_chooses_from_what_stays_in_the_folder(sample: Sample, named: str) -> None:
    folder = sample.folder / "data" / "months"
    folder.mkdir()
    month(folder, "2021-01", REDUCED)
    table = named.format(folder=sample.folder) + "/2021-01.parquet"
    asked = {"data": table, "category": "package", "value": "users"}
    figure = {"data": [{"type": "bar"}], "layout": {"meta": {"workload": asked}}}
    sample.write(
        f"import pyarrow.parquet as pq\npq.read_table({table!r})\n"
        "from IPython.display import display\n"
        f'display({{"application/vnd.plotly.v1+json": {figure!r}}}, raw=True)'
    )
    outcome = sample.publish(
        by_reference=[folder], page=True, proof="landlock", data=[sample.reduced]
    )
    assert outcome.published, outcome.to_text()
    assert '"package":["amber","gromacs"]' in (sample.out / "dashboard.html").read_text()


def test_what_check_data_finds(
    sample: Sample, mounted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample.write(SHOW.format(where=str(mounted)))
    quick = {"proof": "landlock", "data": [sample.reduced]}
    assert sample.publish(by_reference=[mounted], **quick).published

    def found(*more: str) -> list[tuple[str, str]]:
        assert main([str(sample.out), "--format", "json", *more]) == 1
        told = json.loads(capsys.readouterr().out)["findings"]
        return [(one["rule"], one["message"]) for one in told]

    month(mounted, "2021-02", {**REDUCED, "users": [12.0, 31.0]})
    assert found() == [
        (
            "schema",
            "Its columns have changed: “users” is double instead of int64. Write it as it was, or "
            "change the dashboard and publish again.",
        )
    ]
    month(mounted, "2021-02", {"package": ["a"], "users": [12], "nodes": [1]})
    assert "“jobs” is missing, “nodes” is new" in found()[0][1]
    month(mounted, "2021-02", {**REDUCED, "users": [2, 31]})
    assert [rule for rule, _ in found()] == ["small group"]
    month(mounted, "2021-02", {**REDUCED, "package": ["adalove", "vasp"]})
    assert main([str(sample.out)]) == 0, "nobody knows names without raw data"
    capsys.readouterr()
    assert [rule for rule, _ in found("--raw", str(sample.raw))] == ["user name"]
    (mounted / "2021-02.parquet").write_text("PAR1")
    assert {rule for rule, _ in found()} == {"unreadable"}
    (mounted / "2021-02.parquet").unlink()
    (mounted / "2021-01.parquet").unlink()
    assert [rule for rule, _ in found()] == ["missing"]
    month(mounted, "2021-03", REDUCED)
    assert main([str(sample.out)]) == 0, "the last months are shown"


def test_what_was_accepted_is_not_found_again(
    sample: Sample, mounted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    month(mounted, "2021-01", {**REDUCED, "users": [2, 31]})
    sample.write(SHOW.format(where=str(mounted)))
    asked = {"proof": "landlock", "data": [sample.reduced], "by_reference": [mounted]}
    assert not sample.publish(**asked).published
    assert sample.publish(accept="They agreed", **asked).published
    assert main([str(sample.out)]) == 0
    month(mounted, "2021-02", {**REDUCED, "users": [2, 31]})
    capsys.readouterr()
    assert main([str(sample.out)]) == 1
    out = capsys.readouterr().out
    assert "2021-02.parquet: column users" in out and "2021-01.parquet: column users" not in out
    (mounted / "2021-02.parquet").unlink()
    month(mounted, "2021-01", {**REDUCED, "users": [2, 3]})
    assert main([str(sample.out)]) == 1, "it was accepted as it was"


def test_usage(sample: Sample, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(sample.folder)]) == 2
    assert "no published dashboard" in capsys.readouterr().err
    assert main([]) == 2
    assert main(["--help"]) == 0


def test_schemas_of_files(tmp_path: Path) -> None:
    table = pa.table({"a": [1], "b": ["x"]})
    feather.write_feather(table, tmp_path / "a.feather")
    columns = [{"name": "a", "type": "int64"}, {"name": "b", "type": "string"}]
    assert schema_of(tmp_path / "a.feather") == columns
    with (
        pa.OSFile(str(tmp_path / "a.arrows"), "wb") as file,
        pa.ipc.new_stream(file, table.schema) as stream,
    ):
        stream.write_table(table)
    assert schema_of(tmp_path / "a.arrows") == columns
    (tmp_path / "a.csv").write_text("a,b\n1,x\n")
    names = [{"name": "a", "type": None}, {"name": "b", "type": None}]
    assert schema_of(tmp_path / "a.csv") == names
    (tmp_path / "a.txt").touch()
    assert schema_of(tmp_path / "a.txt") is None


def test_a_file_by_reference(tmp_path: Path) -> None:
    (tmp_path / "notebook.ipynb").touch()
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    found = Reference.of(tmp_path / "a.parquet", tmp_path / "notebook.ipynb")
    assert found.shown("a.parquet") == "a.parquet"
    described = found.describe()
    assert (described["kind"], described["at"]) == ("file", "a.parquet")
    assert [one["path"] for one in described["files"]] == ["a.parquet"]
    (tmp_path / "a.parquet").write_text("damaged")
    assert found.describe()["files"][0]["schema"] is None
