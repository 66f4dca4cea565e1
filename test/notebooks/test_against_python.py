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
# Of what fails, how much may stay untold, and how much of it is told as an error.
KNOWN_MISSES = 0.002
AS_ERRORS = 0.95


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    notebooks = [make(SEED * 1_000_003 + i) for i in range(size("notebooks"))]
    return cases(notebooks, tmp_path_factory.mktemp("notebooks"))


def _smallest(wrong: list[Case]) -> str:
    return min(wrong, key=lambda case: case.notebook.size()).story() if wrong else ""


def test_says_beforehand_what_fails(made: list[Case], capsys: pytest.CaptureFixture[str]) -> None:
    for what in ("written", "random"):
        cases_of = [case for case in made if case.notebook.is_random == (what == "random")]
        with capsys.disabled():
            print(f"\n{Tally([case.verdict for case in cases_of]).text(f'{what} notebooks')}")
    verdicts = [case.verdict for case in made]
    missed = [case for case in made if case.verdict.missed]
    told, hinted = (sum(len(getattr(v, kind)) for v in verdicts) for kind in ("told", "hinted"))
    happened = told + hinted + sum(len(v.missed) for v in verdicts)
    # known_misses.md says which.
    assert sum(len(case.verdict.missed) for case in missed) <= KNOWN_MISSES * happened, (
        f"{len(missed)} notebooks; the smallest:\n{_smallest(missed)}"
    )


def test_tells_what_fails_as_errors(made: list[Case]) -> None:
    """As long as people could tell; random statements are full of conditions that nobody knows."""
    written = [case for case in made if not case.notebook.is_random]
    told, hinted = (
        sum(len(getattr(case.verdict, kind)) for case in written) for kind in ("told", "hinted")
    )
    milder = [case for case in written if case.verdict.hinted]
    assert told >= AS_ERRORS * (told + hinted), (
        f"{told} of {told + hinted} are errors; the smallest that is none:\n{_smallest(milder)}"
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
