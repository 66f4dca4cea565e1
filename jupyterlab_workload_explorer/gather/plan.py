"""What a run has to do, month by month, from what the dataset holds and what the index counts."""

from __future__ import annotations

from .cursor import New
from .holdings import Partition
from .manifest import Manifest
from .reconcile import Step, Stretch, gaps, stretches, to_fetch
from .slices import MISSING, Axis, Month, Slice


class Plan:
    """What to write in each partition, with the number of documents to fetch."""

    def __init__(self, partitions: list[tuple[str, list[Stretch]]]) -> None:
        self.partitions = partitions

    @property
    def documents(self) -> int:
        """The documents to be fetched."""
        return sum(stretch.documents for _, found in self.partitions for stretch in found)


def make_plan(
    axis: Axis, months: list[Month], manifest: Manifest, new: New, small: int, whole: bool
) -> Plan:
    """What to write, given the months of the index and what the cursor has found there.

    Notes in the manifest, without saving it, what the index has now in each slice that is held, and
    which slices are due. Parts of fewer rows than ``small`` grow; with ``whole``, a month is
    written as a whole or not at all.
    """
    there = {month.name for month in months}
    for name, partition in manifest.partitions.items():
        if name not in there:
            manifest.see(name, [(0, False)] * len(partition.covers))
    plans = []
    for month in months:
        partition = manifest.partitions.get(month.name, Partition())
        found = _of_month(axis, month, manifest, partition, new.get(month.name, {}), small)
        if whole and found:
            found = [Stretch(list(partition.parts), [Step(month.whole, 0, None, True)])]
        plans.append((month.name, found))
    return Plan(plans)


def _of_month(
    axis: Axis,
    month: Month,
    manifest: Manifest,
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
    manifest.see(month.name, zip(counts, fetch, strict=True))
    sizes = axis.counts(ranges)
    further = [Slice(low, high, size) for (low, high), size in zip(ranges, sizes, strict=True)]
    return stretches(parts, counts, fetch, further, small)
