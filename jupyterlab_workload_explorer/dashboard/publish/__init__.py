"""Publish: a compiled notebook becomes a folder that runs as it is."""
