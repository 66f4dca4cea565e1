"""What the command line says where there is nothing to ask, or no right to ask it."""

from __future__ import annotations

from test.services.documents import ask, create_index, load_documents
from test.services.nodes import Node

from .command_line import assert_is_sentence, run
from .command_questions import FIELDS, PACKAGES, USERS, few_documents


def test_no_such_index(elasticsearch_8_core: Node) -> None:
    for name in ("no-such-index", "no-such-index-*"):
        outcome = run(*PACKAGES, "--elasticsearch", elasticsearch_8_core.url, "--index", name)
        assert_is_sentence(outcome, f"“{name}”")


def test_a_closed_index(elasticsearch_8_core: Node) -> None:
    node, index = elasticsearch_8_core, "closed-index"
    create_index(node, index, FIELDS)
    try:
        ask(node, "POST", f"/{index}/_close")
        for expression in (index, f"{index},fault-*"):
            outcome = run(*USERS, "--elasticsearch", node.url, "--index", expression)
            assert_is_sentence(outcome, "closed")
    finally:
        ask(node, "DELETE", f"/{index}")


def test_an_index_that_allows_small_pages_only(elasticsearch_8_core: Node) -> None:
    """Lists of packages are read document by document."""
    node, index = elasticsearch_8_core, "small-pages"
    create_index(node, index, FIELDS, settings={"index.max_result_window": 300})
    lists = [{**one, "packages": ["numpy", "mkl"]} for one in few_documents(1_000)]
    load_documents(node, index, lists)
    try:
        question = ["analyze", "top-packages", "--distinct", "user"]
        outcome = run(*question, "--elasticsearch", node.url, "--index", index)
        assert {row["users"] for row in outcome.rows} == {1_000}
    finally:
        ask(node, "DELETE", f"/{index}")


def test_periods_beyond_nanoseconds(elasticsearch_8_core: Node) -> None:
    node, index = elasticsearch_8_core, "nanoseconds"
    create_index(node, index, {**FIELDS, "time": "date_nanos"})
    load_documents(node, index, [{**one, "time": "2021-05-01"} for one in few_documents(10)])
    question = [*USERS, "--elasticsearch", node.url, "--index", index]
    try:
        for way in ("--estimate", "--exact"):
            for period, users in (
                (["--from", "1960-01-01"], 10),
                (["--to", "2300-01-01"], 10),
                (["--from", "1960-01-01", "--to", "2300-01-01"], 10),
                (["--to", "1960-01-01"], 0),
                (["--from", "2300-01-01"], 0),
            ):
                assert run(*question, way, *period).rows == [{"users": users}], (way, period)
    finally:
        ask(node, "DELETE", f"/{index}")


def test_opensearch_is_told_from_elasticsearch(opensearch: Node) -> None:
    ask(opensearch, "PUT", "/records-of-opensearch", {})
    outcome = run(*PACKAGES, "--elasticsearch", opensearch.url, "--index", "records-of-opensearch")
    assert_is_sentence(outcome, "not Elasticsearch")


SECRET, KEY = "pass-Zq81-analyst", "analyst-of-faults"


def test_logins(elasticsearch_secured: Node) -> None:
    """Who may read gets an answer; all others a sentence that holds no secret."""
    node, index = elasticsearch_secured, "fault-secured"
    create_index(node, index, FIELDS)
    load_documents(node, index, few_documents(100))
    privileges = [{"names": [index], "privileges": ["read", "view_index_metadata"]}]
    ask(node, "PUT", f"/_security/role/{KEY}", {"indices": privileges})
    for user, roles in ((KEY, [KEY]), (f"{KEY}-none", [])):
        ask(node, "PUT", f"/_security/user/{user}", {"password": SECRET, "roles": roles})
    grant = {"grant_type": "password", "username": KEY, "password": SECRET}
    key = ask(node, "POST", "/_security/api_key/grant", {**grant, "api_key": {"name": KEY}})
    question = [*USERS, "--elasticsearch", node.url, "--index", index]

    def login(user: str, password: str = SECRET) -> dict[str, str]:
        return {"ELASTICSEARCH_USER": user, "ELASTICSEARCH_PASSWORD": password}

    try:
        assert run(*question, environment=login(KEY)).rows == [{"users": 100}]
        by_key = {"ELASTICSEARCH_API_KEY": key["encoded"]}
        assert run(*question, environment=by_key).rows == [{"users": 100}]
        for environment, told in (
            ({}, "ELASTICSEARCH_"),
            (login(KEY, SECRET[:-1]), "password or key"),
            ({"ELASTICSEARCH_API_KEY": key["encoded"][:-4] + "AAAA"}, "password or key"),
            ({"ELASTICSEARCH_BEARER_TOKEN": SECRET}, "password or key"),
            (login(f"{KEY}-none"), "right to read"),
        ):
            outcome = run(*question, environment=environment)
            assert_is_sentence(outcome, told)
            for secret in (SECRET[:-1], key["encoded"][:-4], key["api_key"]):
                assert secret not in outcome.err
    finally:
        ask(node, "DELETE", f"/{index}")
        for user in (KEY, f"{KEY}-none"):
            ask(node, "DELETE", f"/_security/user/{user}")
        ask(node, "DELETE", f"/_security/role/{KEY}")
