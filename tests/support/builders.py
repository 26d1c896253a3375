"""Small builders of the values that tests speak in."""

import json
from collections.abc import Iterable
from typing import Any

from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.mock import Expectations

Fields = Iterable[tuple[str, str]]


def request(method: str = "GET", target: str = "/", body: bytes | None = None, *fields: tuple[str, str]) -> Request:
    """A request to api.example."""
    path, mark, query = target.partition("?")
    return Request(
        method=method,
        path=path,
        query=query if mark else None,
        headers=Headers(fields),
        body=None if body is None else Body(body),
        host="api.example",
    )


def json_request(method: str, target: str, document: Any, *fields: tuple[str, str]) -> Request:
    """A request with a JSON body, as Python writes it unless it is text already."""
    text = document if isinstance(document, str) else json.dumps(document)
    return request(method, target, text.encode(), ("Content-Type", "application/json"), *fields)


def response(body: bytes | None = b"{}", status: int = 200, *fields: tuple[str, str]) -> Response:
    """A JSON response."""
    headers = Headers([("Content-Type", "application/json"), *fields])
    return Response(status, "", headers, None if body is None else Body(body))


def exchange(asked: Request, answer: Response | bytes = b"{}") -> Exchange:
    """An exchange of the two."""
    return Exchange(asked, response(answer) if isinstance(answer, bytes) else answer)


class Shelf:
    """Recorded exchanges in a list, and the expectations that refer to them."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.expectations = Expectations(lambda reference: self.exchanges[reference])

    def add(self, *exchanges: Exchange) -> Expectations:
        """Record exchanges; equal ones are stored once."""
        for each in exchanges:
            if each not in self.exchanges:
                self.exchanges.append(each)
            self.expectations.add_recorded(each, self.exchanges.index(each))
        return self.expectations
