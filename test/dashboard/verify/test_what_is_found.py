"""What a dashboard must not do, done in every way: each is found, by strace and by Landlock."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.verify.report import Report
from jupyterlab_workload_explorer.dashboard.verify.run import Question
from jupyterlab_workload_explorer.dashboard.verify.verify import verify

from .conftest import make_dashboard, need

#: Python of a cell by what it does; {raw}, {home} and the ports are filled in.
DEEDS = {
    "pyarrow": "import pyarrow.parquet as pq\npq.read_table('{raw}/pyarrow.parquet')",
    "duckdb": "import duckdb\nduckdb.sql(\"from '{raw}/duckdb.parquet'\").fetchall()",
    "child": "import subprocess\n"
    "subprocess.run(['cat', '{raw}/child.parquet'], capture_output=True)",
    "passed over": "try:\n    open('{raw}/passed over.parquet')\nexcept OSError:\n    pass",
    "linked": "open('data/linked.parquet', 'rb').read()",
    "relative": "import os\nos.open('../raw/relative.parquet', os.O_RDONLY)",
    "home": "open('{home}/.netrc').read()",
    "listed": "import os\nos.listdir('{home}/work')",
    "elsewhere": "open('{elsewhere}/left by upstream.csv').read()",
    "tcp": "import socket\nsocket.create_connection(('127.0.0.1', {tcp}))",
    "udp": "import socket\n"
    "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {udp}))",
    "elasticsearch": "import urllib.request\n"
    "try:\n    urllib.request.urlopen('http://127.0.0.1:9200')\nexcept OSError:\n    pass",
    "socket": "import socket\nsocket.socket(socket.AF_UNIX).connect('{elsewhere}/service')",
    "writes": "open('data/cache.txt', 'w').write('1')",
    "program": "import subprocess\nsubprocess.run(['./tool.sh'])",
    "heavy": "import cudf",
}

RAW = ("pyarrow", "duckdb", "child", "passed over", "relative")


@dataclass(frozen=True)
class Verified:
    report: Report
    at: Path
    #: What the test's own servers were sent.
    heard: list[str]

    def rules(self, deed: str) -> set[str]:
        """Rules that found something in the cell of a deed."""
        index = list(DEEDS).index(deed)
        return {one.rule for one in self.report.findings if one.index == index}

    def subjects(self, rule: str) -> set[str | None]:
        return {one.subject for one in self.report.findings if one.rule == rule}


@pytest.fixture(scope="module", params=["strace", "landlock"])
def verified(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Verified:
    """All deeds, in one dashboard, whose cells may fail."""
    way = need(request.param)
    at = tmp_path_factory.mktemp("deeds")
    dashboard = make_dashboard(at)
    home, elsewhere = at / "home", at / "elsewhere"
    (home / "work").mkdir(parents=True)
    elsewhere.mkdir()
    (home / ".netrc").write_text("login")
    (elsewhere / "left by upstream.csv").write_text("user\n")
    for name in (*RAW, "linked"):
        pq.write_table(pa.table({"user": ["u1"]}), dashboard.raw / f"{name}.parquet")
    (dashboard.folder / "data" / "linked.parquet").symlink_to(dashboard.raw / "linked.parquet")
    (dashboard.folder / "tool.sh").write_text("#!/bin/sh\necho done\n")
    (dashboard.folder / "tool.sh").chmod(0o755)
    (dashboard.folder / "cudf").mkdir()
    (dashboard.folder / "cudf" / "__init__.py").write_text("")
    heard: list[str] = []
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        service = stack.enter_context(socket.socket(socket.AF_UNIX))
        # Short: paths of sockets may have a hundred characters.
        service.bind(str(elsewhere / "service"))
        service.listen()
        places = {
            "raw": dashboard.raw,
            "home": home,
            "elsewhere": elsewhere,
            "tcp": tcp.getsockname()[1],
            "udp": udp.getsockname()[1],
        }
        cells = [(source.format(**places), ["raises-exception"]) for source in DEEDS.values()]
        notebook = dashboard.write(*cells)
        report = verify(Question(notebook, raw=[dashboard.raw], proof=way))
        for name, server in (("tcp", tcp), ("udp", udp), ("socket", service)):
            server.setblocking(False)
            try:
                if name == "udp":
                    server.recv(10)
                else:
                    server.accept()[0].close()
                heard.append(name)
            except BlockingIOError:
                pass
    return Verified(report, at, heard)


def test_it_is_not_green(verified: Verified) -> None:
    assert verified.report.verdict == "findings"
    assert all(cell["ran"] for cell in verified.report.cells)


@pytest.mark.parametrize("deed", RAW)
def test_raw_data(verified: Verified, deed: str) -> None:
    assert "raw-file" in verified.rules(deed)
    assert str(verified.at / "raw" / f"{deed}.parquet") in verified.subjects("raw-file")


def test_raw_data_behind_a_link(verified: Verified) -> None:
    assert "raw-file" in verified.rules("linked")


def test_home(verified: Verified) -> None:
    assert "home-folder" in verified.rules("home")
    assert "home-folder" in verified.rules("listed")


def test_what_upstream_left_elsewhere(verified: Verified) -> None:
    assert "file-outside" in verified.rules("elsewhere")


@pytest.mark.parametrize("deed", ["tcp", "elasticsearch"])
def test_hosts(verified: Verified, deed: str) -> None:
    assert "host" in verified.rules(deed)


def test_elasticsearch_is_named(verified: Verified) -> None:
    found = [one for one in verified.report.findings if one.subject == "127.0.0.1:9200"]
    assert [("Elasticsearch" in one.message) for one in found] == [True]


def test_sockets_of_other_programs(verified: Verified) -> None:
    assert "host" in verified.rules("socket")


def test_datagrams(verified: Verified) -> None:
    # Landlock does not know them: another filter refuses their sockets, which tell no host yet.
    assert verified.rules("udp") & {"host", "denied"}


def test_landlock_lets_no_connection_through(verified: Verified) -> None:
    held = verified.report.proven.way == "landlock"
    assert verified.heard == ([] if held else ["tcp", "udp", "socket"])


def test_writing_into_the_folder(verified: Verified) -> None:
    assert "file-changed" in verified.rules("writes")
    held = verified.report.proven.way == "landlock"
    assert (verified.at / "published" / "data" / "cache.txt").exists() != held


def test_programs_of_its_own(verified: Verified) -> None:
    assert verified.rules("program") & {"program", "denied"}


def test_heavy_packages(verified: Verified) -> None:
    assert verified.subjects("heavy-import") == {"cudf"}


def test_all_else_is_proven(verified: Verified) -> None:
    assert verified.report.proven.open == {}
