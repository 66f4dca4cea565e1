"""Real Elasticsearch servers for tests in Python; `elasticsearch.mjs` is the same for Node."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from .program import Program

LAUNCHER = Path(__file__).parent / "elasticsearch" / "launch.py"

#: Name and password of the one who may do everything, on a server with security.
ADMIN = ("admin", "testpass123")

#: Servers whose requests have to come with a login.
SECURED = ("es8-full",)


class Node:
    """A running server on 127.0.0.1, of a port and a home folder of its own.

    It ends when this process ends, however that comes about. Tests share a node: each takes
    indices of its own names and deletes them.
    """

    def __init__(
        self,
        profile: str,
        settings: Mapping[str, str | int | bool] | None = None,
        *,
        port: int = 0,
    ):
        """Starts a node; takes seconds, and minutes where its jars have to be downloaded.

        `profile` is one of es8 (no ES|QL), es8-esql, es8-full (security), es9, opensearch;
        `settings` are those of elasticsearch.yml; the port is a free one by default.
        Raises `RuntimeError` where it does not start.
        """
        # scripts/test.mjs has tried before, and says what is missing.
        reason = os.environ.get("WORKLOAD_SERVICES_REASON")
        if reason:
            raise RuntimeError(reason)
        self.profile = profile
        self.auth = ADMIN if profile in SECURED else None
        self._program = Program(
            LAUNCHER,
            f"--profile={profile}",
            f"--port={port}",
            *(f"{name}={_setting(value)}" for name, value in (settings or {}).items()),
        )
        answer = self._program.answer()
        self.url: str = answer["url"]
        self.pid: int = answer["pid"]
        self.home = Path(answer["home"])
        #: False between `kill` and `restart`.
        self.is_running = True

    def client(self, **options: Any) -> Elasticsearch:
        """A client of this node, as the administrator where there is a login; to be closed."""
        if self.auth is not None and not {"api_key", "bearer_auth", "basic_auth"} & set(options):
            options["basic_auth"] = self.auth
        return Elasticsearch(self.url, **{"request_timeout": 60, **options})

    def kill(self) -> None:
        """Ends the server at once, as a power cut would."""
        self._program.ask("kill")
        self.is_running = False

    def restart(self) -> None:
        """Starts the server again on the same port with the same data, killed or not."""
        self.kill()
        self.pid = self._program.ask("start")["pid"]
        self.is_running = True

    def stop(self) -> None:
        """Ends the server and removes its home; may be called twice."""
        self._program.stop()

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _setting(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
