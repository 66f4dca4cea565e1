"""The environment of a record, by the rules of the panel.

Rules have RE2 patterns (``src/workload/environment.ts``). Python's ``re`` has another syntax, and
may take forever; Arrow's own matching is RE2, and so the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .problem import GatherProblem
from .schema import TEXT

#: The column; the panel prefers it to what it would derive itself.
ENVIRONMENT = "environment"

OTHER = "other"

#: The rules where a site file has none; the same as in the panel.
RULES: tuple[Mapping[str, Any], ...] = (
    {"name": "container", "container": True},
    {
        "name": "conda",
        "executable": r"/(\.conda|envs|conda|mamba|(ana|mini)conda\d?|mambaforge|miniforge\d?)/",
    },
    {
        "name": "center module",
        "executable": r"^/(usr/common|global/common|opt/(cray|apps|modules|sw)|sw|apps)/",
    },
)

_YES = ("true", "t", "yes", "y", "1")


def check_rules(rules: Sequence[Mapping[str, Any]]) -> None:
    """That all patterns can be read. Raises GatherProblem."""
    for rule in rules:
        try:
            pc.match_substring_regex(pa.array([""]), rule.get("executable", ""))
        except pa.ArrowInvalid as error:
            raise GatherProblem(
                f'The pattern of "{rule["name"]}" in the site file cannot be read (RE2 syntax): '
                f"{error}."
            ) from None


def environments(
    table: pa.Table,
    executable: str,
    container: str | None,
    rules: Sequence[Mapping[str, Any]],
) -> pa.Array:
    """The environment of each row. The first rule that holds names it; none is ``other``."""
    coded = pa.concat_arrays(
        [_texts(chunk) for chunk in table.column(executable).chunks] or [pa.array([], pa.string())]
    ).dictionary_encode()
    matches = [
        pc.match_substring_regex(coded.dictionary, rule["executable"]).to_pylist()
        if "executable" in rule
        else None
        for rule in rules
    ]
    flags = (
        [False] * table.num_rows
        if container is None
        else [_is_yes(value) for value in table.column(container).to_pylist()]
    )
    names = [rule["name"] for rule in rules]
    known: dict[tuple[int | None, bool], str] = {}

    def named(code: int | None, inside: bool) -> str:
        for name, rule, matched in zip(names, rules, matches, strict=True):
            if (inside and rule.get("container")) or (
                matched and code is not None and matched[code]
            ):
                return name
        return OTHER

    found = []
    for key in zip(coded.indices.to_pylist(), flags, strict=True):
        if key not in known:
            known[key] = named(*key)
        found.append(known[key])
    return pa.array(found, pa.string()).dictionary_encode().cast(TEXT)


def _texts(chunk: pa.Array) -> pa.Array:
    return chunk if chunk.type == pa.string() else chunk.cast(pa.string())


def _is_yes(value: Any) -> bool:
    return str(value).lower() in _YES if value is not None else False
