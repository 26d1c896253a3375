"""The ten recorded requests of the worked example in docs/inference.md."""

from __future__ import annotations

import json
from collections.abc import Iterator

from builders import exchange, json_request, request, response

from pact_recorder.http import Exchange
from pact_recorder.matching import JsonValue

EMMA = {"isbn": "9780141439518", "title": "Emma", "price": 7.5, "published": "1815-12-23"}
PERSUASION = {"isbn": "9780141439587", "title": "Persuasion", "price": 8, "published": "1817-12-20"}
FIRST = {"id": "ord_4fK2", "state": "open", "total": 7.5, "created_at": "2026-11-20T10:00:00Z"}
SECOND = {"id": "ord_9Tq7", "state": "open", "total": 16, "created_at": "2026-11-20T10:05:12Z"}
PAID = {**SECOND, "state": "paid", "paid_at": "2026-11-20T10:06:40Z"}


def ten_exchanges() -> Iterator[Exchange]:
    yield got("/books?page=1", [EMMA, PERSUASION])
    yield got("/books?page=2", [])
    yield got("/books/9780141439518", {**EMMA, "blurb": None})
    yield got("/books/9780141439587", {**PERSUASION, "blurb": "Anne and the captain.", "series": "Classics"})
    yield got("/books/9780000000000", {"error": "no such book"}, 404)
    yield ordered({"isbn": "9780141439518", "copies": 1}, FIRST)
    yield ordered({"isbn": "9780141439587", "copies": 2}, SECOND)
    yield got("/orders/ord_4fK2", FIRST)
    yield got("/orders/ord_9Tq7", PAID)
    yield got("/orders/ord_gone", {"error": "no such order"}, 404)


def got(target: str, document: JsonValue, status: int = 200) -> Exchange:
    return exchange(request("GET", target), response(json.dumps(document).encode(), status))


def ordered(sent: JsonValue, made: dict[str, JsonValue]) -> Exchange:
    answer = response(json.dumps(made).encode(), 201, ("Location", f"/orders/{made['id']}"))
    return exchange(json_request("POST", "/orders", sent), answer)
