"""Every way around the allowlist that we know of, tried through a real Jupyter server.

The secret of these tests is the one document of ``gw_hidden``. They ask as a user who may do
everything in Elasticsearch, so that nothing but the gateway stands between.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from test.services.nodes import ADMIN

from ..conftest import ANSWERS, Records

HIDDEN = b"hidden-user-of-gw"

ALL = {"match_all": {}}

SCRIPT = {"source": "doc['user'].value", "lang": "painless"}


@pytest.fixture
def connections(records: Records) -> list[dict[str, Any]]:
    """Connections of the administrator: nothing but the gateway stands between."""
    user, _ = ADMIN
    return [
        {
            "name": name,
            "urls": [records.node.url],
            "authentication": {"user": user, "password": {"environment": "GW_ADMIN"}},
            "indices": patterns,
        }
        for name, patterns in (
            ("records", ["gw-*"]),
            ("first", ["gw-records-1"]),
            ("everything", ["*"]),
        )
    ]


@pytest.fixture(autouse=True)
def admin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GW_ADMIN", ADMIN[1])


@pytest.fixture(autouse=True)
def nothing_hidden(no_secret: None) -> Iterator[None]:
    """After each test: the hidden document is in no answer and in no log."""
    yield
    assert not any(HIDDEN in answer for answer in ANSWERS)
