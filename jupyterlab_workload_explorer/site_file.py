"""The site file: ``workload-site.json``, what a center sets for all of its users."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from stat import S_ISREG
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jupyter_core.paths import jupyter_config_path

from .dashboard.guard import Mode

FILE_NAME = "workload-site.json"
SCHEMA_NAME = "workload-site.schema.json"
VARIABLE = "WORKLOAD_SITE"


@dataclass(frozen=True)
class DataRoot:
    """A folder that the server extension serves.

    ``path`` is absolute; ``None`` where it stands on a variable that this user does not have.
    """

    name: str
    path: Path | None
    description: str = ""


@dataclass(frozen=True)
class Site:
    """What the site file says.

    ``path`` is the file's, ``None`` where there is none. With ``errors``, nothing else of the file
    holds: half a site file could show data in another light than the center meant.
    """

    path: Path | None = None
    data_roots: tuple[DataRoot, ...] = ()
    environments: tuple[dict[str, Any], ...] = ()
    #: As they stand in the file; ``elasticsearch/connections.py`` reads them.
    connections: tuple[dict[str, Any], ...] = ()
    roles: dict[str, Any] | None = None
    errors: tuple[str, ...] = ()
    #: The time zone whose days gathered data are distilled to, unless somebody says otherwise.
    zone: str | None = None
    #: ``mode`` and ``group`` of the files of gathered data.
    files: dict[str, str] | None = None
    #: What becomes of cells that may not run on a dashboard: ``drop``, ``refuse`` or ``off``.
    voila_guard: Mode = "drop"
    #: How few users may be shown together, by audience; as it stands in the file.
    privacy: dict[str, int] | None = None

    def data_root(self, name: str) -> DataRoot | None:
        """The data root of a name, or ``None``."""
        return next((root for root in self.data_roots if root.name == name), None)


def find_site_file() -> Path | None:
    """The site file in force.

    ``WORKLOAD_SITE`` names it, whether it exists or not; otherwise it is the first one on Jupyter's
    configuration path (``jupyter --paths``). One in a folder that cannot be looked into counts as
    there: reading it says what is wrong, and nobody goes on without what the center may have set.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    for folder in jupyter_config_path():
        path = Path(folder) / FILE_NAME
        try:
            if S_ISREG(path.stat().st_mode):
                return path
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return path
    return None


@cache
def _validator() -> Draft202012Validator:
    package = Path(__file__).parent
    # The wheel has it in the package; a source tree has it beside, with the other schemas.
    shipped, source = (folder / "schema" / SCHEMA_NAME for folder in (package, package.parent))
    path = shipped if shipped.exists() else source
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def _expand(path: str) -> Path | None:
    expanded = Path(os.path.expandvars(path)).expanduser()
    return expanded if expanded.is_absolute() and "$" not in str(expanded) else None


def _message(error: ValidationError) -> str:
    """What is wrong, with its place.

    The validator quotes what it found. Where somebody wrote a password by mistake, that would end
    in a log and in the panel, so mistakes in connections are told without what stands there.
    """
    place = error.absolute_path
    quotes = error.validator not in _QUOTES_KEYS_ONLY and bool(error.instance)
    if not quotes or (place and "connections" not in place):
        return f"{error.json_path}: {error.message}"
    if not place:
        return f"{error.json_path}: is not an object with a version"
    hint = isinstance(error.schema, dict) and error.schema.get("description")
    return f"{error.json_path}: {hint or f'does not fit the schema ({error.validator})'}"


#: Keywords whose messages name keys of an object, and none of its values.
_QUOTES_KEYS_ONLY = ("additionalProperties", "dependentRequired", "required")


def check_content(content: Any) -> tuple[str, ...]:
    """What is wrong with a parsed site file, or with a file of connections, which is a part of one.

    No text holds a value that stands in a connection.
    """
    errors = sorted(_validator().iter_errors(content), key=lambda error: error.json_path)
    if errors:
        return tuple(_message(error) for error in errors)
    return _doubled("connections", content.get("connections", []))


def _doubled(key: str, entries: list[dict[str, Any]]) -> tuple[str, ...]:
    names = [entry["name"] for entry in entries]
    doubled = sorted({name for name in names if names.count(name) > 1})
    return tuple(f'$.{key}: the name "{name}" stands there more than once' for name in doubled)


def parse_site(text: str, path: Path | None = None) -> Site:
    """Check the text of a site file, and read it.

    Whatever is wrong with it is listed in ``errors``, each with its place in the file.
    """
    try:
        content: Any = json.loads(text)
    except ValueError as error:
        return Site(path, errors=(f"not JSON: {error}",))
    errors = check_content(content)
    if errors:
        return Site(path, errors=errors)
    entries = content.get("data_roots", [])
    relative = [
        entry["path"]
        for entry in entries
        if not entry["path"].startswith(("/", "~", "$")) and not Path(entry["path"]).is_absolute()
    ]
    errors = (
        *_doubled("data_roots", entries),
        *(f'$.data_roots: the path "{name}" is not absolute' for name in relative),
    )
    if errors:
        return Site(path, errors=errors)
    return Site(
        path,
        tuple(
            DataRoot(entry["name"], _expand(entry["path"]), entry.get("description", ""))
            for entry in entries
        ),
        tuple(content.get("environments", ())),
        tuple(content.get("connections", ())),
        content.get("roles"),
        zone=content.get("zone"),
        files=content.get("files"),
        voila_guard=content.get("voila", {}).get("guard", "drop"),
        privacy=content.get("privacy"),
    )


class SiteFile:
    """The site file in force, read again when it has changed."""

    def __init__(self, log: logging.Logger | logging.LoggerAdapter | None = None) -> None:
        self._log = log or logging.getLogger(__name__)
        self._key: tuple[object, ...] | None = None
        self._site = Site()

    def read(self) -> Site:
        """What the site file says now. Errors are logged once for each state of the file."""
        path = find_site_file()
        if path is None:
            self._key, self._site = None, Site()
            return self._site
        try:
            status = path.stat()
            key = (path, status.st_mtime_ns, status.st_size, status.st_ino)
            if key != self._key:
                self._site = parse_site(path.read_text(encoding="utf-8"), path)
                self._key = key
                self._report()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            site = Site(path, errors=(f"cannot be read: {reason}",))
            if site != self._site:
                self._site, self._key = site, None
                self._report()
        return self._site

    def _report(self) -> None:
        for error in self._site.errors:
            self._log.error("Site file %s is left out: %s", self._site.path, error)
