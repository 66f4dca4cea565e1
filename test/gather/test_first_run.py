"""What a killed first run leaves."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_workload_explorer.gather.manifest import NAME, Manifest


def test_a_first_run_that_was_killed_does_not_block_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / ".gather").mkdir()
    # Killed within the very first save.
    (out / f"{NAME}.tmp").write_text("{")
    with Manifest.open(out) as manifest:
        assert manifest.partitions == {}
