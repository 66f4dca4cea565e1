"""The static page as a text."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from .charts import SCRIPTS, Charts
from .outputs import Cells
from .problem import PageProblem

#: Bytes of a page; what is larger is told, since who opens it waits for it.
LARGE = 6_000_000

#: What a page that was opened from a disk or any server may do. No script runs but its own two, of
#: which the hashes are known; and nothing is loaded. Styles of tables and charts stand in the text.
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class StaticPage:
    """An HTML file.

    Attributes:
        text: the file.
        hash: of all of it but its time, so that the same outputs have the same.
        notes: sentences on what it cannot show.
    """

    text: str
    hash: str
    notes: tuple[str, ...]


def static_page(
    executed: Mapping[str, Any],
    *,
    folder: Path,
    tables: Mapping[str, Path],
    title: str,
    made: datetime,
) -> StaticPage:
    """An executed notebook as one HTML file.

    Args:
        executed: the notebook's JSON with its outputs.
        folder: where it ran; pictures that its texts name are taken from there.
        tables: files that controls may read, by their names in the notebook.
        title: of the page.
        made: when it was run.

    Raises:
        PageProblem: a chart asks for what cannot be had.
    """
    charts = Charts(tables)
    cells = Cells(folder, charts)
    body = cells.html(executed)
    metadata = executed.get("metadata", {})
    scripts = [charts.plotly(), _script("page.js")] if charts else [_script("page.js")]
    if any("</script" in script.lower() for script in scripts):
        raise PageProblem("What draws charts cannot be put into a page: install another Plotly.")
    dark = _theme(metadata) == "dark"
    page_of_time = partial(
        _PAGE.format,
        policy=_POLICY.format(scripts=" ".join(map(_hash, scripts))),
        title=html.escape(title),
        scheme="dark" if dark else "light",
        style=_style(),
        body=body,
        data=_data(charts),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )
    text = page_of_time(
        time=made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        made=made.strftime("%Y-%m-%d"),
    )
    size = len(text.encode())
    if size > LARGE:
        cells.notes.append(f"The static page has {size / 1e6:.1f} MB. Reduce its data further.")
    digest = hashlib.sha256(page_of_time(time="", made="").encode()).hexdigest()
    return StaticPage(text, f"sha256:{digest}", tuple(cells.notes))


def _theme(metadata: Mapping[str, Any]) -> str:
    voila = metadata.get("voila")
    theme = voila.get("theme") if isinstance(voila, Mapping) else None
    return theme if isinstance(theme, str) else "light"


def _script(name: str) -> str:
    return (SCRIPTS / name).read_text(encoding="utf-8")


def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def _hash(script: str) -> str:
    # A parser of HTML reads ends of lines as line feeds, before the hash is taken.
    digest = hashlib.sha256(script.replace("\r\n", "\n").replace("\r", "\n").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _data(charts: Charts) -> str:
    """JSON that can stand in a script element, whatever texts are in it."""
    text = json.dumps(_finite(charts.to_json()), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _finite(value: Any) -> Any:
    """A value without what JSON cannot say; Plotly leaves a gap for what is null."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


_PAGE = """\
<!DOCTYPE html>
<html lang="en" data-theme="{scheme}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{scheme}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}</main>
<footer>Published on <time datetime="{time}">{made}</time></footer>
<script type="application/json" id="workload-page-data">{data}</script>
{scripts}
</body>
</html>
"""
