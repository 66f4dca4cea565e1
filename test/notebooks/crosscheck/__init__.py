"""Notebooks made at random or written by others, executed, and compared with the check.

Nothing in here knows how the check works: a notebook is made, Python runs it, and what happened
is held against what `workload-explorer check` found.
"""
