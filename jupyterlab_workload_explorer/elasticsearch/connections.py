"""Connections to Elasticsearch: those of the site file, and those of the user's own file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_core.paths import jupyter_config_dir

from ..site_file import SiteFile, check_content
from .credentials import Authentication, ConnectionProblem, UnknownConnection, expand_path

__all__ = [
    "Connection",
    "ConnectionProblem",
    "Connections",
    "client_options",
    "find_connection",
    "read_connections",
    "with_port",
]

FILE_NAME = "workload-connections.json"
VARIABLE = "WORKLOAD_CONNECTIONS"

DEFAULT_TIME_LIMIT = 60.0
DEFAULT_PAGE_SIZE = 10_000

#: How often a request goes to another node, or to the same one again, when a node is not there.
RETRIES = 3

#: What a proxy or a node says that is about to go or to come. 429 is left out: who asks then has to
#: ask for less.
RETRY_STATUS = (502, 503, 504)


@dataclass(frozen=True)
class Connection:
    """A way to an Elasticsearch, by its name.

    It has either ``urls``, with ``indices`` (the patterns of what may be read), or ``service``, the
    address of a gateway of the whole center, with the name of its ``service_connection``.
    ``time_limit`` is in seconds, for each request. ``groups`` are those that a JupyterHub service
    offers it to. Secrets are not in here, only where they stand.
    """

    name: str
    description: str = ""
    origin: str = "site"
    urls: tuple[str, ...] = ()
    ca_certificate: str | None = None
    authentication: Authentication | None = None
    indices: tuple[str, ...] = ()
    time_limit: float = DEFAULT_TIME_LIMIT
    page_size: int = DEFAULT_PAGE_SIZE
    compress: bool = False
    service: str | None = None
    service_connection: str | None = None
    groups: tuple[str, ...] = ()

    @staticmethod
    def parse(entry: dict[str, Any], origin: str) -> Connection:
        """A connection of a file that fits the schema; ``origin`` is ``site`` or ``user``."""
        authentication = entry.get("authentication")
        return Connection(
            name=entry["name"],
            description=entry.get("description", ""),
            origin=origin,
            urls=tuple(entry.get("urls", ())),
            ca_certificate=entry.get("ca_certificate"),
            authentication=None if authentication is None else Authentication.parse(authentication),
            indices=tuple(entry.get("indices", ())),
            time_limit=float(entry.get("time_limit", DEFAULT_TIME_LIMIT)),
            page_size=entry.get("page_size", DEFAULT_PAGE_SIZE),
            compress=entry.get("compress", False),
            service=entry.get("service"),
            service_connection=entry.get("connection"),
            groups=tuple(entry.get("groups", ())),
        )


@dataclass(frozen=True)
class Connections:
    """All connections, in order; ``errors`` are sentences about what was left out, and about what
    is not safe."""

    connections: tuple[Connection, ...] = ()
    errors: tuple[str, ...] = field(default=())

    def find(self, name: str) -> Connection:
        """The connection of a name. Raises UnknownConnection, a ConnectionProblem."""
        for connection in self.connections:
            if connection.name == name:
                return connection
        known = ", ".join(f'"{connection.name}"' for connection in self.connections) or "none"
        raise UnknownConnection(
            f'There is no connection "{name}". Known are: {known}. '
            f"Connections stand in the site file, or in your own {FILE_NAME}."
        )


def find_user_file() -> Path:
    """The user's own file, whether it exists or not.

    ``WORKLOAD_CONNECTIONS`` names it; otherwise it is in Jupyter's configuration folder of the user
    (``jupyter --config-dir``).
    """
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else Path(jupyter_config_dir()) / FILE_NAME


def parse_connections(text: str, origin: str) -> Connections:
    """The text of a ``workload-connections.json``. With errors, nothing of it holds."""
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError):
        return Connections(errors=("it is not JSON",))
    errors = list(check_content(content))
    if not errors:
        other = sorted(set(content) - {"$schema", "version", "connections"})
        errors = [f'$: the key "{key}" belongs into the site file' for key in other]
    if errors:
        return Connections(errors=tuple(errors))
    return Connections(
        tuple(Connection.parse(entry, origin) for entry in content.get("connections", ()))
    )


def read_file(path: Path, origin: str) -> Connections:
    """The connections of a file; none where there is no file. Errors name the file."""
    try:
        status = path.stat()
        state = (status.st_mtime_ns, status.st_size, status.st_ino)
        return _read_state(path, origin, state)
    except FileNotFoundError:
        return Connections()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        return Connections(errors=(f"{path} cannot be read: {reason}.",))


@lru_cache(maxsize=8)
def _read_state(path: Path, origin: str, _: tuple[int, ...]) -> Connections:
    """What a file says, read once for each of its states."""
    found = parse_connections(path.read_text(encoding="utf-8"), origin)
    return Connections(
        found.connections, tuple(f"{path} is left out: {error}" for error in found.errors)
    )


def read_connections(site: SiteFile | None = None) -> Connections:
    """The connections in force now: the site's, then the user's own.

    A user's connection may not take the name of one of the site's.
    """
    content = (site or SiteFile()).read()
    ours = tuple(Connection.parse(entry, "site") for entry in content.connections)
    errors = [f"The site file is left out: {error}" for error in content.errors]
    path = find_user_file()
    own = read_file(path, "user")
    errors.extend(own.errors)
    taken = {connection.name for connection in ours}
    for connection in own.connections:
        if connection.name in taken:
            errors.append(
                f'{path}: the connection "{connection.name}" is left out, because the site has one '
                "of that name. Give yours another name."
            )
    known = (*ours, *(one for one in own.connections if one.name not in taken))
    return Connections(known, (*errors, *warn_of_http(known)))


def find_connection(name: str, site: SiteFile | None = None) -> Connection:
    """The connection of a name, as the files say now. Raises ConnectionProblem."""
    return read_connections(site).find(name)


def warn_of_http(connections: Iterable[Connection]) -> list[str]:
    """Sentences about connections that are used, but should not be as they are."""
    return [
        f'The connection "{one.name}" sends what it logs in with over http, where others may read '
        "it on the way. Take https, with a CA certificate where it is needed."
        for one in connections
        if (one.service is not None or one.authentication is not None)
        and any(_is_overheard(url) for url in (*one.urls, *filter(None, [one.service])))
    ]


def _is_overheard(url: str) -> bool:
    """Whether an address leads over a network, and not through TLS."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme == "https" or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True


def client_options(connection: Connection) -> dict[str, Any]:
    """Arguments of ``Elasticsearch(…)`` and ``AsyncElasticsearch(…)``, secrets read now.

    Raises ConnectionProblem where a secret or the certificate is missing, or where the connection
    goes through a service and so has no client of its own.
    """
    if connection.service is not None:
        raise ConnectionProblem(
            f'The connection "{connection.name}" goes through a service of the center, '
            "which only the panel can use. Ask the center for an address and a key of your own."
        )
    options: dict[str, Any] = {
        "hosts": [with_port(url) for url in connection.urls],
        "request_timeout": connection.time_limit,
        "max_retries": RETRIES,
        "retry_on_status": RETRY_STATUS,
        "retry_on_timeout": False,
        "http_compress": connection.compress,
    }
    if connection.ca_certificate is not None:
        path = expand_path(connection.ca_certificate)
        if path is None or not path.is_file():
            raise ConnectionProblem(
                f'The CA certificate "{connection.ca_certificate}" of the connection '
                f'"{connection.name}" is not there. Correct the path in the connection.',
                connection.ca_certificate,
            )
        options["ca_certs"] = str(path)
    if connection.authentication is not None:
        options.update(connection.authentication.client_options())
    return options


def with_port(url: str) -> str:
    """An address with its port, which the client wants written out. Raises ValueError."""
    parts = urlsplit(url)
    if parts.port is not None:
        return url
    port = 443 if parts.scheme == "https" else 80
    return parts._replace(netloc=f"{parts.netloc.rstrip(':')}:{port}").geturl()
