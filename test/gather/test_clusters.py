"""Remote clusters: a part of what was asked for never passes for all of it.

A node is a remote cluster to itself here, and another one is not there.
"""

import time

import pytest

from jupyterlab_workload_explorer.gather.clusters import remote_clusters
from jupyterlab_workload_explorer.gather.problem import GatherProblem

from ..services.documents import ask
from ..services.fault_proxy import FaultProxy
from .support import SMALL, gather, read_manifest, records


@pytest.fixture
def remotes(node):
    """The node knows itself as `self`, and as `gone` a cluster that does not answer."""
    (known,) = ask(node, "GET", "/_nodes/transport")["nodes"].values()
    seeds = {"self": known["transport"]["publish_address"], "gone": "127.0.0.1:1"}
    _set(node, {f"cluster.remote.{name}.seeds": [seed] for name, seed in seeds.items()})
    # Connections are made after the settings are taken, not before that is answered.
    for _ in range(100):
        if ask(node, "GET", "/_remote/info")["self"]["connected"]:
            break
        time.sleep(0.1)
    yield
    _set(node, {"cluster.remote.*": None})


def _set(node, settings):
    ask(node, "PUT", "/_cluster/settings", {"persistent": settings})


@pytest.mark.usefixtures("remotes")
def test_gathers_from_remote_clusters(node, make_index, tmp_path):
    one, other = make_index(records(400, 80)), make_index(records(300, 81))
    result = gather(node, f"self:{one},{other}", tmp_path / "out", **SMALL)
    assert result.documents == 700


@pytest.mark.usefixtures("remotes")
@pytest.mark.parametrize("before", ["", "local,", "self:local,"])
def test_a_cluster_that_is_gone(node, make_index, tmp_path, before):
    local = make_index(records(400, 82))
    told = "indices or clusters did not tell" if before else "answers 502"
    with pytest.raises(GatherProblem, match=told):
        gather(node, f"{before.replace('local', local)}gone:{local}", tmp_path / "out", waits=[0])


@pytest.mark.usefixtures("remotes")
@pytest.mark.parametrize("before", ["", "local,", "self:local,"])
def test_a_cluster_that_goes_before_the_point_in_time(node, make_index, tmp_path, before):
    """Then nothing in the answers says that it is missing."""
    local = make_index(records(400, 83))
    caps = ask(node, "GET", f"/{local}/_field_caps?fields=*&include_unmapped=true")
    with FaultProxy(node.url) as proxy:
        proxy.answer(200, body=caps, path="_field_caps")
        with pytest.raises(GatherProblem, match=r"not reached.*: gone\."):
            gather(
                proxy, f"{before.replace('local', local)}gone:{local}", tmp_path / "out", waits=[0]
            )


@pytest.mark.parametrize("state", ["skipped", "partial", "failed"])
def test_a_cluster_that_goes_meanwhile(node, make_index, tmp_path, state):
    index = make_index(records(1500, 84))
    hits = {"hits": []}
    clusters = {"total": 2, "successful": 1, state: 1}
    body = {"timed_out": False, "_shards": {"failed": 0}, "_clusters": clusters, "hits": hits}
    with FaultProxy(node.url) as proxy:
        proxy.answer(200, body=body, path="/_search", skip=8, times=1)
        with pytest.raises(GatherProblem, match="A remote cluster did not answer"):
            gather(proxy, index, tmp_path / "out", **SMALL)
    assert not read_manifest(tmp_path / "out")["state"]["complete"]


@pytest.mark.parametrize("prefix", ["*:", "r*:", "local,*:", "-*:"])
def test_any_cluster_is_none(node, make_index, tmp_path, prefix):
    """Where there is no remote cluster, Elasticsearch takes all local indices instead."""
    index = make_index(records(10, 85))
    with pytest.raises(GatherProblem, match="which clusters it means"):
        gather(node, f"{prefix.replace('local', index)}{index}", tmp_path / "out")


@pytest.mark.parametrize(
    "expression, clusters",
    [
        ("mods-*,other", set()),
        ("a:mods-*,b:x,c", {"a", "b"}),
        ("a:x,b:x,-b:*", {"a"}),
        ("mods-*::data,a:mods::data", {"a"}),
        ("<mods-{now/d{yyyy.MM.dd|+02:00}}>", set()),
    ],
)
def test_names_of_clusters(expression, clusters):
    assert remote_clusters(expression) == clusters
