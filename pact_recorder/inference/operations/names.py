"""What names the call of a request, place by place, as a contract says it; `calls` has the same in words for people.

Requests of one call have the same names, so a rule made of them holds for all. What is named in a path, a header, a
form or XML is not here: there the example and its members say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from pact_recorder.inference.operations.graphql import chosen_in, is_document, persisted_in
from pact_recorder.inference.operations.graphql_patterns import document_pattern
from pact_recorder.inference.operations.operation import literal
from pact_recorder.matching import JsonValue

GRAPHQL_TYPE: Final = "application/graphql"
"""The type of a body that is a GraphQL document and nothing else."""

# These members name a call where one of those stands beside them.
_BESIDE = {
    "method": frozenset({"params", "jsonrpc"}),
    "jsonrpc": frozenset({"method"}),
    "action": frozenset({"param", "params"}),
}
_MOST_PATTERNS = 16
_LONGEST = 8_000


class Name(Struct, frozen=True, order=True, gc=False):
    """A text that names a call: a path expression of the body, or the name of a query parameter, and its pattern.

    `exact` says that it is always the same text.
    """

    place: str
    pattern: str
    exact: bool = False


def names_in_body(body: JsonValue) -> tuple[Name, ...]:
    """What names the call in a JSON body, or the calls in a batch."""
    if isinstance(body, dict):
        return tuple(_of_object(body))
    return tuple(_of_batch(body)) if isinstance(body, list) and body else ()


def names_in_text(text: str) -> tuple[Name, ...]:
    """What names the call in a body that is a GraphQL document."""
    return (Name("$", document_pattern(text, "")),)


def names_in_query(query: Mapping[str, Sequence[JsonValue]]) -> tuple[Name, ...]:
    """What names the call in a query."""
    single = {name: query[name][0] for name in ("query", "operationName") if name in query and len(query[name]) == 1}
    chosen = chosen_in(single)
    document = single.get("query")
    names = [Name("query", document_pattern(document, chosen))] if is_document(document) else []
    if chosen and (names or "extensions" in query or "variables" in query):
        names.append(Name("operationName", literal(chosen), True))
    return tuple(names)


def _of_object(body: dict[str, JsonValue]) -> Iterator[Name]:
    document = body.get("query")
    chosen = chosen_in(body)
    place, digest = persisted_in(body) if document is None else ("", "")
    if is_document(document):
        yield Name("$.query", document_pattern(document, chosen))
    if chosen and (is_document(document) or digest):
        yield Name("$.operationName", literal(chosen), True)
    elif digest:
        yield Name(place, literal(digest), True)
    for name, beside in _BESIDE.items():
        text = body.get(name)
        if isinstance(text, str) and text and not beside.isdisjoint(body):
            yield Name(f"$.{name}", literal(text), True)


def _of_batch(items: list[JsonValue]) -> Iterator[Name]:
    """For each name that all items have, which it is: any of them, since their order and number differ."""
    patterns: dict[str, set[str]] = {}
    found = [names_in_body(item) if isinstance(item, dict) else () for item in items]
    for place in {name.place for name in found[0]}.intersection(*({name.place for name in each} for each in found)):
        patterns[place] = {name.pattern for each in found for name in each if name.place == place}
    for place, each in sorted(patterns.items()):
        either = "|".join(sorted(each))
        if len(each) <= _MOST_PATTERNS and len(either) <= _LONGEST:
            yield Name(f"$[*]{place[1:]}", either)
