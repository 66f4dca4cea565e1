"""Repositories of notebooks that others wrote, at fixed commits, laid out in the cache."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    url: str
    commit: str

    @property
    def name(self) -> str:
        """`OWNER+NAME`."""
        return "+".join(self.url.rstrip("/").split("/")[-2:])


def listed(path: Path) -> list[Source]:
    return [Source(**each) for each in json.loads(path.read_text(encoding="utf-8"))]


def cache() -> Path:
    chosen = os.environ.get("WORKLOAD_CACHE")
    return (Path(chosen) if chosen else Path.home() / ".cache/workload-explorer") / "notebooks"


def git_directory(source: Source, mirror: Path | None, fetch: bool) -> Path | None:
    """Where the repository's objects are; None where they are not on this machine."""
    if mirror and (mirror / source.name / "repo").exists():
        return mirror / source.name / "repo"
    place = cache() / "git" / source.name
    if fetch and not place.exists():
        subprocess.run(["git", "init", "-q", "--bare", str(place)], check=True)
        subprocess.run(
            ["git", "-C", str(place), "fetch", "-q", "--depth", "1", source.url, source.commit],
            check=True,
        )
    return place if place.exists() else None


def laid_out(source: Source, git: Path) -> Path:
    """The files of the commit, in a folder; those that a partial copy lacks are left out."""
    place = cache() / "tree" / f"{source.name}-{source.commit[:12]}"
    if place.exists():
        return place
    names = _git(git, "ls-tree", "-r", "-z", source.commit).decode().split("\0")
    making = place.with_name(place.name + ".part")
    for line in filter(None, names):
        head, _, name = line.partition("\t")
        mode, kind, blob = head.split()
        if kind != "blob" or mode == "120000":
            continue
        done = subprocess.run(
            ["git", "-C", str(git), "cat-file", "blob", blob], capture_output=True, check=False
        )
        if done.returncode == 0:
            (making / name).parent.mkdir(parents=True, exist_ok=True)
            (making / name).write_bytes(done.stdout)
    making.rename(place)
    return place


def _git(git: Path, *args: str) -> bytes:
    return subprocess.run(["git", "-C", str(git), *args], capture_output=True, check=True).stdout
