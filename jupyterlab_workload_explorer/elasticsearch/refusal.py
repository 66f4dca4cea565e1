"""What the gateway answers when it cannot do what was asked: a sentence and a code."""

from __future__ import annotations


class Refusal(Exception):
    """An answer other than the one asked for.

    ``status`` is the HTTP status, ``reason`` a code that programs read, ``message`` a sentence with
    a next step, and ``type`` Elasticsearch's name of the error where it gave one. None of them ever
    holds text that came from Elasticsearch or from its client: that text may quote addresses,
    requests and values.
    """

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        type: str | None = None,  # noqa: A002 - the key in the answer
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.type = type

    def as_json(self) -> dict[str, str | None]:
        """The body of the answer."""
        return {"message": self.message, "reason": self.reason, "type": self.type}


def refused(message: str) -> Refusal:
    """The answer to what the gateway does not pass on, whatever Elasticsearch would say to it."""
    return Refusal(400, "refused", message)
