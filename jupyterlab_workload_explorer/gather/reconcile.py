"""What of a month has to be fetched: pure, from counts.

Counts alone cannot tell a slice that lost a document and got another one from one that stayed as it
was. So only what is fully explained is believed: where each slice of a month has as many documents
as before, and those that the cursor has found in it since, the month is as it was but for these.
Where one slice has not, the month is gathered anew, and put together with what is held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .holdings import Cover, Part
from .slices import Slice


@dataclass(frozen=True)
class Step:
    """A range of time of a month, in order.

    ``part`` is the part that has rows of it, if any. ``fetch`` says that it is to be fetched, and
    put together with those rows; otherwise the rows are taken over. ``held`` are the documents that
    those rows stand for, ``piece.documents`` those of the index. A step may be divided into finer
    ones, of which only the last one ``ends`` what the part calls one slice.
    """

    piece: Slice
    held: int
    part: Part | None
    fetch: bool
    ends: bool = True


@dataclass
class Stretch:
    """Parts that are written anew, and the steps that make their rows, by time."""

    old: list[Part] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """The documents to be fetched."""
        return sum(step.piece.documents for step in self.steps if step.fetch)


def to_fetch(
    covers: Sequence[Cover], counts: Sequence[int], new: Mapping[int | None, int]
) -> list[bool]:
    """Which slices of a month have to be fetched.

    ``counts`` are the documents that the index has in each slice, in order; ``new`` has, by the
    begin of a slice, those that it has got since as far as the cursor knows. A slice of which
    nothing is left in the index stays as it is held: there is nothing to fetch.
    """
    anew = any(
        count not in (0, cover.seen + new.get(cover.begin, 0))
        for cover, count in zip(covers, counts, strict=True)
    )
    return [
        count > 0 and (anew or cover.due or cover.begin in new)
        for cover, count in zip(covers, counts, strict=True)
    ]


def expired(held: int, there: int, lacking: int) -> int:
    """How many documents of a slice the index has lost, at least, where rows do not tell.

    ``held`` are the documents that the slice stood for, ``there`` those of the index now;
    ``lacking`` is what only was held, in rows of which a document may have several, or in counts.
    """
    return min(lacking, max(1, held - there)) if lacking > 0 else 0


def gaps(parts: Sequence[Part], whole: Slice) -> list[tuple[int, int]]:
    """Ranges of a month that no part covers."""
    assert whole.start is not None and whole.end is not None
    found = []
    at = whole.start
    for low, high in sorted(
        (low, high)
        for part in parts
        for low, high, *_ in part.slices
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
    fetch: Sequence[bool],
    new: Sequence[Slice],
    small: int,
) -> list[Stretch]:
    """What to write of a month.

    ``counts`` are the documents that the index has in each slice of each part, in order, ``fetch``
    says which of them are to be fetched, ``new`` has the documents outside all of them. A part of
    fewer rows than ``small`` is written anew together with new documents that follow. No stretch
    goes on behind a range of time that nothing covers: what comes there later would not be in order
    in a part around it.
    """
    found: list[Stretch] = []
    open_stretch: Stretch | None = None
    known = iter(zip(counts, fetch, strict=True))
    items: list[tuple[int, Part | None, list[Step]]] = []
    for part in parts:
        steps = []
        for cover in part.slices:
            count, wanted = next(known)
            piece = Slice(cover.begin, cover.end, count)
            steps.append(Step(piece, cover.documents, part, wanted))
        items.append((part.slices[0].begin or 0, part, steps))
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
        if open_stretch is None or open_stretch.steps[-1].piece.end != steps[0].piece.start:
            open_stretch = Stretch()
            found.append(open_stretch)
        open_stretch.steps.extend(steps)
        if part is not None:
            open_stretch.old.append(part)
    return found
