"""The proxy fails as asked, and not otherwise."""

import http.client
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
import urllib3

from .certificates import make_certificates
from .fault_proxy import FaultProxy

SIZE = 300_000


class _Handler(BaseHTTPRequestHandler):
    """Answers each request with its method and path, filled up to SIZE bytes."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = f"{self.command} {self.path} {len(sent)} ".encode().ljust(SIZE, b".")
        self.send_response(200)
        self.send_header("Content-Length", str(SIZE))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Connections break here; that is the point."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def running(server) -> Iterator[FaultProxy]:
    with FaultProxy(server) as proxy:
        yield proxy


@pytest.fixture
def proxy(running) -> FaultProxy:
    running.clear()
    return running


class _Client:
    """One connection, so that it can be seen which ones live on."""

    def __init__(self, url: str, timeout: float = 60):
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        self._connection.request("GET" if body is None else "POST", path, body)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def __enter__(self) -> "_Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _raw(url: str, path: str) -> bytes:
    """All that comes before the end of the connection."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_passes_everything_on(proxy):
    with _Client(proxy.url) as client:
        for number in (0, 1, 200_000):
            status, body = client.ask("/a?b=c", b"x" * number)
            assert status == 200
            assert body.startswith(f"POST /a?b=c {number} ".encode())
            assert len(body) == SIZE
    assert proxy.requests() == [{"method": "POST", "path": "/a?b=c"}] * 3


@pytest.mark.parametrize("after", [0, 1, 17, 4096, 65_536, 250_001])
def test_cuts_at_the_byte_asked_for(proxy, after):
    whole = _raw(proxy.url, "/a")
    proxy.cut(after)
    assert len(_raw(proxy.url, "/a")) == after
    assert len(_raw(proxy.url, "/a")) == len(whole)
    assert proxy.cuts() == 1


def test_cuts_one_after_the_other_and_counts_across_connections(proxy):
    whole = len(_raw(proxy.url, "/a"))
    proxy.cut([10, whole + 20, 5], path="^/a")
    lengths = [len(_raw(proxy.url, path)) for path in ("/b", "/a", "/a", "/b", "/a", "/a", "/a")]
    assert lengths == [whole, 10, whole, whole, 20, 5, whole]


def test_random_cuts_are_those_of_the_seed(proxy):
    lengths = []
    for _ in range(2):
        proxy.cut_at_random(seed=7, times=3, most=1000)
        lengths.append([len(_raw(proxy.url, "/a")) for _ in range(3)])
    assert lengths[0] == lengths[1]
    assert len(set(lengths[0])) == 3


def test_resets(proxy):
    proxy.cut(1000, how="reset")
    with pytest.raises(ConnectionResetError):
        _raw(proxy.url, "/a")


def test_answers_in_place_of_the_server(proxy):
    proxy.answer(429, path="_search", method="POST", times=2, skip=1)
    with _Client(proxy.url) as client:
        statuses = [client.ask("/x/_search", b"{}")[0] for _ in range(4)]
        assert statuses == [200, 429, 429, 200]
        assert client.ask("/x/_search")[0] == 200
        proxy.answer(503, path="^/y$", body={"why": "test"})
        assert client.ask("/y") == (503, b'{"why": "test"}')


def test_holds_and_delays(proxy):
    proxy.delay(0.01, path="^/late$")
    proxy.hold(path="^/never$")
    with _Client(proxy.url) as client:
        assert client.ask("/late")[0] == 200
    with _Client(proxy.url, timeout=0.2) as client, pytest.raises(TimeoutError):
        client.ask("/never")


def test_refuses_and_comes_back(proxy):
    with _Client(proxy.url) as client:
        assert client.ask("/a")[0] == 200
        proxy.refuse()
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            client.ask("/a")
    with pytest.raises(ConnectionError):
        _raw(proxy.url, "/a")
    proxy.refuse(False)
    assert _raw(proxy.url, "/a").startswith(b"HTTP/1.1 200")


def test_speaks_tls(server, tmp_path):
    made = make_certificates(tmp_path)
    with FaultProxy(server, made.certificate, made.key) as proxy:
        with urllib3.PoolManager(ca_certs=str(made.authority)) as trusting:
            assert trusting.request("GET", f"{proxy.url}/a").status == 200
        with urllib3.PoolManager() as other, pytest.raises(urllib3.exceptions.SSLError):
            other.request("GET", f"{proxy.url}/a", retries=False)


def test_says_what_it_does_not_know(proxy):
    with pytest.raises(ValueError, match="no command 'explode'"):
        proxy._do("explode")
