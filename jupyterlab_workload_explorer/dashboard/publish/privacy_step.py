"""The search for people and small groups in what is about to be published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..privacy.findings import Finding as PrivacyFinding
from ..privacy.findings import Report
from ..privacy.reference import RawProblem
from ..privacy.scan import scan
from .manifest import MANIFEST, NOTEBOOK
from .problem import Finding, Stopped
from .references import Reference


def search(
    place: Path,
    *,
    notebook: Any,
    files: Mapping[str, Path],
    references: Sequence[Reference],
    k: int,
    audience: str,
    raw: Sequence[Path],
    mapping: Mapping[str, str],
) -> Report:
    """Search a notebook with its outputs, files of a bundle by their names, and references.

    ``place`` is an empty folder, in which they are put together as readers' names have them.
    ``notebook`` may be ``None``.

    Raises ``Stopped`` where raw data cannot be used.
    """
    if notebook is not None:
        (place / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")
    if references:
        # Where they are stands in the manifest and in links.
        told = {"data": {"referenced": [str(one.path) for one in references]}}
        (place / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    all_files = dict(files)
    for one in references:
        all_files |= {one.shown(name): file for name, file in one.files()}
    for name, file in all_files.items():
        link = place / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(file.absolute())
    try:
        reports = [
            scan([place], k=k, audience=audience, raw=one, mapping=mapping) for one in raw or [None]
        ]
    except RawProblem as problem:
        raise Stopped(str(problem)) from None
    return _together(reports)


def _together(reports: Sequence[Report]) -> Report:
    """One report of several, which compared the same files with different raw data."""
    first = reports[0]
    found: dict[tuple[str, str, str, str], PrivacyFinding] = {}
    for report in reports:
        for one in report.findings:
            found.setdefault(key_of(one), one)
    first.findings = [found[key] for key in sorted(found)]
    if first.compared is not None:
        compared = [report.compared or {} for report in reports]
        first.compared = {what: sum(one[what] for one in compared) for what in first.compared}
    return first


def not_looked_at(report: Report) -> list[str]:
    """Sentences on what a search could not do, which somebody has to."""
    notes = [
        f"{one['file']}: {one['place']} was not searched ({one['what']}). Look at it."
        for one in report.not_searched
    ]
    if report.compared is None:
        notes.append("Nothing was compared with raw records, since none were named (--raw PATH).")
    return notes


def key_of(finding: PrivacyFinding | Mapping[str, Any]) -> tuple[str, str, str, str]:
    """What a finding is told by: file, place, kind and message."""
    if isinstance(finding, Mapping):
        return finding["file"], finding["place"], finding["kind"], finding["message"]
    return finding.file, finding.place, finding.kind, finding.message


def as_findings(found: Iterable[PrivacyFinding]) -> list[Finding]:
    """Findings as publishing tells them."""
    return [
        Finding(
            one.kind,
            f"{one.message} {one.times:,} times, such as {one.example}. {one.advice}",
            f"{one.file}: {one.place}",
        )
        for one in found
    ]
