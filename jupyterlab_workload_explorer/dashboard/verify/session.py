"""A kernel that is spoken to: started on files instead of ports, asked to run cells, shut down.

Files, so that whatever connects to a host or port is the notebook's own doing.
"""

from __future__ import annotations

import ast
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session as Messages

from .held import Held

#: Milliseconds between two looks at whether the kernel still runs.
_LOOK = 500
#: Seconds for a kernel to end by itself, so that what it does at its end is seen, too.
_SHUTDOWN_SECONDS = 5.0

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class KernelDied(Exception):
    """The kernel ended while it was needed."""


class TimeIsUp(Exception):
    """The time limit was reached."""


@dataclass
class Failure:
    """An error of a cell, with its traceback as text."""

    name: str
    message: str
    traceback: str


@dataclass
class Ran:
    """What running a cell brought. Times are of the clock, in seconds."""

    began: float
    ended: float = 0.0
    first_output: float | None = None
    outputs: list[str] = field(default_factory=list)
    failure: Failure | None = None
    #: What the cell and its processes wrote as text, for refusals told there.
    text: str = ""


class Connection:
    """The files that a kernel is spoken to by. ``folder`` has to be short: paths of sockets are."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "kernel.json"
        _, self._told = write_connection_file(
            str(self.file),
            transport="ipc",
            ip=str(folder / "k"),
            key=secrets.token_hex().encode(),
        )

    def address(self, channel: str) -> str:
        """Where a channel listens."""
        return f"ipc://{self._told['ip']}-{self._told[f'{channel}_port']}"

    def key(self) -> bytes:
        """What messages are signed with."""
        key = self._told["key"]
        return key if isinstance(key, bytes) else key.encode()


class Session:
    """Speaks with a kernel until a deadline of ``time.monotonic``. A context manager."""

    def __init__(self, connection: Connection, held: Held, deadline: float) -> None:
        self._held, self._deadline = held, deadline
        self._context = zmq.Context()
        self._messages = Messages(key=connection.key())
        self._shell = self._connect(connection, "shell", zmq.DEALER)
        self._control = self._connect(connection, "control", zmq.DEALER)
        self._output = self._connect(connection, "iopub", zmq.SUB)
        self._output.setsockopt(zmq.SUBSCRIBE, b"")
        self._poller = zmq.Poller()
        for socket in (self._shell, self._output, held):
            self._poller.register(socket, zmq.POLLIN)

    def _connect(self, connection: Connection, channel: str, kind: int) -> zmq.Socket[bytes]:
        socket = self._context.socket(kind)
        socket.linger = 0
        socket.connect(connection.address(channel))
        return socket

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.destroy(linger=0)

    def _ready(self) -> set[Any]:
        """Sockets with messages. Raises ``KernelDied`` or ``TimeIsUp``."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeIsUp
        ready = {socket for socket, _ in self._poller.poll(min(_LOOK, int(left * 1000) + 1))}
        if not ready & {self._shell, self._output} and not self._held.look():
            raise KernelDied
        return ready

    def _receive(self, socket: zmq.Socket[bytes]) -> list[dict[str, Any]]:
        found = []
        while True:
            try:
                _, message = self._messages.recv(socket, mode=zmq.NOBLOCK)
            except ValueError:
                # A message that is not signed, or twice the same: not from this kernel.
                continue
            if message is None:
                return found
            found.append(message)

    def wait_until_ready(self) -> None:
        """Wait until the kernel answers on all channels. Raises ``KernelDied``, ``TimeIsUp``."""
        answered = heard = False
        asked = 0.0
        while not (answered and heard):
            if time.monotonic() - asked > 1.0:
                # What the kernel told before it knew of this listener is lost: ask again.
                self._messages.send(self._shell, "kernel_info_request")
                asked = time.monotonic()
            ready = self._ready()
            answered = answered or bool(self._shell in ready and self._receive(self._shell))
            heard = heard or bool(self._output in ready and self._receive(self._output))
        self._held.ready = True
        self._held.look()

    def run(self, source: str, *, silent: bool = False, ran: Ran | None = None) -> Ran:
        """Run a cell; returns what it brought, or adds it to what is given.

        Raises ``KernelDied``, ``TimeIsUp``.
        """
        return self._execute(source, ran or Ran(time.time()), silent)[0]

    def ask(self, expression: str) -> Any:
        """The value of an expression that gives a text of JSON; ``None`` where it does not.

        Raises ``KernelDied``, ``TimeIsUp``.
        """
        _, reply = self._execute("", Ran(time.time()), True, {"asked": expression})
        return _value(reply.get("user_expressions", {}).get("asked"))

    def _execute(
        self, source: str, ran: Ran, silent: bool, expressions: dict[str, str] | None = None
    ) -> tuple[Ran, dict[str, Any]]:
        content = {
            "code": source,
            "silent": silent,
            "store_history": False,
            "user_expressions": expressions or {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        sent = self._messages.send(self._shell, "execute_request", content)
        identity = sent["header"]["msg_id"]
        reply: dict[str, Any] | None = None
        idle = False
        while reply is None or not idle:
            ran.ended = time.time()
            ready = self._ready()
            for socket in (self._output, self._shell):
                for message in self._receive(socket) if socket in ready else ():
                    if message["parent_header"].get("msg_id") != identity:
                        continue
                    if socket is self._shell:
                        reply = message["content"]
                    elif message["header"]["msg_type"] == "status":
                        idle = message["content"]["execution_state"] == "idle"
                    else:
                        _note(ran, message["header"]["msg_type"], message["content"])
        ran.ended = time.time()
        self._held.look()
        if reply.get("status") != "ok" and ran.failure is None:
            ran.failure = _failure(reply)
        return ran, reply

    def shut_down(self) -> bool:
        """Ask the kernel to end; returns whether it did."""
        self._messages.send(self._control, "shutdown_request", {"restart": False})
        return self._held.wait(_SHUTDOWN_SECONDS)


def _note(ran: Ran, kind: str, content: dict[str, Any]) -> None:
    if kind in ("execute_result", "display_data", "update_display_data"):
        found = list(content.get("data", {}))
    elif kind == "stream":
        found = [f"stream/{content.get('name', 'stdout')}"]
        ran.text += content.get("text", "")
    elif kind == "error":
        found = ["error"]
        ran.failure = _failure(content)
    else:
        return
    if ran.first_output is None and kind != "update_display_data":
        ran.first_output = time.time()
    ran.outputs += [one for one in found if one not in ran.outputs]


def _failure(content: dict[str, Any]) -> Failure:
    traceback = "\n".join(content.get("traceback", ()))
    return Failure(
        content.get("ename", "Error"),
        _COLOURS.sub("", content.get("evalue", "")),
        _COLOURS.sub("", traceback),
    )


def _value(asked: dict[str, Any] | None) -> Any:
    """The value of an expression that gave a text of JSON; ``None`` where it did not."""
    if not asked or asked.get("status") != "ok":
        return None
    try:
        return json.loads(ast.literal_eval(asked["data"]["text/plain"]))
    except (KeyError, ValueError, SyntaxError):
        return None
