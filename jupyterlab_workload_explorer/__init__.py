"""Workload Explorer's server half: data roots, and what its panel has to know of the server."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("jupyterlab-workload-explorer")
except PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0.0.0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab-workload-explorer"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "jupyterlab_workload_explorer"}]


def _load_jupyter_server_extension(server_app) -> None:
    """Add our handlers to a Jupyter server; called by the server."""
    from .extension import load

    load(server_app)
