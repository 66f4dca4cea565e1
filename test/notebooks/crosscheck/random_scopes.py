"""Notebooks of random statements over few names, so that scopes meet in ways that nobody writes down.

Every value is a short list of numbers, so any expression fits anywhere. `v…` are values, `f…` functions, `C…` classes; a body
calls only what ranks lower, so that everything ends.
"""

# Templates are read best in one line.
# ruff: noqa: E501

from __future__ import annotations

import ast
import random
import warnings
from dataclasses import dataclass, field

from .notebook import Cell, Notebook

VALUES = [f"v{i}" for i in range(9)]
FUNCTIONS = [f"f{i}" for i in range(5)]
CLASSES = [f"C{i}" for i in range(3)]
# What a body of a rank may call: everything before it.
ORDER = ["f0", "C0", "f1", "f2", "C1", "f3", "C2", "f4"]
# How often a name is taken that may not be there.
RECKLESS = 0.002


@dataclass
class Scope:
    """What is known for certain where an expression stands."""

    kind: str
    rank: int
    # Values that can be read, functions and classes that can be called.
    ready: set[str]
    # Names that assignments may bind here; a function's others stay global.
    own: list[str]
    declared: set[str] = field(default_factory=set)

    def inner(self, kind: str, **changes: object) -> Scope:
        fields = {"rank": self.rank, "ready": set(self.ready), "own": list(self.own)}
        return Scope(kind, **{**fields, **changes})  # type: ignore[arg-type]


class Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        # Names that a function or class needs when it is called.
        self.needs: dict[str, set[str]] = {}

    def name(self, scope: Scope, pool: list[str]) -> str | None:
        ready = [name for name in pool if name in scope.ready and self.callable_in(scope, name)]
        if self.rng.random() < RECKLESS:
            allowed = [n for n in pool if n not in ORDER or ORDER.index(n) < scope.rank]
            return self.rng.choice(allowed) if allowed else None
        return self.rng.choice(ready) if ready else None

    def callable_in(self, scope: Scope, name: str) -> bool:
        if name not in ORDER:
            return True
        return ORDER.index(name) < scope.rank and self.needs.get(name, set()) <= scope.ready

    def expression(self, scope: Scope, depth: int = 0) -> str:
        rng = self.rng
        if depth > 2 or rng.random() < 0.35:
            name = self.name(scope, VALUES)
            return name if name and rng.random() < 0.9 else rng.choice(["[1]", "[2, 3]", "[]"])

        def sub(inner: Scope = scope) -> str:
            return self.expression(inner, depth + 1)

        form = rng.randrange(20)
        if form == 0:
            return f"[*{sub()}, 1][:3]"
        if form == 1:
            return f"({sub()} + {sub()})[:3]"
        if form == 2:
            return f"({sub()} if {sub()} else {sub()})"
        if form == 3:
            return f"({sub()} {rng.choice(['and', 'or'])} {sub()})"
        if form in (4, 5):
            return self.comprehension(scope, depth)
        if form == 6:
            name = rng.choice(VALUES)
            inner = scope.inner("lambda")
            inner.ready.add(name)
            default = f"={sub()}" if rng.random() < 0.5 else ""
            return f"(lambda {name}{default}: {sub(inner)})({sub()})"
        if form == 7:
            return (
                f"[len(f'{{{sub()}}}{{{sub()}!r:>{{len({sub()})}}}}')]"
                if '"' not in depth * '"'
                else "[]"
            )
        if form == 8 and scope.kind in ("module", "function") and depth < 3:
            names = [n for n in scope.own if n not in scope.declared]
            if names:
                name, value = rng.choice(names), sub()
                scope.ready.add(name)
                return f"({name} := {value})"
        if form == 9:
            function = self.name(scope, FUNCTIONS)
            return f"sorted(map(len, [{sub()}, {function}({sub()})]))" if function else "[4]"
        if form in (10, 11, 12):
            function = self.name(scope, FUNCTIONS)
            return f"{function}({sub() if rng.random() < 0.6 else ''})" if function else "[5]"
        if form in (13, 14):
            cls = self.name(scope, CLASSES)
            use = rng.choice([".a", ".m()", f".m({sub()})", ".p", "[0]", "()"])
            return f"{cls}({sub() if rng.random() < 0.5 else ''}){use}" if cls else "[6]"
        if form == 15:
            return f"[len({{'k': {sub()}, **{{'l': {sub()}}}}})]"
        if form == 16:
            return f"list(({sub()}, {sub()})[0])"
        return f"[len({sub()})]"

    def comprehension(self, scope: Scope, depth: int) -> str:
        rng = self.rng
        first = self.expression(scope, depth + 1)
        target = rng.choice(VALUES)
        # A class body's names are not seen inside, but for the first iterable; a walrus would bind outside.
        inner = scope.inner("comprehension")
        if scope.kind == "class":
            inner.ready -= set(scope.own)
        inner.ready.add(target)
        clause = f"for {target} in [{first}]"
        if rng.random() < 0.3:
            second = rng.choice(VALUES)
            clause += f" for {second} in [{self.expression(inner, depth + 1)}]"
            inner.ready.add(second)
        if rng.random() < 0.3:
            clause += f" if {self.expression(inner, depth + 1)} is not None"
        element = self.expression(inner, depth + 1)
        form = rng.randrange(4)
        if form == 0:
            return f"[len({{{target!r}: {element} {clause}}})]"
        if form == 1:
            return f"list(len({element}) {clause})"
        return f"[len({element}) {clause}]"

    def block(self, scope: Scope, depth: int, least: int = 1) -> list[str]:
        lines: list[str] = []
        for _ in range(self.rng.randint(least, 3)):
            lines += self.statement(scope, depth)
        return lines

    def branch(self, scope: Scope, depth: int) -> tuple[list[str], set[str]]:
        """A block that may or may not run, and what is ready at its end."""
        inner = scope.inner(scope.kind, declared=scope.declared)
        return indent(self.block(inner, depth + 1)), inner.ready

    def target(self, scope: Scope) -> str:
        name = self.rng.choice(scope.own)
        return name

    def statement(self, scope: Scope, depth: int) -> list[str]:
        rng = self.rng
        form = rng.randrange(34)
        if depth > 2:
            form = rng.randrange(12)
        if form < 6:
            value = self.expression(scope)
            name = self.target(scope)
            scope.ready.add(name)
            return [f"{name} = {value}"]
        if form == 6:
            one, two = self.target(scope), self.target(scope)
            value, other = self.expression(scope), self.expression(scope)
            scope.ready |= {one, two}
            shape = rng.choice(["{}, {} = {}, {}", "({}, [*{}]) = {}, {}", "[{}, {}] = ({}, {})"])
            return [shape.format(one, two, value, other)]
        if form == 7:
            name = rng.choice(scope.own)
            if name in scope.ready:
                return [f"{name} += {self.expression(scope)}", f"{name} = {name}[:3]"]
        if form == 8:
            name = self.name(scope, VALUES)
            return [f"{name}[:1] = {self.expression(scope)}[:1]"] if name else ["pass"]
        if form == 9:
            name = rng.choice(scope.own)
            # A class body can only delete its own names, and does not know which these are.
            if name in scope.ready and scope.kind != "class" and rng.random() < 0.5:
                scope.ready.discard(name)
                return [f"del {name}"]
        if form == 10 and scope.kind == "module":
            return [f"print({self.expression(scope)}, {self.expression(scope)})"]
        if form in (12, 13):
            return self.condition(scope, depth)
        if form in (14, 15):
            return self.loop(scope, depth)
        if form in (16, 17):
            return self.attempt(scope, depth)
        if form == 18:
            return self.matching(scope, depth)
        if form == 19:
            value, name = self.expression(scope), self.target(scope)
            scope.ready.add(name)
            return [f"with nullcontext({value}) as {name}:", *indent(self.block(scope, depth + 1))]
        if form in range(20, 28) and scope.kind in ("module", "function"):
            return self.function(scope, depth)
        if form in range(28, 31) and scope.kind == "module":
            return self.a_class(scope, depth)
        return [self.expression(scope)]

    def condition(self, scope: Scope, depth: int) -> list[str]:
        rng = self.rng
        if rng.random() < 0.25:
            constant, runs = rng.choice(
                [
                    ("True", True),
                    ("1", True),
                    ("not False", True),
                    ("False", False),
                    ("0", False),
                    ("None", False),
                ]
            )
            inner = scope if runs else scope.inner(scope.kind, declared=scope.declared)
            return [f"if {constant}:", *indent(self.block(inner, depth + 1))]
        head = f"if {self.expression(scope)}:"
        body, after = self.branch(scope, depth)
        if rng.random() < 0.5:
            scope.ready &= after
            return [head, *body]
        other, after_other = self.branch(scope, depth)
        scope.ready = scope.ready & after & after_other | (after & after_other)
        return [head, *body, "else:", *other]

    def loop(self, scope: Scope, depth: int) -> list[str]:
        rng = self.rng
        if rng.random() < 0.25:
            # Once for certain, as it is constant; names are kept.
            head = "while True:"
            body = indent([*self.block(scope, depth + 1), "break"])
            return [head, *body]
        is_certain = rng.random() < 0.6
        things = (
            f"[{self.expression(scope)}]"
            if is_certain
            else f"[{self.expression(scope)}] * len({self.expression(scope)})"
        )
        name = self.target(scope)
        inner = scope.inner(scope.kind, declared=scope.declared)
        inner.ready.add(name)
        body = indent(self.block(inner, depth + 1))
        lines = [f"for {name} in {things}:", *body]
        scope.ready = inner.ready if is_certain else scope.ready & inner.ready
        if rng.random() < 0.2:
            lines += ["else:", *indent(self.block(scope, depth + 1))]
        return lines

    def attempt(self, scope: Scope, depth: int) -> list[str]:
        rng = self.rng
        name = self.target(scope)
        if rng.random() < 0.5:
            before = set(scope.ready)
            body = [*self.block(scope, depth + 1), "1 / 0" if rng.random() < 0.5 else "pass"]
            scope.ready &= before
            handler_scope = scope.inner(scope.kind, declared=scope.declared)
            handler_scope.ready.discard(name)
            handler = self.block(handler_scope, depth + 1)
            lines = [
                "try:",
                *indent(body),
                f"except ZeroDivisionError as {name}:",
                *indent(handler),
            ]
            scope.ready &= handler_scope.ready
            # The handler's name is gone after it.
            scope.ready.discard(name)
        else:
            missing = rng.choice(VALUES)
            lines = ["try:", f"    {missing}", "except NameError:", "    pass"]
            if rng.random() < 0.5:
                lines += ["else:", *indent(self.branchless(scope, depth))]
        if rng.random() < 0.3:
            lines += ["finally:", *indent(self.block(scope, depth + 1))]
        return lines

    def branchless(self, scope: Scope, depth: int) -> list[str]:
        inner = scope.inner(scope.kind, declared=scope.declared)
        lines = self.block(inner, depth + 1)
        scope.ready &= inner.ready
        return lines

    def matching(self, scope: Scope, depth: int) -> list[str]:
        one, two = self.rng.sample(scope.own, 2) if len(scope.own) > 1 else ("_", "_")
        subject = f"({self.expression(scope)}, {self.expression(scope)})"
        inner = scope.inner(scope.kind, declared=scope.declared)
        inner.ready |= {one, two} - {"_"}
        pattern = self.rng.choice(
            [f"({one}, {two})", f"[{one}, {two}]", f"(list() as {one}, [*{two}])"]
        )
        body = self.block(inner, depth + 1)
        # It always fits; for who reads the code it may not.
        scope.ready &= inner.ready
        return [f"match {subject}:", f"    case {pattern}:", *indent(indent(body))]

    def function(self, scope: Scope, depth: int) -> list[str]:
        rng = self.rng
        name = rng.choice(FUNCTIONS) if scope.kind == "module" else "inner"
        rank = ORDER.index(name) if name in ORDER else scope.rank
        parameters = rng.sample(VALUES, rng.randint(1, 2))
        own = list(dict.fromkeys([*parameters, *rng.sample(VALUES, 2)]))
        declared = {n for n in scope.own if rng.random() < 0.12 and n not in parameters}
        own += [n for n in declared if n not in own]
        outer_ready = {n for n in scope.ready if n not in own or n in declared}
        future = set(rng.sample(VALUES, 1)) - set(own) if rng.random() < 0.3 else set()
        if scope.kind == "function":
            future = set()
        inner = Scope("function", rank, outer_ready | set(parameters) | future, own)
        # What is bound while the body runs is no concern of who stands outside.
        keyword = {"module": "global", "function": "nonlocal"}[scope.kind]
        body = [f"{keyword} {', '.join(sorted(declared))}"] if declared else []
        read_before = set(inner.ready)
        body += self.block(inner, depth + 1)
        body.append(f"return {self.expression(inner)}")
        defaults = [f"{p}={self.expression(scope)}" for p in parameters]
        lines = [f"def {name}({', '.join(defaults)}):", *indent(body)]
        if rng.random() < 0.15 and scope.kind == "module":
            lines.insert(0, "@(lambda f: f)")
        if scope.kind == "module":
            text = "\n".join(body)
            self.needs[name] = {
                n
                for n in [*VALUES, *ORDER]
                if n in text
                and n in read_before
                and n not in parameters
                and n not in (set(own) - declared)
            }
            for called in ORDER:
                if called in text:
                    self.needs[name] |= self.needs.get(called, set())
            scope.ready.add(name)
        else:
            call = f"{rng.choice(scope.own)} = inner()"
            scope.ready.add(call.split()[0])
            lines.append(call)
        return lines

    def a_class(self, scope: Scope, depth: int) -> list[str]:
        rng = self.rng
        name = rng.choice(CLASSES)
        rank = ORDER.index(name)
        own = rng.sample(VALUES, 2)
        at_rank = Scope("class", rank, set(scope.ready), own)
        body = self.block(at_rank, depth + 1)
        bases = [
            c
            for c in CLASSES
            if ORDER.index(c) < rank
            and c in scope.ready
            and self.needs.get(c, set()) <= scope.ready
        ]
        base = rng.choice(bases) if bases and rng.random() < 0.4 else None
        seen: set[str] = set()
        future = set(rng.sample(VALUES, 1)) if rng.random() < 0.2 else set()

        def method(head: str, least: int = 0) -> list[str]:
            inner = Scope("function", rank, set(scope.ready) | future, ["w0", "w1"])
            lines = self.block(inner, depth + 2, max(least, 1)) if rng.random() < 0.4 else []
            lines.append(f"return {self.expression(inner)}")
            seen.update(n for n in [*VALUES, *ORDER] if any(n in line for line in lines))
            return [head, *indent(lines)]

        if base is None:
            body += [
                "def __init__(self, *given):",
                f"    self.a = {self.expression(Scope('function', rank, set(scope.ready), []))}",
            ]
            seen.update(n for n in [*VALUES, *ORDER] if n in body[-1])
            body += method("def m(self, *given):")
            body += ["@property", *method("def p(self):")]
            body += method("def __getitem__(self, index):")
            body += method("def __call__(self):")
        elif rng.random() < 0.7:
            body += method("def m(self, *given):")
        lines = [
            f"class {name}({base or ''}):" if base or rng.random() < 0.3 else f"class {name}:",
            *indent(body),
        ]
        self.needs[name] = (seen & (set(scope.ready) | future)) - {name}
        for called in [*ORDER]:
            if called in seen or called == base:
                self.needs[name] |= self.needs.get(called, set())
        scope.ready.add(name)
        return lines


def indent(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def make(rng: random.Random) -> Notebook:
    """Cells of all roles; what each run has is followed roughly, so that about half of the notebooks run clean."""
    maker = Maker(rng)
    cells = [Cell("from contextlib import nullcontext", ["shared"])]
    ready: dict[str, set[str]] = {"upstream": set(), "downstream": set()}
    for _ in range(rng.randint(3, 8)):
        role = rng.choice(["upstream", "downstream", "shared"])
        runs = ["upstream", "downstream"] if role == "shared" else [role]
        known = set.intersection(*(ready[run] for run in runs))
        for _ in range(20):
            needs = dict(maker.needs)
            scope = Scope("module", len(ORDER), set(known), list(VALUES))
            source = "\n".join(
                line for _ in range(rng.randint(1, 4)) for line in maker.statement(scope, 0)
            )
            if _compiles(source):
                break
            maker.needs = needs
        else:
            continue
        cells.append(Cell(source, [role]))
        for run in runs:
            ready[run] = (ready[run] - (known - scope.ready)) | scope.ready
    return Notebook(cells, is_random=True)


def _compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError:
            return False
    return True
