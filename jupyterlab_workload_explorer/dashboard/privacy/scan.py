"""Searches what is about to be published for identities and small groups."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from .findings import Collector, Report
from .identity import columns_of_identity, mask
from .json_values import JsonSearch
from .notebooks import search_notebook
from .pages import search_addresses, search_html, search_style
from .reference import Reference, read_reference
from .search import FileSearch, Search
from .table_files import search_arrow, search_csv, search_parquet
from .texts import search_python, search_script, search_text

#: Bytes of a text that is read as a whole.
_LARGEST = 256_000_000

#: Endings of files in which people see text and programs do not.
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".bmp", ".tiff", ".pdf")
_FONTS = (".woff", ".woff2", ".ttf", ".otf", ".eot")

#: Of the distinct ids of a column, how many have to be known from the raw data to say that the
#: column has ids, and which part of them: some numbers are ids by chance.
_KNOWN, _PART = 3, 0.5


def scan(
    paths: Sequence[str | Path],
    *,
    k: int,
    audience: str | None = None,
    raw: str | Path | None = None,
    mapping: Mapping[str, str] | None = None,
    largest: int = _LARGEST,
) -> Report:
    """Search files and folders; cells of fewer than ``k`` users are small.

    ``raw`` is a Parquet file or dataset with the records themselves: its users, accounts and jobs
    are looked for. ``mapping`` leads from roles to columns that names do not tell. ``largest`` is
    in bytes: larger texts are reported as unreadable (Parquet, Arrow and CSV are read by pieces).

    Raises FileNotFoundError where a path does not exist, and RawProblem.
    """
    mapping = mapping or {}
    reference = read_reference(Path(raw), mapping) if raw is not None else Reference()
    found = Collector()
    search = Search(k, columns_of_identity(mapping), reference, found)
    report = Report(k, audience)
    if raw is not None:
        kinds = list(reference.names.values())
        report.compared = {
            "names_of_users": kinds.count("user"),
            "names_of_accounts": kinds.count("account"),
        }
    for path, name in _files([Path(path) for path in paths]):
        shown = _safe_path(name, search)
        owner = FileSearch(search, shown)
        _search_name(name, owner)
        kind = _search_file(path, owner, largest)
        if kind:
            report.searched.append({"file": shown, "kind": kind})
        report.not_searched += [
            {"file": shown, "place": at, "what": what} for at, what in owner.unsearched
        ]
    _compare_ids(search)
    report.findings = found.findings()
    return report


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """All files with their names in the report, which do not tell where they lie."""
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"There is no “{path}”.")
        if not path.is_dir():
            yield path, path.name
            continue
        for folder, folders, files in os.walk(path):
            folders.sort()
            links = [name for name in folders if (Path(folder) / name).is_symlink()]
            for name in sorted([*files, *links]):
                one = Path(folder) / name
                yield one, one.relative_to(path).as_posix()


def _search_file(path: Path, owner: FileSearch, largest: int) -> str:
    """Search a file by what it is; returns its kind, or nothing where it was not searched."""
    kind = ""
    try:
        if path.is_dir():
            owner.unreadable("folder", "it is a link to a folder")
            return ""
        with path.open("rb") as file:
            start = file.read(8)
        kind = _kind(path, start)
        if kind in ("picture", "font"):
            owner.unsearched.append(("file", kind))
            return ""
        searches: dict[str, Callable[[Path, FileSearch], None]] = {
            "parquet": search_parquet,
            "arrow": search_arrow,
            "csv": search_csv,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if kind in searches:
                searches[kind](path, owner)
            elif path.stat().st_size > largest:
                owner.unreadable("file", f"it is larger than {largest:,} bytes")
            else:
                _search_text_file(path, kind, owner)
            search_addresses(owner)
    except ModuleNotFoundError as missing:
        owner.unreadable("file", f"the Python package {missing.name} is not installed")
    except RecursionError:
        owner.unreadable("file", "it is nested too deeply")
    except Exception as problem:  # A reader of damaged files may raise whatever it likes.
        # What the error says may quote the file.
        owner.unreadable("file", f"it is damaged or of another kind, {type(problem).__name__}")
    return kind


def _kind(path: Path, start: bytes) -> str:
    name = path.name.lower()
    ending = path.suffix.lower()
    if start[:4] == b"PAR1" or ending in (".parquet", ".pq"):
        return "parquet"
    if start[:6] == b"ARROW1" or ending in (".arrow", ".feather", ".ipc", ".arrows"):
        return "arrow"
    if name.endswith((".csv", ".tsv", ".csv.gz", ".tsv.gz")):
        return "csv"
    for kind, endings in {
        "notebook": (".ipynb",),
        "json": (".json", ".geojson"),
        "lines of json": (".ndjson", ".jsonl"),
        "python": (".py", ".pyw"),
        "html": (".html", ".htm", ".svg", ".xml"),
        "style": (".css",),
        "script": (".js", ".mjs"),
        "picture": _PICTURES,
        "font": _FONTS,
    }.items():
        if ending in endings:
            return kind
    return "text"


def _search_text_file(path: Path, kind: str, owner: FileSearch) -> None:
    data = path.read_bytes()
    if kind == "text" and b"\0" in data:
        raise ValueError("binary")
    text = data.decode("utf-8-sig")
    if kind == "notebook":
        search_notebook(json.loads(text), owner)
    elif kind == "json":
        JsonSearch(owner).search(json.loads(text))
    elif kind == "lines of json":
        JsonSearch(owner).search([json.loads(line) for line in text.splitlines() if line.strip()])
    elif kind == "python":
        search_python(text, "source", owner)
    elif kind == "html":
        search_html(text, "page", owner)
    elif kind == "style":
        owner.program("style", text)
        search_style(text, "style", owner)
    elif kind == "script":
        search_script(text, "", "program", owner)
    else:
        search_text(text, "text", owner)


def _search_name(name: str, owner: FileSearch) -> None:
    """Search a file's name; ``user=…`` in the names of folders is a column of a dataset."""
    for part in name.split("/"):
        column, equals, value = part.partition("=")
        if equals and owner.key(column):
            table = owner.table([column], "name of a folder", figure=True)
            table.feed({column: [value]})
            table.close()
        owner.text("name of the file", value if equals else part)


def _safe_path(name: str, search: Search) -> str:
    """A file's name as a report may have it."""
    parts = []
    for part in name.split("/"):
        column, equals, value = part.partition("=")
        if equals and FileSearch(search, "").key(column):
            part = f"{column}={mask(value)}"
        for _, who in list(FileSearch(search, "").hits(part)):
            part = part.replace(who, mask(who))
        parts.append(part)
    return "/".join(parts)


def _compare_ids(search: Search) -> None:
    """Look up in the raw data what may be ids."""
    known = search.reference.known_ids(one for ids in search.ids.values() for one in ids)
    for (file, place), ids in search.ids.items():
        there = sorted(ids & known)
        if len(there) >= _KNOWN and len(there) >= _PART * len(ids):
            search.found.add(file, place, "job id", there[0], len(there))
