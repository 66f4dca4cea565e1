"""Values that did not fit: the files of the parts as the one that people read."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .files import disk_problem, sync_folder
from .problem import GatherProblem


def put_together(
    target: Path, sources: Iterable[Path], give: Callable[[Path], None]
) -> dict[str, Any]:
    """Write a file of all lines of others, or none where there are none; count them by reason.

    ``give`` sets who may read it, before anything stands in it. Raises GatherProblem; the file is
    then as it was.
    """
    reasons: Counter[str] = Counter()
    temporary = target.with_name(f"{target.name}.tmp")
    try:
        with temporary.open("wb") as file:
            give(temporary)
            for path in sources:
                with _opened(path) as source:
                    for line in source:
                        file.write(line)
                        reasons[json.loads(line)["reason"]] += 1
            file.flush()
            os.fsync(file.fileno())
        if reasons:
            temporary.replace(target)
        else:
            temporary.unlink()
            target.unlink(missing_ok=True)
        sync_folder(target.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise disk_problem(error, target) from None
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return {"values": reasons.total(), "reasons": dict(reasons)}


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise GatherProblem(
            f"{path} is missing, which tells of values that did not fit. Run gather again: it "
            "gathers anew what the file was about."
        ) from None
