"""Users whose records were taken out of a dataset, and must not come back with the next gather.

The manifest lists keyed hashes of them. The key lies in ``.gather/forgotten.key``, which its owner
alone may read, so that whoever reads the dataset cannot try out names.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from .keys import make_key, read_key
from .manifest import Manifest
from .problem import GatherProblem

#: The key of the hashes of forgotten users.
KEY_NAME = "forgotten.key"


class Forgotten:
    """The forgotten users of a dataset, as they stand in its user column."""

    def __init__(self, key: bytes, digests: Collection[str]) -> None:
        self.digests = frozenset(digests)
        self._key = key
        self._known: dict[str, bool] = {}

    @staticmethod
    def of(manifest: Manifest) -> Forgotten | None:
        """Those of a dataset; ``None`` where there are none. Raises GatherProblem."""
        digests = manifest.state.get("forgotten", ())
        return Forgotten(_read(manifest.work / KEY_NAME), digests) if digests else None

    @staticmethod
    def with_more(manifest: Manifest, users: Iterable[str]) -> Forgotten:
        """Those of a dataset and others; the key is made where there is none yet."""
        digests = manifest.state.get("forgotten", ())
        path = manifest.work / KEY_NAME
        if not digests and not path.exists():
            make_key(path)
        key = _read(path)
        return Forgotten(key, {*digests, *(_digest(key, user) for user in users)})

    def has(self, user: object) -> bool:
        """Whether a value of the user column is one of them."""
        if user is None:
            return False
        name = str(user)
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = _digest(self._key, name) in self.digests
        return known

    def rest(self, table: pa.Table, column: str) -> pa.Table:
        """The rows of all others. ``column`` is the user's."""
        users = table.column(column)
        if not pa.types.is_dictionary(users.type):
            users = users.dictionary_encode()
        if not any(
            self.has(name) for chunk in users.chunks for name in chunk.dictionary.to_pylist()
        ):
            return table
        masks = []
        for chunk in users.chunks:
            theirs = pa.array([self.has(name) for name in chunk.dictionary.to_pylist()], pa.bool_())
            # A missing user is nobody.
            masks.append(pc.fill_null(pc.invert(theirs.take(chunk.indices)), True))
        return table.filter(pa.chunked_array(masks, pa.bool_()))


def _digest(key: bytes, user: str) -> str:
    return hmac.new(key, user.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return read_key(path)
    except (OSError, ValueError):
        raise GatherProblem(
            f"{path} cannot be read, without which nobody knows which users were forgotten. "
            "Put the file back from a backup, or gather into another folder."
        ) from None
