"""What Elasticsearch and its client say when something goes wrong, as answers of the gateway.

Their own texts quote addresses, requests and values, so none is passed on: an error's type, its
status and known words in it choose one of the sentences below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .refusal import Refusal

#: Elasticsearch's names of errors; anything else that calls itself a type is not passed on.
_TYPE = re.compile(r"[a-z][a-z0-9_]{2,80}")

_LOST = ("search_context_missing_exception", "no_such_remote_cluster_exception")
_BUCKETS = ("too_many_buckets_exception",)
_BUSY = (
    "circuit_breaking_exception",
    "es_rejected_execution_exception",
    "rejected_execution_exception",
    "too_many_scroll_contexts_exception",
)
_UNAVAILABLE = (
    "cluster_block_exception",
    "master_not_discovered_exception",
    "no_node_available_exception",
    "node_closed_exception",
    "node_disconnected_exception",
    "node_not_connected_exception",
    "no_shard_available_action_exception",
    "unavailable_shards_exception",
)
_TIMEOUT = (
    "elasticsearch_timeout_exception",
    "receive_timeout_transport_exception",
    "task_cancelled_exception",
    "time_exceeded_exception",
)

#: Words of Elasticsearch about fields that are mapped otherwise than a request needs them.
_MAPPING = re.compile(
    r"Fielddata is disabled|Text fields are not optimi[sz]ed|incompatible types|"
    r"existed as two different types|is not supported for aggregation|"
    r"Field \[[^]]*\] of type \[[^]]*\]|Expected numeric type|unsupported_? ?type|"
    r"Can't load fielddata|Cannot use field \[|No mapping found for",
    re.IGNORECASE,
)

#: Words of Elasticsearch about a page with more documents than `index.max_result_window` allows.
_WINDOW = "Result window is too large"

MESSAGES: dict[str, tuple[int, str]] = {
    "denied": (
        403,
        "Elasticsearch does not let this connection do that. "
        "Ask for the right to read the indices, and correct the connection.",
    ),
    # A 401 of ours would tell JupyterLab that its own login is gone.
    "unauthorized": (
        502,
        "Elasticsearch does not accept the credentials of this connection. "
        "Renew the key or the password, and correct where the connection reads it from.",
    ),
    "not-found": (404, "Elasticsearch has no such index any more. List the indices again."),
    "too-many-buckets": (
        400,
        "The answer has more buckets than Elasticsearch allows. Ask for smaller pages, or filter.",
    ),
    "too-large": (
        400,
        "The answer of Elasticsearch is too large to be looked at before it is passed on. "
        "Ask for smaller pages, or for fewer fields.",
    ),
    "busy": (
        429,
        "Elasticsearch has too little memory or too much to do for this request. "
        "Ask for smaller pages, or try again in a while.",
    ),
    "lost": (
        404,
        "Elasticsearch no longer keeps this point in time. Open another one and go on from there.",
    ),
    "unreachable": (
        502,
        "No node of Elasticsearch answers. Try again; if that does not help, check the addresses "
        "of the connection and whether the server runs.",
    ),
    "certificate": (
        502,
        "The certificate of Elasticsearch does not fit the connection. "
        "Correct the CA certificate or the address in the connection.",
    ),
    "timeout": (
        504,
        "Elasticsearch did not answer within the time limit of the connection. "
        "Ask for a shorter period or smaller pages, or raise the limit.",
    ),
    "partial": (
        502,
        "Some shards of the indices failed, so the answer would have lacked records. "
        "Try again; if that does not help, ask those who run Elasticsearch.",
    ),
    "mapping": (
        400,
        "A field has a type that cannot be used that way, or different types in different indices. "
        "Choose another field, such as its keyword sub-field, or fewer indices.",
    ),
    "invalid": (
        400,
        "Elasticsearch does not accept this request. Check the fields and the values of filters; "
        "if they are right, report a mistake of Workload Explorer.",
    ),
    "closed": (
        404,
        "An index is closed, so it cannot be searched. Have it opened, or leave it out: a pattern "
        "passes over closed indices.",
    ),
    "product": (
        502,
        "The server at this address does not say that it is Elasticsearch. OpenSearch and other "
        "servers are not supported by the connection; give the address of an Elasticsearch.",
    ),
}


def refusal_for(code: str, type: str | None = None) -> Refusal:  # noqa: A002
    """The answer with a code of ``MESSAGES``."""
    status, message = MESSAGES[code]
    reason = {"certificate": "unreachable", "closed": "not-found"}.get(code, code)
    return Refusal(status, reason, message, type)


def partial_or_timeout(answer: dict[str, Any]) -> Refusal | None:
    """What is wrong with an answer that came with status 200; ``None`` where it is whole.

    An answer that timed out, or that lacks a shard or a remote cluster, would be a wrong one.
    """
    if answer.get("timed_out"):
        return refusal_for("timeout")
    clusters = answer.get("_clusters")
    if isinstance(clusters, dict) and any(
        clusters.get(state) for state in ("skipped", "partial", "failed")
    ):
        return refusal_for("partial")
    shards = answer.get("_shards")
    if isinstance(clusters, dict) and clusters.get("running") and not _all_answered(shards):
        return refusal_for("partial")
    failures = shards.get("failures", []) if isinstance(shards, dict) else []
    if (isinstance(shards, dict) and shards.get("failed")) or answer.get("is_partial"):
        refusal = from_status(200, {"error": {"failed_shards": failures}})
        if refusal.reason in ("busy", "lost", "mapping", "timeout", "too-many-buckets"):
            return refusal
        return refusal_for("partial", refusal.type)
    return None


def _all_answered(shards: Any) -> bool:
    """Whether all shards did.

    Elasticsearch 8.19 may still call clusters running of which all shards are in the answer: it
    writes down that they have ended a little later than it adds up.
    """
    return isinstance(shards, dict) and shards.get("total", 0) == shards.get("successful") != 0


def from_status(status: int, body: Any) -> Refusal:
    """The answer to an error that Elasticsearch gave, from its status and parsed body."""
    causes = list(_causes(body))
    types = [name for name, _ in causes]
    first = types[0] if types else None

    def known(names: tuple[str, ...]) -> str | None:
        return next((name for name in types if name in names), None)

    for names, code in (
        (_BUCKETS, "too-many-buckets"),
        (_LOST, "lost"),
        (_BUSY, "busy"),
        (_TIMEOUT, "timeout"),
    ):
        if found := known(names):
            return refusal_for(code, found)
    if status in (401, 403):
        return refusal_for("unauthorized" if status == 401 else "denied", first)
    if found := known(("index_closed_exception",)):
        return refusal_for("closed", found)
    if found := known(("index_not_found_exception",)):
        return refusal_for("not-found", found)
    if any(_WINDOW in text for _, text in causes):
        return refusal_for("too-large", first)
    if status == 429:
        return refusal_for("busy", first)
    if 300 <= status < 400:
        return refusal_for("unreachable")
    if status in (408, 504):
        return refusal_for("timeout", first)
    if any(_MAPPING.search(text) for _, text in causes):
        return refusal_for("mapping", first)
    if found := known(_UNAVAILABLE):
        return refusal_for("unreachable", found)
    if status in (502, 503):
        # Without a type it was a proxy that answered, not a node.
        return refusal_for("partial" if types else "unreachable", first)
    if status == 404:
        return refusal_for("not-found", first)
    if 400 <= status < 500:
        return refusal_for("invalid", first)
    return refusal_for("partial", first)


def from_exception(error: Exception) -> Refusal:
    """The answer to an exception of the client; what is none is raised again."""
    from elastic_transport import (
        ApiError,
        ConnectionError,  # noqa: A004 - the client's name
        ConnectionTimeout,
        SerializationError,
        TlsError,
        TransportError,
    )
    from elasticsearch import UnsupportedProductError

    if isinstance(error, UnsupportedProductError):
        return refusal_for("product")
    if isinstance(error, ApiError):
        return from_status(error.meta.status, _parsed(error.body))
    if isinstance(error, ConnectionTimeout | TimeoutError):
        return refusal_for("timeout")
    if isinstance(error, TlsError):
        return refusal_for("certificate")
    if isinstance(error, ConnectionError | SerializationError | TransportError):
        return refusal_for("unreachable")
    raise error


def _parsed(body: Any) -> Any:
    if isinstance(body, bytes | str):
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            return None
    return body


def _causes(body: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Types and texts of an error and of what caused it, outermost first."""
    if depth > 12:
        return
    if isinstance(body, list):
        for entry in body[:20]:
            yield from _causes(entry, depth + 1)
    elif isinstance(body, dict):
        type, reason = body.get("type"), body.get("reason")  # noqa: A001
        if isinstance(type, str) and _TYPE.fullmatch(type):
            yield type, reason if isinstance(reason, str) else ""
        # A failed shard has its error under "reason".
        for key in ("error", "root_cause", "reason", "caused_by", "failed_shards", "suppressed"):
            if isinstance(body.get(key), dict | list):
                yield from _causes(body[key], depth + 1)
