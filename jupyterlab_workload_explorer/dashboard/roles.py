"""What the tags of a cell say, as ``src/workload/roles.ts`` and ``role-policy.ts`` read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Role = Literal["upstream", "downstream", "shared"]

#: What a cell may be; ``conflict`` is more than one role.
CellRole = Literal["upstream", "downstream", "shared", "none", "conflict"]

ROLES: tuple[Role, ...] = ("upstream", "downstream", "shared")

#: Tags of Papermill: the cell of defaults, and the one that it writes. Both count as shared.
PAPERMILL_TAGS = frozenset({"parameters", "injected-parameters"})


@dataclass(frozen=True)
class RoleTags:
    """The tag of each role."""

    upstream: str = "upstream"
    downstream: str = "downstream"
    shared: str = "shared"

    def of(self, role: Role) -> str:
        """The tag of a role."""
        return str(getattr(self, role))


#: The tags where nobody says otherwise.
DEFAULT_TAGS = RoleTags()


def read_role_tags(roles: Any, base: RoleTags = DEFAULT_TAGS) -> RoleTags:
    """The tags in force: those of a weaker layer, changed by a ``roles`` object.

    What is wrong in it changes nothing, as in the check of roles, so that both read the same.
    """
    named = roles.get("tags") if isinstance(roles, Mapping) else None
    if not isinstance(named, Mapping):
        return base
    texts = {
        role: named[role]
        for role in ROLES
        if isinstance(named.get(role), str) and named[role].strip()
    }
    tags = replace(base, **texts)
    return tags if len({tags.of(role) for role in ROLES}) == len(ROLES) else base


def notebook_tags(notebook: Mapping[str, Any], site: RoleTags = DEFAULT_TAGS) -> RoleTags:
    """The tags in force in a notebook: the site's, and what its ``metadata.workload`` changes."""
    return read_role_tags(_member(notebook, "metadata", "workload", "roles"), site)


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell, in their order; what is no text is none."""
    tags = _member(cell, "metadata", "tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def roles_of(cell: Mapping[str, Any], names: RoleTags) -> list[Role]:
    """All roles that the tags of a cell name, each once."""
    tags = set(tags_of(cell))
    return [
        role
        for role in ROLES
        if names.of(role) in tags or (role == "shared" and not PAPERMILL_TAGS.isdisjoint(tags))
    ]


def cell_role(cell: Mapping[str, Any], names: RoleTags) -> CellRole:
    """What the tags of a cell say."""
    roles = roles_of(cell, names)
    return "none" if not roles else roles[0] if len(roles) == 1 else "conflict"


def may_stand(cell: Mapping[str, Any], names: RoleTags) -> bool:
    """Whether a cell may stand on a dashboard.

    Texts may, unless they are upstream. Whatever else there is may only where its tags say exactly
    one role, and that one is downstream or shared.
    """
    if cell.get("cell_type") in ("markdown", "raw"):
        return "upstream" not in roles_of(cell, names)
    return cell_role(cell, names) in ("downstream", "shared")


def uses_roles(notebook: Mapping[str, Any], names: RoleTags) -> bool:
    """Whether a notebook is one of ours, so that what it does not allow is forbidden.

    It is where its metadata have ``workload``, or where any cell has a role's tag: one in force, or
    one of the default names, in any letter case and with blanks around it, and however the tags are
    stored. Mistakes of that kind must not make a notebook somebody else's. Papermill's tags alone
    say nothing: plenty of notebooks have parameters, and know nothing of us.
    """
    metadata = notebook.get("metadata")
    if isinstance(metadata, Mapping) and "workload" in metadata:
        return True
    known = {tags.of(role).strip().casefold() for tags in (names, DEFAULT_TAGS) for role in ROLES}
    return any(text.strip().casefold() in known for text in _all_tags(notebook))


def has_tags(notebook: Mapping[str, Any]) -> bool:
    """Whether any cell has any tag at all, or the metadata have ``workload``."""
    metadata = notebook.get("metadata")
    if isinstance(metadata, Mapping) and "workload" in metadata:
        return True
    return next(_all_tags(notebook), None) is not None


def _all_tags(notebook: Mapping[str, Any]) -> Iterator[str]:
    for cell in notebook["cells"]:
        yield from _texts(_member(cell, "metadata", "tags"))


def _texts(value: Any) -> Iterator[str]:
    """All texts within a value: tags that are stored in another way than as a list of texts."""
    if isinstance(value, str):
        yield from (value, *value.replace(",", " ").split())
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _member(value: Any, *keys: str) -> Any:
    """A value below an object by its keys; ``None`` where it is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
