"""One server process: its command line, and when it is ready."""

import base64
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from profiles import ADMIN, HERE, Problem, Profile, find_java

START_SECONDS = 120

#: Memory is reckoned by what requests reserve: the serial collector leaves garbage until the heap
#: is full, which a breaker by real use would take for need.
_BREAKER = "indices.breaker.total.use_real_memory=false"

_SECURITY = (
    "xpack.security.enabled=true",
    "xpack.security.http.ssl.enabled=false",
    "xpack.security.transport.ssl.enabled=false",
    "xpack.security.enrollment.enabled=false",
)

#: Netty needs these where Java closes what it would reach by reflection.
_NETTY = (
    "-Dio.netty.noUnsafe=true",
    "-Dio.netty.noKeySetOptimization=true",
    "-Dio.netty.recycler.maxCapacityPerThread=0",
)


class Server:
    """A server on 127.0.0.1. It ends when its standard input closes, so also when we die.

    `settings` are `name=value`, as in elasticsearch.yml. `home` holds configuration, data and logs.
    """

    def __init__(self, profile: Profile, home: Path, port: int, settings: list[str]):
        self.profile = profile
        self.home = home
        self.port = port
        self._settings = settings
        scheme = "https" if "xpack.security.http.ssl.enabled=true" in settings else "http"
        self.url = f"{scheme}://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process; 0 where none runs."""
        return 0 if self._process is None else self._process.pid

    def start(self, java_options: list[str] | None = None) -> None:
        """Starts the server, waits until it answers; raises `Problem` with the end of its log."""
        for name in ("tmp", "config"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        if self.profile.security:
            for name in ("users", "users_roles"):
                shutil.copy(HERE / name, self.home / "config" / name)
        if java_options is None:
            archive = self.profile.class_archive
            java_options = [f"-XX:SharedArchiveFile={archive}"] if archive.exists() else []
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(java_options),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, "EXIT_ON_STDIN_EOF": "1"},
            )
        self._until_ready()

    def stop(self) -> None:
        """Ends the server as its operator would, and waits for it."""
        self._end(lambda process: process.terminate())

    def kill(self) -> None:
        """Ends the server at once, as a power cut would; its data stay."""
        self._end(lambda process: process.kill())

    def _end(self, signal) -> None:
        process = self._process
        if process is None:
            return
        signal(process)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
        self._process = None

    def _command(self, java_options: list[str]) -> list[str]:
        heap = os.environ.get("ES_HEAP", "512m")
        if self.profile.java > 17:
            java_options = [*java_options, "--enable-native-access=ALL-UNNAMED"]
        folder = self.profile.folder
        return [
            str(find_java(self.profile)),
            f"-Xms{heap}",
            f"-Xmx{heap}",
            "-XX:+UseSerialGC",
            # The quick compiler alone suits short lives; 4 is the full one, for measurements.
            f"-XX:TieredStopAtLevel={os.environ.get('ES_TIER', '1')}",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            *java_options,
            f"-Djava.io.tmpdir={self.home / 'tmp'}",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Dlog4j2.disable.jmx=true",
            *_NETTY,
            *os.environ.get("ES_JAVA_OPTS", "").split(),
            "-cp",
            f"{self.profile.server_jar}:{folder / 'lib'}/*",
            self.profile.main,
            str(folder / "modules"),
            str(self.home),
            str(self.port),
            _BREAKER,
            *(_SECURITY if self.profile.security else ()),
            *self._settings,
        ]

    @property
    def _log(self) -> Path:
        return self.home / "out.log"

    def _log_text(self) -> str:
        return self._log.read_text(errors="replace")

    def _until_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        process = self._process
        while process is not None and process.poll() is None and time.monotonic() < end:
            # Another server may have the port; ours says when it has got it.
            if f"STARTED pid={self.pid} " in self._log_text() and self._answers():
                return
            time.sleep(0.1)
        self.kill()
        last = "\n".join(self._log_text().splitlines()[-40:])
        raise Problem(f"{self.profile.name} did not start. The end of its log:\n{last}")

    def _answers(self) -> bool:
        request = urllib.request.Request(
            f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=1s"
        )
        if self.profile.security:
            login = base64.b64encode(":".join(ADMIN).encode()).decode()
            request.add_header("Authorization", f"Basic {login}")
        # A certificate for tests is signed by nobody that this Python knows.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        opener = urllib.request.build_opener(
            # Whatever proxy the machine has is not for this address.
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=context),
        )
        try:
            with opener.open(request, timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False


def write_class_archive(profile: Profile, path: Path) -> None:
    """Starts a profile once, on a port of its own, and has Java write the class archive."""
    with tempfile.TemporaryDirectory(prefix="workload-es-") as home:
        server = Server(profile, Path(home), free_port(), [])
        server.start([f"-XX:ArchiveClassesAtExit={path}"])
        server.stop()


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
