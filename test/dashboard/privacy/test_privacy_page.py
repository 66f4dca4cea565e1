"""That docs/privacy.md is true: its programs run, and it names every option and kind."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.privacy import suppress_small
from jupyterlab_workload_explorer.dashboard.privacy.command import parser
from jupyterlab_workload_explorer.dashboard.privacy.findings import KINDS

PAGE = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")


def test_the_programs_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    programs = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert len(programs) == 5
    names: dict[str, object] = {}
    for program in programs:
        exec(program, names)


def test_everything_is_named() -> None:
    for name in inspect.signature(suppress_small).parameters:
        assert f"`{name}`" in PAGE, name
    for kind in KINDS:
        assert f"| `{kind}`" in PAGE, kind
    for option in parser()._option_string_actions:
        assert option in ("-h", "--help") or f"`{option}" in PAGE, option
