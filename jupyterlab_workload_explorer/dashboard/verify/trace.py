"""What strace wrote, as calls: one for each system call, put together where it was interrupted.

Understood are the forms of ``strace -f -y -ttt -o FILE``: calls begun and resumed, signals, ends of
processes, quoted texts with their escapes, and file descriptors with their paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """One system call. ``result`` is what stands behind ``=``, ``seconds`` the clock's time."""

    process: int
    seconds: float
    name: str
    arguments: tuple[str, ...]
    result: str

    @property
    def failed(self) -> bool:
        """Whether the call returned an error, or never returned."""
        return self.result.startswith(("-1", "?"))

    @property
    def error(self) -> str:
        """The name of the error, such as ``ENOENT``; empty where there is none."""
        found = re.match(r"-1 (E[A-Z0-9]+)", self.result)
        return found[1] if found else ""


@dataclass
class Trace:
    """What a trace file says.

    ``broken`` counts the lines that have no known form: where there are any, the trace proves
    nothing. ``ended`` maps each process whose end was seen to how it ended.
    """

    calls: list[Call] = field(default_factory=list)
    broken: int = 0
    ended: dict[int, str] = field(default_factory=dict)


_LINE = re.compile(r"(?P<process>\d+)\s+(?P<seconds>\d+\.\d+)\s(?P<rest>.*)")
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<rest>.*)")
_UNFINISHED = re.compile(r"\s*<unfinished \.\.\.>$")
_END = re.compile(r"\+\+\+ (?P<how>exited with \d+|killed by \w+( \(core dumped\))?) \+\+\+")
_SUPERSEDED = re.compile(r"\+\+\+ superseded by execve in pid (?P<by>\d+) \+\+\+")


def parse_trace(lines: Iterable[str]) -> Trace:
    """Read the lines of a trace file."""
    trace = Trace()
    begun: dict[int, tuple[float, str]] = {}
    for line in lines:
        found = _LINE.match(line.rstrip("\n"))
        if not found:
            trace.broken += 1
            continue
        process, seconds, rest = int(found["process"]), float(found["seconds"]), found["rest"]
        if rest.startswith("+++"):
            _end(trace, begun, process, rest)
        elif rest.startswith("---"):
            continue
        elif resumed := _RESUMED.match(rest):
            started = begun.pop(process, None)
            if started is None:
                trace.broken += 1
            else:
                _add(trace, process, started[0], started[1] + resumed["rest"])
        elif _UNFINISHED.search(rest):
            begun[process] = (seconds, _UNFINISHED.sub("", rest))
        else:
            _add(trace, process, seconds, rest)
    # What was on its way when a process was killed may have had its effect.
    for process, (seconds, text) in begun.items():
        _add(trace, process, seconds, f"{text}) = ?")
    trace.calls.sort(key=lambda call: call.seconds)
    return trace


def _end(trace: Trace, begun: dict[int, tuple[float, str]], process: int, rest: str) -> None:
    if superseded := _SUPERSEDED.match(rest):
        # The thread that called execve goes on under the number of the process.
        by = int(superseded["by"])
        trace.ended[by] = "became its process"
        if by in begun:
            begun[process] = begun.pop(by)
    elif ended := _END.match(rest):
        trace.ended[process] = ended["how"]
        if process in begun:
            seconds, text = begun.pop(process)
            _add(trace, process, seconds, f"{text}) = ?")
    else:
        trace.broken += 1


def _add(trace: Trace, process: int, seconds: float, text: str) -> None:
    found = _CALL.match(text)
    if not found:
        trace.broken += 1
        return
    try:
        arguments, behind = _split(found["rest"])
    except ValueError:
        trace.broken += 1
        return
    result = behind.strip()
    if not result.startswith("="):
        trace.broken += 1
        return
    trace.calls.append(Call(process, seconds, found["name"], arguments, result[1:].strip()))


def _split(text: str) -> tuple[tuple[str, ...], str]:
    """Arguments, and what stands behind the bracket that closes them.

    Raises ``ValueError`` where none does.
    """
    arguments: list[str] = []
    depth, begin, index = 0, 0, 0
    while index < len(text):
        character = text[index]
        if character == '"':
            index = _end_of_text(text, index)
            continue
        if text.startswith("/*", index):
            index = text.index("*/", index) + 2
            continue
        if text.startswith("<<", index):
            index += 2
            continue
        if character == "<" and _BEFORE_PATH.search(text, 0, index):
            # A path may hold brackets and commas; strace writes a ">" of its own as an escape.
            index = text.index(">", index) + 1
            continue
        if character == ")" and depth == 0:
            last = text[begin:index].strip()
            return (*arguments, last) if last or arguments else (), text[index + 1 :]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            arguments.append(text[begin:index].strip())
            begin = index + 1
        index += 1
    raise ValueError("arguments without an end")


def _end_of_text(text: str, begin: int) -> int:
    index = begin + 1
    while text[index : index + 1] != '"':
        if index >= len(text):
            raise ValueError("text without an end")
        index += 2 if text[index] == "\\" else 1
    return index + 1


#: What a descriptor's path stands behind.
_BEFORE_PATH = re.compile(r"(\d|AT_FDCWD)$")

_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_NAMED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"f": b"\f"}


def unescape(text: str) -> str:
    """A text or path as it was, without strace's escapes; bytes beyond UTF-8 as Python has them."""

    def plain(found: re.Match[bytes]) -> bytes:
        octal, hexadecimal, other = found.groups()
        if octal is not None:
            return bytes([int(octal, 8) & 255])
        if hexadecimal is not None:
            return bytes([int(hexadecimal, 16)])
        return _NAMED.get(other, other)

    encoded = text.encode("utf-8", "surrogateescape")
    return _ESCAPE.sub(plain, encoded).decode("utf-8", "surrogateescape")


def text_of(argument: str) -> str | None:
    """The text of a quoted argument; ``None`` where it is none, or was cut."""
    if len(argument) < 2 or not argument.startswith('"') or not argument.endswith('"'):
        return None
    return unescape(argument[1:-1])


_DESCRIPTOR = re.compile(r"(?:\d+|AT_FDCWD)<(?P<path>[^<>]*)>(?P<gone>\(deleted\))?")


def path_of_descriptor(text: str) -> str | None:
    """The path of ``3</tmp/x>`` or ``AT_FDCWD</tmp>``; ``None`` where it is not told.

    What has no path in any folder (a pipe, a socket, memory) comes as ``None``, too.
    """
    found = _DESCRIPTOR.match(text)
    if not found:
        return None
    path = unescape(found["path"])
    # Memory that memfd_create made reads like a deleted file in the root folder.
    memory = found["gone"] and path.startswith("/memfd:")
    return path if path.startswith("/") and not memory else None


def has_descriptor(text: str) -> bool:
    """Whether a result is an open file of which strace told what it is."""
    return _DESCRIPTOR.match(text) is not None
