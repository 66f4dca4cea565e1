"""Verify: run a compiled notebook in a clean kernel, and tell what it did."""

from __future__ import annotations

import getpass
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...site_file import SiteFile
from ..roles import DEFAULT_TAGS, read_role_tags
from .audit import audit_code
from .environment import Environment, clean_variables, find_environment
from .held import Held, NotStarted
from .hosts import Hosts
from .modules import heavy_packages
from .notebook import CodeCell, read_notebook
from .places import ALLOWED, BUNDLE, ENVIRONMENT, HOME, RAW, SCRATCH, Places
from .problem import VerifyProblem
from .proof import AUTO, LANDLOCK, OWN_GROUP, STRACE, choose_proof, run_rules
from .session import Connection, KernelDied, Ran, Session, TimeIsUp
from .supervisor import Order

DEFAULT_TIMEOUT = 300.0

#: Lines of the kernel's log that are told where it does not start.
_LOG_LINES = 15


@dataclass(frozen=True)
class Question:
    """What to verify, and what it may do.

    Attributes:
        notebook: the compiled notebook.
        bundle: the folder that is published with it; the notebook's where it is ``None``.
        kernel: name of a kernel; the notebook's where it is ``None``.
        timeout: seconds for the kernel's start and all cells together.
        allowed_hosts: ``HOST:PORT`` that may be connected to.
        allowed_reads: files and folders beside the bundle that will be there.
        raw: files and folders of raw data, which must not be read.
        proof: ``strace``, ``landlock``, ``none``, or ``auto``, the first of these that works.
    """

    notebook: Path
    bundle: Path | None = None
    kernel: str | None = None
    timeout: float = DEFAULT_TIMEOUT
    allowed_hosts: Sequence[str] = ()
    allowed_reads: Sequence[Path] = ()
    raw: Sequence[Path] = ()
    proof: str = AUTO


@dataclass
class Result:
    """How a run went."""

    ran: list[tuple[CodeCell, Ran]] = field(default_factory=list)
    began: float = 0.0
    ready: float | None = None
    ended: float = 0.0
    #: Processes that started and held the kernel.
    holders: tuple[int, ...] = ()
    modules: list[str] | None = None
    #: Rule and sentence of what ended it early, with its cell.
    broken: tuple[str, str, CodeCell | None] | None = None


class Run:
    """A run in folders of its own, which are removed at its end."""

    def __init__(self, question: Question, work: Path) -> None:
        if sys.platform == "win32":
            raise VerifyProblem("Dashboards are verified on Linux. Run it there, or in WSL.")
        self.question, self.work = question, work
        site = SiteFile().read()
        tags = read_role_tags(site.roles, DEFAULT_TAGS)
        self.notebook = read_notebook(question.notebook.resolve(), tags)
        self.bundle = (question.bundle or self.notebook.path.parent).resolve()
        self.folder = self.notebook.path.parent
        if not self.bundle.is_dir():
            raise VerifyProblem(f"{self.bundle} is not a folder. Name the dashboard's by --bundle.")
        if not self.folder.is_relative_to(self.bundle):
            raise VerifyProblem(f"{self.notebook.path} is not in {self.bundle}. Name its folder.")
        self.hosts = Hosts.read(question.allowed_hosts, site.connections)
        self.heavy = heavy_packages(site.roles, self.notebook.content.get("metadata"))
        self.environment = find_environment(question.kernel or self.notebook.kernel)
        self.proof = choose_proof(question.proof)
        self.scratch = work / "scratch"
        for name in ("home", "tmp", "runtime"):
            (self.scratch / name).mkdir(parents=True, mode=0o700)
        self.trace, self.log = work / "trace", work / "log"
        self.audit = self.scratch / "runtime" / "audit"
        self.places = _places(question, self.bundle, self.environment, self.scratch)

    def order(self, connection: Connection) -> Order:
        """What starts the kernel."""
        file = str(connection.file)
        argv = [one.replace("{connection_file}", file) for one in self.environment.argv]
        variables = clean_variables(self.environment, self.scratch)
        told = {"folder": str(self.folder), "variables": variables, "log": str(self.log)}
        if self.proof.way == STRACE:
            command = (*self.proof.options, "-o", str(self.trace), "--", *OWN_GROUP, *argv)
            return Order(command, **told, traced=True)
        if self.proof.way == LANDLOCK:
            rules = run_rules(
                [self.bundle, *self.question.allowed_reads],
                self.environment.folders,
                self.scratch,
                self.question.raw,
            )
            held = not self.hosts.allowed and self.proof.no_network
            ports = tuple(sorted(self.hosts.ports))
            return Order(tuple(argv), **told, rules=rules, ports=ports, network=not held)
        return Order(tuple(argv), **told)

    def go(self) -> tuple[Result, int]:
        """Run it; returns how it went, and the most memory it took, in bytes."""
        result = Result(began=time.time())
        deadline = time.monotonic() + self.question.timeout
        connection = Connection(self.scratch / "runtime")
        try:
            with (
                Held(self.order(connection)) as held,
                Session(connection, held, deadline) as session,
            ):
                result.holders = held.holders
                self._run_cells(session, result)
                result.ended = time.time()
                if result.broken is None:
                    session.shut_down()
        except NotStarted as problem:
            raise VerifyProblem(f"The kernel was not started: {problem}.") from None
        return result, held.peak_bytes

    def _run_cells(self, session: Session, result: Result) -> None:
        cell: CodeCell | None = None
        try:
            session.wait_until_ready()
            result.ready = time.time()
            python = self.environment.language == "python"
            if python and self.proof.way == LANDLOCK:
                session.run(audit_code(self.audit), silent=True)
            for cell in self.notebook.cells:
                ran = Ran(time.time())
                result.ran.append((cell, ran))
                session.run(cell.source, ran=ran)
                if ran.failure and not cell.may_fail:
                    break
            if python:
                result.modules = session.ask(_MODULES)
        except KernelDied:
            where = "while this cell ran" if cell else "before it was ready"
            log = "" if cell else self._end_of_log()
            result.broken = ("kernel-died", f"The kernel ended {where}.{log}", cell)
        except TimeIsUp:
            what = "This cell did not end" if cell else "The kernel was not ready"
            text = f"{what} within {self.question.timeout:g} s; the kernel was killed. "
            result.broken = ("timeout", f"{text}Do less in it, or give more time: --timeout.", cell)

    def _end_of_log(self) -> str:
        lines = self.read_log().splitlines()[-_LOG_LINES:]
        return " Its last words: " + "\n".join(lines) if lines else ""

    def read_log(self) -> str:
        """What the kernel and its processes wrote."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


#: A text of JSON with the names of all modules, whatever the notebook has renamed.
_MODULES = "__import__('json').dumps(sorted(__import__('sys').modules))"


def _places(question: Question, bundle: Path, environment: Environment, scratch: Path) -> Places:
    homes = [Path.home(), Path(f"~{getpass.getuser()}").expanduser()]
    return Places.make(
        {
            HOME: [Path("/home"), Path("/root"), *homes],
            ENVIRONMENT: environment.folders,
            ALLOWED: question.allowed_reads,
            BUNDLE: [bundle],
            SCRATCH: [scratch],
            RAW: question.raw,
        },
        environment.import_folders,
    )
