"""Builds the JavaScript parts where they are missing, as ``pip install .`` needs in a clone."""

import shutil
import subprocess
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "jupyterlab_workload_explorer"
LABEXTENSIONS = "share/jupyter/labextensions/jupyterlab-workload-explorer"
# The page of dashboards, where Voilà looks for templates.
TEMPLATE = "share/jupyter/voila/templates/workload-explorer"


class JavaScriptBuildHook(BuildHookInterface):
    """Adds the built JavaScript parts to a wheel."""

    def initialize(self, version: str, build_data: dict) -> None:
        if version == "editable":
            # In development a link leads to the build, and nothing may be copied over it.
            return
        package = Path(self.root) / PACKAGE
        built = (
            package / "labextension" / "package.json",
            package / "cli" / "workload-explorer.mjs",
            package / "dashboard" / "static_page" / "scripts" / "page.js",
            package / "dashboard" / "live_page" / "template" / "static" / "page.js",
        )
        if not all(path.exists() for path in built):
            self._build()
        if self.target_name == "wheel":
            build_data["shared_data"] |= {
                f"{PACKAGE}/labextension": LABEXTENSIONS,
                "jupyter-config/install.json": f"{LABEXTENSIONS}/install.json",
                f"{PACKAGE}/dashboard/live_page/template": TEMPLATE,
            }

    def _build(self) -> None:
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "Building jupyterlab-workload-explorer from its sources needs Node.js 20 or newer "
                "with npm. Install Node.js, or install a released wheel, which needs neither."
            )
        for arguments in (["ci"], ["run", "build"]):
            subprocess.run([npm, *arguments], cwd=self.root, check=True)
