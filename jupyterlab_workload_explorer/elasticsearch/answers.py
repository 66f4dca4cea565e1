"""Answers of Elasticsearch on their way to the browser: as bytes, unparsed where that is safe."""

from __future__ import annotations

import json
import re
from typing import Any

from .errors import partial_or_timeout, refusal_for
from .refusal import Refusal
from .streams import Answer, Stream, aside, read_whole

#: The front of a search answer that is whole, as Elasticsearch 8 and 9 write it. Whatever looks
#: otherwise, as where remote clusters are counted before the hits, is read as a whole, and parsed.
_WHOLE_SEARCH = re.compile(
    rb'\{"pit_id":"([A-Za-z0-9_=+/-]+)",'
    rb'("took":[0-9]+,"timed_out":false,'
    rb'(?:"terminated_early":(?:true|false),)?(?:"num_reduce_phases":[0-9]+,)?'
    rb'"_shards":\{"total":[0-9]+,"successful":[0-9]+,"skipped":[0-9]+,"failed":0\})'
    rb'(?=,"hits":)'
)

#: The front of an ES|QL answer up to its columns.
_WHOLE_ESQL = re.compile(
    rb'\{(?:"(?:took|documents_found|values_loaded)":[0-9]+,)*"is_partial":false,'
    rb'(?:"(?:took|documents_found|values_loaded)":[0-9]+,)*"columns":\['
)


def parse(body: Any) -> dict[str, Any]:
    """An answer as an object. Raises Refusal where it is none: a proxy has answered instead."""
    if isinstance(body, dict):
        return body
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError, TypeError):
        raise refusal_for("unreachable") from None
    if not isinstance(answer, dict):
        raise refusal_for("unreachable")
    return answer


async def take_point_in_time(answer: Answer) -> tuple[str | None, Answer, Refusal | None]:
    """Of a search answer: the id of its point in time, the answer without it, and what is wrong
    with the answer where records are missing from it. Raises Refusal where it cannot be told."""
    body = answer.front if isinstance(answer, Stream) else answer
    front = _WHOLE_SEARCH.match(body)
    if front is not None:
        rest = b"".join((b"{", front.group(2), memoryview(body)[front.end() :]))
        if isinstance(answer, Stream):
            answer.front = rest
        return front.group(1).decode("ascii"), answer if isinstance(answer, Stream) else rest, None
    whole = await read_whole(answer)
    return await aside(len(whole), _without_point, whole)


def _without_point(body: bytes) -> tuple[str | None, bytes, Refusal | None]:
    answer = parse(body)
    id_ = answer.pop("pit_id", None)
    rest = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    return (id_ if isinstance(id_, str) else None), rest, partial_or_timeout(answer)


async def check_esql(answer: Answer) -> Answer:
    """An ES|QL answer that is whole. Raises Refusal."""
    if _WHOLE_ESQL.match(answer.front if isinstance(answer, Stream) else answer):
        return answer
    whole = await read_whole(answer)
    problem = partial_or_timeout(await aside(len(whole), parse, whole))
    if problem is not None:
        raise problem
    return whole


def check_whole(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer to which all shards have contributed. Raises Refusal."""
    problem = partial_or_timeout(answer)
    if problem is not None:
        raise problem
    return answer
