"""The mistakes that people make with roles, imports, names and files, done to a notebook on purpose."""

# Templates are read best in one line.
# ruff: noqa: E501

from __future__ import annotations

import random
import re

from .notebook import Cell, Notebook

_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_QUOTED = re.compile(r"(['\"])([\w./{}-]+\.(?:json|csv|npy|txt|pickle|parquet))\1")
_STEM = re.compile(r"(?<=[\w'\"/])(?<![a-z_])(?:summary|jobs|by_user|monthly|top)\d(?=[\w'\".{])")
_IMPORT = re.compile(r"^(?:import|from) .*$", re.MULTILINE)


def make_one(rng: random.Random, notebook: Notebook) -> None:
    """One mistake, told in `notebook.mistakes`; nothing where none of the tried fits."""
    for _ in range(10):
        mistake = rng.choices(list(MISTAKES), list(MISTAKES.values()))[0]
        told = mistake(rng, notebook)
        if told:
            notebook.mistakes.append(told)
            return


def _code(notebook: Notebook) -> list[Cell]:
    return [cell for cell in notebook.cells if cell.type == "code"]


def wrong_role(rng: random.Random, notebook: Notebook) -> str | None:
    cell = rng.choice(_code(notebook))
    wrong = rng.choice([r for r in ("upstream", "downstream", "shared") if [r] != cell.tags])
    told = f"role {cell.tags} became {wrong}: {cell.source[:30]!r}"
    cell.tags = [wrong]
    return told


def no_role(rng: random.Random, notebook: Notebook) -> str | None:
    rng.choice(_code(notebook)).tags = []
    return "a cell lost its role"


def moved(rng: random.Random, notebook: Notebook) -> str | None:
    cells = notebook.cells
    if len(cells) < 2:
        return None
    cell = cells.pop(rng.randrange(len(cells)))
    cells.insert(rng.randint(0, len(cells)), cell)
    return f"moved: {cell.source[:30]!r}"


def deleted_cell(rng: random.Random, notebook: Notebook) -> str | None:
    if len(_code(notebook)) < 3:
        return None
    cell = rng.choice(_code(notebook))
    notebook.cells.remove(cell)
    return f"deleted: {cell.source[:30]!r}"


def deleted_line(rng: random.Random, notebook: Notebook) -> str | None:
    cell = rng.choice(_code(notebook))
    lines = cell.source.split("\n")
    plain = [i for i, line in enumerate(lines) if re.match(r"\w+ = [^\[({]*$", line)]
    if not plain or len(lines) < 2:
        return None
    return f"deleted: {_cut(cell, lines, rng.choice(plain))!r}"


def _cut(cell: Cell, lines: list[str], index: int) -> str:
    line = lines.pop(index)
    cell.source = "\n".join(lines)
    return line


def typo(rng: random.Random, notebook: Notebook) -> str | None:
    """One occurrence of a name with a letter too many or too few."""
    cell = rng.choice(_code(notebook))
    words = [m for m in _WORD.finditer(cell.source) if len(m[0]) > 2 and m[0] not in _KEYWORDS]
    if not words:
        return None
    match = rng.choice(words)
    wrong = match[0][:-1] if rng.random() < 0.5 else match[0] + "s"
    cell.source = cell.source[: match.start()] + wrong + cell.source[match.end() :]
    return f"typo: {wrong}"


def renamed_file(rng: random.Random, notebook: Notebook) -> str | None:
    places = [(c, m) for c in _code(notebook) for m in _QUOTED.finditer(c.source)]
    if not places:
        return None
    cell, match = rng.choice(places)
    stem, dot, end = match[2].rpartition(".")
    wrong = rng.choice([f"{stem}_new{dot}{end}", f"{stem}s{dot}{end}", f"old/{match[2]}"])
    cell.source = cell.source[: match.start(2)] + wrong + cell.source[match.end(2) :]
    return f"renamed file: {match[2]} became {wrong}"


def renamed_part(rng: random.Random, notebook: Notebook) -> str | None:
    """One occurrence of a file's name, wherever in a path it stands."""
    places = [(c, m) for c in _code(notebook) for m in _STEM.finditer(c.source)]
    if not places:
        return None
    cell, match = rng.choice(places)
    wrong = rng.choice([f"{match[0]}x", f"old_{match[0]}", f"other{rng.randint(10, 99)}"])
    if ".exists()" in cell.source:
        # Who asks for a file reads the same, and not another.
        cell.source = cell.source.replace(match[0], wrong)
    else:
        cell.source = cell.source[: match.start()] + wrong + cell.source[match.end() :]
    return f"renamed part of a path: {match[0]} became {wrong}"


def missing_file(rng: random.Random, notebook: Notebook) -> str | None:
    from .files import READERS
    from .scene import Filling, NoMatch, Scene

    form = rng.choice(list(READERS))
    template = rng.choice(READERS[form]).replace("{p}", repr(f"not_there.{form}"))
    try:
        text = Filling(Scene(rng), "downstream").fill(template).text
    except NoMatch:
        return None
    _insert(rng, notebook, text, "downstream")
    return f"reads a file that nobody writes: not_there.{form}"


def import_moved(rng: random.Random, notebook: Notebook) -> str | None:
    """An import of a shared cell now stands in an upstream one."""
    shared = [c for c in _code(notebook) if "shared" in c.tags and _IMPORT.search(c.source)]
    upstream = [
        c for c in _code(notebook) if "upstream" in c.tags and not c.source.startswith("%%")
    ]
    if not shared or not upstream:
        return None
    cell = rng.choice(shared)
    match = rng.choice(list(_IMPORT.finditer(cell.source)))
    if match[0].rstrip().endswith("("):
        return None
    cell.source = cell.source.replace(match[0], "pass", 1)
    upstream[0].source = f"{match[0]}\n{upstream[0].source}"
    return f"import moved upstream: {match[0]}"


def import_gone(rng: random.Random, notebook: Notebook) -> str | None:
    cells = [c for c in _code(notebook) if _IMPORT.search(c.source)]
    if not cells:
        return None
    cell = rng.choice(cells)
    match = rng.choice(list(_IMPORT.finditer(cell.source)))
    if match[0].rstrip().endswith("(") or "__future__" in match[0]:
        return None
    cell.source = cell.source.replace(match[0], "pass", 1)
    return f"import gone: {match[0]}"


def gpu_downstream(rng: random.Random, notebook: Notebook) -> str | None:
    from .generate import GPU_SNIPPETS
    from .scene import Filling, Scene

    text = Filling(Scene(rng), "downstream").fill(rng.choice(GPU_SNIPPETS)).text
    _insert(rng, notebook, text, rng.choice(["downstream", "downstream", "shared"]))
    return "GPU library outside of upstream cells"


def trapped(rng: random.Random, notebook: Notebook) -> str | None:
    from .generate import trap

    role = rng.choice(["upstream", "downstream", "shared"])
    text = trap(rng, role)
    if text is None:
        return None
    _insert(rng, notebook, text, role)
    return f"trap: {text[:40]!r}"


def deleted_name(rng: random.Random, notebook: Notebook) -> str | None:
    cell = rng.choice(_code(notebook))
    bound = re.findall(r"^(\w+) = ", cell.source, re.MULTILINE)
    if not bound or cell.source.startswith("%%"):
        return None
    name = rng.choice(bound)
    cell.source += f"\ndel {name}"
    return f"del {name}"


def reads_other_side(rng: random.Random, notebook: Notebook) -> str | None:
    """A downstream cell reads what only upstream binds, or the other way round."""
    one, other = rng.choice([("upstream", "downstream"), ("downstream", "upstream")])
    bound = [
        name
        for cell in _code(notebook)
        if one in cell.tags
        for name in re.findall(r"^(?:def |class )?(\w+)(?: = |\()", cell.source, re.MULTILINE)
    ]
    if not bound:
        return None
    name = rng.choice(bound)
    form = rng.choice(
        ["print({})", "kept = [{}]", "def show_it():\n    return {}\nshow_it()", "{}.attribute"]
    )
    _insert(rng, notebook, form.format(name), other)
    return f"{other} reads {name} of {one}"


def _insert(rng: random.Random, notebook: Notebook, text: str, role: str) -> None:
    cells = notebook.cells
    own = [c for c in cells if role in c.tags and not c.source.startswith("%%")]
    if own and rng.random() < 0.4 and "%%" not in text and "__future__" not in text:
        cell = rng.choice(own)
        cell.source = f"{cell.source}\n{text}"
    else:
        cells.insert(rng.randint(0, len(cells)), Cell(text, [role]))


_KEYWORDS = {"and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "None", "True", "False", "match", "case", "type", "self", "print"}  # fmt: skip

MISTAKES = {
    wrong_role: 14,
    no_role: 2,
    moved: 10,
    deleted_cell: 8,
    deleted_line: 8,
    typo: 8,
    renamed_file: 8,
    renamed_part: 8,
    missing_file: 5,
    import_moved: 8,
    import_gone: 7,
    gpu_downstream: 7,
    trapped: 18,
    deleted_name: 3,
    reads_other_side: 10,
}
