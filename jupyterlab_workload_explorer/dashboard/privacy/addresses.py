"""``data:`` addresses: what is in them instead of somewhere else, such as a picture."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

#: Kinds that are texts, beside ``text/…`` and what ends with ``+json`` or ``+xml``.
_TEXTUAL = (
    *("application/json", "application/csv", "application/vnd.ms-excel", "application/xml"),
    *("application/javascript", "application/x-ndjson"),
)

#: One within a text. What is no such address, such as ``f"data:text/csv;base64,{table}"`` in a
#: program, has too few letters of the code or braces.
_IN_TEXT = re.compile(
    r"(?<![\w-])data:(?:"
    r"(?:[\w.+-]+/[\w.+-]+)?(?:;[\w.=+-]+)*;base64,[A-Za-z0-9+/=%]{8,}"
    r"|[\w.+-]+/[\w.+-]+(?:;(?!base64,)[\w.=+-]+)*,[^\s\"'()<>{}]+)"
)

#: One in a style sheet, where quotes allow all letters.
_IN_STYLE = re.compile(
    r"url\(\s*(?:\"(data:[^\"]*)\"|'(data:[^']*)'|(data:[^)\s]*))\s*\)", re.IGNORECASE
)


def cut(text: str) -> tuple[str, list[str]]:
    """A text without its ``data:`` addresses, whose letters are no words; and these."""
    return _IN_TEXT.sub(" ", text), _IN_TEXT.findall(text)


def in_style(style: str) -> Iterator[str]:
    """The ``data:`` addresses of a style sheet."""
    for match in _IN_STYLE.finditer(style):
        yield match[1] or match[2] or match[3]


def kind_of(address: str) -> str:
    """The MIME type, in lower case."""
    return address[len("data:") :].partition(",")[0].partition(";")[0].strip().lower()


def is_textual(kind: str) -> bool:
    """Whether a program can search what is of this MIME type; nothing said means a text."""
    return kind in ("", *_TEXTUAL) or kind.startswith("text/") or kind.endswith(("+json", "+xml"))


def content(address: str) -> str:
    """The text in an address. Raises ValueError where it is damaged."""
    head, _, data = address.partition(",")
    plain = unquote_to_bytes(data)
    coded = "base64" in head.lower().split(";")
    return (b64decode(plain) if coded else plain).decode("utf-8-sig")
