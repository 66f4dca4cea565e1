"""From names of indices that somebody asked for to indices that the connection may read.

An allowlist of patterns says nothing about a name that is an alias, a wildcard or date arithmetic.
So names are resolved by Elasticsearch first, and what they stand for is matched.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .answers import parse
from .connections import Connection
from .errors import from_exception
from .refusal import Refusal, refused
from .streams import aside, read_whole

#: Longest list of names. The first line of a request to Elasticsearch has 4,096 bytes at most.
LONGEST = 3000

#: What no name of an index, an alias or a data stream has. ":" leads to a remote cluster or to
#: another component of a data stream, "<>" are date arithmetic, "%" may be decoded twice.
_FORBIDDEN = re.compile(r"[\s:<>\"\\/|?#%{}\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Resolved:
    """Checked names: ``expression`` is what may be sent to Elasticsearch, ``indices`` are the
    concrete indices it stands for, sorted.

    The expression keeps the names of aliases, because an alias may have a filter. ``names`` are
    the indices and data streams themselves, for ES|QL, whose patterns also find views; ``None``
    where an alias is among them, or there are too many.
    """

    expression: str
    indices: tuple[str, ...]
    names: str | None = None


def parse_expression(expression: Any) -> tuple[str, ...]:
    """The names and patterns in an index expression. Raises Refusal."""
    if not isinstance(expression, str) or not expression:
        raise refused("No index is named. Name one, or a pattern such as mods-*.")
    if len(expression) > LONGEST:
        raise refused("The list of indices is too long. Use a pattern, or an alias.")
    parts = tuple(dict.fromkeys(expression.split(",")))
    for part in parts:
        if not part:
            raise refused("An index has an empty name. Take out the comma that is too much.")
        if ":" in part:
            raise refused(
                f'"{part}" names a remote cluster, or a part of a data stream. '
                "Make a connection to that cluster, and name its indices."
            )
        if part.startswith(("<", "%3C", "%3c")):
            raise refused(f'"{part}" is date arithmetic. Name the index itself.')
        if part[0] in "-_+" or part in (".", "..") or _FORBIDDEN.search(part):
            raise refused(
                f'"{part}" is no name of an index, of an alias or of a data stream. '
                "Exclusions are not possible; name what you want."
            )
    return parts


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def matches(patterns: Iterable[str], name: str) -> bool:
    """Whether a name matches one of the allowed patterns.

    As in a shell, a name with a dot at the front, which is one of Elasticsearch's own, wants a
    pattern with a dot at the front.
    """
    return any(
        (not name.startswith(".") or pattern.startswith("."))
        and _pattern(pattern).fullmatch(name) is not None
        for pattern in patterns
    )


def _entries(answer: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [entry for entry in answer.get(key, []) if isinstance(entry, dict)]


def _resolution(
    allowed: tuple[str, ...], expression: str
) -> Generator[str, dict[str, Any], Resolved]:
    """The work without the requests: yields names to resolve, takes Elasticsearch's answers."""
    parts = parse_expression(expression)
    answer = yield expression
    # Of each concrete index, the name that counts: a data stream's, for an index behind one.
    names: dict[str, str] = {}
    for stream in _entries(answer, "data_streams"):
        names.update(dict.fromkeys(stream.get("backing_indices", ()), stream["name"]))
    for index in _entries(answer, "indices"):
        names[index["name"]] = index.get("data_stream", index["name"])
    behind = {
        member
        for alias in _entries(answer, "aliases")
        for member in alias.get("indices", ())
        if member not in names
    }
    # What an alias leads to may be behind a data stream, which only its own entry says.
    hidden = sorted(name for name in behind if name.startswith("."))
    names.update((name, name) for name in behind)
    for batch in _batches(hidden):
        members = yield batch
        for index in _entries(members, "indices"):
            names[index["name"]] = index.get("data_stream", index["name"])
    if not names:
        raise Refusal(404, "not-found", f'No index matches "{expression}". List the indices.')
    if not all(matches(allowed, name) for name in names.values()):
        raise Refusal(
            403,
            "denied",
            f'"{expression}" leads to indices that this connection does not offer. '
            f"It offers: {', '.join(allowed)}.",
        )
    plain = ",".join(
        entry["name"] for key in ("indices", "data_streams") for entry in _entries(answer, key)
    )
    is_plain = not _entries(answer, "aliases") and len(plain) <= LONGEST
    themselves = plain if is_plain else None
    # A pattern that an allowed one covers can only lead to allowed names, whatever index is made in
    # the next moment. Any other is replaced by the names it stands for now. (Whoever may make
    # aliases can still move one between this check and the request.)
    if all("*" not in part or matches(allowed, part) for part in parts):
        return Resolved(expression, tuple(sorted(names)), themselves)
    found = ",".join(
        entry["name"]
        for key in ("indices", "aliases", "data_streams")
        for entry in _entries(answer, key)
    )
    if len(found) > LONGEST:
        raise refused(
            f'"{expression}" stands for too many indices. Use one of the patterns that the '
            f"connection offers: {', '.join(allowed)}."
        )
    return Resolved(found, tuple(sorted(names)), themselves)


def _batches(names: list[str]) -> Generator[str, None, None]:
    batch = ""
    for name in names:
        if batch and len(batch) + len(name) >= LONGEST:
            yield batch
            batch = ""
        batch = f"{batch},{name}" if batch else name
    if batch:
        yield batch


async def resolve_indices(client: Any, connection: Connection, expression: str) -> Resolved:
    """Resolve and check an index expression; ``client`` is an ``AsyncElasticsearch``.

    Raises Refusal where a concrete index, or the data stream it is behind, matches no pattern of
    the connection, and where Elasticsearch does not answer.
    """
    steps = _resolution(connection.indices, expression)
    try:
        names = next(steps)
        while True:
            try:
                answer = await client.indices.resolve_index(name=names)
            except Exception as error:
                raise from_exception(error) from None
            whole = await read_whole(answer.body)
            names = steps.send(await aside(len(whole), parse, whole))
    except StopIteration as end:
        return end.value


def resolve_indices_now(client: Any, connection: Connection, expression: str) -> Resolved:
    """The same as ``resolve_indices`` with an ``Elasticsearch``, which waits."""
    steps = _resolution(connection.indices, expression)
    try:
        names = next(steps)
        while True:
            try:
                answer = client.indices.resolve_index(name=names)
            except Exception as error:
                raise from_exception(error) from None
            names = steps.send(parse(answer.body))
    except StopIteration as end:
        return end.value


async def check_indices(client: Any, connection: Connection, expression: str) -> list[str]:
    """The concrete indices of an expression, all of them allowed. Raises Refusal."""
    return list((await resolve_indices(client, connection, expression)).indices)


def check_indices_now(client: Any, connection: Connection, expression: str) -> list[str]:
    """The same as ``check_indices`` with an ``Elasticsearch``, which waits."""
    return list(resolve_indices_now(client, connection, expression).indices)
