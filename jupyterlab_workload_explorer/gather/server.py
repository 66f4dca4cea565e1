"""The Elasticsearch that records are gathered from: requests, retries, refusals as sentences."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.exceptions import ConnectionTimeout, UnsupportedProductError

from ..elasticsearch.connections import Connection, ConnectionProblem, client_options
from .answers import TOO_LARGE, BoundedNode
from .problem import Cancelled, GatherProblem, LostPointInTime, TooLarge, TooMuchAtOnce

#: How long the server keeps a point in time after each request.
KEEP_ALIVE = "5m"

#: Seconds to wait before a request is tried again, one after the other.
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)

_HEADERS = {"accept": "application/json", "content-type": "application/json"}
_BUSY = ("circuit_breaking_exception", "es_rejected_execution_exception")
_TOO_MANY = ("too_many_buckets_exception",)


class Server:
    """One connection, one index expression, and the point in time in force.

    All calls raise GatherProblem with a sentence, Cancelled once ``cancelled`` is set,
    LostPointInTime, TooMuchAtOnce, and, where answers are bounded, TooLarge; whatever may pass by
    itself has been tried again before.
    Safe to call from several threads.
    """

    def __init__(
        self,
        client: Elasticsearch,
        indices: str,
        cancelled: threading.Event,
        waits: Sequence[float] = WAITS,
    ) -> None:
        self.indices = indices
        self.point_in_time: str | None = None
        self._client = client
        self._cancelled = cancelled
        self._waits = waits

    def open(self) -> None:
        """Open a point in time; the one before, if any, is closed."""
        self.close()
        answer = self._ask(
            "POST",
            f"/{quote(self.indices, safe=',*-+<>:')}/_pit",
            params={"keep_alive": KEEP_ALIVE},
        )
        self.point_in_time = answer["id"]

    def close(self) -> None:
        """Close the point in time. Raises nothing: the server drops it by itself, later."""
        held, self.point_in_time = self.point_in_time, None
        if held is not None:
            try:
                self._client.perform_request("DELETE", "/_pit", headers=_HEADERS, body={"id": held})
            except (ApiError, TransportError):
                return

    def fields(self) -> Mapping[str, Any]:
        """The answer of ``_field_caps`` for all fields."""
        path = f"/{quote(self.indices, safe=',*-+<>:')}/_field_caps"
        answer = self._ask("GET", path, params={"fields": "*", "include_unmapped": "true"})
        if not answer.get("indices"):
            raise GatherProblem(
                f'No index matches "{self.indices}". Look at the names with GET _cat/indices.'
            )
        return answer

    def search(self, body: Mapping[str, Any], patient: bool = True) -> Mapping[str, Any]:
        """A search inside the point in time; ``body`` has neither index nor ``pit``.

        Unless ``patient``, a refusal as too much is raised as TooMuchAtOnce, without a second try.
        """
        held = self.point_in_time
        if held is None:
            raise LostPointInTime
        answer = self._ask(
            "POST",
            "/_search",
            body={"track_total_hits": False, **body, "pit": {"id": held, "keep_alive": KEEP_ALIVE}},
            patient=patient,
        )
        return answer

    def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        patient: bool = True,
    ) -> Mapping[str, Any]:
        waits = list(self._waits)
        while True:
            if self._cancelled.is_set():
                raise Cancelled
            try:
                answer = self._client.perform_request(
                    method, path, params=params, headers=_HEADERS, body=body
                )
                if not isinstance(answer.body, Mapping):
                    # Cut in its head, so that nothing of it is left.
                    raise TransportError("an empty answer")
                _whole(answer.body)
                return answer.body
            except UnsupportedProductError:
                raise GatherProblem(
                    "The server does not call itself Elasticsearch; gather needs Elasticsearch 8 "
                    "or newer."
                ) from None
            except ApiError as error:
                problem = _of_answer(error, self.indices)
                busy = isinstance(problem, TooMuchAtOnce)
                if problem is not None and not (busy and patient):
                    raise problem from None
                last = "it is too busy" if busy else f"it answers {error.meta.status}"
            except TooMuchAtOnce:
                if not patient:
                    raise
                last = "it is too busy"
            except ConnectionTimeout:
                last = "it does not answer in time"
            except TransportError as error:
                last = f"it cannot be reached ({type(error).__name__})"
            if not waits:
                raise GatherProblem(
                    f"Elasticsearch was asked {len(self._waits) + 1} times, and "
                    f"{last}. See that it runs, and run gather again: it goes on where it stopped."
                )
            if self._cancelled.wait(waits.pop(0)):
                raise Cancelled


def _types(error: ApiError) -> set[str]:
    """Types of an error and its causes."""
    body = error.body if isinstance(error.body, Mapping) else {}
    found: set[str] = set()
    pending: list[Any] = [body.get("error")]
    while pending:
        one = pending.pop()
        if not isinstance(one, Mapping):
            continue
        if isinstance(one.get("type"), str):
            found.add(one["type"])
        pending.extend([*one.get("root_cause", ()), one.get("caused_by")])
        for shard in one.get("failed_shards", ()):
            pending.append(shard.get("reason") if isinstance(shard, Mapping) else None)
    return found


def _of_answer(error: ApiError, indices: str) -> Exception | None:
    """What an answer of the server means; ``None`` where trying again may help."""
    status = error.meta.status
    types = _types(error)
    if status == 401:
        return GatherProblem(
            "Elasticsearch does not accept the login. Check the user and the password, the API "
            "key or the token."
        )
    if status == 403:
        return GatherProblem(
            f'This login may not read "{indices}". Ask for the right "read" and '
            '"view_index_metadata" on it.'
        )
    if "search_context_missing_exception" in types:
        return LostPointInTime()
    if status == TOO_LARGE:
        return TooLarge()
    if status == 429 or types & {*_BUSY, *_TOO_MANY}:
        return TooMuchAtOnce()
    if status == 404:
        return GatherProblem(
            f'There is no index "{indices}". Look at the names with GET _cat/indices.'
        )
    if status in (408, 502, 503, 504):
        return None
    # Its own words may quote what nobody else is to read.
    kinds = ", ".join(sorted(types)) or "without a word"
    return GatherProblem(
        f"Elasticsearch refuses the request ({status}: {kinds}). Its log says more; a newer "
        "version of this program may ask otherwise."
    )


def _whole(answer: Mapping[str, Any]) -> None:
    """An answer of some shards only is no answer."""
    if answer.get("timed_out"):
        raise GatherProblem(
            "Elasticsearch ran out of time and gave a part of an answer. Run gather again, with a "
            "smaller --page-size."
        )
    shards = answer.get("_shards", {})
    if shards.get("failed", 0) > 0:
        failures = shards.get("failures") or [{}]
        reason = failures[0].get("reason", {})
        if reason.get("type") == "search_context_missing_exception":
            raise LostPointInTime
        if reason.get("type") in _BUSY:
            raise TooMuchAtOnce
        raise GatherProblem(
            f"{shards['failed']} of {shards.get('total')} shards did not answer "
            f"({reason.get('type', 'unknown')}), so records would be missing. "
            "See to the cluster's health, and run gather again."
        )


def connect(url: str | None, connection: Connection | None, time_limit: float | None) -> Any:
    """A client of a connection, or of a URL with the login of the environment.

    ``ELASTICSEARCH_USER`` and ``ELASTICSEARCH_PASSWORD``, ``ELASTICSEARCH_API_KEY`` or
    ``ELASTICSEARCH_BEARER_TOKEN``, and ``ELASTICSEARCH_CA_CERTIFICATE`` go with a URL. Raises
    GatherProblem.
    """
    if connection is not None:
        try:
            options = client_options(connection)
        except ConnectionProblem as problem:
            raise GatherProblem(str(problem)) from None
    else:
        assert url is not None
        options = {"hosts": _hosts(url), "request_timeout": 60.0, **_login()}
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
    except (ValueError, OSError) as error:
        raise GatherProblem(
            f"The connection cannot be made ({type(error).__name__}). Give a URL such as "
            "https://host:9200, and a certificate that can be read."
        ) from None


def _hosts(url: str) -> list[str]:
    hosts = []
    for one in url.split(","):
        parts = urlsplit(one.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise GatherProblem("A URL starts with http:// or https:// and names a host.")
        if parts.username or parts.password:
            raise GatherProblem(
                "A login does not belong into the URL, where others can see it. Set "
                "ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or ELASTICSEARCH_API_KEY."
            )
        try:
            port = parts.port or (443 if parts.scheme == "https" else 9200)
        except ValueError:
            raise GatherProblem("The port of the URL is no number.") from None
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        hosts.append(f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}")
    return hosts


def _login() -> dict[str, Any]:
    given = {name: os.environ.get(f"ELASTICSEARCH_{name}") for name in _LOGINS}
    options: dict[str, Any] = {}
    if given["API_KEY"]:
        options["api_key"] = given["API_KEY"]
    elif given["BEARER_TOKEN"]:
        options["bearer_auth"] = given["BEARER_TOKEN"]
    elif given["USER"]:
        options["basic_auth"] = (given["USER"], given["PASSWORD"] or "")
    if given["CA_CERTIFICATE"]:
        options["ca_certs"] = given["CA_CERTIFICATE"]
    return options


_LOGINS = ("USER", "PASSWORD", "API_KEY", "BEARER_TOKEN", "CA_CERTIFICATE")


def _orjson() -> Any:
    """The client's quicker reader of JSON, where it is installed."""
    try:
        from elasticsearch.serializer import OrjsonSerializer

        return OrjsonSerializer()
    except ImportError:
        return None


def now() -> str:
    """The time, in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
