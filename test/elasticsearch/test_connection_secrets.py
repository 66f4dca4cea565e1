"""Secrets of connections: read from what others cannot read, and told to nobody."""

from __future__ import annotations

import logging
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from jupyterlab_workload_explorer.elasticsearch.connections import (
    ConnectionProblem,
    client_options,
    find_connection,
    read_connections,
)
from jupyterlab_workload_explorer.elasticsearch.gateway import Gateway
from jupyterlab_workload_explorer.elasticsearch.refusal import Refusal

from .connection_files import SECRET, entry, write


def with_file(own: Path, path: Path | str) -> None:
    write(own, entry(authentication={"bearer_token": {"file": str(path)}}))


def problem(own: Path, path: Path | str) -> str:
    with_file(own, path)
    with pytest.raises(ConnectionProblem) as error:
        client_options(find_connection("a"))
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None
    return str(error.value)


def test_a_secret_in_a_file(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    for mode in (0o600, 0o400):
        path.chmod(mode)
        with_file(own, path)
        found = find_connection("a")
        assert client_options(found)["bearer_auth"] == SECRET
    # Whatever prints or keeps a connection, prints or keeps where the secret stands.
    assert SECRET not in repr(found)
    assert SECRET.encode() not in pickle.dumps(found)
    # It is read each time, so that a renewed key holds at once.
    path.chmod(0o600)
    path.write_text("renewed")
    assert client_options(found)["bearer_auth"] == "renewed"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o666])
def test_a_file_that_others_may_use(own: Path, tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    path.write_text(SECRET)
    path.chmod(mode)
    assert f"chmod 600 {path}" in problem(own, path)


def test_files_that_are_none(own: Path, tmp_path: Path) -> None:
    assert "No such file" in problem(own, tmp_path / "none")
    assert "no regular file" in problem(own, tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    assert "no regular file" in problem(own, pipe)
    assert "not absolute" in problem(own, "secret")
    assert "not absolute" in problem(own, "$NO_SUCH_VARIABLE/secret")
    for content, text in (
        (b"", "There is no secret"),
        (b"  \n", "There is no secret"),
        (f"{SECRET}\nmore".encode(), "not one line"),
        (f"{SECRET}\r\nX-Header: a".encode(), "not one line"),
        (SECRET.encode() + b"\xff", "not UTF-8"),
        (SECRET.encode() * 10_000, "too long"),
    ):
        path = tmp_path / "secret"
        path.write_bytes(content)
        path.chmod(0o600)
        assert text in problem(own, path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_file_of_somebody_else(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(SECRET)
    path.chmod(0o600)
    os.chown(path, 12_345, 12_345)
    assert "belongs to somebody else" in problem(own, path)


def test_a_variable_that_is_not_set(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GW_NONE", raising=False)
    write(own, entry(authentication={"api_key": {"environment": "GW_NONE"}}))
    with pytest.raises(ConnectionProblem, match="variable GW_NONE is not set"):
        client_options(find_connection("a"))


def test_a_certificate_that_is_not_there(own: Path, tmp_path: Path) -> None:
    write(own, entry(ca_certificate=str(tmp_path / "none.pem")))
    with pytest.raises(ConnectionProblem, match="CA certificate"):
        client_options(find_connection("a"))


def test_the_client_takes_the_options(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GW_SECRET", SECRET)
    secret = {"environment": "GW_SECRET"}
    for authentication in (
        {"user": "reader", "password": secret},
        {"user": {"environment": "GW_SECRET"}, "password": secret},
        {"api_key": secret},
        {"bearer_token": secret},
    ):
        write(own, entry(authentication=authentication))
        with Elasticsearch(**client_options(find_connection("a"))) as client:
            assert SECRET not in repr(client)


async def test_where_a_secret_stands_is_told_to_whom_it_belongs(
    own: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GW_NONE", raising=False)
    path = str(tmp_path / "center-secret")
    broken: list[dict[str, Any]] = [
        {"authentication": {"api_key": {"file": path}}},
        {"ca_certificate": path},
        {"authentication": {"api_key": {"file": "~/mine"}}},
        {"authentication": {"api_key": {"environment": "GW_NONE"}}},
    ]
    places = [path, path, "~/mine", "GW_NONE"]
    site = tmp_path / "site.json"
    write(site, *(entry(name=f"site-{index}", **one) for index, one in enumerate(broken)))
    write(own, *(entry(name=f"own-{index}", **one) for index, one in enumerate(broken)))
    for shared in (False, True):
        caplog.clear()
        gateway = Gateway(read_connections, logging.getLogger("test"), shared=shared)
        told = {
            one["name"]: one["problem"] for one in (await gateway.connections("ada"))["connections"]
        }
        for index, place in enumerate(places):
            assert (place in told[f"own-{index}"]) == (not shared)
            # What a center wants its users to have at home they have to know.
            is_home = place != path
            assert (place in told[f"site-{index}"]) == (is_home and not shared)
            with pytest.raises(Refusal) as refusal:
                await gateway.ask("ada", f"site-{index}", "count", {"indices": "mods-1"})
            assert refusal.value.message == told[f"site-{index}"]
            # Those who look after the server find it in its log, once.
            if shared or not is_home:
                assert caplog.text.count(f'"site-{index}" cannot be used') == 1
                assert place in caplog.text
                assert "Tell those who look after it" in told[f"site-{index}"]
        await gateway.close()
