"""Workload Explorer's server half: data roots, and what its panel has to know of the server."""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

try:
    __version__ = version("jupyterlab-workload-explorer")
except PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0.0.0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab-workload-explorer"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from .extension import WorkloadExplorerExtension

    return [{"module": "jupyterlab_workload_explorer", "app": WorkloadExplorerExtension}]


def __getattr__(name: str) -> Any:
    """``gather``, once it is asked for: the server half does not need what it needs."""
    if name == "gather":
        return import_module(".gather", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
