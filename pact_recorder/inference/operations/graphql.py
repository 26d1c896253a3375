"""The names by which GraphQL requests are told apart (GraphQL over HTTP; persisted queries as Apollo and Relay do).

Of a document only as much is read as a name needs: the kind and name of its operations, and the root fields of an
anonymous one. Aliases, arguments, directives, strings and comments are stepped over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from typing_extensions import TypeIs

from pact_recorder.http.remembering import remembered
from pact_recorder.matching import JsonValue

_LONGEST = 100_000
LONGEST_REMEMBERED = 20_000
"""Characters of a document that is known when it comes again; hardly a client writes a longer one."""
_MOST_FIELDS = 12
_START = re.compile(r"(?:[\s,\ufeff]|#[^\n]*)*(?:\{|(?:query|mutation|subscription|fragment)\b)")
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*|\.\.\.|[A-Za-z_]\w*|[{}()\[\]:@$!|=&]', re.ASCII
)
_KINDS = frozenset({"query", "mutation", "subscription"})
_OPENING = frozenset("([")
_CLOSING = frozenset(")]")


def graphql_call(body: dict[str, JsonValue]) -> str:
    """What a request body asks for: "query GetUser", "mutation addItem, addTag"; empty when it is no GraphQL."""
    document = body.get("query")
    chosen = chosen_in(body)
    if is_document(document):
        return document_call(document, chosen)
    digest = persisted_in(body)[1] if document is None else ""
    if not digest:
        return ""
    return f"operation {chosen}" if chosen else f"persisted {digest[:12]}"


def is_document(value: JsonValue) -> TypeIs[str]:
    """Whether a value is the text of a GraphQL document, as far as its beginning tells."""
    return isinstance(value, str) and "{" in value and _START.match(value) is not None


def chosen_in(body: dict[str, JsonValue]) -> str:
    """The name of the operation that a request body chooses; empty when it chooses none."""
    chosen = body.get("operationName")
    return chosen if isinstance(chosen, str) else ""


def persisted_in(body: dict[str, JsonValue]) -> tuple[str, str]:
    """Where a request body names a document that the server keeps, and as what; both empty when it does not."""
    extensions = body.get("extensions")
    persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    if isinstance(persisted, dict):
        place, digest = "$.extensions.persistedQuery.sha256Hash", persisted.get("sha256Hash")
    else:
        name = "doc_id" if "doc_id" in body else "documentId"
        place, digest = f"$.{name}", body.get(name)
    return (place, digest) if isinstance(digest, str) and digest else ("", "")


@dataclass(frozen=True, slots=True)
class GraphqlOperation:
    """An operation of a document: its kind, its name, which may be empty, and its root fields in their order."""

    kind: str
    name: str
    fields: tuple[str, ...]


def document_call(document: str, chosen: str) -> str:
    """Kind and name of the chosen operation of a document, else of its first; of an anonymous one the root fields."""
    found = operation_of(document, chosen)
    if found.name:
        return f"{found.kind} {found.name}"
    shown = sorted(set(found.fields))
    return f"{found.kind} {', '.join(shown[:_MOST_FIELDS])}{' …' if len(shown) > _MOST_FIELDS else ''}".rstrip()


@remembered(1024, LONGEST_REMEMBERED)
def operation_of(document: str, chosen: str) -> GraphqlOperation:
    """The chosen operation of a document, else its first."""
    operations = [GraphqlOperation(*each) for each in _operations(document[:_LONGEST])]
    named = next((found for found in operations if chosen and found.name == chosen), None)
    return named or next(iter(operations), GraphqlOperation("query", chosen, ()))


def _operations(document: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Kind, name and root fields of each operation, fragments left out."""
    head: list[str] = []
    fields: list[str] = []
    depth = inside = 0
    for token in _TOKEN.findall(document):
        if token[0] in '"#':
            continue
        inside += (token in _OPENING) - (token in _CLOSING)
        if inside > 0 or token in _CLOSING:
            continue
        if token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
            if depth == 0 and head[:1] != ["fragment"]:
                yield _headed(head, _root_fields(fields))
            if depth <= 0:
                depth, head, fields = 0, [], []
        elif depth == 0:
            head.append(token)
        elif depth == 1:
            fields.append(token)


def _headed(head: list[str], fields: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    kind = head[0] if head and head[0] in _KINDS else "query"
    name = head[1] if len(head) > 1 and (head[1][0].isalpha() or head[1][0] == "_") else ""
    return kind, name, fields


def _root_fields(tokens: list[str]) -> tuple[str, ...]:
    """The names of fields, less aliases, directives and the names of fragments."""
    found: list[str] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else ""
        after = tokens[index + 1] if index + 1 < len(tokens) else ""
        is_name = token[0].isalpha() or token[0] == "_"
        if is_name and after != ":" and before not in ("@", "...", "on", "$"):
            found.append(token)
    return tuple(found)
