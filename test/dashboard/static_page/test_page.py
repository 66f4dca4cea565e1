"""The page of an executed notebook."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.static_page import page as module
from jupyterlab_workload_explorer.dashboard.static_page.page import StaticPage, static_page
from jupyterlab_workload_explorer.dashboard.static_page.problem import PageProblem

MADE = datetime(2021, 6, 1, 12, tzinfo=timezone.utc)
FIGURE: dict[str, Any] = {
    "data": [{"type": "bar", "x": ["numpy"], "y": [7]}],
    "layout": {"height": 300, "title": {"text": 'People & "packages"'}},
}


class Page(HTMLParser):
    """Scripts, tags and texts of a page as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            attributes, before = self.scripts[-1]
            self.scripts[-1] = (attributes, before + data)

    def data(self) -> Any:
        return json.loads(self.scripts[0][1])


def shown(data: dict[str, Any]) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data)


def plotly(figure: dict[str, Any]) -> nbformat.NotebookNode:
    return shown({"application/vnd.plotly.v1+json": figure})


def make_page(
    *cells: Any,
    folder: Path = Path(),
    tables: Any = None,
    metadata: Any = None,
    made: datetime = MADE,
    title: str = "report",
) -> StaticPage:
    """The page of cells: texts are markdown, lists are outputs of code."""
    found = [
        nbformat.v4.new_markdown_cell(one)
        if isinstance(one, str)
        else nbformat.v4.new_code_cell("secret = 1", outputs=one)
        for one in cells
    ]
    content = nbformat.v4.new_notebook(cells=found, metadata=metadata or {})
    executed = json.loads(nbformat.writes(content))
    return static_page(executed, folder=folder, tables=tables or {}, title=title, made=made)


def make(*cells: Any, **options: Any) -> tuple[str, list[str]]:
    """The page's text, and what it cannot show."""
    page = make_page(*cells, **options)
    return page.text, list(page.notes)


def test_it_shows_texts_and_outputs_and_no_sources() -> None:
    text, notes = make(
        "# Use\n\nof *packages*",
        [nbformat.v4.new_output("stream", name="stdout", text="a < b\n")],
        [shown({"text/html": "<table><tr><td>7</td></tr></table>", "text/plain": "7"})],
        [shown({"image/png": "aGk=\n", "text/plain": "<Figure>"})],
        [shown({"text/plain": "x < y"})],
        [],
    )
    assert "secret" not in text
    assert "of <em>packages</em>" in text
    assert '<pre class="stream stdout">a &lt; b\n</pre>' in text
    assert "<table><tr><td>7</td></tr></table>" in text
    assert '<img alt="" src="data:image/png;base64,aGk=">' in text
    assert "x &lt; y" in text
    assert text.count("<section") == 5
    assert '<time datetime="2021-06-01T12:00:00Z">2021-06-01</time>' in text
    assert notes == []


def test_an_error_is_told_without_its_source() -> None:
    error = nbformat.v4.new_output(
        "error", ename="KeyError", evalue="'users'", traceback=["secret = 1", "KeyError"]
    )
    text, _ = make([error])
    assert "This cell failed: KeyError" in html.unescape(text)
    assert "users" not in text
    assert "secret" not in text


def test_warnings_are_not_in_it() -> None:
    warning = nbformat.v4.new_output(
        "stream", name="stderr", text="/home/ada/report.py:1: UserWarning: old"
    )
    told = nbformat.v4.new_output("stream", name="stdout", text="7 people")
    text, notes = make([warning], [warning, told])
    assert "/home/ada" not in text
    assert "UserWarning" not in text
    assert "7 people" in text
    assert text.count("<section") == 1, "nothing is left where there was a warning only"
    assert notes == []


def test_its_hash_is_that_of_what_it_shows() -> None:
    cells = ["# Use", [plotly(FIGURE)]]
    page, later = make_page(*cells), make_page(*cells, made=MADE + timedelta(days=1))
    assert page.text != later.text
    assert page.hash == later.hash
    others = [
        make_page("# Use of", [plotly(FIGURE)]),
        make_page("# Use", [plotly(FIGURE | {"layout": {}})]),
        make_page(*cells, title="Use"),
    ]
    assert len({page.hash, *(one.hash for one in others)}) == 4


@pytest.mark.parametrize(
    "figure", ["nothing", None, ["a"], {"data": "nothing", "layout": {}}, {"layout": {}}]
)
def test_what_is_no_figure_is_shown_otherwise(figure: Any) -> None:
    bundle = {"application/vnd.plotly.v1+json": figure, "text/plain": "7 people"}
    text, notes = make([shown(bundle)])
    assert "7 people" in text
    assert "<figure" not in text
    assert notes == [
        "The static page shows application/vnd.plotly.v1+json of cell 1 as a text only."
    ]


def test_a_strange_figure_is_drawn_as_far_as_it_can_be() -> None:
    figure = {"data": ["nothing", {"type": "bar", "x": [1]}], "layout": ["a"], "frames": 1}
    text, _ = make([plotly(figure)])
    (chart,) = Page(text).data()["charts"]
    assert chart["data"] == [{"type": "scatter"}, {"type": "bar", "x": [1]}]
    assert chart["layout"] == {}


def test_only_its_own_scripts_may_run() -> None:
    text, notes = make("<script>alert(1)</script>", [shown({"text/html": "<script>x</script>"})])
    text_of_chart, _ = make([plotly(FIGURE)])
    assert notes == [
        "The static page shows the HTML of cell 2 without its scripts: nothing runs in it but what "
        "draws charts."
    ]
    for page in (text, text_of_chart):
        tags = Page(page).tags
        policy = next(
            one["content"] or "" for tag, one in tags if one.get("http-equiv") and tag == "meta"
        )
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        scripts = policy.split("script-src ")[1].split(";")[0].split()
        # What stands after the page's content is its own.
        own = [
            text for attributes, text in Page(page.split("</main>")[1]).scripts if not attributes
        ]
        hashes = [
            f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
            for one in own
        ]
        assert set(scripts) == set(hashes)
        assert len(scripts) == (1 if page is text else 2)


def test_no_text_of_the_data_can_end_a_script() -> None:
    evil = "</script><script>alert(1)</script><!--\u2028"
    figure = {"data": [{"type": "bar", "x": [evil], "y": [float("nan")]}], "layout": {}}
    page = Page(make([plotly(figure)])[0])
    assert page.data()["charts"][0]["data"] == [{"type": "bar", "x": [evil], "y": [None]}]
    assert len(page.scripts) == 3


def test_a_chart_keeps_its_place_and_is_named() -> None:
    tags = Page(make([plotly(FIGURE)])[0]).tags
    figure = next(attributes for tag, attributes in tags if tag == "figure")
    assert figure["aria-label"] == 'People & "packages"'
    assert ("div", {"class": "plot", "style": "height: 300px"}) in tags


def test_charts_choose_from_a_table_that_is_there_once(tmp_path: Path) -> None:
    path = tmp_path / "reduced.parquet"
    pq.write_table(pa.table({"package": ["numpy"], "users": [7], "jobs": [9]}), path)
    asked = {"data": "./reduced.parquet", "category": "package", "value": "users"}
    figure = FIGURE | {"layout": {"meta": {"workload": asked}}}
    text, _ = make([plotly(figure), plotly(figure)], tables={"reduced.parquet": path})
    data = Page(text).data()
    (name,) = data["tables"]
    assert data["tables"][name] == {"package": ["numpy"], "users": [7]}
    assert [one["controls"]["table"] for one in data["charts"]] == [name, name]
    with pytest.raises(PageProblem, match="not among the data") as caught:
        make("# Use", [plotly(figure)])
    assert caught.value.place == "cell 2"
    assert caught.value.cell


def test_plotly_is_the_smallest_that_draws_all(tmp_path: Path) -> None:
    scatter, _ = make([plotly(FIGURE | {"data": [{"x": [1], "y": [2]}, {"type": "heatmap"}]})])
    assert re.search(r"plotly.js \(cartesian", scatter)
    treemap, _ = make([plotly(FIGURE | {"data": [{"type": "treemap"}]})])
    assert not re.search(r"plotly.js \(cartesian", treemap)
    assert len(treemap) > 3_000_000
    assert len(treemap.encode()) < 6_000_000


def test_without_plotly_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(PageProblem, match=r"type treemap .* pip install plotly"):
        make([plotly(FIGURE | {"data": [{"type": "treemap"}]})])


def test_a_drawing_cannot_run_anything() -> None:
    text, _ = make([shown({"image/svg+xml": '<svg onload="alert(1)"></svg>'})])
    assert "onload" not in text
    assert "data:image/svg+xml;base64," in text


@pytest.mark.parametrize(("name", "kind"), [("a.png", "png"), ("a.webp", "webp")])
def test_pictures_of_texts_are_in_it(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(b"hi")
    text, _ = make(f"![logo]({name})", folder=tmp_path)
    assert f'src="data:image/{kind};base64,aGk="' in text


def test_what_needs_a_kernel_is_told() -> None:
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "x"}
    text, notes = make([shown(widget)])
    assert notes == [
        "The static page leaves out the widget of cell 1, which needs a kernel. Controls that work "
        "in it are described in docs/publish.md."
    ]
    assert "<section" not in text


def test_title_and_theme() -> None:
    named, _ = make(title="Use & more", metadata={"voila": {"theme": "dark"}})
    assert "<title>Use &amp; more</title>" in named
    assert 'data-theme="dark"' in named
    assert 'data-theme="light"' in make()[0]


def test_a_large_page_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGE", 100)
    assert make()[1] == ["The static page has 0.2 MB. Reduce its data further."]
