"""What of a month has to be fetched: pure, from counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from .manifest import Part
from .slices import Slice


@dataclass(frozen=True)
class Step:
    """A range of time of a month, in order.

    ``part`` is the part that has rows of it, if any. ``fetch`` says that it is to be fetched, and
    put together with those rows; otherwise the rows are taken over. ``held`` are the documents that
    those rows stand for, ``piece.documents`` those of the index.
    """

    piece: Slice
    held: int
    part: Part | None
    fetch: bool


@dataclass
class Stretch:
    """Parts that are written anew, and the steps that make their rows, by time."""

    old: list[Part] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """The documents to be fetched."""
        return sum(step.piece.documents for step in self.steps if step.fetch)


def gaps(parts: Sequence[Part], whole: Slice) -> list[tuple[int, int]]:
    """Ranges of a month that no part covers."""
    assert whole.start is not None and whole.end is not None
    found = []
    at = whole.start
    for low, high in sorted(
        (low, high)
        for part in parts
        for low, high, _, _ in part.slices
        if low is not None and high is not None
    ):
        if low > at:
            found.append((at, low))
        at = max(at, high)
    if at < whole.end:
        found.append((at, whole.end))
    return found


def stretches(
    parts: Sequence[Part],
    counts: Sequence[int],
    new: Sequence[Slice],
    small: int,
    touched: Collection[int | None] = (),
) -> list[Stretch]:
    """What to do with a month.

    ``counts`` are the documents that the index has in each slice of each part, in order, ``new``
    the documents outside all of them. A part of fewer rows than ``small`` is written anew together
    with new documents that follow. Slices that begin at a ``touched`` instant are fetched whatever
    their counts say. A slice in which the index has fewer documents than before has lost them to
    expiry: it stays.
    """
    found: list[Stretch] = []
    open_stretch: Stretch | None = None
    known = iter(counts)
    items: list[tuple[int, Part | None, list[Step]]] = []
    for part in parts:
        steps = []
        for low, high, held, seen in part.slices:
            count = next(known)
            fetch = count > seen or low in touched
            steps.append(Step(Slice(low, high, count), held, part, fetch))
        items.append((part.slices[0][0] or 0, part, steps))
    items.extend(
        (piece.start or 0, None, [Step(piece, 0, None, True)])
        for piece in new
        if piece.documents > 0
    )
    items.sort(key=lambda item: item[0])
    for index, (_, part, steps) in enumerate(items):
        follows_new = index + 1 < len(items) and items[index + 1][1] is None
        dirty = part is None or any(step.fetch for step in steps)
        if not dirty and part is not None and part.rows < small and follows_new:
            dirty = True
        if not dirty:
            open_stretch = None
            continue
        if open_stretch is None:
            open_stretch = Stretch()
            found.append(open_stretch)
        open_stretch.steps.extend(steps)
        if part is not None:
            open_stretch.old.append(part)
    return found
