"""``data:`` addresses: texts in them are searched, pictures are told as not searched."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest

from jupyterlab_workload_explorer.dashboard.privacy import scan
from jupyterlab_workload_explorer.dashboard.privacy.findings import Report

from .notebook_files import code, kinds, places, shown, write_notebook

#: Its letters have “ada” and “/home/mei” among them, which are nobody's.
PICTURE = "data:image/png;base64,iVBORw0KGgo/ada0/home/mei+ada9/kofi3+AAAA"
OTHER = "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAA"


def told(report: Report) -> list[tuple[str, str]]:
    return [(one["place"], one["what"]) for one in report.not_searched]


@pytest.mark.parametrize(
    "text",
    [
        "![chart](URL)",
        "Seen in ![chart](URL 'title') and [again](URL)",
        '<img src="URL">',
        "[chart]: URL",
        '<div style="background: url(URL)"></div>',
        "<style>div { background: url('URL') }</style>",
    ],
)
def test_pictures_in_texts_are_told(text: str, tmp_path: Path, raw: Path) -> None:
    cell = {"cell_type": "markdown", "source": text.replace("URL", PICTURE)}
    report = scan([write_notebook(tmp_path / "a.ipynb", cell)], k=5, raw=raw)
    assert report.clean
    assert told(report) == [("cell 1, text, address", "image/png")]
    assert "cell 1, text, address: not searched (image/png). Look at it." in report.as_text()


@pytest.mark.parametrize(
    "page",
    [
        '<img src="URL"><img src="URL">',
        '<img alt="x" srcset="URL 2x">',
        '<video poster="URL"></video>',
        "<div style='background: url(\"URL\")'></div>",
        "<style>.a { background: URL_OF; } .b { background: url( 'URL' ) }</style>",
        "<svg><image xlink:href='URL'/></svg>",
        "<iframe srcdoc='<img src=\"URL\">'></iframe>",
    ],
)
def test_pictures_in_pages_are_told_once(page: str, tmp_path: Path, raw: Path) -> None:
    whole = page.replace("URL_OF", f"url({PICTURE})").replace("URL", PICTURE)
    path = write_notebook(tmp_path / "a.ipynb", code("", [shown(text_html=whole)]))
    report = scan([path], k=5, raw=raw)
    assert report.clean
    assert told(report) == [("cell 1, output 1, text/html, address", "image/png")]
    (tmp_path / "a.html").write_text(whole)
    report = scan([tmp_path / "a.html"], k=5, raw=raw)
    assert told(report) == [("page, address", "image/png")]


def test_each_picture_is_told(tmp_path: Path) -> None:
    page = f'<img src="{PICTURE}"><img src="{OTHER}"><img src="{PICTURE}">'
    (tmp_path / "a.html").write_text(page)
    (tmp_path / "b.html").write_text(page)
    for file in ("a.html", "b.html"):
        assert told(scan([tmp_path / file], k=5)) == [
            ("page, address", "image/png"),
            ("page, address 2", "image/jpeg"),
        ]


def test_pictures_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text(f"div {{ background: url('{PICTURE}'); }}")
    (tmp_path / "b.json").write_text(json.dumps({"logo": PICTURE}))
    (tmp_path / "c.csv").write_text(f"label,users\n\"<img src='{OTHER}'>\",9\n")
    (tmp_path / "d.py").write_text(f'LOGO = "{PICTURE}"\n')
    (tmp_path / "e.md").write_text(f"![chart]({PICTURE})")
    report = scan([tmp_path], k=5)
    assert report.clean
    assert [(one["file"], one["place"], one["what"]) for one in report.not_searched] == [
        ("a.css", "style, address", "image/png"),
        ("b.json", "$.logo, address", "image/png"),
        ("c.csv", "column label, address", "image/jpeg"),
        ("d.py", "source, address", "image/png"),
        ("e.md", "text, address", "image/png"),
    ]


def test_pictures_of_figures(tmp_path: Path) -> None:
    figure = {"data": [], "layout": {"images": [{"source": PICTURE, "x": 0}]}}
    output = {"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": figure}}
    report = scan([write_notebook(tmp_path / "a.ipynb", code("", [output]))], k=5)
    assert [what for _, what in told(report)] == ["image/png"]


def test_programs_that_make_addresses_are_no_findings(tmp_path: Path) -> None:
    source = (
        "page = f\"<a href='data:text/csv;base64,{table}'>Save</a>\"\n"
        'picture = "data:image/png;base64," + encoded\n'
        "text = 'data:image/png;base64,%s' % encoded\n"
        'plain = f"data:text/csv,{table}"\n'
    )
    report = scan([write_notebook(tmp_path / "a.ipynb", code(source))], k=5)
    assert (report.findings, told(report)) == ([], [])


SVG = '<svg><text>kofi3</text><image href="URL"/></svg>'.replace("URL", OTHER)


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("image/svg+xml", SVG, {"user name"}),
        ("text/csv", "# by hand\nlabel,users\nnumpy,2\n", {"small group"}),
        ("text/tab-separated-values", "username\tjobs\nzoe\t3\n", {"identity column", "no users"}),
        ("application/x-ndjson", '{"users": 2}\n{"users": 9}\n', {"small group"}),
        ("application/geo+json", '{"username": "zoe"}', {"identity column"}),
    ],
)
def test_texts_in_addresses_are_searched(
    kind: str, text: str, found: set[str], tmp_path: Path, raw: Path
) -> None:
    for data in (f";base64,{b64encode(text.encode()).decode()}", f",{quote(text)}"):
        address = f"data:{kind}{data}"
        for name, whole in {
            "a.md": f"[Save]({address})",
            "b.css": f'a {{ background: url("{address}") }}',
            "c.html": f"<a href='{address}'>Save</a>",
        }.items():
            (tmp_path / name).write_text(whole)
            report = scan([tmp_path / name], k=5, raw=raw)
            assert kinds(report) == found, name
            inner = [what for _, what in told(report)]
            assert inner == (["image/jpeg"] if text == SVG else []), name


def test_other_files_in_addresses_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a download="a.parquet" href="data:application/octet-stream;base64,UEFSMQ==">Save</a>'
    )
    assert told(scan([tmp_path], k=5)) == [("page, address", "application/octet-stream")]


def test_what_stands_around_an_address_is_searched(tmp_path: Path, raw: Path) -> None:
    (tmp_path / "a.md").write_text(f"kofi3 made ![this]({PICTURE}) of /home/zoe/a")
    assert places(scan([tmp_path], k=5, raw=raw)) == {("user name", "text"), ("home path", "text")}
