"""The static page: an executed dashboard as one HTML file that needs no kernel and no server."""
