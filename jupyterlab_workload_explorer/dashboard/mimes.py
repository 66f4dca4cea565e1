"""Names of outputs that dashboards treat in a way of their own."""

#: A figure of Plotly as JSON: ``data``, ``layout``, perhaps ``config`` and ``frames``.
PLOTLY = "application/vnd.plotly.v1+json"

#: A widget, which lives in its kernel.
WIDGET = "application/vnd.jupyter.widget-view+json"
