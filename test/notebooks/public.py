"""The check against notebooks that others wrote: cut into roles, run for real, every finding told.

    python test/notebooks/public.py run [--fetch | --mirror DIR] [--python PYTHON] [--only OWNER/NAME]…
    python test/notebooks/public.py judge [--write]

`run` lays the repositories of `public.json` out in the cache and runs their notebooks, without a network, with PYTHON, which
should have IPython, pandas, matplotlib, seaborn, scikit-learn, scipy and dask. It takes some minutes for each of the larger ones and knows nothing of
the check. `judge` holds the check as it is built now against what happened, and shows the findings on clean runs that nobody has
judged; with `--write` it writes `public-findings.json`, where a person fills in their verdicts and reasons. Those that stand
there already are kept.
"""

# ruff: noqa: E501

from __future__ import annotations

import argparse
import json
import pickle
import random
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from crosscheck import cutting, sources
from crosscheck.judge import ABOUT_FAILURES, Finding, check, reports

HERE = Path(__file__).parent
FOUND = HERE / "public-findings.json"
SEED = 2026


def run(options: argparse.Namespace) -> None:
    for source in sources.listed(HERE / "public.json"):
        if options.only and source.name.replace("+", "/") not in options.only:
            continue
        git = sources.git_directory(source, options.mirror, options.fetch)
        if git is None:
            print(f"{source.url} is not on this machine; --fetch gets it.", file=sys.stderr)
            continue
        began = time.monotonic()
        scratch = sources.cache() / "runs"
        shutil.rmtree(scratch / source.name, ignore_errors=True)
        trials = cutting.collect(sources.laid_out(source, git), source.name, scratch)
        kept = cutting.run_whole(trials, options.python)
        for trial in kept:
            cutting.cut(trial, random.Random(f"{SEED} {trial.source} {trial.path}"))
        cutting.run_rounds(kept, options.python)
        print(
            f"{source.name}: {len(trials)} notebooks, {len(kept)} run here, at least in part,"
            f" {sum(trial.is_clean for trial in kept)} clean after their mending,"
            f" {time.monotonic() - began:.0f} s",
            flush=True,
        )
        results(source).write_bytes(pickle.dumps((len(trials), kept)))


def results(source: sources.Source) -> Path:
    return sources.cache() / f"{source.name}-{source.commit[:12]}.pickle"


def judge(options: argparse.Namespace) -> None:
    total = 0
    trials: list[tuple[cutting.Trial, str]] = []
    for source in sources.listed(HERE / "public.json"):
        if not results(source).exists():
            print(f"{source.url} was not run.", file=sys.stderr)
            continue
        number, some = pickle.loads(results(source).read_bytes())
        total += number
        trials += [(trial, source.commit) for trial in some]
    rounds = [(trial, commit, *each) for trial, commit in trials for each in trial.rounds]
    findings = check([laid_out(trial, tags, n) for n, (trial, _, tags, _) in enumerate(rounds)])
    told = judged()
    counts: Counter[str] = Counter()
    listed = []
    for (trial, commit, tags, failure), found in zip(rounds, findings, strict=True):
        if failure is None:
            counts["clean"] += 1
            counts["clean with a false error"] += any(is_false(f) for f in found)
            for finding in found:
                entry = described(trial, commit, finding)
                entry |= told.get(key(entry), {"verdict": None, "reason": ""})
                listed.append(entry)
                if entry["verdict"] is None:
                    show(trial, tags, finding)
        elif failure.kind in ("name", "file"):
            said = [f["severity"] for f in found if reports(f, failure)]
            how = "error" if "error" in said else "less" if said else "missed"
            counts[f"{failure.kind} {how}"] += 1
            if how != "error":
                at = trial.notebook.cells[failure.cell]
                print(f"\n{how}: {trial.source} {trial.path} {failure}\n{at.source[:600]}")
    print(f"\n{total} notebooks, {len(trials)} run here, {dict(counts)}")
    verdicts = Counter((e["rule"], e["severity"], str(e["verdict"])) for e in listed)
    for (rule, severity, verdict), n in sorted(verdicts.items()):
        print(f"{rule} {severity} {verdict}: {n}")
    if options.write:
        FOUND.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def laid_out(trial: cutting.Trial, tags: Sequence[Sequence[str]], number: int) -> Path:
    """A folder with the notebook as it was cut, and with all that lay beside it before any run."""
    place = trial.pristine / f".cut{number}"
    cutting.as_cut(trial, tags).write(place)
    for name in trial.pristine.iterdir():
        link = place / name.name
        if not name.name.startswith(".cut") and not link.exists():
            link.symlink_to(name)
    return place


def is_false(finding: Finding) -> bool:
    return finding["severity"] == "error" and finding["rule"] in ABOUT_FAILURES


def described(trial: cutting.Trial, commit: str, finding: Finding) -> dict[str, object]:
    return {
        "notebook": f"{trial.source.replace('+', '/')}/{trial.path}",
        "commit": commit,
        # As in the notebook that was written, which has cells that were left out here.
        "cell": trial.numbers[finding["cell"]],
        "line": finding["line"],
        "rule": finding["rule"],
        "severity": finding["severity"],
        "name": finding.get("name"),
    }


def key(entry: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(entry.get(name) for name in ("notebook", "commit", "cell", "line", "rule", "name"))


def judged() -> dict[tuple[object, ...], dict[str, object]]:
    entries = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else []
    return {key(e): {name: e[name] for name in ("verdict", "reason")} for e in entries}


def show(trial: cutting.Trial, tags: Sequence[Sequence[str]], finding: Finding) -> None:
    """A finding with what a person needs to judge it: the cells that have its name, and their roles."""
    name = finding.get("name") or ""
    print(
        f"\n=== {trial.source} {trial.path} {finding['severity']} {finding['rule']} {name}:"
        f" cell {trial.numbers[finding['cell']]} line {finding['line']}: {finding['message']}"
    )
    own = finding["cell"]
    word = re.compile(rf"\b{re.escape(name.split('.')[0])}\b" if name else "$.")
    is_import = finding["rule"] == "import-repeated"
    for i, cell in enumerate(trial.notebook.cells):
        lines = [
            line[:160]
            for number, line in enumerate(cell.source.split("\n"), 1)
            if (word.search(line) and (not is_import or "import" in line))
            or (i == own and not is_import and abs(number - finding["line"]) < 4)
        ]
        if lines and (cell.type == "code" or i == own):
            shown = lines if i == own else lines[:4]
            print("\n    ".join([f"--- {trial.numbers[i]} {' '.join(tags[i])}", *shown]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(required=True)
    one = parts.add_parser("run")
    one.add_argument("--mirror", type=Path, help="folder of git directories OWNER+NAME/repo")
    one.add_argument("--fetch", action="store_true", help="download what is not here")
    one.add_argument("--only", action="append", help="a repository, as OWNER/NAME")
    one.add_argument("--python", default=sys.executable)
    one.set_defaults(do=run)
    two = parts.add_parser("judge")
    two.add_argument("--write", action="store_true")
    two.set_defaults(do=judge)
    options = parser.parse_args()
    options.do(options)


if __name__ == "__main__":
    main()
