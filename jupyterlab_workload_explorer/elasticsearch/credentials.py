"""Secrets: named in the configuration, read when they are needed, shown nowhere."""

from __future__ import annotations

import base64
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: No key or token is longer; a file that is longer is not what it was meant to be.
LONGEST = 64 * 1024


class ConnectionProblem(Exception):
    """Why a connection cannot be used: a sentence with a next step, and no secret.

    ``place`` is the file, or the variable with a ``$``, that the sentence names: for those who look
    after the connection, not for everybody who may use it.
    """

    def __init__(self, message: str, place: str | None = None) -> None:
        super().__init__(message)
        self.place = place

    @property
    def is_about_home(self) -> bool:
        """Whether what it names is the own affair of whoever runs the process."""
        return self.place is None or self.place.startswith(("~", "$"))


class UnknownConnection(ConnectionProblem):
    """There is no connection of that name."""


@dataclass(frozen=True)
class Secret:
    """Where a secret stands: a variable of the environment, or a file. Never the secret itself."""

    environment: str | None = None
    file: str | None = None

    @staticmethod
    def parse(entry: dict[str, Any]) -> Secret:
        """``{"environment": NAME}`` or ``{"file": PATH}``, as the schema has checked."""
        return Secret(entry.get("environment"), entry.get("file"))

    def read(self) -> str:
        """The secret, without white space around it.

        A file has to be a regular one, to belong to this user or to root, and to be closed to group
        and others.

        Raises ConnectionProblem.
        """
        place, where = self._place()
        if self.environment is not None:
            text = os.environ.get(self.environment, "")
            if not text.strip():
                raise ConnectionProblem(
                    f"The variable {self.environment} is not set where the Jupyter server runs. "
                    "Set it before the server starts.",
                    place,
                )
        else:
            text = _read_closed_file(self.file or "")
        text = text.strip()
        if not text:
            raise ConnectionProblem(
                f"There is no secret in {where}. Write it there, on one line.", place
            )
        if not text.isprintable():
            raise ConnectionProblem(
                f"What {where} holds is not one line of text. Write the secret there, on one line.",
                place,
            )
        return text

    def read_token(self) -> str:
        """The same of a key or a token, which goes into a header as it is. Raises
        ConnectionProblem."""
        text = self.read()
        if not text.isascii():
            place, where = self._place()
            raise ConnectionProblem(
                f"What {where} holds is no key and no token: it has other characters than those of "
                "ASCII. Write the key or the token there, as it was given.",
                place,
            )
        return text

    def _place(self) -> tuple[str | None, str]:
        """Where it stands, as a problem has it and in a sentence."""
        if self.environment is not None:
            return f"${self.environment}", f"the variable {self.environment}"
        return self.file, f'the file "{self.file}"'


def encode_login(user: str, password: str) -> str:
    """User and password as the client's ``basic_auth``: in UTF-8, of which it takes ASCII only."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def expand_path(path: str) -> Path | None:
    """A path with ``~`` and variables replaced; ``None`` where it is not absolute then."""
    expanded = Path(os.path.expandvars(path)).expanduser()
    return expanded if expanded.is_absolute() and "$" not in str(expanded) else None


def _read_closed_file(name: str) -> str:
    path = expand_path(name)
    if path is None:
        raise ConnectionProblem(
            f'The path "{name}" of a secret is not absolute. Write it from the root, or with ~.',
            name,
        )
    try:
        # A pipe would hold up the server; it is opened without waiting, and then left out.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise ConnectionProblem(
            f'The file "{name}" of a secret cannot be read: {error.strerror}. '
            "Make it, readable by you only.",
            name,
        ) from None
    try:
        # Of what was opened, so that nobody can put another file there in between.
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ConnectionProblem(
                f'"{name}" is no regular file. Write the secret into one.', name
            )
        if status.st_uid not in (os.geteuid(), 0):
            raise ConnectionProblem(
                f'The file "{name}" of a secret belongs to somebody else. Make one of your own.',
                name,
            )
        if status.st_mode & 0o077:
            raise ConnectionProblem(
                f'Others may read the file "{name}" of a secret. Close it: chmod 600 {name}',
                name,
            )
        if status.st_size > LONGEST:
            raise ConnectionProblem(
                f'The file "{name}" is too long for a secret. Name another.', name
            )
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(LONGEST).decode("utf-8")
    except UnicodeDecodeError:
        raise ConnectionProblem(
            f'The file "{name}" of a secret is not UTF-8. Write the secret there as plain text.',
            name,
        ) from None
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class Authentication:
    """How a connection says who it is. ``kind`` is ``password``, ``api_key`` or ``bearer_token``;
    ``user`` goes with a password."""

    kind: str
    secret: Secret
    user: str | Secret | None = None

    @staticmethod
    def parse(entry: dict[str, Any]) -> Authentication:
        """The ``authentication`` of a connection, as the schema has checked it."""
        for kind in ("api_key", "bearer_token"):
            if kind in entry:
                return Authentication(kind, Secret.parse(entry[kind]))
        user = entry["user"]
        return Authentication(
            "password",
            Secret.parse(entry["password"]),
            user if isinstance(user, str) else Secret.parse(user),
        )

    def client_options(self) -> dict[str, Any]:
        """Arguments of Elasticsearch's client. Raises ConnectionProblem."""
        if self.kind == "api_key":
            return {"api_key": self.secret.read_token()}
        if self.kind == "bearer_token":
            return {"bearer_auth": self.secret.read_token()}
        user = self.user.read() if isinstance(self.user, Secret) else self.user
        return {"basic_auth": encode_login(user or "", self.secret.read())}
