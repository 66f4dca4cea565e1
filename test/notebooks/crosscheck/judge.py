"""Holds what `workload-explorer check` found against what happened."""

from __future__ import annotations

import json
import os
import posixpath
import re
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .execute import Failure, Run
from .notebook import FILE, PLACES, Notebook

ROOT = Path(__file__).parents[3]
CLI = Path(
    os.environ.get("WORKLOAD_CLI", ROOT / "jupyterlab_workload_explorer/cli/workload-explorer.mjs")
)
# Rules that say that a run fails; others say what people agreed on, as that cells have roles.
ABOUT_FAILURES = {
    "name-upstream-only",
    "name-downstream-only",
    "name-undefined",
    "order",
    "import-upstream-only",
    "import-heavy",
    "file-not-written",
}
Finding = dict[str, Any]


def check(folders: Sequence[Path], *options: str) -> list[list[Finding]]:
    """What the check finds in the notebook of each folder, by one call."""
    paths = [str(folder / FILE) for folder in folders]
    assert CLI.exists(), f"{CLI} is not built: npm run build"
    done = subprocess.run(
        ["node", str(CLI), "check", "--format", "json", *options, *paths],
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), f"exit status {done.returncode}: {done.stderr.decode()}"
    found: dict[str, list[Finding]] = {path: [] for path in paths}
    for finding in json.loads(done.stdout):
        found[finding["notebook"]].append(finding)
    return [found[path] for path in paths]


@dataclass
class Verdict:
    """What became of one notebook."""

    is_clean: bool
    # Failures that were reported as errors, reported less severely, and not reported.
    told: list[Failure] = field(default_factory=list)
    hinted: list[Failure] = field(default_factory=list)
    missed: list[Failure] = field(default_factory=list)
    # Errors about failures that did not happen, though all runs came past that cell.
    false: list[Finding] = field(default_factory=list)
    unrelated: int = 0


def judge(runs: Mapping[str, Run], findings: Sequence[Finding]) -> Verdict:
    failures = {run: result.failure for run, result in runs.items()}
    verdict = Verdict(is_clean=not any(failures.values()))
    for run, failure in failures.items():
        if failure is None:
            continue
        if failure.kind == "other" or not _concerns(run, failure, failures):
            verdict.unrelated += 1
            continue
        said = [f for f in findings if reports(f, failure)]
        is_told = any(f["severity"] == "error" or f["rule"] in WARNINGS for f in said)
        kept = verdict.told if is_told else verdict.hinted
        (kept if said else verdict.missed).append(failure)
    verdict.false = [f for f in findings if is_false(f, runs)]
    return verdict


def _concerns(run: str, failure: Failure, failures: Mapping[str, Failure | None]) -> bool:
    """Raw data that upstream lacks are no matter of notebooks, nor what a broken run left out."""
    if failure.kind == "module":
        # What a machine has installed is known of the heavy packages only.
        return run == "downstream" and failure.what.split(".")[0] in HEAVY
    return failure.kind != "file" or (run == "downstream" and not failures.get("upstream"))


HEAVY = {"cudf", "cupy", "torch", "rmm", "dask_cudf", "cuml"}


# A warning by decision, however sure it is.
WARNINGS = {"file-name-differs"}


def reports(finding: Finding, failure: Failure) -> bool:
    if finding["rule"] in ("role-missing", "role-conflict") and finding["cell"] == failure.cell:
        # A cell without a role is in both runs, and need not fit both.
        return True
    name = finding.get("name")
    if name is None or finding["cell"] not in failure.cells or finding["rule"] not in REPORTING:
        return False
    if failure.kind == "file":
        return _is_path(name, failure.what)
    if failure.kind == "module":
        return name.split(".")[0] == failure.what.split(".")[0]
    return name == failure.what


def _is_path(told: str, happened: str) -> bool:
    """Whether a path that was told is the missing one; runs know what `$NAME`, `~`, `{…}` are."""
    for variable, place in PLACES.items():
        told = re.sub(rf"^\${variable}(?=/|$)", place, told)
    told = re.sub(r"^~(?=/|$)", PLACES["HOME"], told)
    pieces = re.split(r"\{.*?\}", posixpath.normpath(told))
    return bool(re.fullmatch(".*".join(map(re.escape, pieces)), posixpath.normpath(happened)))


# Whatever says that a name, module or file is not there where it is needed.
REPORTING = ABOUT_FAILURES | {"file-name-differs", "source-read-downstream", "unparsed"}


def is_false(finding: Finding, runs: Mapping[str, Run]) -> bool:
    """Whether an error is contradicted: every run came past its cell."""
    if finding["severity"] != "error" or finding["rule"] not in ABOUT_FAILURES:
        return False
    failures = [run.failure for run in runs.values() if run.failure]
    if not failures:
        return True
    if any(f.cell <= finding["cell"] for f in failures):
        # The runs did not come so far, or it is the very cell that failed.
        return False
    # A function that is defined here may be what fails in a later cell.
    return not any(reports(finding, f) or finding.get("name") == f.what for f in failures)


@dataclass
class Tally:
    verdicts: list[Verdict]

    @property
    def clean(self) -> list[Verdict]:
        return [v for v in self.verdicts if v.is_clean]

    @property
    def falsely_accused(self) -> list[Verdict]:
        return [v for v in self.clean if v.false]

    def text(self, what: str) -> str:
        told, hinted, missed = (
            sum(len(getattr(v, kind)) for v in self.verdicts)
            for kind in ("told", "hinted", "missed")
        )
        happened = told + hinted + missed
        rules = Counter(f["rule"] for v in self.verdicts for f in v.false)
        kinds = Counter(f.kind for v in self.verdicts for f in [*v.told, *v.hinted, *v.missed])
        elsewhere = sum(1 for v in self.verdicts if not v.is_clean and v.false)
        return (
            f"{len(self.verdicts)} {what}: {len(self.clean)} ran clean,"
            f" {len(self.falsely_accused)} of them with a false error;"
            f" {elsewhere} others with an error at a cell that ran ({dict(rules)});"
            f" {happened} failures {dict(kinds)}: {told} reported as errors,"
            f" {hinted} less severely, {missed} missed;"
            f" {sum(v.unrelated for v in self.verdicts)} unrelated failures"
        )


def story(notebook: Notebook, runs: Mapping[str, Run], findings: Sequence[Finding]) -> str:
    """All that a person needs to see what went wrong."""
    happened = [f"{run}: {result.failure or 'clean'}" for run, result in runs.items()]
    found = [
        f"cell {f['cell']} line {f['line']} {f['severity']} {f['rule']} {f.get('name', '')}:"
        f" {f['message']}"
        for f in findings
    ]
    return "\n".join([notebook.text(), "--- happened", *happened, "--- found", *found])
