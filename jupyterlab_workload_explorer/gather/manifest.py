"""``_manifest.json``: what a gathered dataset holds, and how it is replaced piece by piece.

Part files are written under temporary names in ``.gather/tmp``. The manifest first says what is
about to be replaced; then files get their names and old ones go; then the manifest says what is
there. A gather that was killed anywhere in between is finished, or forgotten, by :meth:`open`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .access import Access
from .files import checksum, disk_problem, make_folder, sync_folder, write_whole
from .holdings import Lost, Part, Partition
from .problem import GatherProblem
from .rejects import put_together

VERSION = 1
NAME = "_manifest.json"
REJECTS = "_rejects.ndjson"
LOG = "_log.ndjson"

_PART = re.compile(r"part-[0-9TZ-]+\.parquet")


class Manifest:
    """The manifest of one dataset, while this process alone may change the dataset.

    ``about`` has what is true of the whole dataset (source, columns, mapping, shape, …), ``state``
    what the last run left (cursor, complete, rejects, runs, lost).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.about: dict[str, Any] = {}
        self.state: dict[str, Any] = {"complete": False, "runs": []}
        self.partitions: dict[str, Partition] = {}
        self.access = Access()
        #: Parts begun in this run, whatever points in time it has had: part of their names.
        self.begun = 0
        self._replacing: dict[str, Any] | None = None

    @property
    def work(self) -> Path:
        """The folder of what is not part of the dataset."""
        return self.folder / ".gather"

    @property
    def temporary(self) -> Path:
        """The folder of files that are being written."""
        return self.work / "tmp"

    @property
    def run(self) -> int:
        """The number of the run; the first is 1."""
        runs = self.state["runs"]
        return runs[-1]["number"] if runs else 0

    @property
    def lost(self) -> list[Lost]:
        """Parts that were missing or damaged, since a gather last came to its end."""
        return [Lost(*one) for one in self.state.get("lost", ())]

    @staticmethod
    @contextlib.contextmanager
    def open(folder: Path) -> Iterator[Manifest]:
        """The manifest of a folder, new or as a run has left it; nobody else has it meanwhile.

        Raises GatherProblem where another gather is at work, where the folder holds something
        else, where the manifest cannot be read, and where the disk refuses something.
        """
        manifest = Manifest(folder)
        if folder.exists() and not folder.is_dir():
            raise GatherProblem(f"{folder} is a file. Give a folder for the dataset.")
        if not (folder / NAME).exists() and folder.exists():
            # A first run that was killed may have left these.
            ours = (".gather", f"{NAME}.tmp")
            strange = [one.name for one in folder.iterdir() if one.name not in ours]
            if strange:
                raise GatherProblem(
                    f"{folder} holds other files ({sorted(strange)[0]}) and no {NAME}. "
                    "Give a new or an empty folder."
                )
        try:
            make_folder(manifest.temporary)
            make_folder(manifest.work / "rejects")
            lock = (manifest.work / "lock").open("w")
        except OSError as error:
            raise GatherProblem(
                f"{folder} cannot be written ({error.strerror}). Give another folder."
            ) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise GatherProblem(
                    f"Another gather writes to {folder}. Wait until it has ended."
                ) from None
            try:
                manifest.access = Access.of_site()
                manifest._read()
                manifest._recover()
                manifest.access.give_all(folder, manifest.files())
                yield manifest
            except OSError as error:
                # Whatever the disk refuses in the dataset, whoever asks for it.
                raise disk_problem(error, Path(error.filename or folder)) from None

    def save(self) -> None:
        """Write the manifest, durably."""
        write_whole(self.folder / NAME, self._text().encode(), self.access.give)

    def replace(self, name: str, old: list[Part], new: list[tuple[Path, Part]]) -> None:
        """Put new parts of a partition, complete in temporary files, in place of old ones.

        Old and new parts of the same name are not allowed. Once this returns, it has happened,
        whatever comes; before, it has happened or it has not.
        """
        self._replacing = {
            "partition": name,
            "old": [part.file for part in old],
            "new": [{"temporary": path.name, "part": part.as_json()} for path, part in new],
        }
        # What the manifest speaks of has to outlast a power cut by its name, too.
        sync_folder(self.temporary)
        sync_folder(self.work / "rejects")
        self.save()
        self._finish()

    def see(self, name: str, found: Iterable[tuple[int, bool]]) -> None:
        """Note of each slice of a partition, in order, what the index has now; not saved yet.

        ``found`` has the documents of the index, and whether the slice is due to be fetched.
        """
        partition = self.partitions[name]
        left = iter(found)
        partition.parts = [
            replace(
                part,
                slices=tuple(
                    cover._replace(seen=seen, due=due)
                    for cover, (seen, due) in zip(part.slices, left, strict=False)
                ),
            )
            for part in partition.parts
        ]

    def rejects_of(self, part: Part) -> Path:
        """The file of the values of a part that did not fit."""
        return self.work / "rejects" / f"{part.stem}.ndjson"

    def gather_rejects(self) -> dict[str, Any]:
        """Write ``_rejects.ndjson`` anew from those of all parts; count them by reason."""
        parts = [part for name in sorted(self.partitions) for part in self.partitions[name].parts]
        files = [self.rejects_of(part) for part in parts if part.rejects > 0]
        return put_together(self.folder / REJECTS, files, self.access.give)

    def files(self) -> list[Path]:
        """All files of the dataset, as it is now."""
        parts = [part.file for one in self.partitions.values() for part in one.parts]
        return [self.folder / name for name in (*parts, NAME, REJECTS, LOG)]

    def damaged(self) -> list[Part]:
        """Parts whose checksum differs. Reads everything."""
        return [
            part
            for partition in self.partitions.values()
            for part in partition.parts
            if checksum(self.folder / part.file) != part.sha256
        ]

    def verify(self) -> None:
        """Lose the parts whose checksum differs."""
        self._lose(
            {part.file: "is damaged: its checksum is another one" for part in self.damaged()}
        )

    def _lose(self, reasons: Mapping[str, str]) -> None:
        """Remove parts, by the names of their files, and note why: they are gathered anew.

        The note stays until a gather has come to its end, whoever is stopped before.
        """
        if not reasons:
            return
        gone: list[Part] = []
        for partition in self.partitions.values():
            lost = [part for part in partition.parts if part.file in reasons]
            if lost:
                partition.parts = [part for part in partition.parts if part not in lost]
                partition.index_documents = None
            gone += lost
        found = [Lost(part.file, part.documents, reasons[part.file]) for part in gone]
        self.state["lost"] = [*self.lost, *found]
        self.state["complete"] = False
        self.save()
        for part in gone:
            (self.folder / part.file).unlink(missing_ok=True)
            self.rejects_of(part).unlink(missing_ok=True)

    def _read(self) -> None:
        try:
            content = json.loads((self.folder / NAME).read_bytes())
            if content["version"] != VERSION:
                raise GatherProblem(
                    f"{self.folder / NAME} is of version {content['version']}, which this program "
                    "does not know. Use a newer one."
                )
            self.about = content["dataset"]
            self.state = content["state"]
            self._replacing = content["replacing"]
            for name, entry in content["partitions"].items():
                parts = [Part.parse(part) for part in entry["parts"]]
                self.partitions[name] = Partition(parts, entry["index_documents"])
        except FileNotFoundError:
            return
        except (ValueError, LookupError, TypeError, AttributeError):
            raise GatherProblem(
                f"{self.folder / NAME} cannot be understood. Gather into another folder, or put "
                "the file back from a backup."
            ) from None

    def _recover(self) -> None:
        """Finish what the last run had begun to replace, and remove what belongs to nothing."""
        if self._replacing is not None:
            self._finish()
        known = {part.file for one in self.partitions.values() for part in one.parts}
        stems = {Path(file).stem for file in known}
        for path in self.temporary.iterdir():
            path.unlink()
        for path in (self.work / "rejects").iterdir():
            if path.stem not in stems:
                path.unlink()
        for path in self.folder.glob("month=*/part-*.parquet"):
            inside = path.relative_to(self.folder).as_posix()
            if _PART.fullmatch(path.name) and inside not in known:
                path.unlink()
        for path in self.folder.glob("*.tmp"):
            path.unlink()
        self._see_files()

    def _see_files(self) -> None:
        """Lose parts whose files have gone or are of another length."""
        reasons: dict[str, str] = {}
        for partition in self.partitions.values():
            for place, part in enumerate(partition.parts):
                path = self.folder / part.file
                if not path.is_file():
                    reasons[part.file] = "is missing"
                elif (size := path.stat().st_size) != part.bytes:
                    reasons[part.file] = f"is damaged: it has {size:,} bytes, not {part.bytes:,}"
                elif part.rejects > 0 and not self.rejects_of(part).is_file():
                    # What did not fit is told again when the documents are fetched again.
                    due = tuple(cover._replace(due=True) for cover in part.slices)
                    partition.parts[place] = replace(part, rejects=0, slices=due)
                    self.state["complete"] = False
        self._lose(reasons)

    def _finish(self) -> None:
        replacing = self._replacing
        assert replacing is not None
        partition = self.partitions.setdefault(replacing["partition"], Partition())
        folder = self.folder / f"month={replacing['partition']}"
        make_folder(folder)
        self.access.give(folder)
        added = [Part.parse(one["part"]) for one in replacing["new"]]
        for one, part in zip(replacing["new"], added, strict=True):
            temporary = self.temporary / one["temporary"]
            if temporary.exists():
                self.access.give(temporary)
                temporary.replace(self.folder / part.file)
        # The old ones go when the new ones are there for good.
        sync_folder(folder)
        for file in replacing["old"]:
            (self.folder / file).unlink(missing_ok=True)
        sync_folder(folder)
        gone = {*replacing["old"], *(part.file for part in added)}
        kept = [part for part in partition.parts if part.file not in gone]
        partition.parts = sorted([*kept, *added], key=lambda part: part.slices[0].begin or 0)
        self._replacing = None
        self.save()
        for file in replacing["old"]:
            (self.work / "rejects" / f"{Path(file).stem}.ndjson").unlink(missing_ok=True)

    def _text(self) -> str:
        """JSON with a line for each part: it is read by people, too."""
        partitions = []
        for name in sorted(self.partitions):
            entry = self.partitions[name].as_json()
            parts = ",\n".join(f"      {part.text}" for part in self.partitions[name].parts)
            inside = f"[\n{parts}\n    ]" if parts else "[]"
            partitions.append(
                f'    {json.dumps(name)}: {_compact(entry)[:-1]}, "parts": {inside}}}'
            )
        listed = ",\n".join(partitions)
        return (
            "{\n"
            f'  "version": {VERSION},\n'
            f'  "dataset": {_indented(self.about)},\n'
            f'  "state": {_indented(self.state)},\n'
            f'  "replacing": {_compact(self._replacing)},\n'
            f'  "partitions": {{\n{listed}\n  }}\n'
            "}\n"
        )


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _indented(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
