"""Documents of a search, within what the indices allow one request to ask for.

An index bounds the documents of a page and the doc values of a document, by settings that only
those who look after it may read. So the usual bounds are kept to, and halved where they are
refused. Where there are more columns, a page is asked for several times, each time for some of
them: inside one point in time the same search gives the same documents in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .problem import GatherProblem, OverLimit
from .server import Server

#: The setting that bounds the documents of a page, and what it is where nobody has changed it.
WINDOW = "index.max_result_window"
DOCUMENTS = 10_000

#: The setting that bounds the doc values of a document, and what it is where nobody has changed it.
DOCVALUES = "index.max_docvalue_fields_search"
VALUES = 100

_Hits = list[dict[str, Any]]


class Hits:
    """Asks for pages of documents in the server's point in time. Safe to call from several threads.

    Raises what ``Server.search`` raises.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._allowed = {WINDOW: DOCUMENTS, DOCVALUES: VALUES}

    def page(self, body: Mapping[str, Any], most: int, patient: bool = True) -> tuple[_Hits, bool]:
        """A page of at most so many documents, and whether it is the last one.

        ``body`` has ``docvalue_fields``, of any number, and an order that tells all documents
        apart. ``patient`` is that of ``Server.search``.
        """
        while True:
            size = min(most, self._allowed[WINDOW])
            values = self._allowed[DOCVALUES]
            try:
                hits = self._page({**body, "size": size}, values, patient)
                return hits, len(hits) < size
            except OverLimit as limit:
                asked = size if limit.setting == WINDOW else values
                if limit.setting not in self._allowed or asked <= 1:
                    raise GatherProblem(
                        f"An index allows too little of one request. Ask for a higher "
                        f"{limit.setting}."
                    ) from None
                # Others may have halved it meanwhile.
                self._allowed[limit.setting] = min(self._allowed[limit.setting], asked // 2)

    def _page(self, body: Mapping[str, Any], most: int, patient: bool) -> _Hits:
        fields = body["docvalue_fields"]
        hits = self._search({**body, "docvalue_fields": fields[:most]}, patient)
        if len(fields) <= most or not hits:
            return hits
        bare = {name: value for name, value in body.items() if name != "fields"}
        bare |= {"_source": False, "stored_fields": "_none_"}
        for first in range(most, len(fields), most):
            asked = fields[first : first + most]
            further = self._search({**bare, "docvalue_fields": asked}, patient)
            if [hit["sort"] for hit in further] != [hit["sort"] for hit in hits]:
                raise GatherProblem(
                    "Elasticsearch has given other documents when it was asked again inside one "
                    "point in time. Run gather again; if it happens again, gather fewer fields: "
                    "--columns."
                )
            for hit, more in zip(hits, further, strict=True):
                hit.setdefault("fields", {}).update(more.get("fields", {}))
        return hits

    def _search(self, body: Mapping[str, Any], patient: bool) -> _Hits:
        return self._server.search(body, patient)["hits"]["hits"]
