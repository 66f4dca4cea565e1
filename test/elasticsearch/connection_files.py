"""Files of connections, as tests write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

#: What is told nowhere.
SECRET = "a-literal-secret-41"


def write(path: Path, *entries: Any, **more: Any) -> None:
    """Writes a site file, or a user's own one."""
    path.write_text(json.dumps({"version": 1, "connections": entries, **more}))


def entry(**more: Any) -> dict[str, Any]:
    """A connection as it stands in a file."""
    return {"name": "a", "urls": ["https://es1:9200"], "indices": ["mods-*"], **more}
