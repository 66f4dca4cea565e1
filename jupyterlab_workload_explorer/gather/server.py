"""The Elasticsearch that records are gathered from: requests, retries, refusals as sentences."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.exceptions import ConnectionTimeout, UnsupportedProductError

from ..elasticsearch.errors import partial_or_timeout
from .answers import TOO_LARGE
from .clusters import remote_clusters
from .problem import (
    Cancelled,
    GatherProblem,
    LostPointInTime,
    OverLimit,
    TooLarge,
    TooMuchAtOnce,
    TooSlow,
)

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
    LostPointInTime, TooMuchAtOnce, OverLimit, and, where answers are bounded, TooLarge; whatever
    may pass by itself has been tried again before.
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
        self._clusters = remote_clusters(indices)

    def open(self) -> None:
        """Open a point in time; the one before, if any, is closed."""
        self.close()
        answer = self._ask(
            "POST",
            f"/{quote(self.indices, safe=',*-+<>:')}/_pit",
            params={"keep_alive": KEEP_ALIVE},
        )
        self.point_in_time = answer["id"]
        if self._clusters:
            clusters = self.search({"size": 0}).get("_clusters", {})
            missing = sorted(self._clusters - set(clusters.get("details", {})))
            if missing:
                raise GatherProblem(
                    f"Remote clusters are not reached, or have no such index: {', '.join(missing)}."
                    " See to them, or leave them out."
                )

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

        Unless ``patient``, a refusal as too much is raised as TooMuchAtOnce, without a second try,
        and as TooSlow where the server does not answer in time.
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
                return self._once(method, path, params, body)
            except TooMuchAtOnce as problem:
                if not patient:
                    raise
                is_slow = isinstance(problem, TooSlow)
                last = "it does not answer in time" if is_slow else "it is too busy"
            except _MayPass as problem:
                last = str(problem)
            if not waits:
                raise GatherProblem(
                    f"Elasticsearch was asked {len(self._waits) + 1} times, and "
                    f"{last}. See that it runs, and run gather again: it goes on where it stopped."
                )
            if self._cancelled.wait(waits.pop(0)):
                raise Cancelled

    def _once(
        self, method: str, path: str, params: Mapping[str, Any] | None, body: Any
    ) -> Mapping[str, Any]:
        """The answer to a request; raises _MayPass and TooSlow, too."""
        try:
            answer = self._client.perform_request(
                method, path, params=params, headers=_HEADERS, body=body
            )
        except UnsupportedProductError:
            raise GatherProblem(
                "The server does not call itself Elasticsearch; gather needs Elasticsearch 8 "
                "or newer."
            ) from None
        except ApiError as error:
            raise _of_answer(error, self.indices) from None
        except ConnectionTimeout:
            raise TooSlow from None
        except TransportError as error:
            raise _MayPass(f"it cannot be reached ({type(error).__name__})") from None
        except Exception as error:
            # Its text may hold what was to be sent, and so the login.
            raise GatherProblem(
                f"The request cannot be sent ({type(error).__name__}). Check the login and the "
                "name of the index; if they are right, report a mistake of this program."
            ) from None
        if not isinstance(answer.body, Mapping):
            # Cut in its head, so that nothing of it is left.
            raise _MayPass("its answer is empty")
        _whole(answer.body)
        return answer.body


class _MayPass(Exception):
    """Why a request has failed, where the same one may be answered a moment later."""


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


def _of_answer(error: ApiError, indices: str) -> Exception:
    """What an answer of the server means."""
    status = error.meta.status
    types = _types(error)
    if status == 401:
        return GatherProblem(
            "Elasticsearch does not accept the login. Check the user and the password, the API "
            "key or the token."
        )
    if status == 403:
        return GatherProblem(
            f'This login may not read "{indices}". Ask for the right "read" on it.'
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
        return _MayPass(f"it answers {status}")
    limit = _over_limit(error.body)
    if limit is not None:
        return limit
    # Its own words may quote what nobody else is to read.
    kinds = ", ".join(sorted(types)) or "without a word"
    return GatherProblem(
        f"Elasticsearch refuses the request ({status}: {kinds}). Its log says more; a newer "
        "version of this program may ask otherwise."
    )


def _whole(answer: Mapping[str, Any]) -> None:
    """An answer of some shards, clusters or indices only is no answer."""
    refusal = partial_or_timeout(dict(answer))
    unknown = answer.get("failed_indices", 0)
    if refusal is None and not unknown:
        return
    shards = answer.get("_shards", {})
    limit = _over_limit(shards.get("failures"))
    if limit is not None:
        raise limit
    reason = None if refusal is None else refusal.reason
    if reason == "lost":
        raise LostPointInTime
    if reason in ("busy", "too-many-buckets"):
        raise TooMuchAtOnce
    if reason == "timeout":
        raise GatherProblem(
            "Elasticsearch ran out of time and gave a part of an answer. Run gather again, with a "
            "smaller --page-size."
        )
    if unknown:
        what = f"{unknown} indices or clusters did not tell what their fields are"
    elif shards.get("failed"):
        kind = (refusal.type if refusal is not None else None) or "unknown"
        what = f"{shards['failed']} of {shards.get('total')} shards did not answer ({kind})"
    else:
        what = "a remote cluster did not answer, or not in full"
    raise GatherProblem(
        f"{what[0].upper()}{what[1:]}, so records would be missing. See to the cluster's health, "
        "and run gather again."
    )


def _over_limit(failures: Any) -> OverLimit | None:
    """Which setting of an index is why something was refused, if that is why."""
    found = _SETTING.search(json.dumps(failures, default=str))
    return None if found is None else OverLimit(found.group(1))


#: How refusals name the setting of an index that a request goes beyond.
_SETTING = re.compile(r"changing the \[(index\.max_[a-z_]+)\]")


def now() -> str:
    """The time, in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
