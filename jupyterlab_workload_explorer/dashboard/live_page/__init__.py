"""The page of a published dashboard that Voilà serves: its template, and what fills that in."""
