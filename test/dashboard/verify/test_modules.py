"""Heavy packages, by name and by the files of their code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jupyterlab_workload_explorer.dashboard.verify.modules import (
    HEAVY_PACKAGES,
    heavy_packages,
    module_of,
    package_of,
)

POLICY = Path(__file__).parents[3] / "src" / "workload" / "role-policy.ts"


def test_the_list_is_that_of_the_check_of_roles() -> None:
    [listed] = re.findall(r"HEAVY_PACKAGES: [^=]*= \[(.*?)\]", POLICY.read_text(), re.DOTALL)
    assert tuple(re.findall(r"'([^']+)'", listed)) == HEAVY_PACKAGES


def test_the_notebooks_list_stands_before_the_sites() -> None:
    site = {"heavy_packages": ["torch"]}
    own = {"workload": {"roles": {"heavy_packages": ["pandas"]}}}
    assert heavy_packages(None, {}) == HEAVY_PACKAGES
    assert heavy_packages(site, {}) == ("torch",)
    assert heavy_packages(site, own) == ("pandas",)
    assert heavy_packages({"heavy_packages": "torch"}, None) == HEAVY_PACKAGES


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("/e/lib/site-packages/torch/__init__.py", "torch"),
        ("/e/lib/site-packages/torch/__pycache__/__init__.cpython-311.pyc", "torch"),
        ("/e/lib/site-packages/numba/cuda/api.py", "numba.cuda.api"),
        ("/e/lib/site-packages/_rmm.cpython-311-x86_64-linux-gnu.so", "_rmm"),
        ("/e/lib/site-packages/torch-2.0.dist-info/METADATA", None),
        ("/elsewhere/torch/__init__.py", None),
    ],
)
def test_modules_by_their_files(path: str, module: str | None) -> None:
    assert module_of(path, ["/e/lib", "/e/lib/site-packages"]) == module


def test_packages_of_modules() -> None:
    assert package_of("numba.cuda.api", HEAVY_PACKAGES) == "numba.cuda"
    assert package_of("numba.core", HEAVY_PACKAGES) is None
    assert package_of("torchvision", HEAVY_PACKAGES) is None
