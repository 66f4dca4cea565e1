"""Indices of their own for each test, on a shared real server."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jupyterlab_workload_explorer.gather import progress

from ..services.documents import ask, create_index, load_documents
from .support import FIELDS

_NUMBERS = itertools.count()


@pytest.fixture
def make_index(elasticsearch_8) -> Iterator[Callable[..., str]]:
    """Makes an index of documents and gives its name; it is deleted afterwards."""
    names: list[str] = []

    def make(documents: list[dict], fields: dict[str, Any] = FIELDS, **options: Any) -> str:
        name = f"gather-{next(_NUMBERS)}"
        names.append(name)
        create_index(elasticsearch_8, name, fields, **options)
        if documents:
            load_documents(elasticsearch_8, name, documents)
        return name

    yield make
    for name in names:
        ask(elasticsearch_8, "DELETE", f"/{name}?ignore_unavailable=true")


@pytest.fixture
def told_at_once(monkeypatch) -> None:
    """Progress is told whenever something has arrived, not now and then."""
    monkeypatch.setattr(progress, "PAUSE", 0.0)


@pytest.fixture
def node(elasticsearch_8) -> Any:
    return elasticsearch_8
