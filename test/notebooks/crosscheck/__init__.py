"""Notebooks made at random or written by others, executed for real, and compared with `workload-explorer check`.

Nothing in here knows how the check works: a notebook is made, Python runs it, and what happened is held against what was found.
"""
