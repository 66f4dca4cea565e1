"""Taking records out of a gathered dataset: old ones, and those of a user.

What is to go is written into the manifest first, together with the fact that it is not gone yet.
Then each file that has some of it is written anew and put in its place, as a gather does. Whoever
opens the dataset next, this or a gather, finishes what was begun. The log says so, once.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import __version__
from .cursor import remove_old
from .days import Days
from .distill import COUNT, documents_are_counted
from .files import write_whole
from .forgotten import Forgotten
from .holdings import Lost
from .manifest import LOG, Manifest
from .manifest import NAME as MANIFEST
from .problem import GatherProblem
from .pseudonyms import Pseudonyms
from .rewrite import Kept, rewrite
from .server import now


@dataclass(frozen=True)
class Upkeep:
    """What was taken out: rows of the dataset, and files that were written anew or have gone.

    ``lost`` are files that were missing or damaged, which the next gather gathers anew.
    """

    rows: int
    parts: int
    lost: Sequence[Lost] = ()


def expire(out: str | Path, before: str) -> Upkeep:
    """Take the records before a date (``2021-03-01``) out of a dataset, for good.

    The day begins in the zone that the dataset was distilled to, else in UTC. Records without a
    time stay. Raises GatherProblem.
    """
    try:
        date = datetime.date.fromisoformat(before)
        if before != date.isoformat():
            raise ValueError
    except ValueError:
        raise GatherProblem(f'"{before}" is not a date. Write it as 2021-03-01.') from None
    with _open(out) as manifest:
        _finish_other(manifest)
        instant = Days(_zone(manifest)).start_of(date)
        held = manifest.state.get("expired")
        if held is None or held["before"] < instant:
            manifest.state["expired"] = {"before": instant, "date": before}
        return _begin(manifest, {"what": "expire", "before": before, "zone": _zone(manifest)})


def forget(out: str | Path, users: Sequence[str], key_file: str | Path | None = None) -> Upkeep:
    """Take the records of users out of a dataset, for good.

    Where the users have pseudonyms, ``key_file`` names the key, and ``users`` are their real names.
    A user who has no record is remembered all the same. Raises GatherProblem.
    """
    if not users or not all(users):
        raise GatherProblem("Name the users to forget.")
    with _open(out) as manifest:
        _finish_other(manifest)
        column = manifest.about["mapping"].get("user")
        if column is None:
            raise GatherProblem(
                f"{manifest.folder} has no column of users, so nobody can be told apart there."
            )
        names = list(users)
        if column in manifest.about["pseudonymised"]:
            names = [_pseudonyms(manifest, key_file).of(name) for name in names]
        forgotten = Forgotten.with_more(manifest, names)
        manifest.state["forgotten"] = sorted(forgotten.digests)
        return _begin(manifest, {"what": "forget", "users": len(set(names))})


def finish(manifest: Manifest) -> Upkeep:
    """Finish what an earlier call has begun, if that was killed."""
    task = manifest.state.get("upkeep")
    if task is None:
        return Upkeep(0, 0)
    kept = _kept(manifest)
    for name in sorted(manifest.partitions):
        for part in list(manifest.partitions[name].parts):
            new = rewrite(manifest, name, part, kept)
            if new is None:
                continue
            rows = sum(one.rows for _, one in new)
            task["rows"] += part.rows - rows
            task["parts"] += 1
            manifest.replace(name, [part], new)
    for name in list(manifest.partitions):
        _recount(manifest, name)
    _forget_ids(manifest, kept)
    manifest.state["rejects"] = manifest.gather_rejects()
    _log(manifest, task)
    manifest.state["runs"][-1] |= {"ended": now(), "state": "complete"}
    del manifest.state["upkeep"]
    manifest.save()
    remove_old(manifest)
    return Upkeep(task["rows"], task["parts"], manifest.lost)


def not_expired(manifest: Manifest, time: str) -> dict[str, Any] | None:
    """The condition that leaves out what was taken out as old; ``time`` is the field."""
    expired = manifest.state.get("expired")
    if expired is None:
        return None
    old = {"range": {time: {"lt": expired["before"], "format": "epoch_millis"}}}
    return {"bool": {"must_not": [old]}}


def _begin(manifest: Manifest, what: dict[str, Any]) -> Upkeep:
    # What it needs has to be there before anything is said of it.
    _kept(manifest)
    number = manifest.run + 1
    run = {"number": number, "started": now(), "state": "running", "what": what["what"]}
    manifest.state["runs"] = [*manifest.state["runs"], run][-100:]
    manifest.state["upkeep"] = {"run": number, **what, "rows": 0, "parts": 0}
    manifest.save()
    return finish(manifest)


def _open(out: str | Path) -> Any:
    folder = Path(out).absolute()
    if not (folder / MANIFEST).is_file():
        raise GatherProblem(f"{folder} holds no gathered dataset. Name the folder of one.")
    return Manifest.open(folder)


def _finish_other(manifest: Manifest) -> None:
    if not manifest.about:
        raise GatherProblem(f"Nothing was gathered into {manifest.folder} yet.")
    finish(manifest)


def _zone(manifest: Manifest) -> str:
    distilled = manifest.about.get("distilled")
    return distilled["zone"] if distilled else "UTC"


def _pseudonyms(manifest: Manifest, key_file: str | Path | None) -> Pseudonyms:
    if key_file is None:
        raise GatherProblem(
            "The users have pseudonyms here, so their names tell nothing without the key. "
            "Name its file: --key-file FILE."
        )
    pseudonyms = Pseudonyms(key_file)
    if pseudonyms.fingerprint != manifest.about["pseudonym_key"]:
        raise GatherProblem(
            f"The pseudonyms were made with another key ({manifest.about['pseudonym_key']}). "
            "Name the file of that key."
        )
    return pseudonyms


def _kept(manifest: Manifest) -> Kept:
    mapping = manifest.about["mapping"]
    expired = manifest.state.get("expired")
    return Kept(
        mapping["time"],
        mapping.get("user"),
        mapping.get("job"),
        None if expired is None else expired["before"],
        Forgotten.of(manifest),
        COUNT if documents_are_counted(manifest.about) else None,
    )


def _recount(manifest: Manifest, name: str) -> None:
    partition = manifest.partitions[name]
    if any(cover.due for cover in partition.covers):
        partition.index_documents = None
        manifest.state["complete"] = False
    elif partition.index_documents is not None:
        partition.index_documents = partition.seen
    if not partition.parts:
        if partition.index_documents is not None:
            del manifest.partitions[name]
        folder = manifest.folder / f"month={name}"
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _forget_ids(manifest: Manifest, kept: Kept) -> None:
    """Hashes of ids tell nothing of their documents; those of old ones go with them."""
    cursor = manifest.state.get("cursor")
    if cursor is not None and kept.before is not None and kept.before > cursor["from"]:
        manifest.state["cursor"] = None


def _log(manifest: Manifest, task: dict[str, Any]) -> None:
    """Add a line to the log; who was forgotten stands nowhere in it."""
    path = manifest.folder / LOG
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if any(json.loads(line)["run"] == task["run"] for line in text.splitlines()):
        return
    line = json.dumps({"at": now(), **task, "tool": f"jupyterlab-workload-explorer {__version__}"})
    write_whole(path, f"{text}{line}\n".encode(), manifest.access.give)
