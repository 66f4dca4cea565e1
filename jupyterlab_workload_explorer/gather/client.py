"""The official client, as gather uses it: for a connection, or for a URL and the environment."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from elasticsearch import Elasticsearch

from ..elasticsearch.connections import Connection, ConnectionProblem, client_options, with_port
from ..elasticsearch.credentials import Secret, encode_login
from .answers import BoundedNode
from .problem import GatherProblem

#: Seconds for a request where nobody says otherwise.
TIME_LIMIT = 60.0


def connect(url: str | None, connection: Connection | None, time_limit: float | None) -> Any:
    """A client of a connection, or of a URL with the login of the environment.

    ``ELASTICSEARCH_USER`` and ``ELASTICSEARCH_PASSWORD``, ``ELASTICSEARCH_API_KEY`` or
    ``ELASTICSEARCH_BEARER_TOKEN``, and ``ELASTICSEARCH_CA_CERTIFICATE`` go with a URL. Raises
    GatherProblem.
    """
    try:
        if connection is not None:
            options = client_options(connection)
        else:
            assert url is not None
            options = {"hosts": _hosts(url), "request_timeout": TIME_LIMIT, **_login()}
    except ConnectionProblem as problem:
        told = str(problem) if connection is None else _as_told(connection, problem)
        raise GatherProblem(told) from None
    if time_limit is not None:
        options["request_timeout"] = time_limit
    # Retries are ours: they have to see that the gather is called off.
    options.update(max_retries=1, retry_on_timeout=False, connections_per_node=10)
    options["node_class"] = BoundedNode
    serializer = _orjson()
    if serializer is not None:
        options["serializers"] = {"application/json": serializer}
    try:
        return Elasticsearch(**options)
    except Exception as error:
        # Its text may hold what was given.
        raise GatherProblem(
            f"The connection cannot be made ({type(error).__name__}). Give a URL such as "
            "https://host:9200, and a certificate that can be read."
        ) from None


def _as_told(connection: Connection, problem: ConnectionProblem) -> str:
    """What is wrong with a connection, without the paths of the site's files: as the gateway.

    Logs of jobs are shown in the panel, and errors in notebooks, which others read.
    """
    if problem.place is None or problem.is_about_home or connection.origin == "user":
        return str(problem)
    return (
        f'What the connection "{connection.name}" logs in with cannot be read. Tell those who look '
        "after it; the site file says where it stands."
    )


def _hosts(url: str) -> list[str]:
    hosts = []
    for one in url.split(","):
        try:
            parts = urlsplit(one.strip())
            known = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            known = False
        if not known:
            raise GatherProblem("A URL starts with http:// or https:// and names a host.")
        if parts.username or parts.password:
            raise GatherProblem(
                "A login does not belong into the URL, where others can see it. Set "
                "ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or ELASTICSEARCH_API_KEY."
            )
        try:
            address = with_port(parts._replace(query="", fragment="").geturl())
        except ValueError:
            raise GatherProblem("The port of the URL is no number.") from None
        hosts.append(address.rstrip("/"))
    return hosts


def _login() -> dict[str, Any]:
    """The login that the environment has. Raises ConnectionProblem."""
    options: dict[str, Any] = {}
    if _is_set("API_KEY"):
        options["api_key"] = _variable("API_KEY").read_token()
    elif _is_set("BEARER_TOKEN"):
        options["bearer_auth"] = _variable("BEARER_TOKEN").read_token()
    elif _is_set("USER"):
        password = _variable("PASSWORD").read() if _is_set("PASSWORD") else ""
        options["basic_auth"] = encode_login(_variable("USER").read(), password)
    if _is_set("CA_CERTIFICATE"):
        options["ca_certs"] = _variable("CA_CERTIFICATE").read()
    return options


def _variable(name: str) -> Secret:
    return Secret(environment=f"ELASTICSEARCH_{name}")


def _is_set(name: str) -> bool:
    return bool(os.environ.get(f"ELASTICSEARCH_{name}", "").strip())


def _orjson() -> Any:
    """The client's quicker reader of JSON, where it is installed."""
    try:
        from elasticsearch.serializer import OrjsonSerializer

        return OrjsonSerializer()
    except ImportError:
        return None
