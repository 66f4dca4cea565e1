"""The closed schema of what the gateway passes on to Elasticsearch.

A free body cannot hold an allowlist: scripts, runtime fields, lookups of terms in another index and
much else may stand anywhere in it. So a body is checked key by key, and what is not named here is
refused. These are the queries and aggregations that the panel's planner emits.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from .refusal import refused

#: Bytes of a request; the longest one is a list of 65,536 terms.
LARGEST_BODY = 16 << 20

MAX_AGGREGATION_DEPTH = 4
MAX_QUERY_DEPTH = 12
#: Queries and aggregations in one body.
MAX_NODES = 2_000
MAX_BUCKETS = 65_536
MAX_TERMS = 65_536
MAX_HITS = 10_000
MAX_FIELDS = 200
MAX_TEXT = 32_766

#: Checks a value at a place; raises Refusal.
Check = Callable[[Any, str], None]


def parse_body(raw: bytes) -> dict[str, Any]:
    """A request's JSON object. Raises Refusal."""
    if len(raw) > LARGEST_BODY:
        raise refused("The request is too long. Ask for fewer terms at a time.")

    def no_constant(name: str) -> Any:
        raise refused(f"{name} is no JSON. Send a number.")

    def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # Of two equal keys Elasticsearch might read the other one.
        entries = dict(pairs)
        if len(entries) != len(pairs):
            raise refused("A key stands twice in one object. Send it once.")
        return entries

    try:
        body = json.loads(raw, parse_constant=no_constant, object_pairs_hook=no_twins)
    except (ValueError, RecursionError):
        raise refused("The request is not JSON. Report a mistake of Workload Explorer.") from None
    if not isinstance(body, dict):
        raise refused("The request is no JSON object. Report a mistake of Workload Explorer.")
    return body


def _no(place: str, what: str) -> Exception:
    return refused(
        f"{place} {what}. The gateway passes on only what the panel asks; "
        "change the question, or report a mistake of Workload Explorer."
    )


def _text(value: Any, place: str) -> None:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise _no(place, "is no text, or too long a one")


def _scalar(value: Any, place: str) -> None:
    if value is None or isinstance(value, bool | int):
        return
    if isinstance(value, float):
        if math.isfinite(value):
            return
        raise _no(place, "is no finite number")
    _text(value, place)


def _number(value: Any, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _no(place, "is no number")


def _boolean(value: Any, place: str) -> None:
    if not isinstance(value, bool):
        raise _no(place, "is neither true nor false")


def _integer(low: int, high: int) -> Check:
    def check(value: Any, place: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise _no(place, f"is no whole number from {low} to {high}")

    return check


def _one_of(*values: str) -> Check:
    def check(value: Any, place: str) -> None:
        if value not in values or not isinstance(value, str):
            raise _no(place, f"is none of {', '.join(values)}")

    return check


def _like(pattern: str, what: str) -> Check:
    compiled = re.compile(pattern)

    def check(value: Any, place: str) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise _no(place, f"is no {what}")

    return check


def _list(check: Check, high: int, low: int = 0) -> Check:
    def check_list(value: Any, place: str) -> None:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise _no(place, f"is no list of {low} to {high} entries")
        for index, entry in enumerate(value):
            check(entry, f"{place}[{index}]")

    return check_list


def _object(keys: Mapping[str, Check], *required: str) -> Check:
    def check(value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise _no(place, "is no object")
        for key, entry in value.items():
            if key not in keys:
                raise _no(place, f'holds "{key[:60]}", which is not passed on')
            keys[key](entry, f"{place}.{key}")
        for key in required:
            if key not in value:
                raise _no(place, f'lacks "{key}"')

    return check


def check_field(value: Any, place: str) -> None:
    """The name of one field: no pattern, no control characters. Raises Refusal."""
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= 512
        or "*" in value
        or not value.isprintable()
    ):
        raise _no(place, "is no name of a field")


def _by_name(check: Check, high: int = 64) -> Check:
    """An object with names that the planner chose."""

    def check_named(value: Any, place: str) -> None:
        if not isinstance(value, dict) or not 0 < len(value) <= high:
            raise _no(place, f"is no object of 1 to {high} entries")
        for name, entry in value.items():
            if not 0 < len(name) <= 512 or not name.isprintable() or re.search(r"[\[\]>]", name):
                raise _no(place, "has an entry with a name that is not possible")
            check(entry, f"{place}.{name[:60]}")

    return check_named


def _of_field(check: Check) -> Check:
    """``{field: …}`` with one field."""

    def check_one(value: Any, place: str) -> None:
        if not isinstance(value, dict) or len(value) != 1:
            raise _no(place, "does not name one field")
        name, entry = next(iter(value.items()))
        check_field(name, place)
        check(entry, place)

    return check_one


def _scalar_or(check: Check) -> Check:
    def check_either(value: Any, place: str) -> None:
        (check if isinstance(value, dict) else _scalar)(value, place)

    return check_either


def _one_or_more(check: Check) -> Check:
    many = _list(check, 1024)

    def check_either(value: Any, place: str) -> None:
        (many if isinstance(value, list) else check)(value, place)

    return check_either


_ZONE = _like(r"[A-Za-z0-9_+:/-]{1,64}", "time zone")
_FORMAT = _like(r"[A-Za-z0-9_ .,:'|/#+-]{1,100}", "format")
_DIRECTION = _one_of("asc", "desc")
_MISSING = _one_of("first", "last", "default")
_FIXED = _like(r"[0-9]{1,9}(ms|s|m|h|d)", "interval")
_CALENDAR = _like(r"1[smhdwMqy]|second|minute|hour|day|week|month|quarter|year", "interval")

_RANGE = _object(
    dict.fromkeys(("gte", "gt", "lte", "lt"), _scalar) | {"format": _FORMAT, "time_zone": _ZONE}
)


class _Body:
    """One body's check: counts nodes, and knows how deep it is."""

    def __init__(self) -> None:
        self._nodes = 0
        self._depth = 0
        buckets = _integer(1, MAX_BUCKETS)
        self._clauses: dict[str, Check] = {
            "match_all": _object({}),
            "bool": _object(
                {key: _one_or_more(self.query) for key in ("filter", "must", "must_not", "should")}
                | {"minimum_should_match": _integer(0, 1024)}
            ),
            "term": _of_field(_scalar_or(_object({"value": _scalar}, "value"))),
            "terms": _of_field(_list(_scalar, MAX_TERMS)),
            "range": _of_field(_RANGE),
            "exists": _object({"field": check_field}, "field"),
            "prefix": _of_field(_scalar_or(_object({"value": _text}, "value"))),
        }
        field = {"field": check_field}
        metric = _object(field | {"missing": _scalar}, "field")
        dates = field | {
            "fixed_interval": _FIXED,
            "calendar_interval": _CALENDAR,
            "time_zone": _ZONE,
            "format": _FORMAT,
        }
        ordered = {"missing_bucket": _boolean, "missing_order": _MISSING, "order": _DIRECTION}
        source = _only_one(
            {
                "terms": _object(field | ordered | {"format": _FORMAT}, "field"),
                "date_histogram": _object(dates | ordered, "field"),
            }
        )
        self._aggregations: dict[str, Check] = {
            "composite": _object(
                {
                    "size": buckets,
                    "sources": _list(_by_name(source, 1), 32, 1),
                    "after": _by_name(_scalar),
                },
                "sources",
            ),
            "terms": _object(
                field
                | {
                    "size": buckets,
                    "shard_size": buckets,
                    "order": _one_or_more(_by_name(_DIRECTION, 1)),
                    "min_doc_count": _integer(0, 2**31 - 1),
                    # A text would be a pattern, which may take for ever.
                    "include": _include,
                    "missing": _scalar,
                },
                "field",
            ),
            "cardinality": _object(field | {"precision_threshold": _integer(0, 40_000)}, "field"),
            **dict.fromkeys(("min", "max", "sum", "avg", "value_count", "stats"), metric),
            "missing": _object(field, "field"),
            "date_histogram": _object(dates | {"min_doc_count": _integer(0, 2**31 - 1)}, "field"),
            "histogram": _object(
                field | {"interval": _number, "min_doc_count": _integer(0, 2**31 - 1)},
                "field",
                "interval",
            ),
            "range": _object(
                field
                | {
                    "ranges": _list(_object({"from": _scalar, "to": _scalar, "key": _text}), 1024),
                    "keyed": _boolean,
                },
                "field",
                "ranges",
            ),
            "filter": self.query,
            "filters": _object({"filters": _by_name(self.query, 1024)}, "filters"),
        }

    def _count(self, place: str) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _no(place, f"is more than the {MAX_NODES} parts of a request")

    def query(self, value: Any, place: str) -> None:
        self._count(place)
        self._depth += 1
        if self._depth > MAX_QUERY_DEPTH:
            raise _no(place, "is nested too deep")
        _only_one(self._clauses)(value, place)
        self._depth -= 1

    def aggregations(self, value: Any, place: str, depth: int = 1) -> None:
        if depth > MAX_AGGREGATION_DEPTH:
            raise _no(place, "is nested too deep")
        _by_name(lambda entry, at: self._aggregation(entry, at, depth))(value, place)

    def _aggregation(self, value: Any, place: str, depth: int) -> None:
        self._count(place)
        if not isinstance(value, dict):
            raise _no(place, "is no object")
        inner = [key for key in ("aggs", "aggregations") if key in value]
        if len(inner) > 1:
            raise _no(place, "has aggregations under two names")
        for key in inner:
            self.aggregations(value[key], f"{place}.{key}", depth + 1)
        own = {key: entry for key, entry in value.items() if key not in inner}
        _only_one(self._aggregations)(own, place)


def _only_one(kinds: Mapping[str, Check]) -> Check:
    """``{kind: …}`` with one of the kinds."""

    def check(value: Any, place: str) -> None:
        if not isinstance(value, dict) or len(value) != 1:
            raise _no(place, "does not have one kind")
        kind, entry = next(iter(value.items()))
        if kind not in kinds:
            raise _no(place, f'is "{kind[:60]}", which is not passed on')
        kinds[kind](entry, f"{place}.{kind}")

    return check


def _include(value: Any, place: str) -> None:
    if isinstance(value, dict):
        count = _integer(1, 100_000)
        _object({"partition": _integer(0, 100_000), "num_partitions": count})(value, place)
    else:
        _list(_scalar, MAX_TERMS)(value, place)


def _source(value: Any, place: str) -> None:
    if not isinstance(value, bool):
        _list(check_field, MAX_FIELDS)(value, place)


def _doc_value(value: Any, place: str) -> None:
    if isinstance(value, dict):
        _object({"field": check_field, "format": _FORMAT}, "field")(value, place)
    else:
        check_field(value, place)


def _slice(value: Any, place: str) -> None:
    _object({"id": _integer(0, 1023), "max": _integer(2, 1024)}, "id", "max")(value, place)
    if value["id"] >= value["max"]:
        raise _no(place, "has an id that is not below its max")


_SORT = _of_field(
    lambda value, place: (
        _object({"order": _DIRECTION, "format": _FORMAT, "missing": _one_of("_first", "_last")})
        if isinstance(value, dict)
        else _DIRECTION
    )(value, place)
)


def check_query(query: Any) -> None:
    """Check a query by itself. Raises Refusal."""
    _Body().query(query, "query")


def check_search(body: dict[str, Any]) -> str:
    """Check a search body, and give the handle of its point in time. Raises Refusal."""
    parts = _Body()
    handle = _like(r"[A-Za-z0-9_-]{10,100}", "handle of a point in time")
    _object(
        {
            "size": _integer(0, MAX_HITS),
            "track_total_hits": _boolean,
            "pit": _object({"id": handle}, "id"),
            "query": parts.query,
            "sort": _list(_SORT, 8),
            "search_after": _list(_scalar, 8, 1),
            "slice": _slice,
            "_source": _source,
            "docvalue_fields": _list(_doc_value, MAX_FIELDS),
            "aggs": parts.aggregations,
            "aggregations": parts.aggregations,
            "timeout": _like(r"[0-9]{1,6}(ms|s|m)", "time limit"),
        },
        "pit",
    )(body, "search")
    if "aggs" in body and "aggregations" in body:
        raise _no("search", "has aggregations under two names")
    return body["pit"]["id"]


def check_request(body: dict[str, Any], *allowed: str) -> None:
    """Check that a body of one of our own forms has no other keys. Raises Refusal."""
    for key in body:
        if key not in allowed:
            raise _no("The request", f'holds "{key[:60]}", which is not passed on')
