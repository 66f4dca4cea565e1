"""Data that are added to what a dashboard reads: only checked, and each at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.publish.adding import Adding
from jupyterlab_workload_explorer.dashboard.publish.check_data_command import main
from jupyterlab_workload_explorer.dashboard.publish.manifest import sha256_of
from jupyterlab_workload_explorer.dashboard.publish.problem import Stopped

from ...oracle.sizes import size
from .conftest import REDUCED, Sample, make_sample
from .test_kills import SEED, start

SHOW = """\
import glob, pyarrow.parquet as pq
for file in sorted(glob.glob({where!r} + "/*.parquet")):
    print("text", pq.read_table(file)["package"].to_pylist())
"""

#: Fewer users than of public dashboards by default would be too few here.
K = 10

Columns = Mapping[str, object]


def write(path: Path, columns: Columns) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
    return path


class Months:
    """A published dashboard that reads a folder of months, and a folder of new ones elsewhere."""

    def __init__(self, sample: Sample, folder: Path, new: Path) -> None:
        self.sample, self.folder, self.new = sample, folder, new

    @property
    def out(self) -> str:
        return str(self.sample.out)

    def write(self, name: str, columns: Columns) -> str:
        return str(write(self.new / name, columns))

    def state(self) -> dict[str, str]:
        """All that is in the folder, also hidden, with hashes."""
        return {one.name: sha256_of(one) for one in self.folder.iterdir()}


def publish_months(at: Path, *others: Path) -> Sample:
    sample = make_sample(at)
    write(at / "srv" / "2021-01.parquet", REDUCED)
    sample.write(SHOW.format(where=str(at / "srv")))
    references = [at / "srv", *others]
    quick = {"proof": "landlock", "data": [sample.reduced]}
    outcome = sample.publish(by_reference=references, k=K, **quick)
    assert outcome.published, outcome.to_text()
    return sample


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return publish_months(tmp_path_factory.mktemp("months"))


@pytest.fixture
def months(once: Sample, tmp_path: Path) -> Months:
    """The folder as it was published."""
    folder = once.folder.parent / "srv"
    for one in folder.iterdir():
        one.unlink()
    write(folder / "2021-01.parquet", REDUCED)
    return Months(once, folder, tmp_path / "new")


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[[], dict[str, object]]:
    """What the command has printed as JSON."""
    return lambda: json.loads(capsys.readouterr().out)


def test_a_month_is_added_and_corrected(
    months: Months, capsys: pytest.CaptureFixture[str], told: Callable[[], dict[str, object]]
) -> None:
    first = months.write("2021-02.parquet", {**REDUCED, "package": ["namd", "vasp"]})
    second = months.write("2021-03.parquet", REDUCED)
    place = months.folder / "2021-02.parquet"
    before = os.umask(0o027)
    try:
        assert main([months.out, "--add", first, second]) == 0
    finally:
        os.umask(before)
    out = capsys.readouterr().out
    assert f"{place} was added.\n" in out and "2021-03.parquet was added.\n" in out
    assert "is new" not in out
    assert place.stat().st_mode & 0o777 == 0o640
    assert place.read_bytes() == Path(first).read_bytes()
    assert sorted(months.state()) == ["2021-01.parquet", "2021-02.parquet", "2021-03.parquet"]
    place.chmod(0o604)
    first = months.write("2021-02.parquet", {**REDUCED, "package": ["namd", "charmm"]})
    assert main([months.out, "--add", first, "--format", "json"]) == 0
    found = told()
    assert (found["added"], found["replaced"]) == ([str(place)], [str(place)])
    assert place.read_bytes() == Path(first).read_bytes()
    assert place.stat().st_mode & 0o777 == 0o604
    assert len(months.state()) == 3
    assert main([months.out, "--format", "json"]) == 0
    assert told()["added"] == []


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({**REDUCED, "users": [K - 1, 31]}, "small group"),
        ({**REDUCED, "package": ["adalove", "vasp"]}, "user name"),
        ({**REDUCED, "users": [12.0, 31.0]}, "schema"),
    ],
)
def test_what_is_found_is_not_added(
    months: Months, told: Callable[[], dict[str, object]], columns: Columns, rule: str
) -> None:
    """Neither a new month nor a corrected one, nor another that is fine."""
    fine = months.write("2021-02.parquet", REDUCED)
    before = months.state()
    asked = [months.out, "--raw", str(months.sample.raw), "--format", "json", "--add", fine]
    for name in ("2021-01.parquet", "2021-03.parquet"):
        assert main([*asked, months.write(name, columns)]) == 1
        found = told()
        assert [one["rule"] for one in found["findings"]] == [rule]
        assert name in found["findings"][0]["place"]
        assert (found["added"], found["replaced"]) == ([], [])
        assert months.state() == before


def test_files_of_other_kinds(months: Months, capsys: pytest.CaptureFixture[str]) -> None:
    before = months.state()
    months.new.mkdir()
    texts = {"notes.txt": "nothing", "2021-02.csv": "package,users,jobs\na,12,100\n"}
    for name, text in texts.items():
        (months.new / name).write_text(text)
        assert main([months.out, "--add", str(months.new / name)]) == 1
        out = capsys.readouterr().out
        assert f"{name}: schema: No file of its kind was published." in out
        assert "1 found. Nothing was added." in out
    half = months.new / "2021-02.parquet"
    half.write_bytes((months.folder / "2021-01.parquet").read_bytes()[:-100])
    assert main([months.out, "--add", str(half)]) == 1
    assert "unreadable" in capsys.readouterr().out
    assert months.state() == before


def test_together_with_what_is_there(months: Months, capsys: pytest.CaptureFixture[str]) -> None:
    """A month that somebody put there unchecked keeps others away, until it is corrected."""
    write(months.folder / "2021-02.parquet", {**REDUCED, "users": [2, 31]})
    assert main([months.out, "--add", months.write("2021-03.parquet", REDUCED)]) == 1
    assert "2021-02.parquet: column users" in capsys.readouterr().out
    assert main([months.out, "--add", months.write("2021-02.parquet", REDUCED)]) == 0
    # What is missing is there with what is added.
    for one in months.folder.iterdir():
        one.unlink()
    assert main([months.out]) == 1
    assert main([months.out, "--add", months.write("2021-04.parquet", REDUCED)]) == 0


def test_links(months: Months, capsys: pytest.CaptureFixture[str]) -> None:
    latest = months.folder / "latest.parquet"
    latest.symlink_to("2021-01.parquet")
    (months.folder / "newest.parquet").symlink_to("latest.parquet")
    small = months.write("2021-01.parquet", {**REDUCED, "users": [2, 31]})
    assert main([months.out, "--add", small]) == 1
    out = capsys.readouterr().out
    for name in ("2021-01", "latest", "newest"):
        assert f"{name}.parquet: column users" in out, "they would lead to it"
    # The link is replaced, and what it led to is not; what is added may be a link itself.
    new = Path(months.write("2021-02.parquet", {**REDUCED, "package": ["namd", "vasp"]}))
    link = new.with_name("latest.parquet")
    link.symlink_to(new)
    before = months.state()["2021-01.parquet"]
    assert main([months.out, "--add", str(link)]) == 0
    assert not latest.is_symlink() and latest.read_bytes() == new.read_bytes()
    now = months.state()
    assert now["2021-01.parquet"] == before
    assert now["newest.parquet"] == now["latest.parquet"]


def test_usage(months: Months, capsys: pytest.CaptureFixture[str]) -> None:
    fine = months.write("2021-02.parquet", REDUCED)
    twin = str(write(months.new / "again" / "2021-02.parquet", REDUCED))
    hidden = months.write(".2021-02.parquet", REDUCED)
    (months.folder / "folder.parquet").mkdir()
    there = str(months.folder / "2021-01.parquet")
    alias = months.new / "2021-05.parquet"
    alias.symlink_to(there)
    cases = [
        (["--add"], "expected at least one argument"),
        (["--add", "nowhere.parquet"], "There is no file “nowhere.parquet”"),
        (["--add", str(months.new)], f"Name its files: --add {months.new}/*"),
        (["--add", fine, twin], "Two of the files are called “2021-02.parquet”"),
        (["--add", hidden], "is hidden, and not read"),
        (["--add", there], "readers may have seen it already"),
        (["--add", str(alias)], "readers may have seen it already"),
        (["--add", months.write("folder.parquet", REDUCED)], "is a folder. Give the file another"),
        (["--add", fine, "--to", str(months.new)], f"--to PATH, one of {months.folder}"),
        (["--to", str(months.folder)], "Name them: --add FILE"),
    ]
    for arguments, sentence in cases:
        assert main([months.out, *arguments]) == 2, arguments
        assert sentence in capsys.readouterr().err
    (months.folder / "folder.parquet").rmdir()
    assert sorted(months.state()) == ["2021-01.parquet"]


def test_several_references(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[], dict[str, object]]
) -> None:
    total = write(tmp_path / "else" / "total.parquet", {**REDUCED, "year": [2021, 2021]})
    sample = publish_months(tmp_path, total)
    out = str(sample.out)
    new = write(tmp_path / "new" / "of-this-year.parquet", {**REDUCED, "year": [2022, 2022]})
    month = write(tmp_path / "new" / "2021-02.parquet", REDUCED)
    assert main([out, "--add", str(new)]) == 2
    assert f"--to PATH, one of {tmp_path / 'srv'}, {total}." in capsys.readouterr().err
    assert main([out, "--add", str(new), str(month), "--to", str(total)]) == 2
    assert "reads one file" in capsys.readouterr().err
    assert main([out, "--add", str(total), "--to", str(total)]) == 2
    assert "seen it already" in capsys.readouterr().err
    before = total.read_bytes()
    assert main([out, "--add", str(month), "--to", str(total)]) == 1
    assert "“year” is missing" in capsys.readouterr().out
    assert total.read_bytes() == before
    assert main([out, "--add", str(new), "--to", str(total), "--format", "json"]) == 0
    assert told()["replaced"] == [str(total)]
    assert total.read_bytes() == new.read_bytes()
    assert [one.name for one in total.parent.iterdir()] == ["total.parquet"]
    assert main([out, "--add", str(month), "--to", str(tmp_path / "srv")]) == 0
    total.unlink()
    assert main([out, "--add", str(new), "--to", str(total)]) == 0, "it was gone"
    (tmp_path / "srv").rename(tmp_path / "unmounted")
    assert main([out, "--add", str(month), "--to", str(tmp_path / "srv")]) == 2
    assert "See that it is mounted" in capsys.readouterr().err


def test_nothing_by_reference(sample: Sample, capsys: pytest.CaptureFixture[str]) -> None:
    assert sample.publish(proof="landlock", data=[sample.reduced]).published
    assert main([str(sample.out), "--add", str(sample.reduced)]) == 2
    assert "reads no data where they are" in capsys.readouterr().err


def test_one_at_a_time(months: Months, capsys: pytest.CaptureFixture[str]) -> None:
    new = months.write("2021-02.parquet", REDUCED)
    before = months.state()
    with Adding(months.folder, {"2021-02.parquet": Path(new)}).copied() as copies:
        assert main([months.out, "--add", new]) == 1
        assert "Somebody else adds data" in capsys.readouterr().err
        (copy,) = copies.values()
        assert copy.file.exists(), "it is not taken for left behind"
        assert copy.file.stat().st_mode & 0o777 == 0o600, "nobody has checked it"
        assert main([months.out]) == 0, "it is not read"
        found = [one.name for one in months.folder.glob("*.parquet")]
        assert found == ["2021-01.parquet"], "pathlib's patterns find hidden names, too"
    assert months.state() == before


def test_what_was_checked_is_put(months: Months) -> None:
    """The copy, whatever becomes of the file meanwhile."""
    new = Path(months.write("2021-02.parquet", REDUCED))
    checked = new.read_bytes()
    adding = Adding(months.folder, {new.name: new})
    with adding.copied() as copies:
        new.write_bytes(b"changed")
        assert adding.put(copies) == []
    assert (months.folder / new.name).read_bytes() == checked


def test_what_cannot_all_be_put(months: Months) -> None:
    new = Path(months.write("2021-02.parquet", REDUCED))
    adding = Adding(months.folder, {"2021-02.parquet": new, "2021-03.parquet": new})
    with adding.copied() as copies:
        (months.folder / "2021-03.parquet").mkdir()
        with pytest.raises(Stopped, match=r"whole: \S+2021-02.parquet\. See to it, and add all"):
            adding.put(copies)
    (months.folder / "2021-03.parquet").rmdir()
    assert sorted(months.state()) == ["2021-01.parquet", "2021-02.parquet"]


def large(package: str) -> Columns:
    """A month that takes a while, and 400 kB."""
    rows = 100_000
    return {"package": [package] * rows, "users": [12] * rows, "jobs": list(range(rows))}


_FULL = """
import resource, sys
from jupyterlab_workload_explorer.dashboard.publish.check_data_command import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.exit(main(sys.argv[2:]))
"""


def test_a_full_disk(months: Months) -> None:
    new = [months.write("2021-02.parquet", REDUCED), months.write("2021-03.parquet", large("a"))]
    before = months.state()
    full = start(_FULL, 20_000, months.out, "--add", *new)
    error = full.communicate()[1]
    assert full.returncode == 1
    assert "There is no room left for it (File too large). Make room, and check again." in error
    assert months.state() == before
    enough = start(_FULL, 2_000_000, months.out, "--add", *new)
    assert enough.communicate()[1] == ""
    assert len(months.state()) == 3


def command(*arguments: str) -> subprocess.Popen[str]:
    program = "import sys; from jupyterlab_workload_explorer.__main__ import main\n"
    return start(f"{program}sys.exit(main(sys.argv[1:]))", "check-data", *arguments)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_ended_while_it_checks(months: Months, ending: signal.Signals) -> None:
    new = months.write("2021-02.parquet", large("namd"))
    before = months.state()
    process = command(months.out, "--add", new)
    while not list(months.folder.glob(".check-data-*.tmp")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.001)
    process.send_signal(ending)
    process.communicate()
    left = {name for name in months.state() if name.startswith(".")}
    if ending == signal.SIGTERM:
        assert (process.returncode, left) == (128 + ending, set())
    else:
        assert (process.returncode, len(left)) == (-ending, 2)
    assert {name: one for name, one in months.state().items() if name not in left} == before
    assert main([months.out, "--add", new]) == 0
    assert sorted(months.state()) == ["2021-01.parquet", "2021-02.parquet"]


_AGAIN = """
import itertools, sys
from pathlib import Path
from jupyterlab_workload_explorer.dashboard.publish.check_data import check_data
bundle, *new = map(Path, sys.argv[1:])
print("ready", flush=True)
for one in itertools.cycle(new):
    assert check_data(bundle, add=[one]).added
    print(flush=True)
"""


def test_killed_while_a_month_is_corrected(months: Months) -> None:
    """Readers find it as it was or as it is now, and whole, whenever that happens."""
    chance = random.Random(SEED)
    name, place = "2021-02.parquet", months.folder / "2021-02.parquet"
    new = [write(months.new / one / name, large(one)) for one in ("namd", "vasp")]
    assert main([months.out, "--add", str(new[0])]) == 0
    whole = {sha256_of(one) for one in new}
    seen: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(sha256_of(place))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(size("publish_kills")):
            process = start(_AGAIN, months.out, *new)
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
            process.stdout.readline()
            begin = time.monotonic()
            process.stdout.readline()
            time.sleep(chance.uniform(0, 2) * (time.monotonic() - begin))
            process.send_signal(signal.SIGKILL)
            assert process.communicate()[1] == ""
    finally:
        done.set()
        reader.join()
    assert seen == whole
    assert main([months.out, "--add", str(new[0])]) == 0
    assert sorted(months.state()) == ["2021-01.parquet", name]
