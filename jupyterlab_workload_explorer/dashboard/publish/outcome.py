"""How publishing went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .problem import Finding

#: The steps, in their order.
CHECK = "check"
VERIFY = "verify"
STAGE = "stage"
VERIFY_BUNDLE = "verify bundle"
PRIVACY = "privacy"
WRITE = "write"
SWAP = "swap"
STEPS = (CHECK, VERIFY, STAGE, VERIFY_BUNDLE, PRIVACY, WRITE, SWAP)


@dataclass(frozen=True)
class Outcome:
    """What came of publishing.

    Attributes:
        out: the bundle.
        version: the folder that it leads to now; ``None`` where it was stopped.
        unchanged: what is shown already was the same.
        manifest: that of the version.
        stopped: the step that did not let it through, with ``message`` and ``findings``.
        acceptable: what names the findings, where a reason would let them through.
        notes: sentences on what somebody should know all the same.
        reports: JSON of ``verify`` and ``privacy`` as far as they were made.
    """

    out: Path
    version: Path | None = None
    unchanged: bool = False
    manifest: Mapping[str, Any] | None = None
    stopped: str | None = None
    message: str = ""
    findings: tuple[Finding, ...] = ()
    acceptable: str | None = None
    notes: tuple[str, ...] = ()
    reports: Mapping[str, Any] | None = None

    @property
    def published(self) -> bool:
        """Whether the bundle is what was asked for."""
        return self.version is not None

    def to_json(self) -> dict[str, Any]:
        """The outcome as plain JSON."""
        return {
            "published": self.published,
            "out": str(self.out),
            "version": None if self.version is None else self.version.name,
            "digest": None if self.manifest is None else self.manifest["digest"],
            "unchanged": self.unchanged,
            "stopped": self.stopped,
            "message": self.message,
            "findings": [asdict(one) for one in self.findings],
            "acceptable": self.acceptable,
            "notes": list(self.notes),
            "data": self._data(),
            "reports": dict(self.reports or {}),
        }

    def _data(self) -> list[dict[str, Any]]:
        """The data that were copied, with sizes in bytes, and the paths of those by reference."""
        if self.manifest is None:
            return []
        sizes = {one["path"]: one["size"] for one in self.manifest["files"]}
        data = self.manifest["data"]
        return [
            *({"path": name, "size": sizes[name]} for name in data["copied"]),
            *({"path": one["path"], "size": None} for one in data["referenced"]),
        ]

    def to_text(self) -> str:
        """The outcome for people."""
        lines = [f"{self.out}: {self.message}"]
        for one in self.findings:
            lines.append(f"  {one.rule}{f' ({one.place})' if one.place else ''}: {one.message}")
        return "\n".join([*lines, *self.notes]) + "\n"
