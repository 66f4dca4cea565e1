"""Who a dashboard is for, and how few users a cell shown to them may stand for."""

from __future__ import annotations

from collections.abc import Mapping

#: By audience, as long as the site file says nothing else; the center's value is the site's.
SMALLEST: dict[str, int | None] = {"staff": 1, "center": None, "public": 5}


class AudienceProblem(ValueError):
    """No number belongs to an audience, with what to do."""


def smallest(audience: str, site: Mapping[str, int] | None = None) -> int:
    """The fewest users of a shown cell, for an audience; ``site`` has the site file's values.

    Raises AudienceProblem.
    """
    if audience not in SMALLEST:
        raise AudienceProblem(
            f"There is no audience “{audience}”. Audiences are: {', '.join(SMALLEST)}."
        )
    chosen = (site or {}).get(audience, SMALLEST[audience])
    if chosen is None:
        raise AudienceProblem(
            f"The site file says no number of users for the audience “{audience}”. Give it: --k N, "
            f"or set privacy.{audience} in the site file."
        )
    return chosen
