"""What is asked of publishing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...gather.roles import NAMES
from ...site_file import SiteFile
from ..privacy.audience import AudienceProblem, smallest
from ..verify.proof import AUTO
from ..verify.run import DEFAULT_TIMEOUT
from .paths import in_folder
from .problem import PublishUsage

_IMAGE = re.compile(r"[a-z0-9][\w.:/-]*@sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Question:
    """What to publish, where to, and for whom.

    Attributes:
        notebook: the compiled notebook.
        out: the bundle; a link to the version that is shown.
        audience: ``staff``, ``center`` or ``public``.
        k: fewest users of a shown cell; the audience's where it is ``None``.
        raw: Parquet records. They must not be read, and their users are looked for.
        mapping: columns by their roles, which names do not tell.
        by_reference: absolute paths, or paths in the notebook's folder, of data that stay where
            they are.
        data: files and folders in the notebook's folder that it reads, where nobody can see it.
        allowed_hosts: ``HOST:PORT`` that it may connect to.
        image: a container image by its digest, which is used instead of one of its own.
        kernel: name of a kernel; the notebook's where it is ``None``.
        timeout: seconds for each run of the notebook.
        accept: why findings of privacy, and what is not proven, do not stop it.
        accept_only: which findings that is said of, as ``Stopped.acceptable`` names them; of all
            where none are named.
        archive: a file for the bundle as ``tar.gz``.
        page: it has a static page, too.
        compiled_with: the file of the parameters that the notebook was compiled with. It is not
            read, but remembered for the next time.
        proof: how it is watched, as ``verify`` has it.
    """

    notebook: Path
    out: Path
    audience: str = "public"
    k: int | None = None
    raw: Sequence[Path] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    by_reference: Sequence[Path] = ()
    data: Sequence[Path] = ()
    allowed_hosts: Sequence[str] = ()
    image: str | None = None
    kernel: str | None = None
    timeout: float = DEFAULT_TIMEOUT
    accept: str | None = None
    accept_only: Sequence[str] = ()
    archive: Path | None = None
    page: bool = False
    compiled_with: Path | None = None
    proof: str = AUTO

    def check(self) -> None:
        """Raises ``PublishUsage`` for what can be seen to be wrong without running anything."""
        if self.k is not None and self.k < 1:
            raise PublishUsage("--k is a number of users, 1 or more.")
        if self.accept is not None and not self.accept.strip():
            raise PublishUsage("--accept asks for a reason, which is recorded.")
        if self.image is not None and not _IMAGE.fullmatch(self.image):
            raise PublishUsage(
                f"--image {self.image} is not named by its digest. Write it as "
                "name@sha256:…, so that it stays the same."
            )
        for role in self.mapping:
            if role not in NAMES:
                raise PublishUsage(f"There is no role “{role}”. Roles are: {', '.join(NAMES)}.")
        for path in (self.notebook, *self.raw, *self.by_reference, *self.data):
            if not path.exists():
                raise PublishUsage(f"There is no “{path}”. Check the path.")
        notebook = self.notebook.resolve()
        for path in (*self.by_reference, *self.data):
            if notebook.is_relative_to(path.resolve()):
                raise PublishUsage(
                    f"{path} holds the notebook itself, and so more than its data. Name those."
                )
        folder = notebook.parent
        for path in self.data:
            if not in_folder(path, folder):
                raise PublishUsage(
                    f"--data {path} is not in the notebook's folder, so it cannot be where the "
                    "notebook looks for it. Put it there, or name it by --by-reference."
                )
        if self.archive is not None and not self.archive.absolute().parent.is_dir():
            raise PublishUsage(f"There is no folder for {self.archive}. Make it first.")
        if self.archive is not None and self.archive.is_dir():
            raise PublishUsage(f"{self.archive} is a folder. Name a file for the archive.")

    def smallest(self) -> int:
        """The fewest users of a shown cell. Raises ``PublishUsage``."""
        return self.smallest_of_audience() if self.k is None else self.k

    def is_below_audience(self) -> bool:
        """Whether fewer users are asked for than the audience wants."""
        try:
            return self.k is not None and self.k < self.smallest_of_audience()
        except PublishUsage:
            return False  # nobody has said how many it wants

    def smallest_of_audience(self) -> int:
        """The fewest users of a shown cell for the audience. Raises ``PublishUsage``."""
        site = SiteFile().read()
        if site.errors:
            # It may ask for more than what holds without it.
            raise PublishUsage(
                f"The site file {site.path} has errors: {'; '.join(site.errors)}. Repair it, or "
                "say how few users a cell may stand for: --k N."
            )
        try:
            return smallest(self.audience, site.privacy)
        except AudienceProblem as problem:
            raise PublishUsage(str(problem)) from None
