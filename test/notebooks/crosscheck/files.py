"""Files that upstream cells write and downstream cells read, under names put together in the ways people do."""

# Templates are read best in one line.
# ruff: noqa: E501

from __future__ import annotations

import random
from dataclasses import dataclass

from .scene import Filling, Known, NoMatch, Scene, Snippet


@dataclass(frozen=True)
class Parameter:
    """A text that the notebook's first cells bind, and what it holds."""

    name: str
    value: str


@dataclass(frozen=True)
class Place:
    """A text that the run tells by any of some expressions, and what it is there."""

    expressions: tuple[str, ...]
    value: str


Part = str | Parameter | Place


@dataclass(frozen=True)
class File:
    # `results/jobs_2026-03.csv`, as pieces: literal texts, parameters, and what the run tells.
    parts: tuple[Part, ...]
    form: str

    @property
    def path(self) -> str:
        return "".join(part if isinstance(part, str) else part.value for part in self.parts)


PARAMETERS = [
    Parameter("out_dir", "results"),
    Parameter("month", "2026-03"),
    Parameter("site", "north"),
    Parameter("version", "v2"),
    Parameter("BASE", "build/data"),
]

# `execute.py` gives each notebook these folders.
PLACES = [
    Place(
        (
            "<mod os>.environ['SCRATCH']",
            "<mod os>.environ.get('SCRATCH')",
            "<mod os>.getenv('SCRATCH')",
            "<mod os>.getenv('SCRATCH', 'results')",
            "<mod os>.path.expandvars('$SCRATCH')",
        ),
        "scratch",
    ),
    Place(("str(<mod Path>.home())", "<mod os>.path.expanduser('~')"), "home"),
    Place(("<mod os>.getcwd() + '/results'", "str(<mod Path>.cwd() / 'results')"), "results"),
]
# A cell of the notebook sets it.
SET_PLACE = Place(("<mod os>.environ['RESULTS']", "<mod os>.getenv('RESULTS')"), "results")

WRITERS = {
    "json": [
        "with open({p}, 'w') as fh:\n    <mod json>.dump(<table>, fh)",
        "<mod json>.dump(<ints>, open({p}, mode='w'))",
        "<mod Path>({p}).write_text(<mod json>.dumps(<table>))",
        "out_file = <mod Path>({p})\nwith out_file.open('w', encoding='utf-8') as fh:\n    fh.write('[1, 2]')",
        "with open({p}, 'x') as fh:\n    print('{{}}', file=fh)",
        "def save_result(<loc x>, <loc y>):\n    with open(<y>, 'w') as fh:\n        <mod json>.dump(<x>, fh)\nsave_result(<table>, {p})",
        "def write_result():\n    with open({p}, 'w') as fh:\n        fh.write('[]')\nwrite_result()",
        "<mod pandas>.DataFrame({{'a': <ints>}}).to_json({p})",
    ],
    "csv": [
        "<mod pandas>.DataFrame({{'a': <ints>, }}).to_csv({p}, index=False)",
        "<name frame d>.to_csv({p})",
        "with open({p}, 'w', newline='') as fh:\n    rows_out = <mod csv>.writer(fh)\n    rows_out.writerow(['a', 'b'])\n    rows_out.writerows([[1, 2]])",
        "(<mod pandas>.DataFrame({{'a': [1, 2]}})\n    .assign(b=<int>)\n    .to_csv(path_or_buf={p}))",
    ],
    "npy": [
        "<mod numpy>.save({p}, <mod numpy>.arange(4))",
        "<mod numpy>.save(file={p}, arr=[1, 2])",
        "with open({p}, 'wb') as fh:\n    <mod numpy>.save(fh, <mod numpy>.ones(3))",
    ],
    "txt": [
        "print(<text>, file=open({p}, 'w'))",
        "with open(file={p}, mode='wt') as fh, open(file={p}, mode='a') as more:\n    fh.writelines(['a\\n'])",
        "<mod Path>({p}).write_text(<text>, encoding='utf-8')",
        "!echo hello > {{{p}}}",
        "import shutil\nopen('first.tmp', 'w').close()\nshutil.copy('first.tmp', {p})",
        "open('first.tmp', 'w').close()\n<mod os>.replace('first.tmp', {p})",
    ],
    "pickle": [
        "import pickle\nwith open({p}, 'wb') as fh:\n    pickle.dump(<table>, fh)",
        "<mod pandas>.DataFrame({{'a': [1]}}).to_pickle({p})",
    ],
    "parquet": ["<mod pandas>.DataFrame({{'a': <ints>}}).to_parquet({p})"],
}  # fmt: skip

READERS = {
    "json": [
        "with open({p}) as fh:\n    loaded = <mod json>.load(fh)\nprint(loaded)",
        "loaded = <mod json>.loads(<mod Path>({p}).read_text())",
        "with <mod Path>({p}).open() as fh: print(fh.read())",
        "in_file = <mod Path>({p})\nloaded = <mod json>.loads(in_file.read_bytes())",
        "def load_result(<loc x>):\n    with open(<x>) as fh:\n        return <mod json>.load(fh)\nprint(load_result({p}))",
        "def load_fixed():\n    with open({p}) as fh:\n        return fh.read()\nprint(load_fixed())",
        "try:\n    loaded = open({p}).read()\nexcept OSError:\n    loaded = '[]'\nprint(loaded)",
        "if <mod Path>({p}).exists():\n    print(open({p}).read())",
    ],
    "csv": [
        "loaded = <mod pandas>.read_csv({p})\nprint(loaded.head())",
        "loaded = <mod pandas>.read_csv(filepath_or_buffer={p}, nrows=2)",
        "with open({p}, newline='') as fh:\n    print([<loc x> for <x> in <mod csv>.reader(fh)])",
        "loaded = <mod numpy>.genfromtxt({p}, delimiter=',')",
        "loaded = (<mod pandas>.read_csv({p})\n    .assign(z=<int>))\ndisplay(loaded)",
    ],
    "npy": ["loaded = <mod numpy>.load({p})\nprint(loaded.sum())", "print(<mod numpy>.load(file={p}))"],
    "txt": [
        "print(open({p}).read())",
        "with open({p}, 'r', encoding='utf-8') as fh:\n    for <new text a> in fh:\n        print(<a>)\n#gone <a>",
        "print(<mod Path>({p}).read_text())",
        "import shutil\nshutil.copyfile({p}, 'copied.txt')",
        "for each_line in open({p}, mode='rt'):\n    print(each_line)",
    ],
    "pickle": [
        "import pickle\nwith open({p}, 'rb') as fh:\n    loaded = pickle.load(fh)",
        "import pickle\nloaded = pickle.load(open({p}, 'rb'))",
    ],
    "parquet": ["loaded = <mod pandas>.read_parquet({p})\nprint(len(loaded))"],
}  # fmt: skip


def new_file(rng: random.Random, parameters: list[Parameter], number: int) -> File:
    form = rng.choice(["json", "json", "csv", "csv", "npy", "txt", "pickle", "parquet"])
    stem = rng.choice(["summary", "jobs", "by_user", "monthly", "top"]) + str(number)
    folders = [p for p in parameters if p.name in ("out_dir", "BASE")]
    others = [p for p in parameters if p not in folders]
    parts: list[Part] = []
    if rng.random() < 0.25:
        parts += [rng.choice([*PLACES, SET_PLACE]), "/"]
    elif folders and rng.random() < 0.6:
        parts += [rng.choice(folders), "/"]
    elif rng.random() < 0.2:
        parts.append("results/")
    parts.append(stem)
    if others and rng.random() < 0.5:
        parts += ["_", rng.choice(others)]
    parts.append(f".{form}")
    return File(tuple(parts), form)


def bind_parameters(scene: Scene, parameters: list[Parameter]) -> str:
    for parameter in parameters:
        scene.bind("shared", Known(parameter.name, "text", parameter.value))
    return "\n".join(f"{p.name} = {p.value!r}" for p in parameters)


def path_expression(scene: Scene, role: str, file: File, filling: Filling) -> str:
    """The file's path, in one of the ways that lead to the same."""
    rng = scene.rng
    visible = scene.visible(role)
    whole = [k.name for k in visible.values() if k.kind == "path" and k.value == file.path]
    if whole and rng.random() < 0.6:
        return rng.choice(whole)

    held = [
        (root, expression)
        for root, expression in scene.held.get(file.path, [])
        if root in visible and visible[root].kind == "holder"
    ]
    if held and rng.random() < 0.7:
        root, expression = rng.choice(held)
        filling.used.add(root)
        return expression
    return rng.choice(_forms(scene, role, file.parts, filling))


def _forms(scene: Scene, role: str, parts: tuple[Part, ...], filling: Filling) -> list[str]:
    """Expressions of a path; the more usual are there more often."""
    rng = scene.rng
    visible = scene.visible(role)

    def named(part: Part) -> str | None:
        """What stands for a part that is no literal text, where it can."""
        if isinstance(part, Place):
            return filling.part(rng.choice(part.expressions))
        if isinstance(part, str):
            return None
        known = visible.get(part.name)
        return part.name if known is not None and known.value == part.value else None

    names = [named(part) for part in parts]
    values = [part if isinstance(part, str) else part.value for part in parts]

    def pieces(first: int) -> str:
        both = list(zip(names, values, strict=True))[first:]
        inner = "".join(f"{{{name}}}" if name else value for name, value in both)
        return f"f{inner!r}" if "{" in inner else repr(inner)

    forms = [pieces(0)] * 3
    if NAME not in parts:
        forms.append(repr("".join(values)))
    texts = [name or repr(value) for name, value in zip(names, values, strict=True)]
    if len(texts) > 1:
        forms += [" + ".join(texts), "''.join([" + ", ".join(texts) + "])"]
        forms.append(repr("{}" * len(texts)) + ".format(" + ", ".join(texts) + ")")
        forms.append(repr("%s" * len(texts)) + " % (" + ", ".join(texts) + ",)")
    if len(parts) > 2 and parts[1] == "/":
        folder, rest = texts[0], pieces(2)
        for form in (
            f"<mod os>.path.join({folder}, {rest})",
            f"<mod Path>({folder}) / {rest}",
            f"<mod Path>({folder}, {rest})",
            f"<mod Path>({folder}).joinpath({rest})",
            f"str(<mod Path>({folder}) / {rest})",
        ):
            if rng.random() < 0.5:
                forms.append(filling.part(form))
    return forms


def _filled(scene: Scene, role: str, file: File, templates: list[str]) -> Snippet:
    known = {run: dict(names) for run, names in scene.known.items()}
    for _ in range(20):
        # What an attempt imported went with it.
        scene.known = {run: dict(names) for run, names in known.items()}
        filling = Filling(scene, role)
        template = scene.rng.choice(templates)
        try:
            expression = path_expression(scene, role, file, filling)
            if "{{{p}}}" in template and not expression.isidentifier():
                continue
            return filling.fill(
                template.replace("{{", "{").replace("}}", "}").replace("{p}", expression)
            )
        except NoMatch:
            continue
    raise NoMatch(file.path)


def writing(scene: Scene, role: str, file: File) -> Snippet:
    """Statements that write a file, after making its folder."""
    folder = file.path.rpartition("/")[0]
    ways = [
        f"<mod os>.makedirs({folder!r}, exist_ok=True)",
        f"<mod Path>({folder!r}).mkdir(parents=True, exist_ok=True)",
        f"!mkdir -p {folder}",
    ]
    before = Filling(scene, role).fill(scene.rng.choice(ways)).text + "\n" if folder else ""
    snippet = _filled(scene, role, file, WRITERS[file.form])
    snippet.text = before + snippet.text
    return snippet


def reading(scene: Scene, role: str, file: File) -> Snippet:
    return _filled(scene, role, file, READERS[file.form])


def naming(scene: Scene, role: str, file: File) -> Snippet:
    """Binds a name to the path, for cells after it."""
    filling = Filling(scene, role)
    expression = path_expression(scene, role, file, filling)
    name = scene.fresh("path", role)
    known = Known(name, "path", file.path)
    return Snippet("\n".join([*filling.imports, f"{name} = {expression}"]), [known])


# How people keep paths together; `{k}` is what the path is called there, `{v}` the path, `{w}` another one.
HOLDERS = [
    ("{r} = {{'{k}': {v}, 'other': 3}}", "{r}['{k}']"),
    ("{r} = {{'{k}': {v}}}", "{r}.get('{k}')"),
    ("{r} = dict({k}={v}, other='x')", "{r}['{k}']"),
    ("{r} = ['other', {v}]", "{r}[1]"),
    ("{r} = ({v}, 'other')", "{r}[-2]"),
    ("class {r}:\n    {k} = {v}\n    other = 'x'", "{r}.{k}"),
    ("class {r}_kind:\n    {k} = {v}\n{r} = {r}_kind()", "{r}.{k}"),
    ("from types import SimpleNamespace\n{r} = SimpleNamespace({k}={v}, other=1)", "{r}.{k}"),
    ("from dataclasses import dataclass\n@dataclass\nclass {r}_kind:\n    other: int\n    {k}: object = {v}\n{r} = {r}_kind(3)", "{r}.{k}"),
    ("import dataclasses\n@dataclasses.dataclass\nclass {r}_kind:\n    {k}: object = {w}\n    other: int = 3\n{r} = {r}_kind({k}={v})", "{r}.{k}"),
    ("other_{r}, {r} = 'x', {v}", "{r}"),
    # What they hold first is wrong.
    ("{r} = {{'{k}': {w}}}\n{r}['{k}'] = {v}", "{r}['{k}']"),
    ("{r} = {{'{k}': {w}}}\n{r}.update({k}={v})", "{r}['{k}']"),
    ("{r} = {{'{k}': {w}}}\nalias_{r} = {r}\nalias_{r}['{k}'] = {v}", "{r}['{k}']"),
    ("{r} = {{'{k}': {w}}}\nall_{r} = [{r}]\nall_{r}[0]['{k}'] = {v}", "{r}['{k}']"),
    ("{r} = {{'{k}': {w}}}\ndef set_{r}(<loc x>):\n    <x>['{k}'] = {v}\nset_{r}({r})", "{r}['{k}']"),
    ("{r} = {{'{k}': {w}}}\ndef set_{r}():\n    {r}['{k}'] = {v}\nset_{r}()", "{r}['{k}']"),
    ("{r} = {{'{k}': {w}}}\nfor <loc x> in list({r}):\n    {r}[<x>] = {v}", "{r}['{k}']"),
    ("{r} = {{'{k}': {w}}}\n{r} |= {{'{k}': {v}}}", "{r}['{k}']"),
    ("{r} = [{w}]\n{r}.insert(0, {v})", "{r}[0]"),
    ("class {r}:\n    {k} = {w}\n{r}.{k} = {v}", "{r}.{k}"),
    ("class {r}:\n    {k} = {w}\nsetattr({r}, '{k}', {v})", "{r}.{k}"),
    ("class {r}_kind:\n    {k} = {w}\n{r} = {r}_kind()\n{r}_kind.{k} = {v}", "{r}.{k}"),
    ("class {r}_kind:\n    {k} = {w}\n    def __init__(self):\n        self.{k} = {v}\n{r} = {r}_kind()", "{r}.{k}"),
    ("def {r}():\n    return {v}", "{r}()"),
    ("def {r}(<loc x>={w}):\n    <loc y> = str(<x>)\n    return <y>", "{r}({v})"),
    ("def {r}(<loc x>):\n    if <x>:\n        return {v}\n    return {w}", "{r}(1)"),
    ("{r} = lambda <loc x>: <x>", "{r}({v})"),
    # The notebook's own folder, which nobody can tell without running it.
    ("def folder_of_{r}():\n    return '.' if <int> is not None else 'x'\ndef {r}():\n    return <mod os>.path.join(folder_of_{r}(), {v})", "{r}()"),
    ("class {r}_kind:\n    def __init__(self, out='.'):\n        self.out = out\n    def path(self):\n        return <mod os>.path.join(self.out, {v})\n{r} = {r}_kind()", "{r}.path()"),
]  # fmt: skip
# Functions that put the path together: `{f}`, with its stem as what is given, `{s}`.
PUTTERS = [
    ("def {r}(name):\n    return {f}", "{r}({s})"),
    ("def {r}(*, name='other'):\n    'A path.'\n    made = {f}\n    return made", "{r}(name={s})"),
    ("{r} = lambda name: {f}", "{r}({s})"),
    ("from functools import lru_cache\n@lru_cache(maxsize=None)\ndef {r}(name):\n    return {f}", "{r}({s})"),
    ("def inner_{r}(name):\n    return {f}\ndef {r}(name):\n    return inner_{r}(name)", "{r}({s})"),
]  # fmt: skip
NAME = Place(("name",), "name")
FOLDERS = ("/", "results/")


def keeping(scene: Scene, role: str, file: File) -> Snippet:
    """Keeps the path in an object, or lets a function give it, for cells after it."""
    rng = scene.rng
    filling = Filling(scene, role)
    root = f"paths_{rng.randint(100, 9999)}"
    key = rng.choice(["out", "target", "result_file"])
    stem = next(part for part in file.parts if isinstance(part, str) and part not in FOLDERS)
    is_put = rng.random() < 0.3
    template, expression = rng.choice(PUTTERS if is_put else HOLDERS)
    parts = tuple(NAME if is_put and part is stem else part for part in file.parts)
    value = rng.choice(_forms(scene, role, parts, filling))
    wrong = repr(f"wrong_{file.path}")
    snippet = filling.fill(template.format(r=root, k=key, v=value, w=wrong, f=value))
    said = expression.format(r=root, k=key, v=value, s=repr(stem))
    scene.held.setdefault(file.path, []).append((root, said))
    snippet.binds.append(Known(root, "holder"))
    return snippet
