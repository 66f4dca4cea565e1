"""What a run has to do, month by month, from what the dataset holds and what the index counts."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    for month in months:
        partition = manifest.partitions.get(month.name, Partition())
        found = _of_month(axis, month, plan, partition, new.get(month.name, {}), small)
        if whole and found:
            found = [Stretch(list(partition.parts), [Step(month.whole, 0, None, True)])]
        plan.partitions.append((month.name, found))
    return plan


def _of_month(
    axis: Axis,
    month: Month,
    plan: Plan,
    partition: Partition,
    new: dict[int | None, int],
    small: int,
) -> list[Stretch]:
    parts, covers = partition.parts, partition.covers
    if not parts:
        return stretches([], [], [], [month.whole], small)
    ranges = [] if month.name == MISSING else gaps(parts, month.whole)
    known = not (ranges or new or any(cover.due for cover in covers))
    if known and partition.seen == month.whole.documents:
        return []
    if month.name == MISSING:
        counts = [month.whole.documents for _ in covers]
    else:
        held = [(low, high) for low, high, *_ in covers if low is not None and high is not None]
        counts = axis.counts(held)
    fetch = to_fetch(covers, counts, new)
    plan.seen[month.name] = list(zip(counts, fetch, strict=True))
    sizes = axis.counts(ranges)
    further = [Slice(low, high, size) for (low, high), size in zip(ranges, sizes, strict=True)]
    return stretches(parts, counts, fetch, further, small)
