"""A real JupyterHub with the gateway as its service, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import urllib3

ROOT = Path(__file__).parents[2]
PROXY = ROOT / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"

SERVICE = "workload-elasticsearch"

#: The token of the tests, which may do everything.
ADMIN_TOKEN = "hub-admin-token-of-tests-0001"

#: Seconds; a start on a busy machine may take long.
PATIENCE = 120


def hub_missing() -> str | None:
    """Why no JupyterHub can be started here; ``None`` where it can."""
    if not PROXY.exists() or shutil.which("node") is None:
        return "configurable-http-proxy is not installed"
    return None


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    headers: Any
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


class Hub:
    """A running JupyterHub, its proxy, the service, and the servers of its users.

    ``members`` are in the group ``monitoring``, and ``others`` are not; both may reach the service.
    ``connections`` are the service's, ``site`` those of the users' site file, made of the service's
    address. ``guests`` are users who may use the server of another one, by name.
    """

    def __init__(
        self,
        members: Sequence[str],
        others: Sequence[str],
        connections: list[dict[str, Any]],
        site: list[dict[str, Any]],
        secrets: dict[str, str],
        guests: Mapping[str, str] = {},
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="workload-hub-"))
        port, hub_port, proxy_port, service_port = _free_ports(4)
        self.url = f"http://127.0.0.1:{port}"
        self.service = f"http://127.0.0.1:{service_port}/services/{SERVICE}"
        config = self._config = self._folder / "workload-connections.json"
        config.write_text(json.dumps({"version": 1, "connections": connections}))
        site_file = self._folder / "workload-site.json"
        relayed = [{"service": self.service, **entry} for entry in site]
        site_file.write_text(json.dumps({"version": 1, "connections": relayed}))
        access = f"access:services!service={SERVICE}"
        users = [*members, *others]
        settings = {
            "JupyterHub.authenticator_class": "dummy",
            "Authenticator.allow_all": True,
            "Authenticator.allowed_users": users,
            "JupyterHub.spawner_class": "simple",
            "SimpleLocalProcessSpawner.home_dir_template": str(self._folder / "{username}"),
            # Servers belong to the hub's process group, so that all end with it.
            "SimpleLocalProcessSpawner.popen_kwargs": {"start_new_session": False},
            "Spawner.cmd": [str(Path(sys.executable).parent / "jupyterhub-singleuser")],
            "Spawner.args": [
                "--allow-root",
                "--ServerApp.jpserver_extensions={'jupyterlab_workload_explorer': True}",
            ],
            "Spawner.environment": {
                "WORKLOAD_SITE": str(site_file),
                "JUPYTER_PREFER_ENV_PATH": "1",
            },
            "Spawner.start_timeout": PATIENCE,
            "Spawner.http_timeout": PATIENCE,
            # What docs/elasticsearch.md says to set.
            "Spawner.server_token_scopes": [
                "users:activity!user",
                "access:servers!server",
                access,
            ],
            "JupyterHub.load_groups": {"monitoring": {"users": list(members)}},
            "JupyterHub.load_roles": [
                {"name": "elasticsearch", "users": users, "scopes": [access]},
                *(
                    {"name": guest, "users": [guest], "scopes": [f"access:servers!user={owner}"]}
                    for guest, owner in guests.items()
                ),
                {
                    "name": "tests",
                    "services": ["tests"],
                    "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"],
                },
            ],
            "JupyterHub.services": [
                {"name": "tests", "api_token": ADMIN_TOKEN},
                {
                    "name": SERVICE,
                    "url": self.service.split("/services/")[0],
                    "command": [
                        sys.executable,
                        "-m",
                        "jupyterlab_workload_explorer",
                        "elasticsearch-service",
                        "--config",
                        str(config),
                    ],
                    "environment": {"PYTHONPATH": str(ROOT), **secrets},
                },
            ],
            "JupyterHub.bind_url": f"{self.url}/",
            "JupyterHub.hub_port": hub_port,
            "JupyterHub.db_url": f"sqlite:///{self._folder / 'hub.sqlite'}",
            "JupyterHub.cookie_secret_file": str(self._folder / "cookie_secret"),
            "ConfigurableHTTPProxy.api_url": f"http://127.0.0.1:{proxy_port}",
            "ConfigurableHTTPProxy.command": [shutil.which("node"), str(PROXY)],
            "ConfigurableHTTPProxy.pid_file": str(self._folder / "proxy.pid"),
        }
        config_file = self._folder / "jupyterhub_config.py"
        config_file.write_text(
            "import json\n"
            + "".join(
                f"c.{name} = json.loads({json.dumps(json.dumps(value))})\n"
                for name, value in settings.items()
            )
        )
        self._log = self._folder / "hub.log"
        self._pool = urllib3.PoolManager(retries=False, timeout=PATIENCE)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "--config", str(config_file), "--debug"],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._until(lambda: self._says(f"{self.url}/hub/health", 200), "JupyterHub")
            self._until(lambda: self._says(f"{self.service}/elasticsearch", 401), "it")
        except BaseException:
            self.stop()
            raise

    def log(self) -> bytes:
        """What hub, proxy, service and servers have printed."""
        return self._log.read_bytes() if self._log.exists() else b""

    def service_pid(self) -> int:
        """The process of the service."""
        config = os.fsencode(self._config)
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = file.read_bytes().split(b"\0")
                if b"elasticsearch-service" in words and config in words:
                    return int(file.parent.name)
        raise RuntimeError("the service does not run")

    def request(
        self, method: str, url: str, token: str | None = None, body: Any = None, **headers: str
    ) -> Reply:
        """One request; ``token`` goes into the header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"token {token}"
        content = None if body is None else json.dumps(body).encode()
        answer = self._pool.request(method, url, headers=sent, body=content, redirect=False)
        return Reply(answer.status, answer.headers, answer.data)

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """JupyterHub's own interface, as administrator."""
        reply = self.request(method, f"{self.url}/hub/api/{path}", ADMIN_TOKEN, body)
        assert reply.status < 300, (path, reply.status, reply.raw[:500])
        return reply.json if reply.raw else None

    def token(self, user: str, *scopes: str) -> str:
        """A new token of a user; with all of the user's rights where no scopes are named."""
        body = {"scopes": list(scopes)} if scopes else {}
        return str(self.api("POST", f"users/{user}/tokens", body)["token"])

    def start_server(self, user: str) -> str:
        """Start a user's server, and give its address."""
        self.api("POST", f"users/{user}/server")
        self._until(
            lambda: self.api("GET", f"users/{user}")["servers"].get("", {}).get("ready", False),
            f"the server of {user}",
        )
        return f"{self.url}/user/{user}"

    def stop(self) -> None:
        """End everything, and remove what it has written; may be called twice."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._pool.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Hub:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _says(self, url: str, status: int) -> bool:
        try:
            return self.request("GET", url).status == status
        except urllib3.exceptions.HTTPError:
            return False

    def _until(self, holds: Any, what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(
                    f"{what} did not start:\n{self.log().decode(errors='replace')[-8000:]}"
                )
            time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
