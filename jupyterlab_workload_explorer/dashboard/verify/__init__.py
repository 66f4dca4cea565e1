"""Verify: a compiled dashboard runs as it is, and reads nothing but what is published with it."""
