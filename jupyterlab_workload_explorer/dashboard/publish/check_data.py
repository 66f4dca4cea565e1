"""Data that a bundle reads where they are, held to what was published."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .manifest import PRIVACY, read_manifest, sha256_of
from .privacy_step import as_findings, key_of, not_looked_at, search
from .problem import Finding, PublishUsage
from .references import Reference, check_schemas, read_reference


@dataclass(frozen=True)
class Checked:
    """What was found of referenced data, and what is only told."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    references: int

    def to_json(self) -> dict[str, Any]:
        """It as plain JSON."""
        return {
            "references": self.references,
            "findings": [asdict(one) for one in self.findings],
            "notes": list(self.notes),
        }

    def to_text(self) -> str:
        """It for people."""
        lines = [f"{one.place}: {one.rule}: {one.message}" for one in self.findings]
        found = "nothing was found" if not self.findings else f"{len(self.findings)} found"
        return "\n".join([*lines, *self.notes, f"{self.references} by reference: {found}."]) + "\n"


def check_data(bundle: Path, raw: Sequence[Path] = ()) -> Checked:
    """Check schema and privacy of the data that a bundle reads by reference, as they are now.

    What was accepted when it was published is not found again.

    Raises ``PublishUsage`` where the folder is no bundle, and ``Stopped`` where raw data cannot be
    used.
    """
    manifest = read_manifest(bundle)
    if manifest is None:
        raise PublishUsage(f"{bundle} is no published dashboard. Name its folder.")
    for path in raw:
        if not path.exists():
            raise PublishUsage(f"There is no “{path}”. Check the path.")
    described = manifest["data"]["referenced"]
    findings: list[Finding] = []
    notes: list[str] = []
    for one in described:
        found, told = check_schemas(one)
        findings += found
        notes += told
    references = [read_reference(one) for one in described]
    with tempfile.TemporaryDirectory(prefix="workload-data-") as place:
        report = search(
            Path(place),
            notebook=None,
            files={},
            references=references,
            k=manifest["k"],
            audience=manifest["audience"],
            raw=raw,
            mapping=manifest["mapping"],
        )
    notes += not_looked_at(report)
    accepted = _accepted(bundle, manifest, references)
    findings += as_findings(one for one in report.findings if key_of(one) not in accepted)
    return Checked(tuple(findings), tuple(notes), len(described))


def _accepted(
    bundle: Path, manifest: Mapping[str, Any], references: Sequence[Reference]
) -> set[tuple[str, str, str, str]]:
    """Findings that were accepted, in files that still are as they were then."""
    if manifest["accepted"] is None:
        return set()
    same = set()
    for reference, described in zip(references, manifest["data"]["referenced"], strict=True):
        known = {one["path"]: one["sha256"] for one in described["files"]}
        same |= {
            reference.shown(name)
            for name, file in reference.files()
            if name in known and sha256_of(file) == known[name]
        }
    report = json.loads((bundle / PRIVACY).read_text(encoding="utf-8"))
    return {key_of(one) for one in report["findings"] if one["file"] in same}
