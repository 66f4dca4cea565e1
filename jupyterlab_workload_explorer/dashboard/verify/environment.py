"""The kernel's surroundings: what starts it, and an environment that holds nothing of its user."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel

from .problem import VerifyProblem

#: Seconds for a Python to say where its packages are.
_ASK_SECONDS = 60

#: Folders of a Python environment; what else lies beside them is not the environment's.
_OF_PREFIX = ("bin", "lib", "lib64", "libexec", "include", "share", "etc", "ssl", "conda-meta")

_ASK = """
import json, sys, sysconfig
paths = sysconfig.get_paths()
print(json.dumps({
    "prefixes": [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix],
    "paths": [paths[one] for one in ("stdlib", "platstdlib", "purelib", "platlib")],
    "executable": [sys.executable, getattr(sys, "_base_executable", sys.executable)],
    "search": [one for one in sys.path if one],
}))
"""

#: Accelerators are hidden by these, each by its vendor's own name.
NO_GPU = {
    "CUDA_VISIBLE_DEVICES": "",
    "NVIDIA_VISIBLE_DEVICES": "void",
    "HIP_VISIBLE_DEVICES": "",
    "ROCR_VISIBLE_DEVICES": "",
    "GPU_DEVICE_ORDINAL": "",
    "ONEAPI_DEVICE_SELECTOR": "*:cpu",
}

_PROXY = re.compile(r"(https?|ftp|all|no)_proxy", re.IGNORECASE)


@dataclass(frozen=True)
class Environment:
    """A kernel as its specification names it, and the folders of its environment."""

    name: str
    argv: tuple[str, ...]
    language: str
    variables: Mapping[str, str]
    folders: tuple[Path, ...]
    #: The folder of its programs.
    programs: Path
    #: Folders outside of the environment that its Python looks through for modules.
    import_folders: tuple[Path, ...]


def find_environment(name: str) -> Environment:
    """The environment of a kernel.

    Raises ``VerifyProblem`` where there is no such kernel, or it cannot be started from here.
    """
    manager = KernelSpecManager()
    try:
        spec = manager.get_kernel_spec(name)
    except NoSuchKernel:
        names = ", ".join(sorted(manager.find_kernel_specs())) or "none"
        raise VerifyProblem(
            f"There is no kernel “{name}”. Install it, or name another one by --kernel; "
            f"installed are: {names}."
        ) from None
    provisioner = (spec.metadata or {}).get("kernel_provisioner", {}).get("provisioner_name")
    if provisioner not in (None, "local-provisioner"):
        raise VerifyProblem(
            f"The kernel “{name}” is started by “{provisioner}”, elsewhere. Name a kernel of this "
            "machine by --kernel."
        )
    argv = _argv(spec)
    folders, search = [Path(spec.resource_dir)], []
    programs = Path(argv[0]).parent
    if Path(argv[0]).is_absolute():
        folders.append(Path(argv[0]))
    if spec.language == "python":
        told = _ask(_interpreter(argv), spec.env)
        folders += [
            Path(prefix) / one
            for prefix in told["prefixes"]
            for one in (*_OF_PREFIX, "pyvenv.cfg")
            if (Path(prefix) / one).exists()
        ]
        folders += [Path(one) for one in (*told["paths"], *told["executable"])]
        search = [Path(one) for one in told["search"]]
        programs = Path(told["executable"][0]).parent
    return Environment(
        *(name, tuple(argv), spec.language, dict(spec.env)),
        *(tuple(folders), programs, tuple(search)),
    )


def _argv(spec: KernelSpec) -> list[str]:
    """What starts the kernel; a bare “python” is the one that runs this, as in Jupyter."""
    argv = [one.replace("{resource_dir}", spec.resource_dir) for one in spec.argv]
    if not argv:
        raise VerifyProblem("The kernel's specification names no program. Install it anew.")
    if re.fullmatch(r"python(3(\.\d+)?)?", argv[0]):
        argv[0] = sys.executable
    return argv


def _interpreter(argv: list[str]) -> list[str]:
    """What starts the kernel's Python, without the kernel: a script may stand before it."""
    for index, one in enumerate(argv):
        if one == "-m" and argv[index + 1 : index + 2] and index > 0:
            return argv[:index]
    return argv[:1]


def _ask(python: list[str], variables: Mapping[str, str]) -> dict[str, list[str]]:
    try:
        answer = subprocess.run(
            [*python, "-I", "-c", _ASK],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ASK_SECONDS,
            env={"PATH": os.defpath, **variables},
            check=True,
        )
        # A script may have said something before.
        return json.loads(answer.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        raise VerifyProblem(
            f"The kernel's Python, {' '.join(python)}, does not run. Install the kernel anew, or "
            "name another one by --kernel."
        ) from None


def clean_variables(environment: Environment, scratch: Path) -> dict[str, str]:
    """Environment variables for a kernel that knows nothing of who verifies.

    Its home and temporary files are in ``scratch``. What the kernel's specification sets holds,
    but for the home, proxies and accelerators.
    """
    home, temporary = scratch / "home", scratch / "tmp"
    own = str(environment.programs)
    variables = {
        "PATH": os.pathsep.join([own, "/usr/local/bin", "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        # Messages of programs are looked through for refusals, which are in English.
        "LC_ALL": "C.UTF-8",
        # A dashboard may ask how it was opened; Voilà tells it so.
        "SERVER_SOFTWARE": "voila",
        "QUERY_STRING": "",
        **environment.variables,
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / ".local/share/jupyter"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_RUNTIME_DIR": str(scratch / "runtime"),
        "PYTHONNOUSERSITE": "1",
        # A verified folder is left as it was.
        "PYTHONDONTWRITEBYTECODE": "1",
        **NO_GPU,
    }
    return {name: value for name, value in variables.items() if not _PROXY.fullmatch(name)}
