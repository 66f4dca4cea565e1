"""Questions of the command line, and documents to ask about."""

from __future__ import annotations

from typing import Any

FIELDS = {"username": "keyword", "job_id": "keyword", "packages": "keyword"}
USERS = ["analyze", "users", "--all"]
PACKAGES = ["analyze", "top-packages", "--distinct", "job", "--top", "30"]


def few_documents(number: int, letter: str = "u") -> list[dict[str, Any]]:
    """So many documents of as many users, who use one package."""
    return [
        {"_id": f"{letter}{k}", "username": f"{letter}{k}", "packages": "numpy"}
        for k in range(number)
    ]
