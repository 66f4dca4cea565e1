"""Dashboards on the server: what may run of a notebook, and what holds Voilà to it.

Nothing here imports Voilà: a server that does not load it stays as it is.
"""
