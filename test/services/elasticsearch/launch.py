"""Starts a real Elasticsearch (or OpenSearch) on 127.0.0.1, from jars of Maven Central.

    python launch.py [--profile es8-esql] [--port N] [--home FOLDER] [setting=value ...]
    python launch.py --install es8 es9

Says `{"url": …, "pid": …, "home": …}` as a line once the server is healthy. Then it takes
commands, a line each, on standard input: `kill` (the server is gone at once; says
`{"killed": true}`) and `start` (again, on the same port with the same data; says the first line
again). When standard input closes, the server is stopped, and its home is removed unless it
was named. `--keep` runs until a signal instead. See README.md.
"""

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from install import install
from profiles import PROFILES, Problem, Profile
from server_process import Server, free_port, write_class_archive


def _say(**answer: object) -> None:
    print(json.dumps(answer), flush=True)


def _say_started(server: Server) -> None:
    _say(url=server.url, pid=server.pid, home=str(server.home))


def _obey(server: Server) -> None:
    for line in sys.stdin:
        match line.strip():
            case "kill":
                server.kill()
                _say(killed=True)
            case "start":
                server.start()
                _say_started(server)
            case other:
                raise Problem(f"There is no command {other!r}; there are kill and start.")


def _started(profile: Profile, home: Path, port: int, settings: list[str]) -> Server:
    """A server that answers, on a free port where `port` is 0."""
    attempts = 1 if port else 4
    while True:
        server = Server(profile, home.absolute(), port or free_port(), settings)
        attempts -= 1
        try:
            server.start()
        except Problem as problem:
            # Another program may take a free port before the server does.
            if attempts == 0 or "BindException" not in str(problem):
                raise
        else:
            return server


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--install", nargs="+", choices=PROFILES, metavar="PROFILE")
    parser.add_argument("--profile", choices=PROFILES, default="es8-esql")
    parser.add_argument("--port", type=int, default=0, help="by default a free one")
    parser.add_argument("--home", type=Path, help="by default a new folder, removed at the end")
    parser.add_argument("--keep", action="store_true", help="run until a signal")
    parser.add_argument("settings", nargs="*", metavar="setting=value")
    return parser.parse_args()


def _serve(options: argparse.Namespace) -> None:
    profile = PROFILES[options.profile]
    install(profile, write_class_archive)
    home = options.home or Path(tempfile.mkdtemp(prefix="workload-es-"))
    server = None
    try:
        server = _started(profile, home, options.port, options.settings)
        _say_started(server)
        if options.keep:
            signal.pause()
        else:
            _obey(server)
    finally:
        # The end is not interrupted by a second signal.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if server is not None:
            server.stop()
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    options = _arguments()
    try:
        if options.install:
            for name in options.install:
                install(PROFILES[name], write_class_archive)
        else:
            _serve(options)
    except KeyboardInterrupt:
        return 0
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd[0]} ended with status {error.returncode}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
