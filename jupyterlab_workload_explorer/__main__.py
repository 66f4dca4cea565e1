"""``python -m jupyterlab_workload_explorer COMMAND …``: what runs apart from a Jupyter server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

#: Module with ``main(arguments) -> exit status``, and what the command does.
COMMANDS: dict[str, tuple[str, str]] = {
    "gather": (".gather.command", "copy records from Elasticsearch into a Parquet dataset"),
    "expire": (".gather.command", "take old records out of a gathered dataset"),
    "forget": (".gather.command", "take a user's records out of a gathered dataset"),
    "verify": (".dashboard.verify.command", "prove what a compiled dashboard reads and runs"),
    "privacy": (".dashboard.privacy.command", "search what is published for people in it"),
    "publish": (".dashboard.publish.command", "publish a dashboard as a folder that runs as it is"),
    "check-data": (
        ".dashboard.publish.check_data_command",
        "check the data that a published dashboard reads where they are",
    ),
    "voila-hook": (".dashboard.voila_hook", "guard a Voilà that runs without a Jupyter server"),
    "elasticsearch-service": (
        ".elasticsearch.service",
        "run the gateway to Elasticsearch as a service of JupyterHub",
    ),
}

USAGE = "Usage: python -m jupyterlab_workload_explorer COMMAND …\n\n" + "\n".join(
    f"  {name:<22} {what}" for name, (_, what) in COMMANDS.items()
)


def main(arguments: list[str]) -> int:
    """Run a command; returns the exit status."""
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help"):
        print(USAGE)
        return 0
    if name not in COMMANDS:
        problem = f'There is no command "{name}".' if name else "No command is named."
        print(f"{problem} Name one of these.\n{USAGE}", file=sys.stderr)
        return 2
    module = import_module(COMMANDS[name][0], __package__)
    run: Callable[[list[str]], int] = module.main
    # The commands of gather share one module, which is told which of them it is.
    return run(arguments if COMMANDS[name][0].startswith(".gather") else arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
