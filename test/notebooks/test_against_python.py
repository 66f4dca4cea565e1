"""`workload-explorer check` against Python itself, over generated notebooks.

One seed, or more notebooks: WORKLOAD_SEED=7, WORKLOAD_PROVE=1.
"""

from __future__ import annotations

import os

import pytest
from crosscheck.batch import Case, cases
from crosscheck.generate import make
from crosscheck.judge import Tally
from sizes import size

SEED = int(os.environ.get("WORKLOAD_SEED", "0"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    notebooks = [make(SEED * 1_000_003 + i) for i in range(size("notebooks"))]
    return cases(notebooks, tmp_path_factory.mktemp("notebooks"))


def _smallest(wrong: list[Case]) -> str:
    return min(wrong, key=lambda case: case.notebook.size()).story() if wrong else ""


def test_says_beforehand_what_fails(made: list[Case], capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally([case.verdict for case in made])
    with capsys.disabled():
        print(f"\n{tally.text('notebooks')}")
    missed = [case for case in made if case.verdict.missed]
    assert not missed, f"{len(missed)} notebooks; the smallest:\n{_smallest(missed)}"
    happened = sum(len(v.told) + len(v.hinted) for v in tally.verdicts)
    hinted = [case for case in made if case.verdict.hinted]
    told = sum(len(v.told) for v in tally.verdicts)
    assert told >= 0.99 * happened, (
        f"{told} of {happened} are errors; the smallest that is none:\n{_smallest(hinted)}"
    )


def test_leaves_clean_notebooks_alone(made: list[Case]) -> None:
    tally = Tally([case.verdict for case in made])
    accused = [case for case in made if case.verdict.is_clean and case.verdict.false]
    assert len(accused) <= 0.02 * len(tally.clean), (
        f"{len(accused)} of {len(tally.clean)}; the smallest:\n{_smallest(accused)}"
    )


def test_notebooks_are_worth_it(made: list[Case]) -> None:
    """About half run clean, the rest fail in the ways that matter, and few for other reasons."""
    verdicts = [case.verdict for case in made]
    clean = sum(v.is_clean for v in verdicts)
    kinds = {f.kind for v in verdicts for f in [*v.told, *v.hinted, *v.missed]}
    assert 0.35 < clean / len(verdicts) < 0.7
    assert kinds == {"name", "module", "file"}
    assert sum(v.unrelated for v in verdicts) < 0.3 * len(verdicts)
