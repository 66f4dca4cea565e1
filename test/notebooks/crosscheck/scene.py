"""What a notebook in the making holds: which names each run has, of what kind, and how templates are filled with them."""

# Templates are read best in one line.
# ruff: noqa: E501

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

ROLES = ("upstream", "downstream", "shared")

# Names as people give them; few, so that they meet: locals shadow globals, cells bind the same name again.
NAMES = {
    "int": "n total count limit width year offset jobs users hours peak size top rank nodes",
    "text": "month label title kind site owner prefix unit color caption",
    "ints": "values samples counts rows series bins shares ages sizes ranks",
    "table": "by_user by_month lookup config stats summary colors groups",
    "func": "scale clean shift double score weigh reduce_jobs normalize grow pick",
    "cls": "Model Job Counter Loader Period Node Chart Account",
    "obj": "model job counter loader period node chart account",
    "array": "matrix grid signal weights mask hist",
    "frame": "df jobs_df users_df monthly pivot merged",
    "path": "OUT DATA target source_file report folder result_path",
    "gen": "stream batches chunks lines",
}
LOCALS = [
    "i",
    "j",
    "k",
    "x",
    "y",
    "item",
    "key",
    "value",
    "row",
    "acc",
    "tmp",
    "e",
    "part",
    "left",
    "right",
    "first",
    "rest",
]

PLACE = re.compile(r"<(?:(new|name|mod|later|tmp) )?([A-Za-z_.]+[0-9]?)(?: ([a-z0-9]+))?>")

MODULES = {
    "json": ["import json"],
    "math": ["import math", "import math as m"],
    "os": ["import os"],
    "os.path": ["import os.path", "import os, sys", "import os"],
    "re": ["import re"],
    "csv": ["import csv"],
    "collections": ["import collections", "import collections as col"],
    "itertools": ["import itertools", "import itertools as it"],
    "functools": ["import functools", "import functools as ft"],
    "contextlib": ["import contextlib"],
    "statistics": ["import statistics", "import statistics as st"],
    "datetime": ["import datetime as dt", "import datetime"],
    "numpy": ["import numpy as np", "import numpy"],
    "pandas": ["import pandas as pd", "import pandas"],
    "pathlib": ["import pathlib"],
    "asyncio": ["import asyncio"],
    "operator": ["import operator", "import operator as op"],
    # Members, each under a name of its own.
    "Path": ["from pathlib import Path", "from pathlib import Path as P"],
    "defaultdict": ["from collections import defaultdict", "from collections import (\n    defaultdict,\n)"],
    "Counts": ["from collections import Counter as Counts"],
    "partial": ["from functools import partial"],
    "reduce": ["from functools import reduce"],
    "lru_cache": ["from functools import lru_cache", "from functools import lru_cache as memo"],
    "wraps": ["from functools import wraps"],
    "nullcontext": ["from contextlib import nullcontext"],
    "suppress": ["from contextlib import suppress, closing"],
    "contextmanager": ["from contextlib import contextmanager"],
    "dataclass": ["from dataclasses import dataclass, field"],
    "Enum": ["from enum import Enum"],
    "sqrt": ["from math import sqrt", "from math import floor, sqrt as root"],
    "chain": ["from itertools import chain"],
    "Any": ["from typing import Any"],
    "TYPE_CHECKING": ["from typing import TYPE_CHECKING"],
    "namedtuple": ["from collections import namedtuple"],
    "StringIO": ["from io import StringIO"],
}  # fmt: skip
ALIAS = re.compile(r"\bas (\w+)$")


class NoMatch(Exception):
    """A template asks for what is not there."""


@dataclass
class Known:
    name: str
    kind: str
    # What a text holds, where that is known, for paths.
    value: str | None = None


@dataclass
class Scene:
    rng: random.Random
    # The names that each run has, in the order of binding.
    known: dict[str, dict[str, Known]] = field(
        default_factory=lambda: {"upstream": {}, "downstream": {}}
    )
    # Names that a function's body reads and no cell has bound yet: (role, name, kind, what is usable then).
    promised: list[tuple[str, str, str, list[Known]]] = field(default_factory=list)
    # By path, the names of objects and functions that have it, and how it is had of them.
    held: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def visible(self, role: str) -> dict[str, Known]:
        """The names that a cell of a role may read in every run it is in."""
        if role != "shared":
            return self.known[role]
        up, down = self.known["upstream"], self.known["downstream"]
        return {name: up[name] for name in up if name in down and up[name] == down[name]}

    def bind(self, role: str, known: Known) -> None:
        for run in _runs(role):
            self.known[run][known.name] = known

    def unbind(self, role: str, name: str) -> None:
        for run in _runs(role):
            self.known[run].pop(name, None)

    def of_kind(self, role: str, kind: str) -> list[Known]:
        return [known for known in self.visible(role).values() if known.kind == kind]

    def names(self) -> list[str]:
        return [*self.known["upstream"], *self.known["downstream"]]

    def fresh(self, kind: str, role: str) -> str:
        """A name to bind: mostly new, at times one of the same kind again."""
        pool = NAMES[kind].split()
        taken = {name: known for run in _runs(role) for name, known in self.known[run].items()}
        free = [name for name in pool if name not in self.names()]
        again = [name for name, known in taken.items() if known.kind == kind and name in pool]
        if again and self.rng.random() < 0.15:
            return self.rng.choice(again)
        if free:
            return self.rng.choice(free)
        return f"{self.rng.choice(pool)}_{self.rng.randint(2, 99)}"

    def local(self, role: str) -> str:
        """A name inside of a scope; often that of a global, of whichever run, so that telling scopes apart matters."""
        known = [name for name in self.names() if not name[0].isupper()]
        if known and self.rng.random() < 0.35:
            return self.rng.choice(known)
        return self.rng.choice(LOCALS)


def _runs(role: str) -> tuple[str, ...]:
    return ("upstream", "downstream") if role == "shared" else (role,)


@dataclass
class Snippet:
    """Some statements, and the names that they bind when they run."""

    text: str
    binds: list[Known]
    unbinds: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)


class Filling:
    """Fills one template for a cell of a role."""

    def __init__(self, scene: Scene, role: str) -> None:
        self.scene = scene
        self.rng = scene.rng
        self.role = role
        self.labels: dict[str, str] = {}
        self.used: set[str] = set()
        self.binds: list[Known] = []
        self.imports: list[str] = []
        self.later: list[tuple[str, str]] = []

    def fill(self, template: str) -> Snippet:
        # Local names first, so that no expression beside them takes a global of the same name.
        text = re.sub(r"<loc ([a-z0-9]+)>", self._local, template)
        text = PLACE.sub(self._place, text)
        text = PLACE.sub(self._place, text)
        gone = re.findall(r"^#gone (\w+)$", text, re.MULTILINE)
        text = re.sub(r"^#gone \w+\n?", "", text, flags=re.MULTILINE)
        binds = [known for known in self.binds if known.name not in gone]
        if self.later:
            for name, kind in self.later:
                self.scene.promised.append((self.role, name, kind, binds))
            binds = []
        return Snippet("\n".join([*self.imports, text.strip("\n")]), binds, gone, self.imports)

    def part(self, template: str) -> str:
        """An expression for a place in a template; what it imports stands before what is filled."""
        return PLACE.sub(self._place, template)

    def _local(self, match: re.Match[str]) -> str:
        label = match[1]
        if label not in self.labels:
            name = self.scene.local(self.role)
            while name in self.labels.values():
                name = self.rng.choice(LOCALS) + str(self.rng.randint(1, 9))
            self.labels[label] = name
            self.used.add(name)
        return self.labels[label]

    def _place(self, match: re.Match[str]) -> str:
        how, kind, label = match[1], match[2], match[3]
        if not how and kind in self.labels:
            return self.labels[kind]
        if how == "new":
            name = self.scene.fresh(kind, self.role)
            while name in self.labels.values():
                name = f"{name}{self.rng.randint(2, 9)}"
            self.labels[label or f"new{len(self.labels)}"] = name
            self.binds.append(Known(name, kind))
            self.used.add(name)
            return name
        if how == "later":
            name = f"{self.scene.fresh(kind, self.role)}_{self.rng.randint(100, 999)}"
            self.later.append((name, kind))
            return name
        if how == "tmp":
            # Bound where nobody else will look, as by a walrus that leaves its comprehension.
            name = f"{kind}_{self.rng.randint(10, 9999)}"
            self.labels[kind] = name
            return name
        if how == "mod":
            return self._module(kind)
        if how == "name":
            name = self._known(kind)
            if label:
                self.labels[label] = name
            return name
        if kind in NAMES:
            return self.expression(kind)
        raise NoMatch(match[0])

    def _known(self, kind: str) -> str:
        found = [k.name for k in self.scene.of_kind(self.role, kind) if k.name not in self.used]
        if not found:
            raise NoMatch(kind)
        return self.rng.choice(found)

    def _module(self, module: str) -> str:
        kind = f"module {module}"
        found = [k.name for k in self.scene.of_kind(self.role, kind) if k.name not in self.used]
        if found:
            return self.rng.choice(found)
        line = self.rng.choice(MODULES[module])
        alias = ALIAS.search(line)
        if alias:
            name = alias[1]
        elif line.startswith("from"):
            name = module
        else:
            name = module.split(".")[0]
        if name in self.used or name in LOCALS:
            raise NoMatch(kind)
        if module == "os.path":
            self.imports.append(line)
            self.scene.bind(self.role, Known(name, "module os"))
        else:
            self.imports.append(line)
        self.scene.bind(self.role, Known(name, kind))
        return name

    def expression(self, kind: str, depth: int = 0) -> str:
        """An expression of a kind, of names that are there."""
        forms = EXPRESSIONS[kind] if depth < 2 else []
        if forms and self.rng.random() < 0.35:
            try:
                form = self.rng.choice(forms)
                saved = dict(self.labels)
                text = re.sub(r"<loc ([a-z0-9]+)>", self._local, form)
                text = PLACE.sub(lambda m: self._inner(m, depth), text)
                self.labels = saved
                return text
            except NoMatch:
                self.labels = saved
        if self.rng.random() < 0.9:
            try:
                return self._known(kind)
            except NoMatch:
                pass
        literal = LITERALS.get(kind)
        if not literal:
            raise NoMatch(kind)
        return self.rng.choice(literal)

    def _inner(self, match: re.Match[str], depth: int) -> str:
        if not match[1] and match[2] in NAMES and match[2] not in self.labels:
            return self.expression(match[2], depth + 1)
        return self._place(match)


LITERALS = {
    "int": ["3", "7", "12", "0x10", "1_000", "2"],
    "text": ["'hours'", '"Jobs"', "'2026-03'", "r'a\\d'", "'a' 'b'"],
    "ints": ["[3, 1, 2]", "[5, 8]", "list(range(4))", "[1, 2, 3, 4]"],
    "table": ["{'a': 1, 'b': 2}", "dict(a=3, b=4)"],
}

# Every table has 'a', every list of ints two members at least; objects have `.value`, `.scaled(k)` and `.label`.
EXPRESSIONS = {
    "int": [
        "(<int> + <int>)", "<int> % 7", "len(<ints>)", "<table>['a']", "sum(<ints>)", "max(<ints>)", "<ints>[0]", "<name func>(<int>)",
        "<name obj>.value", "<name obj>.scaled(<int>)", "<name cls>(<int>).value", "(<int> if <int> > 3 else <int>)",
        "sum(<loc x> for <loc x> in <ints>)", "(lambda <loc x>: <x> + <int>)(<int>)", "<table>.get('zz', <int>)",
        "int(<mod math>.floor(<int>))", "len(f\"{<int>:>{<int>}}\")", "-<int>",
        "[<loc x> for <loc x> in <ints>][-1]", "len({<loc x>: <loc y> for <loc x>, <loc y> in <table>.items()})",
        "(lambda *<loc a>, **<loc k>: len(<a>) + len(<k>))(*<ints>, key=<int>)", "next(iter(<ints>))", "len(<text>)",
    ],
    "text": [
        "f'{<int>}'", "f\"{<text>}-{<int>:03d}\"", "<text>.upper()", "str(<int>)", "'-'.join(str(<loc x>) for <loc x> in <ints>)",
        "f'{<table>[\"a\"]!r:>5}'", "f\"{'x' if <int> else 'y'}{{{<int>}}}\"", "<name obj>.label", "'%s/%d' % (<text>, <int>)",
        "'{} {}'.format(<text>, <int>)", "repr(<ints>)", "f'''{\n    <int>\n}'''", "f'{(lambda <loc x>: <x> * 2)(<int>)}'",
    ],
    "ints": [
        "[<loc x> + <int> for <loc x> in <ints>]", "sorted(<ints>)", "list(map(<name func>, <ints>))", "<ints> + [<int>]", "[<int>, *<ints>]",
        "[<loc x> for <loc y> in [<ints>, <ints>] for <loc x> in <y>]", "list(<table>.values())", "<ints>[:] * 2",
        "[(<tmp w> := <x>) + <w> for <loc x> in <ints>]", "sorted(<ints>, key=lambda <loc x>: -<x> * <int>)",
        "list(<mod chain>(<ints>, <ints>))", "[<name func>(<loc x>) for <loc x> in <ints>]", "[*range(<int> % 3 + 2)]",
        "list(filter(lambda <loc x>: <x> is not None, <ints>)) or <ints>", "[(lambda: <loc x>)() for <loc x> in <ints>]",
    ],
    "table": [
        "{'a': <int>}", "dict(a=<int>, b=<int>)", "{**<table>, 'c': <int>}", "{<loc k>: <loc v> for <loc k>, <loc v> in <table>.items()}",
        "dict(zip('ab', <ints>))", "<table> | {'d': <int>}", "{'a': <int>, <text>: <int>}",
    ],
    "obj": ["<name cls>(<int>)"],
    "func": ["<name func>", "(lambda <loc x>: <x> + <int>)", "<mod partial>(<name func>)"],
    "cls": ["<name cls>"],
    "array": ["<mod numpy>.array(<ints>)", "<name array> * <int>", "<mod numpy>.arange(<int> % 5 + 2)"],
    "frame": ["<mod pandas>.DataFrame({'a': <ints>})", "<name frame>.copy()", "<name frame>[<name frame>['a'] >= 0]",
              "<name frame>.assign(b=lambda <loc x>: <x>['a'] + <int>)"],
    "path": [], "gen": [],
}  # fmt: skip
