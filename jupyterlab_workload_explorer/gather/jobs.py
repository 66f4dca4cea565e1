"""Gathers that a Jupyter server runs for the panel: processes of their own, known by files.

A job is a process of ``python -m jupyterlab_workload_explorer gather``, in a session of its own, so
that it outlives the browser, and the server, too. Its file says what it was asked; its log is what
it writes. It holds a lock on its log as long as it lives: who can take the lock knows that it has
ended, whatever has become of the server that started it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ..elasticsearch.connections import VARIABLE as CONNECTIONS_VARIABLE
from ..site_file import VARIABLE

try:
    import fcntl
except ImportError:  # Windows, where nothing is gathered
    fcntl = None  # type: ignore[assignment]

#: What a job runs.
COMMAND = (sys.executable, "-m", "jupyterlab_workload_explorer", "gather")

#: Jobs that have ended and are still listed.
KEPT = 20

#: Jobs that run at the same time; each takes memory, and requests of the cluster.
MOST = 3

#: Of a log, as much as the last lines can take, bytes.
TAIL = 16_384

#: What an ended process said last, and the state of its job.
ENDS = {"done": "done", "cancelled": "cancelled", "failed": "failed"}


class JobProblem(Exception):
    """A job cannot be started, stopped or found; the message is a sentence for its user."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Wanted:
    """What a job is to do.

    ``folder`` is where the panel finds the dataset: a path below the server's root, or
    ``root:name/…``; ``out`` is the same place on disk. ``columns`` empty stands for all.
    ``mapping`` has a column for each role that the user has chosen; ``keep`` are columns without a
    role that stay in distilled data. ``key_file`` is that of pseudonyms.
    """

    connection: str
    index: str
    folder: str
    out: str
    columns: tuple[str, ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()
    shape: str = "long"
    distill: bool = False
    zone: str = "UTC"
    keep: tuple[str, ...] = ()
    pseudonymise: tuple[str, ...] = ()
    key_file: str = ""

    def arguments(self) -> list[str]:
        """The command line of the gather, after ``gather``."""
        options = ["--out", self.out, "--shape", self.shape, "--progress", "json"]
        if self.columns:
            options += [f"--columns={','.join(self.columns)}"]
        for role, column in self.mapping:
            options += [f"--map={role}={column}"]
        if self.distill:
            options += ["--distill", "--zone", self.zone, f"--keep={','.join(self.keep)}"]
        if self.pseudonymise:
            names = ",".join(self.pseudonymise)
            options += [f"--pseudonymise={names}", "--key-file", self.key_file]
        return [*options, "--", self.connection, self.index]

    def as_json(self) -> dict[str, Any]:
        """As it stands in the job's file."""
        return {
            **vars(self),
            "columns": list(self.columns),
            "mapping": dict(self.mapping),
            "keep": list(self.keep),
            "pseudonymise": list(self.pseudonymise),
        }

    @staticmethod
    def parse(entry: dict[str, Any]) -> Wanted:
        """The inverse of :meth:`as_json`."""
        return Wanted(
            **{
                **entry,
                "columns": tuple(entry["columns"]),
                "mapping": tuple(entry["mapping"].items()),
                "keep": tuple(entry["keep"]),
                "pseudonymise": tuple(entry["pseudonymise"]),
            }
        )


class Jobs:
    """The jobs in a folder, which is the user's own."""

    def __init__(self, folder: Path, command: Sequence[str] = COMMAND) -> None:
        self._folder = folder
        self._command = command
        #: Requests are handled in threads.
        self._lock = threading.Lock()

    def list(self) -> list[dict[str, Any]]:
        """All jobs, the latest first: ``id``, ``connection``, ``index``, ``folder``, ``state``
        (``running``, ``done``, ``failed``, ``cancelled``, ``interrupted``), ``documents`` of
        ``total``, ``rate`` (a second), ``seconds_left``, ``message``,
        ``stopping`` (cancelled, and still at work).
        """
        files = sorted(self._folder.glob("*.json"), key=lambda path: path.name, reverse=True)
        return [self._describe(path.stem, entry) for path in files if (entry := _read(path))]

    def start(self, wanted: Wanted) -> str:
        """Start a job; returns its id. Raises JobProblem where one writes into that folder."""
        if fcntl is None:
            raise JobProblem(501, "Records are gathered on Linux and macOS only.")
        with self._lock:
            self._check(wanted.out, wanted.folder)
            # Names sort by time.
            name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._run(name, wanted)
            self._forget_old()
        return name

    def resume(self, name: str) -> None:
        """Go on with a job that has ended: what it has written is not fetched again."""
        with self._lock:
            entry = self._entry(name)
            if _is_locked(self._log(name)):
                raise JobProblem(409, "This job is running.")
            self._check(entry["out"], entry["folder"])
            self._run(name, Wanted.parse({key: entry[key] for key in Wanted.__annotations__}))

    def remove(self, name: str) -> None:
        """Stop a job that runs; take one that has ended out of the list. No data is removed."""
        with self._lock:
            entry = self._entry(name)
            if not _is_locked(self._log(name)):
                self._discard(name)
                return
            # It may be so young that it cannot say so itself.
            _write(self._file(name), {**entry, "cancelled": True})
            # The lock says that it lives, so the number is still its own.
            with contextlib.suppress(ProcessLookupError):
                os.kill(entry["pid"], signal.SIGTERM)

    def _check(self, out: str, folder: str) -> None:
        """That a job may start now. Raises JobProblem."""
        running = [job["id"] for job in self.list() if job["state"] == "running"]
        entries = [_read(self._file(name)) or {} for name in running]
        if any(entry.get("out") == out for entry in entries):
            raise JobProblem(
                409, f"“{folder}” is being written already. Wait for it, or cancel it."
            )
        if len(running) >= MOST:
            raise JobProblem(
                429,
                f"{len(running)} gathers are running, and more do not run at a time. Wait until "
                "one of them has ended, or cancel one.",
            )

    def _run(self, name: str, wanted: Wanted) -> None:
        with self._log(name).open("wb") as log:
            fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
            process = subprocess.Popen(
                [*self._command, *wanted.arguments()],
                stdin=subprocess.DEVNULL,
                # The lock goes along with the file.
                stdout=log,
                stderr=log,
                start_new_session=True,
                # Python looks for modules in its folder first: not in one that others may write to.
                cwd=self._folder,
                env=_absolute(os.environ),
            )
        # Somebody has to ask how it ended, or the system would keep it.
        threading.Thread(target=process.wait, daemon=True).start()
        _write(self._file(name), {**wanted.as_json(), "pid": process.pid})

    def _describe(self, name: str, entry: dict[str, Any]) -> dict[str, Any]:
        said, words = _last(self._log(name))
        phase = said.get("phase", "")
        running = _is_locked(self._log(name))
        if running:
            state = "running"
        elif phase in ENDS:
            state = ENDS[phase]
        elif entry.get("cancelled"):
            state = "cancelled"
        else:
            # Without a last word it was killed, or it could not even begin, and says why.
            state = "failed" if words else "interrupted"
        # The first line of a summary names the folder and the counts, which are shown anyway.
        message = " ".join(words[1:]) if state == "done" else (words or [""])[-1]
        return {
            "id": name,
            "connection": entry["connection"],
            "index": entry["index"],
            "folder": entry["folder"],
            "state": state,
            "documents": said.get("documents", 0),
            "total": said.get("total", 0),
            "rate": said.get("rate", 0) if running else 0,
            "seconds_left": said.get("left") if running else None,
            "stopping": running and bool(entry.get("cancelled")),
            # That it was cancelled, its user knows.
            "message": None if running or state == "cancelled" else message or None,
        }

    def _entry(self, name: str) -> dict[str, Any]:
        entry = _read(self._file(name)) if name.replace("-", "").isalnum() else None
        if entry is None:
            raise JobProblem(404, "This job is not known any more.")
        return entry

    def _forget_old(self) -> None:
        ended = [job["id"] for job in self.list() if job["state"] != "running"]
        for name in ended[KEPT:]:
            self._discard(name)

    def _discard(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)
        self._log(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return entry if isinstance(entry, dict) and "connection" in entry else None


def _write(path: Path, entry: dict[str, Any]) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(entry), encoding="utf-8")
    new.replace(path)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes] | None]:
    try:
        log = path.open("rb")
    except OSError:
        yield None
        return
    with log:
        yield log


def _is_locked(path: Path) -> bool:
    """Whether the process that writes a log lives."""
    with _opened(path) as log:
        if log is None or fcntl is None:
            return False
        try:
            fcntl.flock(log, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def _absolute(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment whose paths to our files hold in another folder, too."""
    named = {
        name: str(Path(environment[name]).expanduser().absolute())
        for name in (VARIABLE, CONNECTIONS_VARIABLE)
        if environment.get(name)
    }
    return {**environment, **named}


def _last(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The last line of progress in a log, and the lines that are none."""
    with _opened(path) as log:
        if log is None:
            return {}, []
        log.seek(max(0, os.fstat(log.fileno()).st_size - TAIL))
        lines = log.read().decode("utf-8", "replace").splitlines()
    said: dict[str, Any] = {}
    words: list[str] = []
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            if line.strip():
                words.append(line.strip())
            continue
        if isinstance(value, dict) and "phase" in value:
            said = value
    return said, words
