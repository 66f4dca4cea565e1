"""``python -m jupyterlab_workload_explorer voila-hook``: the guard for standalone Voilà.

``voila NOTEBOOK`` loads no server extension, but reads ``voila.py`` from the folder where it is
started and from Jupyter's configuration folders. One of ours there guards it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from jupyter_core.paths import ENV_CONFIG_PATH, jupyter_config_dir, jupyter_config_path

from .guard import Mode
from .voila_hook_state import look

FILE_NAME = "voila.py"

#: The first line of a file of ours; nothing else is ever overwritten or removed.
SIGN = "# Written by jupyterlab_workload_explorer voila-hook; changes are lost."

_EXCLUDE = (
    "Preheating and hooks exclude each other: with --preheat_kernel=True, or preheat_kernel in a "
    "configuration file, this Voilà does not start. Preheat compiled notebooks only, where this "
    "file is not read: they have no upstream cell."
)

_NOTES = f"""{_EXCLUDE}
Where this package does not work any more, the file has notebooks with tags answered by an error.
Only that can be replaced by a voila.py which Voilà reads later, such as one in the folder where it
is started; look at “voila-hook status” there.
A voila.py in the folder where somebody starts “python -m voila” is taken for Voilà itself. Start it
as “voila” there."""

_TEXT = """{sign}
#
# Leaves out what may not run on a dashboard, before Voilà runs a notebook, and keeps this package's
# panel of JupyterLab off its pages.
# Preheating and hooks exclude each other: with this file Voilà does not start preheated.
{lines}"""

#: What guards Voilà. It is closed where our package is missing: Voilà only logs that a
#: configuration file failed, and would go on without any guard.
_LINES = """c = get_config()  # noqa: F821
try:
    from jupyterlab_workload_explorer.dashboard.voila_guard import protect

    protect(c, mode={mode!r})
except Exception as error:
    _problem = f"Workload Explorer does not work in this environment: {{error!r}}"
    _before = c.VoilaConfiguration.get("prelaunch_hook")

    def _closed(handler, notebook, cwd):
        if _before is not None:
            notebook = _before(handler, notebook=notebook, cwd=cwd) or notebook
        tagged = any(cell["metadata"].get("tags") for cell in notebook["cells"])
        if tagged or "workload" in notebook["metadata"]:
            raise RuntimeError(_problem)
        return notebook

    _closed.workload_explorer_problem = _problem
    c.VoilaConfiguration.prelaunch_hook = _closed
"""


class Problem(Exception):
    """What cannot be done, with what to do."""


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit status: 0, 1 (not done) or 2 (usage)."""
    options = _parser().parse_args(arguments)
    try:
        if options.action == "status":
            return status()
        folder = _folder(options)
        text = install(folder, options.mode) if options.action == "install" else uninstall(folder)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        where = error.filename or "The file"
        print(f"{where} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(text)
    return 0


def install(folder: Path, mode: Mode | None = None) -> str:
    """Write our ``voila.py`` into a folder of Jupyter's configuration path; says what was done.

    Raises Problem where another one is there, and OSError.
    """
    path = folder / FILE_NAME
    lines = _LINES.format(mode=mode)
    if path.exists() and not _is_ours(path):
        raise Problem(
            f"{path} is there already, and is not changed. Add these lines at its end:\n\n{lines}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(_TEXT.format(sign=SIGN, lines=lines), encoding="utf-8")
    said = [f"Wrote {path}."]
    if folder.resolve() not in _search_path():
        said.append(
            "That folder is not on Jupyter's configuration path: Voilà reads it only where it is "
            "started in it, or with JUPYTER_CONFIG_PATH naming it."
        )
    return "\n".join([*said, _NOTES])


def uninstall(folder: Path) -> str:
    """Remove our ``voila.py`` from a folder; says what was done. Raises as ``install`` does."""
    path = folder / FILE_NAME
    if not path.exists():
        raise Problem(f"There is no {path}. See “voila-hook status” for where there is one.")
    if not _is_ours(path):
        raise Problem(f"{path} is not one that “voila-hook install” wrote. Change it by hand.")
    path.unlink()
    return f"Removed {path}."


def status() -> int:
    """Print which files a Voilà that is started here reads, and what comes of them.

    Returns 0 where it is guarded. The files are run, as Voilà runs them.
    """
    for path in (folder / FILE_NAME for folder in _search_path()):
        if path.is_file():
            by = "written by voila-hook install" if _is_ours(path) else "written by somebody else"
            print(f"{path}: {by}")
    state = look()
    print(state.text)
    print(
        _EXCLUDE
        if state.guarded
        else "To guard it: python -m jupyterlab_workload_explorer voila-hook install"
    )
    return 0 if state.guarded else 1


def _is_ours(path: Path) -> bool:
    try:
        return path.read_text(encoding="utf-8").startswith(SIGN)
    except UnicodeDecodeError:
        return False


def _search_path() -> list[Path]:
    """Where Voilà looks for ``voila.py``, each folder once."""
    folders = [Path.cwd(), *map(Path, jupyter_config_path())]
    return list(dict.fromkeys(folder.resolve() for folder in folders))


def _folder(options: argparse.Namespace) -> Path:
    if options.path is not None:
        return Path(options.path).expanduser().absolute()
    if options.user:
        return Path(jupyter_config_dir())
    return Path(ENV_CONFIG_PATH[0])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m jupyterlab_workload_explorer voila-hook",
        description="Guards Voilà where it runs without a Jupyter server: upstream cells of "
        f"notebooks with roles are left out before anything runs. {_EXCLUDE}",
    )
    actions = parser.add_subparsers(dest="action", required=True)
    for name, what in (
        ("install", "write a voila.py; never over one that somebody else wrote"),
        ("uninstall", "remove the voila.py that install wrote"),
    ):
        action = actions.add_parser(name, help=what, description=what)
        place = action.add_mutually_exclusive_group()
        place.add_argument(
            "--user", action="store_true", help="for this user, in every environment"
        )
        place.add_argument(
            "--sys-prefix", action="store_true", help="for this environment (the default)"
        )
        place.add_argument("--path", metavar="DIR", help="in another folder")
        if name == "install":
            action.add_argument(
                "--mode",
                choices=("drop", "refuse"),
                help="the least that holds whatever the site file says (without it, the site "
                "file's voila.guard, which is drop unless it says otherwise)",
            )
    actions.add_parser("status", help="say whether a Voilà that is started here is guarded")
    return parser
