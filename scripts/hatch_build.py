"""Builds the JavaScript parts where they are missing, as ``pip install .`` needs in a clone."""

import shutil
import subprocess
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class JavaScriptBuildHook(BuildHookInterface):
    """Runs npm unless the built extension and command line are there, as in an sdist."""

    def initialize(self, version: str, build_data: dict) -> None:
        root = Path(self.root)
        package = root / "jupyterlab_workload_explorer"
        built = (
            package / "labextension" / "package.json",
            package / "cli" / "workload-explorer.mjs",
        )
        # While there is no command line in the sources, there is none to build.
        needed = built if (root / "src" / "cli" / "main.ts").exists() else built[:1]
        if all(path.exists() for path in needed):
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "Building jupyterlab-workload-explorer from its sources needs Node.js 20 or newer "
                "with npm. Install Node.js, or install a released wheel, which needs neither."
            )
        for arguments in (["ci"], ["run", "build"]):
            subprocess.run([npm, *arguments], cwd=root, check=True)
