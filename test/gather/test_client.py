"""Addresses and logins of a gather without a connection."""

from typing import Any

import pytest

from jupyterlab_workload_explorer.elasticsearch.connections import Connection
from jupyterlab_workload_explorer.gather.client import connect
from jupyterlab_workload_explorer.gather.problem import GatherProblem


def addresses(client: Any) -> list[str]:
    with client:
        return sorted(node.base_url for node in client.transport.node_pool.all())


@pytest.mark.parametrize(
    "url, address",
    [
        ("http://es1", "http://es1:80"),
        ("https://es1/", "https://es1:443"),
        ("https://es1:/path/", "https://es1:443/path"),
        ("http://[::1]", "http://[::1]:80"),
        ("http://es1:9200", "http://es1:9200"),
    ],
)
def test_addresses_are_those_of_a_connection(url, address):
    assert addresses(connect(url, None, None)) == [address]
    assert addresses(connect(None, Connection("mods", urls=(url,)), None)) == [address]


def test_several_addresses():
    assert addresses(connect("http://a:1, https://b", None, None)) == [
        "http://a:1",
        "https://b:443",
    ]


@pytest.mark.parametrize("url", ["es1:9200", "ftp://es1", "http://", "http://[es1", "http://es1:x"])
def test_addresses_that_are_none(url):
    with pytest.raises(GatherProblem, match="URL"):
        connect(url, None, None)
