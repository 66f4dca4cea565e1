"""What the check takes `from module import *` to bind, against the modules of this Python."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

TABLE = Path(__file__).parents[2] / "src/lint/python/star-names.ts"


def entries() -> dict[str, tuple[set[str], set[str]]]:
    text = TABLE.read_text(encoding="utf-8").split("TABLE = `\n")[1].split("\n`;")[0]
    found = {}
    for entry in re.split(r"\n(?! )", text.strip()):
        module, names = entry.split(": ")
        certain, _, possible = " ".join(names.split()).partition(" ? ")
        found[module] = (set(certain.split()), set(possible.split()))
    return found


def test_star_imports_bind_what_the_table_says() -> None:
    table = entries()
    assert len(table) > 25
    for name, (certain, possible) in table.items():
        module = importlib.import_module(name)
        public = [each for each in dir(module) if not each.startswith("_")]
        bound = set(getattr(module, "__all__", None) or public)
        assert certain <= bound, (name, certain - bound)
        # What newer versions add is told as not defined, until the table has it.
        assert bound <= certain | possible, (name, bound - certain - possible)
