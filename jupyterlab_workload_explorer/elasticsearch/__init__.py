"""Connections to Elasticsearch, and the gateway through which the panel reaches it.

Nothing here imports the client before it is needed: the server half starts without it.
"""
