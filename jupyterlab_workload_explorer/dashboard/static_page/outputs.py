"""Cells of an executed notebook as HTML: texts, and the outputs of code."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..figures import figure_of
from ..mimes import WIDGET
from .charts import Charts

#: Richest first, as JupyterLab has it.
_IMAGES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")


class Cells:
    """HTML of cells, with ``notes`` on what a page without a kernel cannot show."""

    def __init__(self, folder: Path, charts: Charts) -> None:
        self._folder, self._charts = folder, charts
        self.notes: list[str] = []

    def html(self, content: Mapping[str, Any]) -> str:
        """All cells of a notebook that show something, in their order."""
        parts = []
        for index, cell in enumerate(content["cells"]):
            place = f"cell {index + 1}"
            kind = cell["cell_type"]
            if kind == "markdown":
                inner = self._markdown(_text(cell["source"]), cell.get("attachments"))
            elif kind == "code":
                inner = "".join(self._outputs(cell, place))
            else:
                # Raw text is for converters to other formats; Voilà does not show it, either.
                inner = ""
            if inner:
                parts.append(f'<section class="{kind}">{inner}</section>\n')
        return "".join(parts)

    def _outputs(self, cell: Mapping[str, Any], place: str) -> Iterable[str]:
        for output in cell["outputs"]:
            kind = output["output_type"]
            if kind == "stream":
                # As Voilà: warnings, with paths of where it ran, are for who wrote it.
                if output["name"] != "stderr":
                    yield _plain(_text(output["text"]), f"stream {html.escape(output['name'])}")
            elif kind == "error":
                # As Voilà: neither what it says, which may name files and people, nor the source.
                yield _plain(f"This cell failed: {output['ename']}", "stream stderr")
            else:
                yield self._rich(output["data"], cell.get("id"), place)

    def _rich(self, data: Mapping[str, Any], cell: str | None, place: str) -> str:
        if figure := figure_of(data):
            if figure.get("frames"):
                self.notes.append(f"The static page shows the chart of {place} without animation.")
            return self._charts.add(figure, cell, place)
        if "text/html" in data:
            shown = _text(data["text/html"])
            if "<script" in shown.lower():
                self.notes.append(
                    f"The static page shows the HTML of {place} without its scripts: nothing runs "
                    "in it but what draws charts."
                )
            return f'<div class="html">{shown}</div>'
        for mime in _IMAGES:
            if mime in data:
                return _image(mime, _text(data[mime]))
        if "text/markdown" in data:
            return self._markdown(_text(data["text/markdown"]), None)
        if WIDGET in data:
            self.notes.append(
                f"The static page leaves out the widget of {place}, which needs a kernel. Controls "
                "that work in it are described in docs/publish.md."
            )
            return ""
        if unknown := sorted(mime for mime in data if mime.startswith("application/")):
            self.notes.append(f"The static page shows {unknown[0]} of {place} as a text only.")
        return _plain(_text(data["text/plain"]), "result") if "text/plain" in data else ""

    def _markdown(self, source: str, attachments: Any) -> str:
        from nbconvert.filters.markdown_mistune import (
            InvalidNotebook,
            IPythonRenderer,
            MarkdownWithMath,
        )

        renderer = IPythonRenderer(
            escape=False,
            embed_images=True,
            exclude_anchor_links=True,
            path=str(self._folder),
            attachments=attachments or {},
        )
        try:
            return str(MarkdownWithMath(renderer=renderer).render(source))
        except InvalidNotebook as problem:
            self.notes.append(f"The static page shows a text as it was written: {problem}.")
            return _plain(source, "result")


def _text(value: str | list[str]) -> str:
    """A text of a notebook, which may be in lines."""
    return value if isinstance(value, str) else "".join(value)


def _plain(text: str, style: str) -> str:
    from nbconvert.filters.ansi import ansi2html

    # It escapes the text itself.
    return f'<pre class="{style}">{ansi2html(text)}</pre>'


def _image(mime: str, data: str) -> str:
    if mime == "image/svg+xml":
        # As an image, a drawing can neither run nor load anything.
        data = base64.b64encode(data.encode()).decode()
    return f'<img alt="" src="data:{mime};base64,{"".join(data.split())}">'
