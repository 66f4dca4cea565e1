"""The closed schema of what the gateway passes on to Elasticsearch.

A free body cannot hold an allowlist: scripts, runtime fields, lookups of terms in another index and
much else may stand anywhere in it. So a body is checked key by key, and what is not named here is
refused. These are the queries and aggregations that the panel's planner emits.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .checks import (
    Check,
    boolean,
    by_name,
    check_field,
    integer,
    like,
    list_of,
    not_passed_on,
    number,
    object_of,
    of_field,
    one_of,
    one_or_more,
    only_one,
    scalar,
    scalar_or,
    scalars,
    text,
)
from .refusal import Refusal, refused

#: Bytes of a request: room for a list of 65,536 terms of 60 characters each.
LARGEST_BODY = 4 << 20

MAX_AGGREGATION_DEPTH = 4
MAX_QUERY_DEPTH = 12
#: Queries and aggregations in one body.
MAX_NODES = 2_000
MAX_BUCKETS = 65_536
MAX_TERMS = 65_536
MAX_HITS = 10_000
#: Documents of an answer that come as they are stored, of any length: samples to look at.
MAX_SOURCES = 100
MAX_FIELDS = 200


def parse_body(raw: bytes) -> dict[str, Any]:
    """A request's JSON object. Raises Refusal."""
    if len(raw) > LARGEST_BODY:
        raise Refusal(
            413,
            "refused",
            f"The request is longer than {LARGEST_BODY >> 20} MiB. Ask for fewer terms at a time.",
        )

    def no_constant(name: str) -> Any:
        raise refused(f"{name} is no JSON. Send a number.")

    def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # Of two equal keys Elasticsearch might read the other one.
        entries = dict(pairs)
        if len(entries) != len(pairs):
            raise refused("A key stands twice in one object. Send it once.")
        return entries

    try:
        # As UTF-8 and nothing else: from bytes, the parser takes other encodings, too.
        text = raw.decode()
        body = json.loads(text, parse_constant=no_constant, object_pairs_hook=no_twins)
        if _SURROGATE.search(text):
            # Half a character, which no document holds and no answer could repeat.
            dump(body)
    except UnicodeEncodeError:
        raise refused(
            "The request holds half a character (a surrogate by itself). Take it out."
        ) from None
    except (ValueError, RecursionError):
        raise refused("The request is not JSON. Report a mistake of Workload Explorer.") from None
    if not isinstance(body, dict):
        raise refused("The request is no JSON object. Report a mistake of Workload Explorer.")
    return body


def dump(body: dict[str, Any]) -> bytes:
    """A body as it is sent. Raises UnicodeEncodeError where it holds half characters."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

_ZONE = like(r"[A-Za-z0-9_+:/-]{1,64}", "time zone")
_FORMAT = like(r"[A-Za-z0-9_ .,:'|/#+-]{1,100}", "format")
_DIRECTION = one_of("asc", "desc")
_MISSING = one_of("first", "last", "default")
_FIXED = like(r"[0-9]{1,9}(ms|s|m|h|d)", "interval")
_CALENDAR = like(r"1[smhdwMqy]|second|minute|hour|day|week|month|quarter|year", "interval")

_RANGE = object_of(
    dict.fromkeys(("gte", "gt", "lte", "lt"), scalar) | {"format": _FORMAT, "time_zone": _ZONE}
)


class _Body:
    """One body's check: counts nodes, and knows how deep it is."""

    def __init__(self, page_size: int | None = None) -> None:
        self._nodes = 0
        self._depth = 0
        buckets = integer(1, MAX_BUCKETS)
        page = _page(1, MAX_BUCKETS, page_size)
        self._clauses: dict[str, Check] = {
            "match_all": object_of({}),
            "bool": object_of(
                {key: one_or_more(self.query) for key in ("filter", "must", "must_not", "should")}
                | {"minimum_should_match": integer(0, 1024)}
            ),
            "term": of_field(scalar_or(object_of({"value": scalar}, "value"))),
            "terms": of_field(scalars(MAX_TERMS)),
            "range": of_field(_RANGE),
            "exists": object_of({"field": check_field}, "field"),
            "prefix": of_field(scalar_or(object_of({"value": text}, "value"))),
        }
        field = {"field": check_field}
        metric = object_of(field | {"missing": scalar}, "field")
        dates = field | {
            "fixed_interval": _FIXED,
            "calendar_interval": _CALENDAR,
            "time_zone": _ZONE,
            "format": _FORMAT,
        }
        ordered = {"missing_bucket": boolean, "missing_order": _MISSING, "order": _DIRECTION}
        source = only_one(
            {
                "terms": object_of(field | ordered | {"format": _FORMAT}, "field"),
                "date_histogram": object_of(dates | ordered, "field"),
            }
        )
        self._aggregations: dict[str, Check] = {
            "composite": object_of(
                {
                    "size": page,
                    "sources": list_of(by_name(source, 1), 32, 1),
                    "after": by_name(scalar),
                },
                "sources",
            ),
            "terms": object_of(
                field
                | {
                    "size": buckets,
                    "shard_size": buckets,
                    "order": one_or_more(by_name(_DIRECTION, 1)),
                    "min_doc_count": integer(0, 2**31 - 1),
                    # A text would be a pattern, which may take for ever.
                    "include": _include,
                    "missing": scalar,
                },
                "field",
            ),
            "cardinality": object_of(field | {"precision_threshold": integer(0, 40_000)}, "field"),
            **dict.fromkeys(("min", "max", "sum", "avg", "value_count", "stats"), metric),
            "missing": object_of(field, "field"),
            "date_histogram": object_of(dates | {"min_doc_count": integer(0, 2**31 - 1)}, "field"),
            "histogram": object_of(
                field | {"interval": number, "min_doc_count": integer(0, 2**31 - 1)},
                "field",
                "interval",
            ),
            "range": object_of(
                field
                | {
                    "ranges": list_of(object_of({"from": scalar, "to": scalar, "key": text}), 1024),
                    "keyed": boolean,
                },
                "field",
                "ranges",
            ),
            "filter": self.query,
            "filters": object_of({"filters": by_name(self.query, 1024)}, "filters"),
        }

    def _count(self, place: str) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise not_passed_on(place, f"is more than the {MAX_NODES} parts of a request")

    def query(self, value: Any, place: str) -> None:
        self._count(place)
        self._depth += 1
        if self._depth > MAX_QUERY_DEPTH:
            raise not_passed_on(place, "is nested too deep")
        only_one(self._clauses)(value, place)
        self._depth -= 1

    def aggregations(self, value: Any, place: str, depth: int = 1) -> None:
        if depth > MAX_AGGREGATION_DEPTH:
            raise not_passed_on(place, "is nested too deep")
        by_name(lambda entry, at: self._aggregation(entry, at, depth))(value, place)

    def _aggregation(self, value: Any, place: str, depth: int) -> None:
        self._count(place)
        if not isinstance(value, dict):
            raise not_passed_on(place, "is no object")
        inner = [key for key in ("aggs", "aggregations") if key in value]
        if len(inner) > 1:
            raise not_passed_on(place, "has aggregations under two names")
        for key in inner:
            self.aggregations(value[key], f"{place}.{key}", depth + 1)
        own = {key: entry for key, entry in value.items() if key not in inner}
        only_one(self._aggregations)(own, place)


def _page(low: int, high: int, page_size: int | None) -> Check:
    whole = integer(low, high)

    def check(value: Any, place: str) -> None:
        whole(value, place)
        if page_size is not None and value > page_size:
            raise not_passed_on(place, f"is more than {page_size}, this connection's page size")

    return check


def _include(value: Any, place: str) -> None:
    if isinstance(value, dict):
        count = integer(1, 100_000)
        object_of({"partition": integer(0, 100_000), "num_partitions": count})(value, place)
    else:
        scalars(MAX_TERMS)(value, place)


def _source(value: Any, place: str) -> None:
    if not isinstance(value, bool):
        list_of(check_field, MAX_FIELDS)(value, place)


def _doc_value(value: Any, place: str) -> None:
    if isinstance(value, dict):
        object_of({"field": check_field, "format": _FORMAT}, "field")(value, place)
    else:
        check_field(value, place)


def _slice(value: Any, place: str) -> None:
    object_of({"id": integer(0, 1023), "max": integer(2, 1024)}, "id", "max")(value, place)
    if value["id"] >= value["max"]:
        raise not_passed_on(place, "has an id that is not below its max")


_SORT = of_field(
    lambda value, place: (
        object_of({"order": _DIRECTION, "format": _FORMAT, "missing": one_of("_first", "_last")})
        if isinstance(value, dict)
        else _DIRECTION
    )(value, place)
)


def check_query(query: Any) -> None:
    """Check a query by itself. Raises Refusal."""
    _Body().query(query, "query")


def check_search(body: dict[str, Any], page_size: int | None = None) -> str:
    """Check a search body, and give the handle of its point in time. Raises Refusal.

    No page has more than ``page_size`` hits or buckets of a composite aggregation.
    """
    parts = _Body(page_size)
    handle = like(r"[A-Za-z0-9_-]{10,100}", "handle of a point in time")
    object_of(
        {
            "size": _page(0, MAX_HITS, page_size),
            "track_total_hits": boolean,
            "pit": object_of({"id": handle}, "id"),
            "query": parts.query,
            "sort": list_of(_SORT, 8),
            "search_after": scalars(8, 1),
            "slice": _slice,
            "_source": _source,
            "docvalue_fields": list_of(_doc_value, MAX_FIELDS),
            "aggs": parts.aggregations,
            "aggregations": parts.aggregations,
            "timeout": like(r"[0-9]{1,6}(ms|s|m)", "time limit"),
        },
        "pit",
    )(body, "search")
    if "aggs" in body and "aggregations" in body:
        raise not_passed_on("search", "has aggregations under two names")
    # Elasticsearch gives sources unless it is told not to, and ten hits.
    if body.get("_source", True) is not False and body.get("size", 10) > MAX_SOURCES:
        raise not_passed_on("search", f"asks for more than {MAX_SOURCES} whole documents")
    return body["pit"]["id"]


def check_request(body: dict[str, Any], *allowed: str) -> None:
    """Check that a body of one of our own forms has no other keys. Raises Refusal."""
    for key in body:
        if key not in allowed:
            raise not_passed_on("The request", f'holds "{key[:60]}", which is not passed on')
