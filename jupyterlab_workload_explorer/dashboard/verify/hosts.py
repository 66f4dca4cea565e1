"""Addresses that a dashboard may connect to, and what others are."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from .look_ups import DNS
from .problem import VerifyProblem

#: Ports of Elasticsearch, where nobody says otherwise.
_ELASTIC_PORTS = frozenset({9200, 9300})


@dataclass(frozen=True)
class Hosts:
    """Addresses that a dashboard may connect to, and those that are Elasticsearch's."""

    #: Host and port: the names that were given, and the numbers that they stand for.
    allowed: frozenset[tuple[str, int]] = frozenset()
    ports: frozenset[int] = frozenset()
    #: Whether a name has to be looked up, for which a name server is asked.
    names: bool = False
    elastic: frozenset[int] = _ELASTIC_PORTS

    @staticmethod
    def read(allowed: Iterable[str], connections: Iterable[Mapping[str, object]] = ()) -> Hosts:
        """Read ``HOST:PORT``, and the site's connections.

        Raises ``VerifyProblem`` where one is no address, or has a name that nobody knows.
        """
        addresses: set[tuple[str, int]] = set()
        ports: set[int] = set()
        names = False
        for text in allowed:
            host, _, port = text.rpartition(":")
            host = host.removeprefix("[").removesuffix("]")
            if not host or not port.isdecimal() or not 0 < int(port) < 65536:
                raise VerifyProblem(f"“{text}” is not an address. Write HOST:PORT.")
            try:
                found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
            except OSError:
                raise VerifyProblem(
                    f"The host “{host}” is not known here. Give its number, or leave it out."
                ) from None
            addresses |= {(str(one[4][0]).split("%")[0], int(port)) for one in found}
            addresses.add((host, int(port)))
            ports.add(int(port))
            names = names or not re.fullmatch(r"[\d.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*", host)
        elastic = set(_ELASTIC_PORTS)
        for connection in connections:
            urls = connection.get("urls")
            for url in urls if isinstance(urls, list) else ():
                port_of_url = urlsplit(str(url)).port
                elastic |= {port_of_url} if port_of_url else set()
        return Hosts(frozenset(addresses), frozenset(ports), names, frozenset(elastic))

    def may(self, host: str, port: int) -> bool:
        """Whether a connection is allowed."""
        return (host.removeprefix("::ffff:"), port) in self.allowed or (self.names and port == DNS)


def address_of(host: str, port: int) -> str:
    """A host and port as they are written together; of a program of this machine, its path."""
    if not port or host.startswith("/"):
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
