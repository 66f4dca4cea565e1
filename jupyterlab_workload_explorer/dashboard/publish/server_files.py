"""What serves a bundle: ``voila.json``, ``start.sh``, ``Dockerfile``."""

from __future__ import annotations

from ..live_page.voila_template import DATA, TEMPLATE
from ..voila_extensions import LABEXTENSION
from .manifest import NOTEBOOK, as_json
from .pictures import PICTURES

#: Seconds after which a kernel ends that no page is connected to.
_IDLE = 600


def voila_json() -> str:
    """Configuration that Voilà reads in the folder where it is started.

    Nothing depends on it for what may run. What is set is what a configuration of the site could
    set otherwise, to a page that was not verified.
    """
    return as_json(
        {
            "VoilaConfiguration": {
                "strip_sources": True,
                "show_tracebacks": False,
                # Pictures, which pages show; never data.
                "file_allowlist": [rf".*\.({'|'.join(PICTURES)})"],
                # Cells run in the order of the notebook, each shown when it is done, as verified.
                "progressive_rendering": False,
                # What was verified is the page that the notebook asks for, and no reader's choice.
                "allow_template_override": "NOTEBOOK",
            },
            "VoilaExecutor": {
                "cell_error_instruction": "Reload the page. Whoever publishes it finds the error "
                "in the server's log."
            },
            # Pages whose readers went away without a word leave a kernel.
            "MappingKernelManager": {"cull_idle_timeout": _IDLE, "cull_interval": 60},
        }
    )


#: What plotly.py brings along to draw charts.
_PLOTLY = "jupyterlab-plotly"


def start_sh(all_of_plotly: bool) -> str:
    """The start script. Address, port and base URL come from the environment.

    Without ``all_of_plotly``, pages draw all charts by what comes with their template, and need not
    wait for what plotly.py brings along, which is three times as large. The labextension of an
    image that runs JupyterLab as well has nothing to do in them.
    """
    left_out = [LABEXTENSION] if all_of_plotly else [LABEXTENSION, _PLOTLY]
    extensions = "".join(
        f"  --VoilaConfiguration.extension_denylist={name} \\\n" for name in left_out
    )
    return f"""\
#!/bin/sh
# Serves this dashboard: HOST (127.0.0.1), PORT (8866), BASE_URL (/); arguments go to Voilà.
set -eu

# The version that the link leads to now: a server goes on with it, whatever is published later.
cd -P -- "$(dirname -- "$0")"

# Jupyter and its kernels write below the home folder; a read-only container has none.
if ! [ -d "${{HOME:-}}" ] || ! [ -w "${{HOME:-}}" ]; then
  HOME=$(mktemp -d)
  export HOME
fi
export PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1

# Where Voilà finds the template of the page.
export JUPYTER_PATH="$PWD/{DATA}${{JUPYTER_PATH:+:$JUPYTER_PATH}}"

exec voila {NOTEBOOK} --no-browser \\
  --template={TEMPLATE} \\
{extensions}  --Voila.ip="${{HOST:-127.0.0.1}}" \\
  --port="${{PORT:-8866}}" \\
  --Voila.port_retries=0 \\
  --base_url="${{BASE_URL:-/}}" \\
  "$@"
"""


_HEALTH = (
    "import os, urllib.request as r; b = os.environ.get('BASE_URL', '/').rstrip('/'); "
    "r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + b + '/voila/static/voila.js', timeout=4)"
)


def dockerfile(python: str, kernel: str, image: str | None) -> str:
    """The recipe of a container image.

    Args:
        python: major and minor version that was verified.
        kernel: the kernel that the notebook names.
        image: one by its digest, which has the environment already.
    """
    if image is not None:
        top = [
            f"FROM {image}",
            "",
            "# The image has the environment; its versions have to be those that were verified.",
            "COPY requirements.txt /tmp/requirements.txt",
            "RUN python -m pip install --no-index --no-deps --dry-run -r /tmp/requirements.txt",
        ]
    else:
        top = [
            f"FROM python:{python}-slim",
            "",
            "COPY requirements.txt /tmp/requirements.txt",
            "RUN python -m pip install --no-cache-dir -r /tmp/requirements.txt",
        ]
        if kernel != "python3":
            top.append(f"RUN python -m ipykernel install --sys-prefix --name {kernel}")
    rest = [
        "",
        "# Everything here is only read, so the container may be read-only, but for /tmp.",
        "COPY . /dashboard",
        "RUN chmod -R a+rX /dashboard",
        "WORKDIR /dashboard",
        "USER 65534:65534",
        "ENV HOST=0.0.0.0 PORT=8866 BASE_URL=/ HOME=/nonexistent",
        "EXPOSE 8866",
        "",
        "# A file of Voilà: asking for the page would start a kernel each time.",
        "HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\",
        f'  CMD ["python", "-c", "{_HEALTH}"]',
        "",
        'CMD ["./start.sh"]',
    ]
    return "\n".join(top + rest) + "\n"
