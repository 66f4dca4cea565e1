"""What a reader of published tables can work out: equations, solved exactly.

Written apart from what hides cells: unknowns are hidden values, equations are shown totals less
what is shown of them. Knows nothing of networks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction


def known_by_equations(unknowns: Sequence[int], equations: Iterable[Iterable[int]]) -> set[int]:
    """Unknowns that sums of them fix, by elimination with exact fractions.

    Each equation has the unknowns that add up to a number the reader knows. (Which number does not
    matter to whether there is one solution.)
    """
    rows = [{one: Fraction(1) for one in equation} for equation in equations]
    solved: list[tuple[int, dict[int, Fraction]]] = []
    for start in rows:
        row = start
        for pivot, other in solved:
            if pivot in row:
                row = _less(row, other, row[pivot])
        if not row:
            continue
        pivot = min(row)
        row = {one: part / row[pivot] for one, part in row.items()}
        solved = [
            (at, _less(other, row, other[pivot]) if pivot in other else other)
            for at, other in solved
        ]
        solved.append((pivot, row))
    return {pivot for pivot, row in solved if len(row) == 1} & set(unknowns)


def _less(
    row: Mapping[int, Fraction], other: Mapping[int, Fraction], times: Fraction
) -> dict[int, Fraction]:
    found = {one: row.get(one, 0) - times * other.get(one, 0) for one in {*row, *other}}
    return {one: part for one, part in found.items() if part}


def known_by_counting(
    values: Mapping[int, int], equations: Sequence[Sequence[int]], least: Mapping[int, int]
) -> set[int]:
    """Unknowns that keep their value however others are shifted by one, up or down.

    A reader knows that hidden numbers are whole, and at least ``least`` (or what they are, where
    that is less). Every other solution that is tried is a true one, so what is *not* in the answer
    is not known; tries are exhaustive for shifts by one, so keep tables small.
    """
    order = sorted(values)
    free = set(order)
    last = {max(equation): [] for equation in equations if equation}
    for equation in equations:
        if equation:
            last[max(equation)].append(equation)
    shifts: dict[int, int] = {}
    seen: set[int] = set()

    def walk(at: int) -> None:
        if len(seen) == len(free):
            return
        if at == len(order):
            seen.update(one for one, shift in shifts.items() if shift)
            return
        one = order[at]
        for shift in (0, 1, -1):
            if values[one] + shift < min(least[one], values[one]):
                continue
            shifts[one] = shift
            if all(sum(shifts[other] for other in equation) == 0 for equation in last.get(one, ())):
                walk(at + 1)
        del shifts[one]

    walk(0)
    return free - seen
