"""The console script ``workload-explorer``: runs the bundled command line with Node.js."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .site_file import VARIABLE as VARIABLE_SITE
from .site_file import find_site_file

MINIMUM = (20, 0)
VARIABLE = "WORKLOAD_NODE"

_BUNDLE = Path(__file__).parent / "cli" / "workload-explorer.mjs"

_INSTALL = (
    f"Install Node.js {MINIMUM[0]} or newer (from https://nodejs.org, your system's package "
    "manager, or conda install -c conda-forge nodejs), and see that node is on PATH, or set "
    f"{VARIABLE} to its path."
)


def _node_version(node: str) -> tuple[int, int] | None:
    """Major and minor version of a Node.js; ``None`` where it does not run."""
    try:
        result = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.match(r"v(\d+)\.(\d+)\.", result.stdout)
    return (int(match[1]), int(match[2])) if result.returncode == 0 and match else None


def find_node() -> tuple[str | None, str]:
    """The Node.js to be used, and, where there is none, what to do."""
    node = os.environ.get(VARIABLE) or shutil.which("node")
    if node is None:
        return None, f"workload-explorer needs Node.js, and finds no node on PATH. {_INSTALL}"
    version = _node_version(node)
    if version is None:
        return None, f"workload-explorer needs Node.js, and {node} does not run. {_INSTALL}"
    if version < MINIMUM:
        return None, (
            f"workload-explorer needs Node.js {MINIMUM[0]} or newer, and {node} is "
            f"{version[0]}.{version[1]}. {_INSTALL}"
        )
    return node, ""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line with our arguments, and give its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not _BUNDLE.exists():
        print(
            f"The command line is not built ({_BUNDLE} is missing): run npm run build.",
            file=sys.stderr,
        )
        return 1
    node, problem = find_node()
    if node is None:
        print(problem, file=sys.stderr)
        return 1
    command = [node, str(_BUNDLE), *arguments]
    # Some commands are this package's own.
    os.environ["WORKLOAD_EXPLORER_PYTHON"] = sys.executable
    site = find_site_file()
    if site is not None:
        # Node knows nothing of Jupyter's configuration path.
        os.environ[VARIABLE_SITE] = str(site)
    if os.name == "posix":
        # Node takes our place, so that signals and the exit status are its own.
        sys.stdout.flush()
        os.execv(node, command)
    try:
        return subprocess.run(command).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
