"""How many random cases a test tries: few in `npm test`, many in `npm run prove`."""

import json
import os
from pathlib import Path

PROVE = os.environ.get("WORKLOAD_PROVE") == "1"
_SIZES = json.loads((Path(__file__).parent.parent / "sizes.json").read_text(encoding="utf-8"))


def size(name: str, prove: bool = PROVE) -> int:
    return _SIZES[name]["prove" if prove else "test"]
