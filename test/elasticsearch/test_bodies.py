"""The closed schema: all that the planner emits passes, nothing else, wherever it stands."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_workload_explorer.elasticsearch.bodies import check_query, check_search, parse_body
from jupyterlab_workload_explorer.elasticsearch.esql import count_by, quote_field
from jupyterlab_workload_explorer.elasticsearch.refusal import Refusal

SIZES = json.loads((Path(__file__).parents[1] / "sizes.json").read_text())

HANDLE = "abcdefghijklmnop_-0123"

QUERY = {
    "bool": {
        "filter": [
            {"term": {"user": "ada"}},
            {"term": {"job": {"value": 7}}},
            {"terms": {"package": ["numpy", None, 1.5, True]}},
            {"range": {"time": {"gte": "2021-03-01", "lt": "now", "time_zone": "Europe/Berlin"}}},
            {"range": {"job": {"gt": 1, "lte": 2.5}}},
            {"prefix": {"user": {"value": "a"}}},
            {"exists": {"field": "data.user"}},
        ],
        "must": {"match_all": {}},
        "must_not": [{"exists": {"field": "_ignored"}}],
        "should": [{"prefix": {"user": "b"}}],
        "minimum_should_match": 0,
    }
}

SEARCH: dict[str, Any] = {
    "size": 100,
    "track_total_hits": False,
    "pit": {"id": HANDLE},
    "query": QUERY,
    "sort": [
        {"time": {"order": "desc", "format": "strict_date_optional_time_nanos"}},
        {"_shard_doc": "asc"},
    ],
    "search_after": ["2021-03-01T00:00:00.000Z", 17],
    "slice": {"id": 1, "max": 4},
    "_source": ["data.user"],
    "docvalue_fields": ["user", {"field": "time", "format": "epoch_millis"}],
    "timeout": "30s",
    "aggs": {
        "rows": {
            "composite": {
                "size": 65_536,
                "sources": [
                    {"user": {"terms": {"field": "user", "missing_bucket": True, "order": "asc"}}},
                    {
                        "day": {
                            "date_histogram": {
                                "field": "time",
                                "fixed_interval": "1d",
                                "time_zone": "+01:00",
                                "format": "yyyy-MM-dd",
                                "missing_bucket": True,
                            }
                        }
                    },
                ],
                "after": {"user": None, "day": "2021-03-01"},
            },
            "aggs": {"first": {"min": {"field": "time"}}, "users": {"cardinality": {"field": "u"}}},
        },
        "top": {
            "terms": {
                "field": "package",
                "size": 10,
                "shard_size": 100,
                "order": [{"_count": "desc"}, {"_key": "asc"}],
                "min_doc_count": 1,
                "include": ["numpy", "scipy"],
                "missing": "none",
            },
            "aggregations": {"s": {"stats": {"field": "job"}}},
        },
        "parts": {"terms": {"field": "user", "include": {"partition": 0, "num_partitions": 4}}},
        "none": {"missing": {"field": "user"}},
        "days": {
            "date_histogram": {
                "field": "time",
                "calendar_interval": "month",
                "time_zone": "UTC",
                "min_doc_count": 0,
            }
        },
        "sizes": {"histogram": {"field": "job", "interval": 10.5, "min_doc_count": 1}},
        "classes": {
            "range": {
                "field": "job",
                "ranges": [{"to": 1, "key": "small"}, {"from": 1}],
                "keyed": True,
            }
        },
        "one": {"filter": {"term": {"user": "ada"}}},
        "many": {"filters": {"filters": {"a": {"match_all": {}}, "b": QUERY}}},
    },
}


def test_what_the_planner_emits_passes() -> None:
    assert check_search(SEARCH) == HANDLE
    check_query(QUERY)
    assert parse_body(json.dumps(SEARCH).encode()) == SEARCH
    for source in (True, False):
        check_search({"pit": {"id": HANDLE}, "_source": source})
    check_search({"pit": {"id": HANDLE}, "_source": False, "size": 10_000})


@pytest.mark.parametrize("source", [{}, {"_source": True}, {"_source": ["user"]}])
def test_many_whole_documents_do_not_pass(source: dict[str, Any]) -> None:
    check_search({"pit": {"id": HANDLE}, "size": 100, **source})
    with pytest.raises(Refusal):
        check_search({"pit": {"id": HANDLE}, "size": 101, **source})


def objects(value: Any) -> Iterator[Any]:
    """All objects and lists within a value."""
    if isinstance(value, dict | list):
        yield value
        for entry in value.values() if isinstance(value, dict) else value:
            yield from objects(entry)


#: Keys that mean something to Elasticsearch somewhere, and names that are none of ours.
STRANGE: list[tuple[str, Any]] = [
    ("script", {"source": "1"}),
    ("runtime_mappings", {"a": {"type": "keyword"}}),
    ("index", "other"),
    ("boost", 2),
    ("_name", "x"),
    ("lookup", {"index": "other"}),
    ("meta", {}),
    ("query", {"script": {"script": "1"}}),
    ("exclude", "a"),
]

#: Places where names are free: a strange key is the name of a filter or an aggregation there, and
#: what it holds is checked.
FREE = ("aggs", "aggregations", "filters", "after")


def test_a_strange_key_is_refused_wherever_it_stands() -> None:
    seed = int(os.environ.get("WORKLOAD_SEED", "5"))
    chance = random.Random(seed)
    size = "prove" if os.environ.get("WORKLOAD_PROVE") == "1" else "test"
    cases = SIZES["search_bodies"][size]
    count = sum(1 for _ in objects(SEARCH))
    for case in range(cases):
        body = copy.deepcopy(SEARCH)
        place = chance.randrange(count)
        target = list(objects(body))[place]
        key, value = chance.choice(STRANGE)
        if isinstance(target, dict):
            if key in target:
                continue
            target[key] = value
        else:
            if value == {} and target is body["sort"]:
                continue  # a field to sort by may have any name
            target.insert(chance.randrange(len(target) + 1), {key: value})
        if body["aggs"]["rows"]["composite"]["after"].get(key) is not None and not isinstance(
            value, dict
        ):
            continue  # a key of composite buckets may have any name, and a scalar
        with pytest.raises(Refusal) as refusal:
            check_search(body)
        assert refusal.value.reason == "refused", (seed, case, key, place)


def test_nesting_is_bounded() -> None:
    query: dict[str, Any] = {"match_all": {}}
    for _ in range(12):
        query = {"bool": {"filter": query}}
    with pytest.raises(Refusal):
        check_query(query)
    aggs: dict[str, Any] = {"a": {"missing": {"field": "a"}}}
    for _ in range(4):
        aggs = {"a": {"missing": {"field": "a"}, "aggs": aggs}}
    with pytest.raises(Refusal):
        check_search({"pit": {"id": HANDLE}, "aggs": aggs})
    check_search({"pit": {"id": HANDLE}, "aggs": aggs["a"]["aggs"]})


def test_parts_are_counted_over_all_of_a_body() -> None:
    filters = {str(index): {"match_all": {}} for index in range(1000)}
    parts = {name: {"filters": {"filters": filters}} for name in ("a", "b")}
    with pytest.raises(Refusal):
        check_search({"pit": {"id": HANDLE}, "aggs": parts})
    check_search({"pit": {"id": HANDLE}, "aggs": {"a": parts["a"]}})


def test_no_sentence_repeats_long_texts() -> None:
    with pytest.raises(Refusal) as refusal:
        check_search({"pit": {"id": HANDLE}, "x" * 10_000: 1})
    assert len(refusal.value.message) < 400


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("user", "`user`"),
        ("data.user", "`data.user`"),
        ("a`b", "`a``b`"),
        ("``", "``````"),
        ("` | LIMIT 0 | KEEP `", "``` | LIMIT 0 | KEEP ```"),
    ],
)
def test_fields_are_quoted(name: str, quoted: str) -> None:
    assert quote_field(name) == quoted


def test_esql_is_put_together() -> None:
    assert count_by("a-*,b", ["user", "package"], 10) == (
        'FROM "a-*","b" | STATS count = COUNT(*) BY `user`, `package` | LIMIT 10'
    )
