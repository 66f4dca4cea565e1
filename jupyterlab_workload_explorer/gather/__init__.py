"""Gather records of Elasticsearch into a Parquet dataset.

``jupyterlab_workload_explorer.gather(…)`` is this module, called: a package and a function cannot
have the same name otherwise. It needs the extra ``gather`` (pyarrow, elasticsearch); nothing of it
is imported before the first call.
"""

from __future__ import annotations

import sys
import types
from typing import Any


class _Callable(types.ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        from .run import gather

        return gather(*arguments, **options)


sys.modules[__name__].__class__ = _Callable
