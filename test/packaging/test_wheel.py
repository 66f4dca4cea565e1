"""The wheel: what is in it, and that it installs where there is neither Node.js nor a network."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAME = "jupyterlab-workload-explorer"
MODULE = "jupyterlab_workload_explorer"
LABEXTENSION = f"share/jupyter/labextensions/{NAME}"
TEMPLATE = "share/jupyter/voila/templates/workload-explorer"

#: What a site has beside the extension; its wheels are downloaded once.
PLATFORM = "jupyterlab>=4.6.4,<4.7"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="written for POSIX paths"),
]


def run(command: list[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def cache_folder() -> Path:
    """As ``scripts/lib/project.mjs`` has it: outside the tree, so that it outlives a clone."""
    named = os.environ.get("WORKLOAD_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "workload-explorer"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert (ROOT / MODULE / "labextension" / "package.json").exists(), "not built: npm run build"
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def platform_wheels() -> Path:
    """A folder of wheels, as a site without a network would have it."""
    key = hashlib.sha256(f"{PLATFORM} {sys.version}".encode()).hexdigest()[:16]
    folder = cache_folder() / f"wheels-{key}"
    complete = folder / ".complete"
    if not complete.exists():
        folder.mkdir(parents=True, exist_ok=True)
        run([sys.executable, "-m", "pip", "download", "-q", "-d", folder, PLATFORM])
        complete.touch()
    return folder


def offline(path: Path | None = None, **variables: str) -> dict[str, str]:
    """Variables for programs that find no Node.js on PATH, and no package index."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return {
        **kept,
        "PATH": str(path or "/nonexistent"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "JUPYTER_PREFER_ENV_PATH": "1",
        **variables,
    }


def install(python: Path, wheel: Path, wheels: Path, *options: str, **variables: str) -> None:
    run(
        [
            *(python, "-m", "pip", "install", "-q", *options),
            *("--find-links", wheels, "--find-links", wheel.parent, PLATFORM, NAME),
        ],
        env=offline(**variables),
    )


@pytest.fixture(scope="module")
def environment(
    wheel: Path, platform_wheels: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The programs of a clean environment with the wheel, which nothing but PATH leads to."""
    folder = tmp_path_factory.mktemp("clean")
    run([sys.executable, "-m", "venv", folder])
    install(folder / "bin" / "python", wheel, platform_wheels)
    yield folder / "bin"


def assert_lab_has_it(python: Path, env: dict[str, str]) -> None:
    lab = run([python, "-m", "jupyter", "labextension", "list"], env=env)
    assert re.search(rf"{NAME} v\S+ .*enabled.*OK", lab.stdout + lab.stderr)


def assert_server_has_it(python: Path, env: dict[str, str], folder: Path) -> None:
    """Start a server, without any option that names the extension, and ask it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        *(python, "-m", "jupyter", "server", "--no-browser", "--allow-root", f"--port={port}"),
        *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}"),
        f"--IdentityProvider.token={token}",
    ]
    address = f"http://127.0.0.1:{port}/workload-explorer/info?token={token}"
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        try:
            for _ in range(600):
                assert server.poll() is None, log.read_text()
                try:
                    with urllib.request.urlopen(address, timeout=30) as answer:
                        info = json.load(answer)
                    break
                except urllib.error.HTTPError as error:
                    raise AssertionError(log.read_text()) from error
                except OSError:
                    time.sleep(0.1)  # nobody listens yet
            else:
                raise AssertionError(f"no answer\n{log.read_text()}")
        finally:
            server.terminate()
            server.wait(60)
    assert info["version"] in (Path(ROOT) / "package.json").read_text()
    # A Voilà there finds the template of published pages.
    assert info["voila"]["template"] == NAME.removeprefix("jupyterlab-")


def test_what_is_in_it(names: list[str]) -> None:
    data = next(name.split("/")[0] for name in names if ".data/" in name)
    info = next(name.split("/")[0] for name in names if name.endswith(".dist-info/METADATA"))
    for name in (
        f"{MODULE}/__init__.py",
        f"{MODULE}/cli/workload-explorer.mjs",
        f"{MODULE}/schema/workload-site.schema.json",
        f"{data}/data/{LABEXTENSION}/package.json",
        f"{data}/data/{LABEXTENSION}/install.json",
        f"{data}/data/{TEMPLATE}/index.html.j2",
        f"{data}/data/{TEMPLATE}/static/plotly-cartesian.min.js",
        f"{MODULE}/dashboard/live_page/template/static/page.js",
        f"{data}/data/etc/jupyter/jupyter_server_config.d/{MODULE}.json",
        f"{info}/licenses/LICENSE",
        f"{info}/licenses/THIRD_PARTY_LICENSES",
    ):
        assert names.count(name) == 1, name
    # JupyterLab reads one copy; the sources, tests and node_modules stay at home.
    strays = [
        name
        for name in names
        if re.search(r"/labextension/|(^|/)(src|test|node_modules|\.venv)/|\.tsx?$|\.pyc$", name)
    ]
    assert strays == []


def test_what_it_needs(wheel: Path, names: list[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        path = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(path).decode())
    needs = metadata.get_all("Requires-Dist", [])
    base = [need for need in needs if "extra ==" not in need]
    assert [re.split(r"[^\w-]", need)[0] for need in base] == ["jupyter-server"]
    assert set(metadata.get_all("Provides-Extra", [])) == {
        *("elasticsearch", "gather", "runs", "dashboard", "test")
    }


def test_all_that_is_bundled_is_listed_with_its_licence(wheel: Path, names: list[str]) -> None:
    """The bundler's own list, which has names only, is part of ours."""
    with zipfile.ZipFile(wheel) as archive:
        theirs, ours = (
            archive.read(next(name for name in names if name.endswith(end))).decode()
            for end in ("/static/third-party-licenses.json", "/licenses/THIRD_PARTY_LICENSES")
        )
    listed = set(re.findall(r"^={80}\n(\S+) ", ours, re.MULTILINE))
    bundled = {package["name"] for package in json.loads(theirs)["packages"]}
    assert bundled
    assert bundled - listed == set()


def test_it_tells_nothing_of_the_machine_it_was_built_on(wheel: Path, names: list[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        telling = [name for name in names if str(ROOT).encode() in archive.read(name)]
    assert telling == []


def test_clean_and_offline(environment: Path, tmp_path: Path) -> None:
    python, env = environment / "python", offline(environment)
    assert_lab_has_it(python, env)
    listed = run([python, "-m", "jupyter", "server", "extension", "list"], env=env)
    assert re.search(rf"{MODULE} \d\S+ .*OK", listed.stdout + listed.stderr)
    assert re.search(rf"{MODULE} .*enabled", listed.stdout + listed.stderr)
    assert_server_has_it(python, env, tmp_path)


def test_for_a_single_user(wheel: Path, platform_wheels: Path, tmp_path: Path) -> None:
    """``pip install --user``, with a Python that the user may not write to."""
    system, base = tmp_path / "system", tmp_path / "user base"
    # The packages of a virtual environment's user are seen with the system's only.
    run([sys.executable, "-m", "venv", "--system-site-packages", system])
    python = system / "bin" / "python"
    install(python, wheel, platform_wheels, "--user", "-I", PYTHONUSERBASE=str(base))
    assert (base / LABEXTENSION / "package.json").exists()
    assert not (system / LABEXTENSION).exists()
    env = offline(base / "bin", PYTHONUSERBASE=str(base))
    assert_lab_has_it(python, env)
    assert_server_has_it(python, env, tmp_path)


def test_the_command_line_says_what_to_install(environment: Path) -> None:
    done = subprocess.run(
        [environment / "workload-explorer", "analyze", "users"],
        capture_output=True,
        text=True,
        env=offline(environment),
    )
    assert done.returncode == 1
    assert "Install Node.js 20 or newer" in done.stderr
    assert done.stdout == ""


def test_the_command_line_runs_with_node(environment: Path) -> None:
    env = {**os.environ, "PATH": f"{environment}{os.pathsep}{os.environ['PATH']}"}
    command = [environment / "workload-explorer"]
    run([*command, "--help"], env=env)
    wrong = subprocess.run([*command, "no-such-command"], capture_output=True, text=True, env=env)
    assert wrong.returncode == 2


def test_the_source_distribution_needs_no_node(wheel: Path, tmp_path: Path) -> None:
    run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path], cwd=ROOT)
    (archive,) = tmp_path.glob("*.tar.gz")
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    run(["tar", "-xzf", archive, "-C", unpacked])
    (source,) = unpacked.iterdir()
    run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=source,
        env=offline(),
    )
    with zipfile.ZipFile(tmp_path / wheel.name) as again, zipfile.ZipFile(wheel) as first:
        assert sorted(again.namelist()) == sorted(first.namelist())
