"""A proxy in front of a server that fails as asked; `fault-proxy.mjs` is the same for Node."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .program import Program

SCRIPT = Path(__file__).parent / "fault_server.py"


class FaultProxy:
    """A running proxy on 127.0.0.1.

    `path` and `method` choose requests: a regular expression that is found in the path with its
    parameters, and a method such as `POST`; all by default. `times` says how often (None: always),
    after the first `skip` of them were let through. Of several rules the first that fits counts.
    """

    def __init__(self, target: str, certificate: Path | None = None, key: Path | None = None):
        """Starts a proxy for a server's URL; with a certificate and its key (PEM) it speaks TLS."""
        options = {"--certificate": certificate, "--key": key}
        arguments = [f"{name}={path}" for name, path in options.items() if path is not None]
        self._program = Program(SCRIPT, target, *arguments)
        self.url: str = self._program.answer()["url"]

    def cut(self, after: int | Sequence[int], *, how: str = "close", path: str = "") -> None:
        """Cuts a connection when so many bytes of answers have passed since the last cut, or now.

        With several numbers, one connection after the other. `how` is close, or reset, by which the
        client may also lose what had arrived. Bytes of all connections count, heads too.
        """
        numbers = [after] if isinstance(after, int) else list(after)
        self._do("cut", after=numbers, how=how, path=path)

    def cut_at_random(
        self, seed: int, times: int, most: int, *, how: str = "close", path: str = ""
    ) -> None:
        """As `cut`, after random numbers of bytes up to `most`, the same for the same seed."""
        numbers = random.Random(seed)
        self.cut([numbers.randint(0, most) for _ in range(times)], how=how, path=path)

    def answer(self, status: int, *, body: Any = None, **requests: Any) -> None:
        """Answers in the server's place; by default with the body of a circuit breaker."""
        self._do("answer", status=status, body=body, **requests)

    def delay(self, seconds: float, **requests: Any) -> None:
        """Passes requests on so much later."""
        self._do("delay", seconds=seconds, **requests)

    def hold(self, **requests: Any) -> None:
        """Never answers."""
        self._do("hold", **requests)

    def refuse(self, refuse: bool = True) -> None:
        """Resets all connections, open and new, as where nobody listens; or no longer."""
        self._do("refuse", refuse=refuse)

    def clear(self) -> None:
        """Passes everything on again, and forgets what was counted."""
        self._do("clear")

    def requests(self) -> list[dict[str, str]]:
        """Method and path of each request so far."""
        return self._do("requests")["requests"]

    def cuts(self) -> int:
        """How many connections were cut."""
        return self._do("requests")["cuts"]

    def stop(self) -> None:
        """Ends the proxy; may be called twice."""
        self._program.stop()

    def _do(self, what: str, **command: Any) -> dict[str, Any]:
        answer = self._program.ask(json.dumps({"do": what, **command}))
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
