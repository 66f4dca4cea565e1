"""The proof itself: notebooks run as they would on the two machines, and the judge can say no."""

from __future__ import annotations

from pathlib import Path

import pytest
from crosscheck.execute import Failure, Run, execute
from crosscheck.generate import make
from crosscheck.judge import judge
from crosscheck.notebook import Cell, Notebook

UP, DOWN, SHARED = ["upstream"], ["downstream"], ["shared"]


def run(folder: Path, *cells: Cell, gpu: Path | None = None) -> dict[str, Run]:
    Notebook(list(cells)).write(folder)
    return execute([folder], gpu=gpu, preload=[])[0]


def failure(result: Run) -> tuple[int, str, str] | None:
    found = result.failure
    return (found.cell, found.kind, found.what) if found else None


def test_each_run_has_its_own_cells(tmp_path: Path) -> None:
    runs = run(
        tmp_path,
        Cell("import json", SHARED),
        Cell("a = 1", UP),
        Cell("b = json.dumps(2)", DOWN),
        Cell("c = 3", ["parameters"]),
        Cell("text", [], "markdown"),
        Cell("a, c"),
    )
    assert runs["upstream"].passed == (0, 1, 3, 5)
    assert runs["downstream"].passed == (0, 2, 3)
    assert failure(runs["downstream"]) == (5, "name", "a")


def test_files_of_the_upstream_run_are_there(tmp_path: Path) -> None:
    runs = run(
        tmp_path,
        Cell("open('a.txt', 'w').close()", UP),
        Cell("open('a.txt').close()", DOWN),
        Cell("open('sub/b.txt')", DOWN),
    )
    assert runs["upstream"].failure is None
    assert failure(runs["downstream"]) == (2, "file", "sub/b.txt")


def test_only_upstream_has_a_gpu(tmp_path: Path) -> None:
    gpu = tmp_path / "gpu"
    gpu.mkdir()
    (gpu / "cudf.py").write_text("", encoding="utf-8")
    runs = run(tmp_path / "nb", Cell("import cudf", SHARED), gpu=gpu)
    assert runs["upstream"].failure is None
    assert failure(runs["downstream"]) == (0, "module", "cudf")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%%time\nmissing", (1, "name", "missing")),
        ("%%capture out\nmissing", (1, "name", "missing")),
        ("await missing()", (1, "name", "missing")),
        ("x = !echo 1\nassert x == ['1']\nmissing", (1, "name", "missing")),
        ("def f():\n    print(v)\n    v = 1\nf()", (1, "other", "")),
        (
            "def f():\n    del v\n    def g(): return v\n    return g()\n    v = 1\nf()",
            (1, "other", ""),
        ),
        ("display(1)\nget_ipython()", None),
        ("1 / 0", (1, "other", "")),
        ("open('gone.txt')", (1, "file", "gone.txt")),
        ("open('gone/a.txt', 'w')", (1, "other", "")),
        ("late()", (1, "name", "gone")),
    ],
)
def test_what_fails_is_told_apart(
    source: str, expected: tuple[int, str, str] | None, tmp_path: Path
) -> None:
    runs = run(tmp_path, Cell("def late():\n    return gone", SHARED), Cell(source, DOWN))
    assert failure(runs["downstream"]) == expected
    if source == "late()":
        found = runs["downstream"].failure
        assert found and found.cells == (0, 1)


def test_same_seed_same_notebook() -> None:
    assert make(11).text() == make(11).text() != make(12).text()


def finding(cell: int, rule: str, name: str, severity: str = "error") -> dict[str, object]:
    return {"cell": cell, "rule": rule, "name": name, "severity": severity}


def test_judge_tells_told_from_missed() -> None:
    missing = Failure(2, (1, 2), 1, "name", "df", "")
    runs = {"upstream": Run((0,), None, 0), "downstream": Run((0,), missing, 0)}
    told = judge(runs, [finding(2, "name-upstream-only", "df")])
    assert (told.told, told.missed, told.false, told.is_clean) == ([missing], [], [], False)
    assert judge(runs, [finding(1, "name-undefined", "df")]).told == [missing]
    assert judge(runs, [finding(2, "order", "df", "info")]).hinted == [missing]
    for cell, rule, name in ((3, "order", "df"), (2, "order", "d"), (1, "role-missing", "df")):
        other = finding(cell, rule, name)
        assert judge(runs, [other]).missed == [missing]
    assert judge(runs, [finding(2, "role-missing", "")]).told == [missing]
    assert judge(runs, []).missed == [missing]


@pytest.mark.parametrize(
    ("told", "happened", "is_same"),
    [
        ("./a.csv", "a.csv", True),
        ("$SCRATCH/a.csv", "scratch/a.csv", True),
        ("~/a.csv", "home/a.csv", True),
        ("{lib.folder(1)}/a.csv", "out/2026/a.csv", True),
        ("$SCRATCH/a.csv", "a.csv", False),
        ("$OTHER/a.csv", "scratch/a.csv", False),
        ("{folder}/a.csv", "out/b.csv", False),
        ("a.csv", "axcsv", False),
    ],
)
def test_judge_knows_what_paths_begin_with(told: str, happened: str, is_same: bool) -> None:
    missing = Failure(2, (2,), 1, "file", happened, "")
    runs = {"upstream": Run((0,), None, 0), "downstream": Run((0,), missing, 0)}
    verdict = judge(runs, [finding(2, "file-not-written", told, "info")])
    assert bool(verdict.hinted) == is_same


def test_judge_sees_false_errors() -> None:
    clean = {"upstream": Run((0, 1), None, 0), "downstream": Run((0,), None, 0)}
    wrong = finding(0, "name-undefined", "x")
    assert judge(clean, [wrong]).false == [wrong]
    for fine in (finding(0, "name-undefined", "x", "info"), finding(0, "role-missing", "x")):
        assert judge(clean, [fine]).false == []
    # An error before the cell that failed is as wrong; one at cells not reached is not judged.
    broken = {**clean, "downstream": Run((0,), Failure(1, (1,), 1, "other", "", ""), 0)}
    assert judge(broken, [wrong]).false == [wrong]
    assert judge(broken, [finding(2, "order", "x")]).false == []
