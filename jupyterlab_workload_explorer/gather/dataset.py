"""What a dataset is, from its first run to its last: columns, roles, shape.

The manifest keeps it. Later runs read the index by it, whatever has become of the index's fields
meanwhile, so that all parts of a dataset are alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import __version__
from .manifest import Manifest
from .options import Options
from .problem import GatherProblem
from .rows import Rows
from .schema import Schema, find_columns, keep_schema, read_schema
from .server import Server

#: What a dataset keeps besides its columns and roles, and how to say it.
_FIXED = {
    "shape": "another shape",
    "distilled": "other options of distilling",
    "pseudonymised": "other pseudonyms",
}

#: What of it is of no use in the footers of files.
_NOT_IN_FOOTERS = ("fields", "indices")


def begin_again(manifest: Manifest) -> None:
    """Forget what a dataset was to be of which nothing has been gathered: nothing binds it.

    What was to tell less than the records, or has lost some of them, stays that way all the same.
    """
    about, state = manifest.about, manifest.state
    bound = [about.get("pseudonymised"), about.get("distilled")]
    # Files that have gone take nothing back of what the dataset is.
    bound += [state.get("expired"), state.get("forgotten"), state.get("lost")]
    if not any(bound) and not any(one.parts for one in manifest.partitions.values()):
        manifest.about = {}


def schema_for(caps: Mapping[str, Any], manifest: Manifest, options: Options) -> Schema:
    """The schema that a dataset has, or is to have. Raises GatherProblem.

    ``caps`` is the answer of ``_field_caps``.
    """
    about = manifest.about
    if not about:
        return read_schema(caps, options.mapping, options.columns)
    schema = keep_schema(caps, about["source_columns"], about["source_mapping"])
    found = find_columns(caps)
    for role, field in options.mapping.items():
        if schema.mapping.get(role) != (found.as_column(field) if field else None):
            raise _differs(manifest, "another mapping")
    if options.columns is not None:
        always = {schema.mapping.get("time"), schema.mapping.get("ingest")} - {None}
        asked = {schema.mapping.get(name, found.as_column(name)) for name in options.columns}
        if asked | always != {column.name for column in schema.columns}:
            raise _differs(manifest, "other columns")
    return schema


def with_lists(server: Server, schema: Schema) -> Schema:
    """The schema of a new dataset, whose packages are lists where a document has several."""
    package = schema.column("package")
    if package is None or package.kind != "text" or package.loose:
        return schema
    answer = server.search(
        {
            "size": 0,
            "aggs": {
                "values": {"value_count": {"field": package.field}},
                "documents": {"filter": {"exists": {"field": package.field}}},
            },
        }
    )["aggregations"]
    several = answer["values"]["value"] != answer["documents"]["doc_count"]
    return schema.with_lists([package.name] if several else [])


def describe(
    manifest: Manifest,
    rows: Rows,
    schema: Schema,
    caps: Mapping[str, Any],
    options: Options,
    source: Mapping[str, Any],
) -> None:
    """Say in the manifest what the dataset is; hold it to what it was. Raises GatherProblem."""
    held = manifest.about
    indices = sorted(caps.get("indices", ()))
    if held:
        _check_source(manifest, source, indices)
    about = {
        "tool": f"jupyterlab-workload-explorer {__version__}",
        "source": dict(source),
        **rows.about(),
        "mapping": dict(rows.mapping),
        "columns": [{"name": one.name, "type": str(one.type)} for one in rows.schema],
        "source_columns": held.get("source_columns")
        or [column.as_json() for column in schema.columns],
        "source_mapping": dict(schema.mapping),
        "fields": held.get("fields") or sorted(_names(caps)),
        "indices": indices,
    }
    for key, what in _FIXED.items():
        if held and held.get(key) != about[key]:
            raise _differs(manifest, what)
    manifest.about = about


def _check_source(manifest: Manifest, source: Mapping[str, Any], indices: list[str]) -> None:
    """Refuse other indices: what is held would be taken for documents that have expired.

    More of them than the last run had, by another name, are welcome.
    """
    held = manifest.about["source"]
    names = {held.get("connection"), source["connection"]} - {None}
    more = {*manifest.about.get("indices", [None])} <= {*indices}
    if len(names) < 2 and (held["indices"] == source["indices"] or more):
        return
    by = "" if held.get("connection") is None else f' of the connection "{held["connection"]}"'
    raise GatherProblem(
        f'{manifest.folder} was gathered from "{held["indices"]}"{by}. Gather from there, from an '
        "index expression that has all of these indices, or into another folder."
    )


def footer_of(manifest: Manifest) -> dict[str, Any]:
    """What the files of a run say of themselves."""
    kept = {key: value for key, value in manifest.about.items() if key not in _NOT_IN_FOOTERS}
    return {**kept, "point_in_time": manifest.state["point_in_time"]}


def new_fields(caps: Mapping[str, Any], manifest: Manifest) -> Sequence[str]:
    """Fields that the index has got since the dataset was begun, by the names of their columns."""
    return sorted(_names(caps) - set(manifest.about["fields"]))


def _names(caps: Mapping[str, Any]) -> set[str]:
    found = find_columns(caps)
    return {*found.columns, *found.conflicts}


def _differs(manifest: Manifest, what: str) -> GatherProblem:
    return GatherProblem(
        f"{manifest.folder} was gathered with {what}. "
        "Gather with the same ones, or into another folder."
    )
