"""Who there is: names of users and accounts, and numbers of jobs, of the raw data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...gather.problem import GatherProblem
from ...gather.roles import NAMES, propose
from .words import COMMON

#: Roles whose values are names that are looked for.
_NAMED = ("user", "account")
#: Roles whose values are ids that are looked for.
_NUMBERED = ("job", "process")
#: Roles whose values are shown: a user of such a name is found only where a column says so.
_SHOWN = ("package", "system", "subsystem", "qos", "context", "origin", "version")

#: Letters that a name needs to be looked for within texts, and as a whole cell.
IN_TEXTS, AS_CELL = 3, 2

#: More names than any center has users would be another column's values.
_MOST = 5_000_000

_RUN = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
_PARTS = re.compile(r"([._-]+)")


class RawProblem(Exception):
    """The raw data cannot be used, with what to do."""


@dataclass(frozen=True)
class Reference:
    """Names by what they are (``user`` or ``account``), and where the raw data have ids.

    ``names`` are as they stand in the data, ``folded`` without regard to case.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    folded: Mapping[str, str] = field(default_factory=dict)
    raw: Path | None = None
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of_cell(self, text: str) -> str | None:
        """What a whole cell is."""
        plain = text.strip()
        return self.folded.get(plain.casefold()) if len(plain) >= AS_CELL else None

    def in_text(self, text: str) -> Iterator[tuple[str, str]]:
        """(kind, name) of the names in a text, each as a word; ``_``, ``-`` and ``.`` end words."""
        if not self.names:
            return
        for match in _RUN.finditer(text):
            for word in _words(match[0]):
                kind = self.names.get(word) if len(word) >= IN_TEXTS else None
                if kind is not None:
                    yield kind, word

    def known_ids(self, ids: Iterable[str]) -> set[str]:
        """Those of some ids that jobs or processes have. Reads the raw data by pieces."""
        wanted = set(ids)
        if self.raw is None or not self.ids or not wanted:
            return set()
        import pyarrow
        import pyarrow.compute as compute

        candidates = pyarrow.array(sorted(wanted))
        found: set[str] = set()
        for _, values in _read(self.raw, self.ids):
            if pyarrow.types.is_floating(values.type):
                values = values.cast(pyarrow.int64(), safe=False)
            texts = values.cast(pyarrow.string())
            found.update(texts.filter(compute.is_in(texts, candidates)).to_pylist())
        return found & wanted


def _read(raw: Path, paths: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """``_values``, of which what is damaged is a RawProblem."""
    try:
        yield from _values(raw, paths)
    except (OSError, ValueError) as problem:
        raise _unreadable(raw, problem) from problem


def _unreadable(raw: Path, problem: Exception) -> RawProblem:
    return RawProblem(
        f'"{raw}" cannot be read as Parquet ({type(problem).__name__}). Name a file or folder of '
        "Parquet with the records that the dashboard was made of."
    )


def _words(run: str) -> Iterator[str]:
    """A run of letters and digits with dots, dashes and underscores: it, and its parts."""
    pieces = _PARTS.split(run)
    count = len(pieces)
    if count > 15:
        yield from pieces[::2]
        return
    for start in range(0, count, 2):
        for end in range(start + 1, count + 1, 2):
            yield "".join(pieces[start:end])


def read_reference(raw: Path, mapping: Mapping[str, str]) -> Reference:
    """The names of a Parquet file or dataset, read by pieces.

    ``mapping`` leads from roles to columns; others are recognised by name. Raises RawProblem.
    """
    try:
        paths = _columns(raw, mapping)
    except (OSError, ValueError) as problem:
        raise _unreadable(raw, problem) from problem
    roles = {role: paths[role] for role in (*_NAMED, *_SHOWN) if role in paths}
    if "user" not in roles:
        raise RawProblem(f'No column of "{raw}" is known as the user. Name it: --map user=COLUMN.')
    shown: set[str] = set(COMMON)
    names: dict[str, str] = {}
    for role, values in _read(raw, roles):
        texts = {str(text).strip() for text in values.to_pylist() if text is not None}
        if role in _SHOWN:
            shown |= {text.casefold() for text in texts}
        else:
            names.update({text: role for text in texts if names.get(text) != "user"})
        if len(names) > _MOST:
            raise RawProblem(
                f'"{raw}" has more than {_MOST:,} users and accounts. See that --map names the '
                "right columns."
            )
    kept = {
        name: kind
        for name, kind in names.items()
        if len(name) >= AS_CELL
        and name.casefold() not in shown
        and not re.fullmatch(r"[\d.,+-]+", name)
    }
    folded = {name.casefold(): kind for name, kind in kept.items()}
    return Reference(kept, folded, raw, {role: paths[role] for role in _NUMBERED if role in paths})


def _columns(raw: Path, mapping: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Paths of the columns that have roles; a column within another has several steps."""
    fields = dict(_fields(_dataset(raw).schema))
    try:
        roles = propose(list(fields), mapping)
    except GatherProblem:
        # Mappings of columns that only the published files have.
        there = {role: name for role, name in mapping.items() if name in fields}
        roles = propose(list(fields), there)
    return {role: fields[name] for role, name in roles.items() if role in NAMES}


def _fields(schema: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    import pyarrow

    for one in schema:
        steps = (*above, one.name)
        if pyarrow.types.is_struct(one.type):
            yield from _fields(one.type, steps)
        else:
            name = ".".join(steps)
            yield name.removeprefix("data."), steps


def _dataset(raw: Path) -> Any:
    try:
        import pyarrow.dataset as dataset
    except ModuleNotFoundError:
        raise RawProblem(
            "Raw data need the Python package pyarrow. Install it: pip install pyarrow."
        ) from None
    if not raw.exists():
        raise RawProblem(f'There is no "{raw}". Name a file or folder of Parquet.')
    found = dataset.dataset(raw, format="parquet", partitioning="hive")
    if not found.schema.names:
        raise RawProblem(f'"{raw}" holds no Parquet file. Name a file or folder of Parquet.')
    return found


def _values(raw: Path, roles: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Any]]:
    """The distinct values of roles, a piece of the data at a time."""
    import pyarrow
    import pyarrow.compute as compute
    import pyarrow.dataset as dataset

    scanner = _dataset(raw).scanner(
        columns={role: dataset.field(*steps) for role, steps in roles.items()},
        batch_size=65_536,
        batch_readahead=2,
        fragment_readahead=1,
    )
    for batch in scanner.to_batches():
        for role in roles:
            values = batch.column(role)
            while pyarrow.types.is_list(values.type) or pyarrow.types.is_large_list(values.type):
                values = values.flatten()
            if pyarrow.types.is_dictionary(values.type):
                values = values.dictionary_decode()
            yield role, compute.unique(values)
