"""The check against notebooks that others wrote: cut into roles, run for real, every finding told.

    python test/notebooks/public.py run [--fetch | --mirror DIR] [--python PYTHON]
    python test/notebooks/public.py judge [--write]

`run` lays the repositories of `public.json` out in the cache and runs their notebooks, without a network, with PYTHON, which
should have IPython, pandas, matplotlib, seaborn, scikit-learn and scipy. It takes tens of minutes and knows nothing of the check.
`judge` holds the check as it is built now against what happened, and with `--write` writes `public-findings.json`.
"""

# ruff: noqa: E501

from __future__ import annotations

import argparse
import json
import pickle
import random
import sys
from collections import Counter
from pathlib import Path

from crosscheck import cutting, sources
from crosscheck.judge import ABOUT_FAILURES, Finding, check, reports

HERE = Path(__file__).parent
FOUND = HERE / "public-findings.json"
SEED = 2026


def run(options: argparse.Namespace) -> None:
    trials: list[cutting.Trial] = []
    for source in sources.listed(HERE / "public.json"):
        git = sources.git_directory(source, options.mirror, options.fetch)
        if git is None:
            print(f"{source.url} is not on this machine; --fetch gets it.", file=sys.stderr)
            continue
        tree = sources.laid_out(source, git)
        trials += cutting.collect(tree, source.name, sources.cache() / "runs")
    print(f"{len(trials)} notebooks", flush=True)
    kept = cutting.run_whole(trials, options.python)
    print(f"{len(kept)} of them run here, at least in part", flush=True)
    for trial in kept:
        cutting.cut(trial, random.Random(f"{SEED} {trial.source} {trial.path}"))
    cutting.run_rounds(kept, options.python)
    print(f"{sum(trial.is_clean for trial in kept)} run clean after their mending")
    (sources.cache() / "trials.pickle").write_bytes(pickle.dumps((len(trials), kept)))


def judge(options: argparse.Namespace) -> None:
    total, trials = pickle.loads((sources.cache() / "trials.pickle").read_bytes())
    rounds = [(trial, *each) for trial in trials for each in trial.rounds]
    folders = []
    for number, (trial, tags, _) in enumerate(rounds):
        # Each cut beside the others, in a folder that is as it was before any run.
        place = trial.pristine / f".cut{number}"
        folders.append(place)
        cutting.as_cut(trial, tags).write(place)
        for name in trial.pristine.iterdir():
            link = place / name.name
            if not name.name.startswith(".cut") and not link.exists():
                link.symlink_to(name)
    counts: Counter[str] = Counter()
    listed = []
    commits = {source.name: source.commit for source in sources.listed(HERE / "public.json")}
    for (trial, _, failure), findings in zip(rounds, check(folders), strict=True):
        if failure is not None and failure.kind in ("name", "file"):
            said = [f["severity"] for f in findings if reports(f, failure)]
            how = "error" if "error" in said else "less" if said else "missed"
            counts[f"failure {failure.kind} {how}"] += 1
            if how != "error":
                print(
                    how,
                    trial.source,
                    trial.path,
                    failure,
                    cutting_line(trial, failure.cell),
                    sep="\n  ",
                )
        elif failure is None:
            counts["clean"] += 1
            listed += [entry(trial, commits[trial.source], f) for f in findings]
            counts["clean with a false error"] += any(is_false(f) for f in findings)
    print(f"{total} notebooks, {len(trials)} run here, {dict(counts)}")
    for (rule, severity, verdict), n in sorted(
        Counter((e["rule"], e["severity"], e["verdict"]) for e in listed).items()
    ):
        print(f"{rule} {severity} {verdict}: {n}")
    if options.write:
        FOUND.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def cutting_line(trial: cutting.Trial, cell: int) -> str:
    return trial.notebook.cells[cell].source[:600]


def is_false(finding: Finding) -> bool:
    return finding["severity"] == "error" and finding["rule"] in ABOUT_FAILURES


def entry(trial: cutting.Trial, commit: str, finding: Finding) -> dict[str, object]:
    verdict, reason = verdict_of(finding)
    return {
        "notebook": f"{trial.source.replace('+', '/')}/{trial.path}",
        "commit": commit,
        "cell": finding["cell"],
        "line": finding["line"],
        "rule": finding["rule"],
        "severity": finding["severity"],
        "name": finding.get("name"),
        "verdict": verdict,
        "reason": reason,
    }


# What was seen by reading, of rules that no run can confirm or refute; a run that was clean refutes the others.
READ = {
    "import-repeated": (True, "both cells import it in one run"),
    "mutation-upstream": (True, "downstream reads the object without the change made upstream"),
}


def verdict_of(finding: Finding) -> tuple[bool | None, str]:
    """Whether a finding on a run that was clean is right; None where somebody has to look."""
    if finding["rule"] in READ:
        return READ[finding["rule"]]
    if finding["rule"] in ABOUT_FAILURES:
        return False, "the run came past it"
    return None, ""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(required=True)
    one = parts.add_parser("run")
    one.add_argument("--mirror", type=Path, help="folder of git directories OWNER+NAME/repo")
    one.add_argument("--fetch", action="store_true", help="download what is not here")
    one.add_argument("--python", default=sys.executable)
    one.set_defaults(do=run)
    two = parts.add_parser("judge")
    two.add_argument("--write", action="store_true")
    two.set_defaults(do=judge)
    options = parser.parse_args()
    options.do(options)


if __name__ == "__main__":
    main()
