"""Data that a bundle reads where they are, held to what was published."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from .adding import adding
from .manifest import PRIVACY, read_manifest, sha256_of
from .privacy_step import as_findings, key_of, not_looked_at, search
from .problem import Finding, PublishUsage
from .references import Reference, check_schemas, read_reference


@dataclass(frozen=True)
class Checked:
    """What was found of referenced data, and what is only told.

    Attributes:
        added: files that were put there, by their paths; ``None`` where none were to be.
        replaced: those of them that had been there before.
    """

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    references: int
    added: tuple[Path, ...] | None = None
    replaced: tuple[Path, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """It as plain JSON."""
        return {
            "references": self.references,
            "added": [str(one) for one in self.added or ()],
            "replaced": [str(one) for one in self.replaced],
            "findings": [asdict(one) for one in self.findings],
            "notes": list(self.notes),
        }

    def to_text(self) -> str:
        """It for people."""
        lines = [f"{one.place}: {one.rule}: {one.message}" for one in self.findings]
        found = "nothing was found" if not self.findings else f"{len(self.findings)} found"
        last = f"{self.references} by reference: {found}."
        if self.added == ():
            last += " Nothing was added."
        added = [
            f"{one} was {'replaced' if one in self.replaced else 'added'}."
            for one in self.added or ()
        ]
        return "\n".join([*lines, *self.notes, *added, last]) + "\n"


def check_data(
    bundle: Path, raw: Sequence[Path] = (), *, add: Sequence[Path] = (), to: Path | None = None
) -> Checked:
    """Check schema and privacy of the data that a bundle reads by reference, as they are now.

    What was accepted when it was published is not found again. Files of ``add`` are checked as if
    they were there, and are put there if nothing is found at all; ``to`` says where, if a bundle
    reads several things by reference. What is checked is the copy that is put there.

    Raises ``PublishUsage`` where the folder is no bundle, or files cannot be added to it,
    ``Stopped`` where raw data cannot be used or somebody else adds data, and OSError.
    """
    manifest = read_manifest(bundle)
    if manifest is None:
        raise PublishUsage(f"{bundle} is no published dashboard. Name its folder.")
    for path in raw:
        if not path.exists():
            raise PublishUsage(f"There is no “{path}”. Check the path.")
    if not add:
        if to is not None:
            raise PublishUsage("--to says where files are added. Name them: --add FILE.")
        return _check(bundle, manifest, raw, {})
    asked = adding(add, manifest["data"]["referenced"], to)
    with asked.copied() as copies:
        coming = {place: one.file for place, one in copies.items()}
        checked = _check(bundle, manifest, raw, coming)
        if checked.findings:
            return replace(checked, added=())
        before = asked.put(copies)
    return replace(checked, added=tuple(copies), replaced=tuple(before))


def _check(
    bundle: Path, manifest: Mapping[str, Any], raw: Sequence[Path], coming: Mapping[Path, Path]
) -> Checked:
    """Check referenced data as they are, with files that are to come, by their places."""
    described = manifest["data"]["referenced"]
    references = [read_reference(one, coming) for one in described]
    findings: list[Finding] = []
    notes: list[str] = []
    for reference, one in zip(references, described, strict=True):
        found, told = check_schemas(reference, one)
        findings += found
        notes += told
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
