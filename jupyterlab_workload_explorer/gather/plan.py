"""What a run has to do, month by month, from what the dataset holds and what the index counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

from .cursor import New
from .holdings import Partition
from .manifest import Manifest
from .reconcile import Step, Stretch, gaps, stretches, to_fetch
from .slices import MISSING, Axis, Month, Slice


@dataclass
class Plan:
    """What to write in each partition, and what the index has now in each slice that is held.

    ``seen`` has for partitions the documents of each slice, and whether it is due to be fetched.
    """

    partitions: list[tuple[str, list[Stretch]]] = field(default_factory=list)
    seen: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)

    def note(self, manifest: Manifest) -> None:
        """Note what has been seen in the manifest, without saving it."""
        for name, found in self.seen.items():
            manifest.see(name, found)
        for name, to_write in self.partitions:
            if to_write and name in manifest.partitions:
                # Until all of them are written.
                manifest.partitions[name].index_documents = None

    @property
    def documents(self) -> int:
        """The documents to be fetched."""
        return sum(stretch.documents for _, found in self.partitions for stretch in found)


def make_plan(
    axis: Axis, months: list[Month], manifest: Manifest, new: New, small: int, whole: bool
) -> Plan:
    """What to write, given the months of the index and what the cursor has found there.

    Parts of fewer rows than ``small`` grow; with ``whole``, a month is written as a whole or not at
    all.
    """
    plan = Plan()
    there = {month.name for month in months}
    for name, partition in manifest.partitions.items():
        if name not in there:
            plan.seen[name] = [(0, False)] * len(partition.covers)
    held = {month.name: manifest.partitions.get(month.name, Partition()) for month in months}
    ranges = {
        name: [
            (low, high)
            for low, high, *_ in partition.covers
            if low is not None and high is not None
        ]
        for name, partition in held.items()
    }
    # All at once: the total of a month is the same where as many come as have expired in it.
    counts = iter(axis.counts(list(chain(*ranges.values()))))
    for month in months:
        partition = held[month.name]
        counted = [next(counts) for _ in ranges[month.name]]
        found = _of_month(axis, month, plan, partition, counted, new.get(month.name, {}), small)
        if whole and found:
            found = [Stretch(list(partition.parts), [Step(month.whole, 0, None, True)])]
        plan.partitions.append((month.name, found))
    return plan


def _of_month(
    axis: Axis,
    month: Month,
    plan: Plan,
    partition: Partition,
    counts: list[int],
    new: dict[int | None, int],
    small: int,
) -> list[Stretch]:
    parts, covers = partition.parts, partition.covers
    if not parts:
        return stretches([], [], [], [month.whole], small)
    ranges = [] if month.name == MISSING else gaps(parts, month.whole)
    if month.name == MISSING:
        counts = [month.whole.documents for _ in covers]
    fetch = to_fetch(covers, counts, new)
    plan.seen[month.name] = list(zip(counts, fetch, strict=True))
    sizes = axis.counts(ranges)
    further = [Slice(low, high, size) for (low, high), size in zip(ranges, sizes, strict=True)]
    return stretches(parts, counts, fetch, further, small)
