"""Listings of data roots."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from .conftest import BIG, Fetch


async def listed(fetch: Fetch, address: str) -> dict[str, Any]:
    answer = await fetch(f"list/{address}")
    assert answer.code == 200, answer.body
    assert answer.headers["Content-Type"].startswith("application/json")
    return json.loads(answer.body)


@pytest.mark.parametrize("address", ["shared", "shared/"])
async def test_a_folder(fetch: Fetch, data_root: Path, address: str) -> None:
    os.utime(data_root / "big.parquet", ns=(0, 1_617_235_200_500_000_000))
    answer = await listed(fetch, address)
    assert answer["type"] == "directory"
    assert (answer["left_out"], answer["truncated"]) == (0, False)
    assert [(entry["name"], entry["type"], entry["size"]) for entry in answer["entries"]] == [
        ("big.parquet", "file", len(BIG)),
        ("empty.parquet", "file", 0),
        ("month=2021-03", "directory", None),
        ("month=2021-04", "directory", None),
        ("small.parquet", "file", 20),
    ]
    assert answer["entries"][0]["last_modified"] == "2021-04-01T00:00:00.500000Z"


async def test_a_file(fetch: Fetch) -> None:
    answer = await listed(fetch, "shared/month%3D2021-04/part-0.parquet")
    assert (answer["type"], answer["size"]) == ("file", 5)
    assert "entries" not in answer


async def test_a_dataset(fetch: Fetch) -> None:
    answer = await listed(fetch, "shared?recursive=1&suffix=.parquet")
    assert [entry["name"] for entry in answer["entries"]] == [
        "big.parquet",
        "empty.parquet",
        "month=2021-03/part 0 ä.parquet",
        "month=2021-04/part-0.parquet",
        "small.parquet",
    ]


async def test_a_folder_below(fetch: Fetch) -> None:
    answer = await listed(fetch, "shared/month=2021-04?recursive=1")
    assert [entry["name"] for entry in answer["entries"]] == ["_SUCCESS", "part-0.parquet"]


async def test_the_limit(fetch: Fetch) -> None:
    answer = await listed(fetch, "shared?recursive=1&limit=2")
    assert (len(answer["entries"]), answer["truncated"]) == (2, True)
    exact = await listed(fetch, "shared/month=2021-04?limit=2")
    assert (len(exact["entries"]), exact["truncated"]) == (2, False)


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1e3", "100001", "²"])
async def test_a_wrong_limit(fetch: Fetch, limit: str) -> None:
    assert (await fetch(f"list/shared?limit={limit.replace('²', '%C2%B2')}")).code == 400


async def test_nothing_there(fetch: Fetch) -> None:
    assert (await fetch("list/shared/none")).code == 404
    assert (await fetch("list/none")).code == 404
