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


#: What JavaScript's ``trim`` takes for blank. Python's ``strip`` differs: U+FEFF is blank in
#: JavaScript only, U+001C to U+001F and U+0085 are in Python only.
BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)


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
        if isinstance(named.get(role), str) and named[role].strip(BLANKS)
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


def may_stand(cell: Mapping[str, Any], names: RoleTags, site: RoleTags = DEFAULT_TAGS) -> bool:
    """Whether a cell may stand on a dashboard, by the names in force and those of the site.

    Texts may, unless they are upstream. Whatever else there is may only where its tags say exactly
    one role, and that one is downstream or shared. What a notebook calls its roles cannot lift what
    the site calls upstream, nor the default name of it, unless the site gives that to another role.
    """
    forbidden = {names.upstream, site.upstream}
    if DEFAULT_TAGS.upstream not in (site.downstream, site.shared):
        forbidden.add(DEFAULT_TAGS.upstream)
    if not forbidden.isdisjoint(tags_of(cell)):
        return False
    if cell.get("cell_type") in ("markdown", "raw"):
        return True
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
    known = known_tags(names)
    return any(_folded(text) in known for text in _all_tags(notebook))


def known_tags(names: RoleTags) -> frozenset[str]:
    """The tags in force and the default ones, as mistakes are told by: without case and blanks."""
    return frozenset(_folded(tags.of(role)) for tags in (names, DEFAULT_TAGS) for role in ROLES)


def has_tags(notebook: Mapping[str, Any]) -> bool:
    """Whether any cell has any tag at all, or the metadata have ``workload``."""
    metadata = notebook.get("metadata")
    if isinstance(metadata, Mapping) and "workload" in metadata:
        return True
    return next(_all_tags(notebook), None) is not None


def _folded(tag: str) -> str:
    # Blank for either language.
    return tag.strip(BLANKS + "\x1c\x1d\x1e\x1f\x85").casefold()


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
