"""A proxy in front of an HTTP server that fails as networks and loaded servers do.

    python fault_server.py http://127.0.0.1:9200 [--certificate FILE --key FILE]

Says `{"url": …}`, then takes commands, JSON lines on standard input, and answers each with a line;
it ends when standard input closes. The commands are the methods of `fault_proxy.py`:

    {"do": "cut", "after": [1000, 20], "how": "close", "path": "_search"}
    {"do": "answer", "status": 429, "times": 2, "skip": 1, "path": "_search", "body": {…}}
    {"do": "delay", "seconds": 1.5, "times": 1, "path": "_search"}
    {"do": "hold", "times": 1, "path": "_search"}
    {"do": "refuse", "refuse": true}    {"do": "clear"}    {"do": "requests"}
"""

import argparse
import asyncio
import json
import re
import socket
import ssl
import struct
import sys
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_CHUNK = 65_536


@dataclass
class Rule:
    """What happens to requests whose method and path match, after `skip` of them, `times` times."""

    do: str
    path: str = ""
    method: str = ""
    times: int | None = None
    skip: int = 0
    status: int = 429
    body: Any = None
    seconds: float = 0

    def takes(self, method: str, path: str) -> bool:
        if self.times == 0 or (self.method and self.method != method):
            return False
        if re.search(self.path, path) is None:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Cut:
    """Connections are cut: one when `after[0]` more bytes of answers have passed, and so on."""

    after: list[int]
    how: str = "close"
    path: str = ""


@dataclass
class State:
    rules: list[Rule] = field(default_factory=list)
    cut: Cut | None = None
    is_refusing: bool = False
    requests: list[dict[str, str]] = field(default_factory=list)
    cuts: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)


@dataclass
class Exchange:
    """A client's connection, with the server's, and the path of its last request."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    path: str = ""

    def close(self, how: str = "close") -> None:
        if how == "reset":
            sock = self.writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.writer.transport.abort()
        else:
            self.writer.close()


class Proxy:
    """The proxy: one task for a client's requests, one for the server's answers."""

    def __init__(self, target: str):
        parts = urlsplit(target)
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or 80
        self.state = State()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes one client's connection on."""
        client = Exchange(reader, writer)
        if self.state.is_refusing:
            client.close("reset")
            return
        self.state.open.add(writer)
        upstream: asyncio.StreamWriter | None = None
        try:
            answers, upstream = await asyncio.open_connection(self._host, self._port)
            tasks = [
                asyncio.create_task(self._requests(client, upstream)),
                asyncio.create_task(self._answers(answers, client)),
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            # The server does not answer, or the proxy ends: the client sees its connection close.
            pass
        finally:
            self.state.open.discard(writer)
            writer.close()
            if upstream is not None:
                upstream.close()

    async def _requests(self, client: Exchange, upstream: asyncio.StreamWriter) -> None:
        while True:
            head = await client.reader.readuntil(b"\r\n\r\n")
            method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            client.path = path
            self.state.requests.append({"method": method, "path": path})
            rule = next((rule for rule in self.state.rules if rule.takes(method, path)), None)
            body = await _body(client.reader, head)
            if rule is None or rule.do == "delay":
                if rule is not None:
                    await _sleep(client, rule.seconds)
                upstream.write(head + body)
                await upstream.drain()
            elif rule.do == "hold":
                await _sleep(client, None)
            else:
                client.writer.write(_answer(rule))
                await client.writer.drain()

    async def _answers(self, answers: asyncio.StreamReader, client: Exchange) -> None:
        while data := await answers.read(_CHUNK):
            cut = self.state.cut
            if cut is not None and cut.after and re.search(cut.path, client.path):
                if len(data) >= cut.after[0]:
                    client.writer.write(data[: cut.after.pop(0)])
                    self.state.cuts += 1
                    await client.writer.drain()
                    client.close(cut.how)
                    return
                cut.after[0] -= len(data)
            client.writer.write(data)
            await client.writer.drain()

    def obey(self, command: dict[str, Any]) -> dict[str, Any]:
        """Does what a command says and gives the answer."""
        what = command.pop("do")
        state = self.state
        if what == "cut":
            state.cut = Cut(**command)
        elif what in ("answer", "delay", "hold"):
            state.rules.append(Rule(do=what, **command))
        elif what == "refuse":
            state.is_refusing = command["refuse"]
            for writer in list(state.open) if state.is_refusing else []:
                writer.transport.abort()
        elif what == "clear":
            state.rules.clear()
            state.requests.clear()
            state.cut, state.cuts, state.is_refusing = None, 0, False
        elif what != "requests":
            return {"error": f"There is no command {what!r}."}
        return {"requests": state.requests, "cuts": state.cuts} if what == "requests" else {}


async def _sleep(client: Exchange, seconds: float | None) -> None:
    """Waits, for ever with None, unless the client goes away meanwhile."""
    # The client says nothing before it has its answer: what can be read is the end.
    gone = asyncio.create_task(client.reader.read(1))
    done, _ = await asyncio.wait([gone], timeout=seconds)
    if done:
        raise ConnectionResetError
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    """A request's body as it was sent."""
    length = re.search(rb"\r\ncontent-length:\s*(\d+)", head, re.IGNORECASE)
    if length is not None:
        return await reader.readexactly(int(length[1]))
    if re.search(rb"\r\ntransfer-encoding:\s*chunked", head, re.IGNORECASE) is None:
        return b""
    body = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        body += line + await reader.readexactly(size + 2)
        if size == 0:
            return body


def _answer(rule: Rule) -> bytes:
    body = rule.body
    if body is None:
        error = {"type": "circuit_breaking_exception", "reason": "[parent] Data too large"}
        body = {"error": {**error, "root_cause": [error]}, "status": rule.status}
    text = json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {rule.status} Fault",
        "X-elastic-product: Elasticsearch",
        "Content-Type: application/json",
        f"Content-Length: {len(text)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + text


async def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("target")
    parser.add_argument("--certificate", help="PEM; the proxy then speaks TLS")
    parser.add_argument("--key", help="PEM")
    options = parser.parse_args()
    proxy = Proxy(options.target)
    context = None
    if options.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, ssl=context, limit=_CHUNK * 16)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"url": f"{'https' if context else 'http'}://127.0.0.1:{port}"}), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(proxy.obey(json.loads(line))), flush=True)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
