"""Privacy of what is published: small cells are hidden, identities and small cells are found.

Generated cells call ``suppress_small``; ``scan`` searches a folder. Neither needs pyarrow, pandas
or polars before it is handed a table or a file of theirs.
"""

from .scan import scan
from .suppress import TotalGivesAway, suppress_small

__all__ = ["TotalGivesAway", "scan", "suppress_small"]
