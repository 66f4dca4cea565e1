"""Remote clusters in an index expression.

Elasticsearch leaves a remote cluster out of an answer that it cannot reach, and says so nowhere
when it opens a point in time. So it has to be known which ones belong there.
"""

from __future__ import annotations

from .problem import GatherProblem


def remote_clusters(expression: str) -> set[str]:
    """The names of the remote clusters that an index expression leads to. Raises GatherProblem."""
    named: set[str] = set()
    excluded: set[str] = set()
    for part in expression.split(","):
        # Dates have colons, too, and two of them lead to a part of a data stream.
        cluster, colon, index = ("", "", part) if part.startswith("<") else part.partition(":")
        if not colon or index.startswith(":"):
            continue
        if "*" in cluster:
            # Without any remote cluster it would stand for all indices of this one.
            raise GatherProblem(
                f'"{part}" does not say which clusters it means. Name each: one:mods-*,two:mods-*.'
            )
        if cluster.startswith("-"):
            excluded.add(cluster[1:])
        else:
            named.add(cluster)
    return named - excluded
