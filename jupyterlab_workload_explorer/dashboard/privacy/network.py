"""Which hidden cells can be worked out from shown totals.

A hidden cell that belongs to two shown totals (that of its row and that of its column) is an edge
between them. Other values fit the same totals when one cell can grow while others shrink and every
total stays: when the cell lies on a circle of such changes. A cell can always grow, and shrink
where it has room. So cells are followed both ways where they have room, one way where they have
none, and a cell is known to a reader exactly when no circle leads through it.

With room, a circle is there when both ends stay connected without the cell; without, when the way
back is there. Both take one walk through the network, so that tables of 100,000 cells are quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Edge:
    """A hidden cell between the totals ``first`` and ``second``.

    ``room`` says that it could be smaller than it is, as far as a reader knows.
    """

    first: int
    second: int
    room: bool


def determined(edges: Sequence[Edge], nodes: int) -> list[int]:
    """Positions of the edges whose value follows from the totals; nodes are 0 to ``nodes`` - 1."""
    follow: list[list[int]] = [[] for _ in range(nodes)]
    for edge in edges:
        follow[edge.first].append(edge.second)
        if edge.room:
            follow[edge.second].append(edge.first)
    part = _strong_parts(follow)
    touching: list[list[tuple[int, int]]] = [[] for _ in range(nodes)]
    for position, edge in enumerate(edges):
        if part[edge.first] == part[edge.second] and edge.first != edge.second:
            touching[edge.first].append((edge.second, position))
            touching[edge.second].append((edge.first, position))
    bridges = _bridges(touching)
    return [
        position
        for position, edge in enumerate(edges)
        if part[edge.first] != part[edge.second] or (edge.room and position in bridges)
    ]


def _strong_parts(follow: Sequence[Sequence[int]]) -> list[int]:
    """The number of the strongly connected part of each node (Tarjan, without recursion)."""
    count = len(follow)
    order, low, part = [-1] * count, [0] * count, [-1] * count
    stack: list[int] = []
    seen = parts = 0
    for start in range(count):
        if order[start] >= 0:
            continue
        walk = [(start, 0)]
        while walk:
            node, at = walk.pop()
            if at == 0:
                order[node] = low[node] = seen
                seen += 1
                stack.append(node)
            elif part[follow[node][at - 1]] < 0:
                low[node] = min(low[node], low[follow[node][at - 1]])
            while at < len(follow[node]):
                other = follow[node][at]
                at += 1
                if order[other] < 0:
                    walk += [(node, at), (other, 0)]
                    break
                if part[other] < 0:
                    low[node] = min(low[node], order[other])
            else:
                if low[node] == order[node]:
                    while True:
                        member = stack.pop()
                        part[member] = parts
                        if member == node:
                            break
                    parts += 1
    return part


def _bridges(touching: Sequence[Sequence[tuple[int, int]]]) -> set[int]:
    """Edges without which their ends would fall apart; two edges between the same are none."""
    count = len(touching)
    order, low = [-1] * count, [0] * count
    found: set[int] = set()
    seen = 0
    for start in range(count):
        if order[start] >= 0:
            continue
        walk = [(start, -1, 0)]
        while walk:
            node, came, at = walk.pop()
            if at == 0:
                order[node] = low[node] = seen
                seen += 1
            else:
                other, edge = touching[node][at - 1]
                if edge != came:
                    low[node] = min(low[node], low[other])
                    if low[other] > order[node]:
                        found.add(edge)
            while at < len(touching[node]):
                other, edge = touching[node][at]
                at += 1
                if edge == came:
                    continue
                if order[other] < 0:
                    walk += [(node, came, at), (other, edge, 0)]
                    break
                low[node] = min(low[node], order[other])
    return found
