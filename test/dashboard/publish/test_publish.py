"""Publishing with real kernels: what comes out, and what stops it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_workload_explorer.dashboard.publish.manifest import is_intact
from jupyterlab_workload_explorer.dashboard.publish.outcome import (
    CHECK,
    PRIVACY,
    STEPS,
    VERIFY,
    VERIFY_BUNDLE,
    Outcome,
)
from jupyterlab_workload_explorer.dashboard.publish.publish import publish
from jupyterlab_workload_explorer.dashboard.publish.source import Source

from .conftest import REDUCED, SHOW, Sample
from .server import fetch, served

TEMPLATE_FILES = (
    "conf.json",
    "index.html.j2",
    "settings.html.j2",
    "static/page.js",
    "static/plotly-cartesian.min.js",
    "traces.json",
)


@pytest.mark.parametrize(
    ("metadata", "title", "template"),
    [
        ({"title": "Use"}, "Use", None),
        ({"title": 7, "voila": {"template": ""}}, "use-2021", None),
        ({"voila": {"template": "workload-explorer"}}, "use-2021", None),
        ({"voila": {"template": "lab"}}, "use-2021", "lab"),
    ],
)
def test_what_a_notebook_says_of_its_page(
    metadata: dict[str, object], title: str, template: str | None
) -> None:
    record = {"workload": {"dashboard": {"source": "of/use-2021.ipynb"}}}
    source = Source({"metadata": record | metadata}, hash="", kernel="python3", errors=0)
    assert (source.title, source.template) == (title, template)


def quick(sample: Sample) -> dict[str, object]:
    """Where it does not matter how it is watched, the way that takes half the time."""
    return {"proof": "landlock", "data": [sample.folder / "data"]}


def names(folder: Path) -> list[str]:
    return sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())


def test_it_runs_as_it_is(published: tuple[Sample, Outcome], tmp_path: Path) -> None:
    sample, _ = published
    with served(sample.out, tmp_path) as address:
        status, page = fetch(address)
        assert status == 200
        assert re.findall(r"text-[a-z-]+", page) == ["text-amber-gromacs"]
        assert "application/vnd.plotly.v1+json" in page
        assert "read_table" not in page, "sources are stripped"
        assert "workload-explorer/static/page.js" in page
        assert re.search(r'Published on <time datetime="20..-..-..T..:..:..Z">', page)
        assert not re.findall(r'(?:src|href)="https?:', page), "readers ask nobody else"
        script = re.search(r'src="([^"]*plotly-cartesian.min.js[^"]*)"', page)[1]
        assert fetch(urljoin(address, script))[0] == 200
        for file in ("data/reduced.parquet", "dashboard.ipynb", "manifest.json", "privacy.json"):
            assert fetch(f"{address}voila/files/{file}")[0] == 403, file
        # As the container asks whether it is healthy.
        recipe = (sample.out / "Dockerfile").read_text()
        command = json.loads(re.search(r"CMD (\[.*urllib.*\])", recipe)[1])
        port = address.split(":")[2].partition("/")[0]
        health = [sys.executable, *command[1:]]
        variables = {"PORT": port, "BASE_URL": "/dash/"}
        assert subprocess.run(health, env=variables, timeout=60).returncode == 0
    assert subprocess.run(health, env=variables, capture_output=True, timeout=60).returncode == 1


def test_what_is_in_it(published: tuple[Sample, Outcome]) -> None:
    sample, outcome = published
    assert names(sample.out) == [
        "Dockerfile",
        "dashboard.ipynb",
        "data/reduced.parquet",
        *(f"jupyter/voila/templates/workload-explorer/{name}" for name in TEMPLATE_FILES),
        "manifest.json",
        "privacy.json",
        "requirements.txt",
        "start.sh",
        "verify.json",
        "voila.json",
    ]
    assert is_intact(sample.out)
    assert (sample.out / "dashboard.ipynb").read_bytes() == sample.notebook.read_bytes()
    manifest = json.loads((sample.out / "manifest.json").read_text())
    assert manifest == outcome.manifest
    assert (manifest["source"], manifest["audience"], manifest["k"]) == (
        "report.ipynb",
        "public",
        5,
    )
    assert manifest["verify"] == {"verdict": "green", "proof": "strace"}
    assert manifest["privacy"] == {"clean": True, "findings": 0}
    assert manifest["accepted"] is None
    report = json.loads((sample.out / "verify.json").read_text())
    assert [one["path"] for one in report["files"]] == ["data/reduced.parquet"]
    private = json.loads((sample.out / "privacy.json").read_text())
    assert private["compared"] == {"names_of_users": 2, "names_of_accounts": 0}
    # Who published it, and where, is nobody's business.
    for name in names(sample.out):
        content = (sample.out / name).read_bytes()
        assert str(sample.folder).encode() not in content, name
        assert str(Path.home()).encode() not in content, name


def test_its_report_tells_nothing_of_who_published_it(sample: Sample) -> None:
    """What who published it is told has all paths; what readers get has those of the folder."""
    elsewhere = sample.folder.parent / "mounted" / "2021-05.parquet"
    elsewhere.parent.mkdir()
    pq.write_table(pa.table(REDUCED), elsewhere)
    sample.write(
        SHOW,
        f"pq.read_table({str(elsewhere)!r})\nimport subprocess\nsubprocess.run(['uname'])",
        "open('/srv/of/nobody')",
        "import json\njson.loads('{')",
    )
    content = json.loads(sample.notebook.read_text())
    for cell in content["cells"][3:]:
        cell["metadata"]["tags"].append("raises-exception")
    sample.save(content)
    outcome = sample.publish(by_reference=[elsewhere])
    assert outcome.published, outcome.to_text()
    told = json.dumps(outcome.reports["verify"])
    assert all(one in told for one in (str(elsewhere), "/srv/of/nobody", json.__file__))
    report = json.loads((sample.out / "verify.json").read_text())
    assert not re.search(r"(?<![\w.+-])/", json.dumps(report))
    assert report["files"] == [
        {"path": "2021-05.parquet", "kind": "allowed"},
        {"path": "data/reduced.parquet", "kind": "bundle"},
    ]
    assert ("uname", "system") in [(one["path"], one["kind"]) for one in report["programs"]]
    assert [cell["error"] for cell in report["cells"]][2:] == [
        {"name": "FileNotFoundError", "message": None, "traceback": None},
        {"name": "JSONDecodeError", "message": None, "traceback": None},
    ]


def test_requirements_can_be_read(published: tuple[Sample, Outcome]) -> None:
    from packaging.requirements import Requirement

    lines = (published[0].out / "requirements.txt").read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    found = {one.name: str(one.specifier) for one in pins}
    assert {"voila", "ipykernel", "pyarrow", "plotly", "jupyter-server"} <= found.keys()
    assert all(re.fullmatch(r"==[^,*]+", one) for one in found.values())
    assert not found.keys() & {"pytest", "jupyterlab-workload-explorer", "setuptools", "duckdb"}


def test_archive(published: tuple[Sample, Outcome], tmp_path: Path) -> None:
    sample, _ = published
    with tarfile.open(sample.out.with_name("report.tar.gz")) as members:
        members.extractall(tmp_path, filter="data")
    assert is_intact(tmp_path / "report")
    assert (tmp_path / "report" / "start.sh").stat().st_mode & 0o111


def test_again_and_changed(sample: Sample) -> None:
    told: list[str] = []
    first = publish(sample.question(), told.append)
    assert first.published and tuple(told) == STEPS
    again = sample.publish(archive=sample.out.with_name("again.tar.gz"))
    assert (again.published, again.unchanged, again.version) == (True, True, first.version)
    assert again.manifest == first.manifest, "its time is that of the first"
    sample.reduce({**REDUCED, "package": ["amber", "namd"]})
    # What running leaves in the notebook is neither published nor a change.
    content = json.loads(sample.notebook.read_text())
    content["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "from adalove"}
    ]
    content["metadata"]["widgets"] = {"of": "adalove"}
    sample.notebook.write_text(json.dumps(content))
    third = sample.publish(raw=[sample.raw])
    assert third.published and not third.unchanged and third.version != first.version
    notebooks = [one.version / "dashboard.ipynb" for one in (first, third)]
    assert notebooks[0].read_bytes() == notebooks[1].read_bytes()
    assert (third.version / "data/reduced.parquet").read_bytes() == sample.reduced.read_bytes()
    assert sample.out.resolve() == third.version


def test_a_page_of_other_outputs_is_another_version(sample: Sample) -> None:
    """What a page shows may depend on what the folder does not have, such as the day."""
    show = "import time\nprint('since', int(time.time()) {})"
    sample.write(SHOW, show.format("// 10**9"))
    page = {"page": True, **quick(sample)}
    first = sample.publish(**page)
    again = sample.publish(**page)
    assert first.published and again.unchanged
    assert first.manifest["page_hash"].startswith("sha256:")
    sample.write(SHOW, show.format(""))
    second, third = sample.publish(**page), sample.publish(**page)
    assert second.published and third.published and not third.unchanged
    assert second.manifest["hash"] == third.manifest["hash"]
    texts = [(one.version / "dashboard.html").read_text() for one in (second, third)]
    assert len({re.search(r"since (\d+)", text)[1] for text in texts}) == 2
    sample.publish(**quick(sample))
    without = sample.publish(**quick(sample))
    assert without.unchanged, "without a page, readers see what is so when they load it"
    assert without.manifest["page_hash"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["metadata"]["workload"].pop("dashboard"), "not a compiled dashboard"),
        (lambda c: c["metadata"]["workload"].pop("check"), "never checked"),
        (lambda c: c["cells"][1]["source"].append("1"), "changed after its roles were checked"),
        (lambda c: c["cells"][1]["metadata"].update(tags=["upstream"]), "do not allow it"),
        (lambda c: c["metadata"]["workload"]["check"].update(errors=2), "found 2 errors"),
        (
            lambda c: c["metadata"].update(workload={"dashboard": {"version": 1}, "check": 1}),
            "never",
        ),
        (lambda c: c.update(cells=[{"cell_type": "markdown"}]), "broken"),
    ],
)
def test_only_what_was_compiled(sample: Sample, change: object, said: str) -> None:
    content = json.loads(sample.notebook.read_text())
    change(content)  # type: ignore[operator]
    sample.notebook.write_text(json.dumps(content))
    outcome = sample.publish()
    assert (outcome.published, outcome.stopped) == (False, CHECK)
    assert said in outcome.to_text()
    assert names(sample.out.parent) == [".report.versions/lock"]


def stopped(sample: Sample, at: str, rule: str, said: str, **changes: object) -> Outcome:
    """Stopped by a finding, with the older bundle as it was, and nothing left behind."""
    before = sample.out.resolve() if sample.out.exists() else None
    outcome = sample.publish(**changes)
    assert not outcome.published and outcome.stopped == at, outcome.to_text()
    assert rule in [one.rule for one in outcome.findings]
    assert said in outcome.to_text()
    assert (sample.out.resolve() if sample.out.exists() else None) == before
    assert before is None or is_intact(before)
    left = sorted(one.name for one in (sample.out.parent / ".report.versions").iterdir())
    assert left == sorted(["lock", *([before.name] if before else [])])
    return outcome


def test_stopped_by_verify(sample: Sample) -> None:
    sample.write(SHOW, f"open({str(sample.raw / 'records.parquet')!r}, 'rb').read(1)")
    outcome = stopped(sample, VERIFY, "raw-file", "Reads the raw data", raw=[sample.raw])
    assert [(one.cell, one.place) for one in outcome.findings] == [("cell-1", "cell 3")]


def test_stopped_by_the_published_files_alone(sample: Sample) -> None:
    """What was only looked at is not published, and missed there."""
    (sample.folder / "flag").touch()
    sample.write(SHOW, "import os\nassert os.path.exists('flag')")
    stopped(sample, VERIFY_BUNDLE, "cell-error", "--data")
    assert sample.publish(data=[sample.folder / "flag"]).published


def test_stopped_by_privacy(sample: Sample) -> None:
    assert sample.publish(audience="staff", **quick(sample)).published
    sample.reduce({**REDUCED, "package": ["amber", "kofiann"]})
    outcome = stopped(sample, PRIVACY, "user name", "--accept", raw=[sample.raw], **quick(sample))
    places = [one.place for one in outcome.findings]
    # In the data, and in what is shown of them.
    assert any("reduced.parquet" in place for place in places)
    assert any("dashboard.ipynb: cell cell-0, output" in place for place in places)
    assert "kofiann" not in json.dumps(outcome.to_json())


def test_what_a_later_cell_replaces_is_searched(sample: Sample) -> None:
    """Voilà sends each cell when it is done, and a static page has the last outputs."""
    table = "import pandas as pd\ntable = pd.DataFrame({'package': ['amber'], 'users': [2]})"
    sample.write(
        f"{table}\nshown = display(table, display_id=True)",
        "table['users'] = 12\nshown.update(table)",
    )
    outcome = stopped(sample, PRIVACY, "small group", "fewer than", **quick(sample))
    places = {one.place for one in outcome.findings}
    before = "dashboard.ipynb: cell cell-0, before a later cell replaced its output, output 1"
    assert places and all(place.startswith(before) for place in places)


def test_small_groups_by_audience_and_accepted(sample: Sample) -> None:
    sample.reduce({**REDUCED, "users": [4, 31]})
    stopped(sample, PRIVACY, "small group", "fewer than 5 users", **quick(sample))
    outcome = sample.publish(accept="Agreed with all four of them", **quick(sample))
    assert outcome.published
    assert outcome.manifest["accepted"] == {
        "reason": "Agreed with all four of them",
        "roles": 0,
        "few_people": False,
        "not_proven": [],
        "privacy": 1,
    }
    assert outcome.manifest["privacy"] == {"clean": False, "findings": 1}
    private = json.loads((sample.out / "privacy.json").read_text())
    assert private["accepted"] == {"reason": "Agreed with all four of them", "findings": 1}


def test_not_proven(sample: Sample) -> None:
    """Where nobody sees what it reads, that is named, and accepted."""
    blind = {"proof": "none", "data": [sample.folder / "data"]}
    stopped(sample, VERIFY, "not-proven", "was not seen", **blind)
    content = json.loads(sample.notebook.read_text())
    content["metadata"]["workload"]["dashboard"]["forced"] = {
        "errors": 1,
        "rules": ["role-missing"],
    }
    sample.save(content, errors=1)
    outcome = sample.publish(accept="On a laptop", **blind)
    assert outcome.published, outcome.to_text()
    assert outcome.manifest["verify"] == {"verdict": "not proven", "proof": "none"}
    accepted = outcome.manifest["accepted"]
    assert accepted["not_proven"] == ["files", "hosts", "processes"]
    assert (accepted["roles"], accepted["privacy"]) == (1, 0)


class CalledOff(Exception):
    pass


def test_called_off(sample: Sample) -> None:
    def progress(step: str) -> None:
        if step == VERIFY_BUNDLE:
            raise CalledOff

    with pytest.raises(CalledOff):
        publish(sample.question(**quick(sample)), progress)
    assert names(sample.out.parent) == [".report.versions/lock"]


def test_landlock_asks_which_files_it_reads(sample: Sample) -> None:
    outcome = sample.publish(proof="landlock")
    assert not outcome.published and "--data PATH" in outcome.message
    assert sample.publish(proof="landlock", data=[sample.reduced]).published


def test_fewer_people_than_the_audience_asks_for(sample: Sample) -> None:
    stopped(sample, CHECK, "few-people", "5 people or more", k=2, audience="public")
    outcome = sample.publish(k=2, accept="They all agree", **quick(sample))
    assert outcome.published
    assert outcome.manifest["accepted"]["few_people"]
    assert outcome.manifest["k"] == 2


def test_a_reason_holds_for_what_was_seen(sample: Sample) -> None:
    sample.reduce({**REDUCED, "users": [4, 31]})
    seen = sample.publish(**quick(sample))
    assert seen.acceptable
    reason = {"accept": "Agreed", "accept_only": [seen.acceptable]}
    # Something else is found meanwhile.
    sample.reduce({**REDUCED, "users": [4, 3]})
    again = sample.publish(**reason, **quick(sample))
    assert again.stopped == PRIVACY
    assert again.acceptable not in (None, seen.acceptable)
    sample.reduce({**REDUCED, "users": [4, 31]})
    assert sample.publish(**reason, **quick(sample)).published


def test_pictures_of_texts_come_along(sample: Sample, tmp_path: Path) -> None:
    for name in ("logo.png", "map.WEBP", "photo.jpeg", "scan.tiff", "terms.html"):
        (sample.folder / name).write_bytes(b"\x89PNG")
    content = json.loads(sample.notebook.read_text())
    content["cells"][0]["source"] = (
        "![logo](logo.png) ![gone](gone.png) ![map][map] <img src='photo.jpeg'> [terms]\n\n"
        "![scan](scan.tiff) ![up](../up.png) ![far](https://example.org/far.tiff)\n\n"
        "[map]: map.WEBP\n[terms]: terms.html\n"
    )
    content["cells"][0]["metadata"] = {"author": "Zoe", "tags": []}
    sample.save(content)
    outcome = sample.publish(page=True, **quick(sample))
    assert outcome.published, outcome.to_text()
    assert [one for one in outcome.manifest["data"]["copied"] if "/" not in one] == [
        "logo.png",
        "map.WEBP",
        "photo.jpeg",
    ]
    page = (sample.out / "dashboard.html").read_text()
    for kind in ("png", "webp", "jpeg"):
        assert f"data:image/{kind};base64," in page
    assert [note for note in outcome.notes if note.startswith("The picture")] == [
        "The picture ../up.png, which a text shows, is not in the notebook's folder. Put it there.",
        "The picture gone.png, which a text shows, is not there.",
        "The picture scan.tiff, which a text shows, is not published. Make it one of png, jpg, "
        "jpeg, gif, svg, webp.",
    ]
    with served(sample.out, tmp_path) as address:
        for name in ("logo.png", "map.WEBP", "photo.jpeg"):
            request = urllib.request.urlopen(f"{address}voila/files/{name}", timeout=60)
            with request as answer:
                assert answer.read() == b"\x89PNG"
    # What other tools leave at cells is not published.
    assert "Zoe" not in (sample.out / "dashboard.ipynb").read_text()


def test_readers_see_no_warnings(sample: Sample, tmp_path: Path) -> None:
    sample.write(SHOW, "import warnings\nwarnings.warn('for who ' + 'wrote it')")
    assert sample.publish(page=True, **quick(sample)).published
    assert "for who" not in (sample.out / "dashboard.html").read_text()
    with served(sample.out, tmp_path) as address:
        page = fetch(address)[1]
    assert "text-amber-gromacs" in page
    assert "for who" not in page


def test_what_a_run_leaves_is_not_published(sample: Sample) -> None:
    # By C++, which nobody sees unless it is watched.
    sample.write(SHOW, 'pq.write_table(pq.read_table("data/reduced.parquet"), "left.parquet")')
    unseen = {"proof": "none", "data": [sample.folder / "data"]}
    outcome = sample.publish(accept="It is not watched here", **unseen)
    assert outcome.published, outcome.to_text()
    assert (sample.folder / "left.parquet").exists()
    assert not (sample.out / "left.parquet").exists()
    assert "data/reduced.parquet" in [one["path"] for one in outcome.manifest["files"]]
