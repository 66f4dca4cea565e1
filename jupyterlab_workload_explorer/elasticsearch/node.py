"""How the client reaches one address of Elasticsearch: long answers are left on the connection."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from typing import Any

import aiohttp
from elastic_transport import (
    AiohttpHttpNode,
    ApiResponseMeta,
    ConnectionError,  # noqa: A004 - the client's name
    ConnectionTimeout,
    HttpHeaders,
    TlsError,
    TransportApiResponse,
)

from .streams import PIECE, aside, outgoing, receive


class StreamingNode(AiohttpHttpNode):
    """The client's own node, but that it gives a ``Stream`` where an answer is long.

    The time limit is for the front of an answer; for the rest it is between one piece and the
    next. What fails before the front is there is tried again by the client, as ever.
    """

    async def perform_request(  # type: ignore[override]
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = None,
    ) -> TransportApiResponse:
        """One request to this node; raises the client's exceptions."""
        if self.session is None:
            self._create_aiohttp_session()
        # The client says "default" by an object of its own.
        is_set = isinstance(request_timeout, int | float)
        limit = request_timeout if is_set else self.config.request_timeout
        sent = self.headers.copy()
        sent.update(headers or {})
        if body and self._http_compress:
            body = await aside(len(body), gzip.compress, body, 1)
            sent["content-encoding"] = "gzip"
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            response, answer = await asyncio.wait_for(
                self._ask(method, self.base_url + target, body, sent, limit), limit
            )
        # The first is a kind of the last.
        except asyncio.TimeoutError as error:
            raise ConnectionTimeout("The request timed out", errors=(error,)) from None
        except (ssl.SSLError, aiohttp.ClientSSLError) as error:
            raise TlsError(str(error), errors=(error,)) from None
        except (aiohttp.ClientError, OSError) as error:
            raise ConnectionError(str(error), errors=(error,)) from None
        meta = ApiResponseMeta(
            node=self.config,
            duration=loop.time() - start,
            http_version="1.1",
            status=response.status,
            headers=HttpHeaders(response.headers),
        )
        return TransportApiResponse(meta, answer)

    async def _ask(
        self, method: str, url: str, body: bytes | None, headers: Any, limit: float | None
    ) -> tuple[aiohttp.ClientResponse, Any]:
        assert self.session is not None
        response = await self.session.request(
            method,
            url,
            data=outgoing(body or None),
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=None, sock_read=limit),
            read_bufsize=PIECE,
            # A login goes nowhere but to the addresses in the connection.
            allow_redirects=False,
        )
        return response, await receive(response)
