"""Notebooks as tests write them, not through nbformat, which would refuse what tools do write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jupyterlab_workload_explorer.dashboard.privacy.findings import Report


def write_notebook(path: Path, *cells: dict[str, Any], **metadata: Any) -> Path:
    """Write a notebook of cells, which have the numbers from 1 as their names."""
    whole = [{"metadata": {}, "source": "", **cell} for cell in cells]
    path.write_text(
        json.dumps({"cells": whole, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})
    )
    return path


def code(source: str = "", outputs: list[dict[str, Any]] | None = None, **more: Any) -> Any:
    """A cell with a program."""
    return {"cell_type": "code", "source": source, "outputs": outputs or [], **more}


def shown(**data: Any) -> dict[str, Any]:
    """An output of one or several forms, by MIME types with ``_`` for ``/``."""
    named = {name.replace("_", "/", 1): value for name, value in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": {}}


def printed(text: str) -> dict[str, Any]:
    """What a program prints."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def places(report: Report) -> set[tuple[str, str]]:
    """Kinds of findings, and where they are."""
    return {(one.kind, one.place) for one in report.findings}


def kinds(report: Report) -> set[str]:
    """Kinds of findings."""
    return {one.kind for one in report.findings}
