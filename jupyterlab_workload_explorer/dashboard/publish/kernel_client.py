"""A kernel's client that misses no answer: it looks again every while, whatever woke it.

nbclient answers a widget of outputs on the socket on which it waits for the cell's end. By sending,
the note that something has arrived there may be lost (Jupyter's session sends past the event loop),
and the answer would lie unseen until the time limit.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

#: Seconds between two looks; what a lost note costs at most.
_LOOK_SECONDS = 0.1


class _LookingChannel(AsyncZMQSocketChannel):
    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next message. Raises ``Empty`` where none came within ``timeout`` seconds."""
        began = time.monotonic()
        while True:
            left = _LOOK_SECONDS
            if timeout is not None:
                left = min(left, max(0.0, began + timeout - time.monotonic()))
            try:
                return await super().get_msg(left)
            except Empty:
                if timeout is not None and time.monotonic() - began >= timeout:
                    raise


class LookingClient(AsyncKernelClient):
    """Jupyter's client, with channels that look for messages."""

    shell_channel_class = Type(_LookingChannel)
    iopub_channel_class = Type(_LookingChannel)
    control_channel_class = Type(_LookingChannel)


class LookingManager(AsyncKernelManager):
    """Jupyter's manager of a kernel, whose client looks for messages."""

    client_factory = Type(LookingClient)
