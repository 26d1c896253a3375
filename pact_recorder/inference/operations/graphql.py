"""The names by which GraphQL requests are told apart (GraphQL over HTTP; persisted queries as Apollo and Relay do).

Of a document only as much is read as a name needs: the kind and name of its operations, and the root fields of an
anonymous one. Aliases, arguments, directives, strings and comments are stepped over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pact_recorder.matching import JsonValue

_LONGEST = 100_000
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
    chosen = body.get("operationName")
    if isinstance(document, str) and "{" in document and _START.match(document):
        return document_call(document[:_LONGEST], chosen if isinstance(chosen, str) else "")
    return _persisted_call(body, chosen) if document is None else ""


def _persisted_call(body: dict[str, JsonValue], chosen: JsonValue) -> str:
    extensions = body.get("extensions")
    persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else body.get("doc_id", body.get("documentId"))
    if not isinstance(digest, str) or not digest:
        return ""
    return f"operation {chosen}" if isinstance(chosen, str) and chosen else f"persisted {digest[:12]}"


@lru_cache(maxsize=1024)
def document_call(document: str, chosen: str) -> str:
    """Kind and name of the chosen operation of a document, else of its first; of an anonymous one the root fields."""
    operations = list(_operations(document))
    named = next((found for found in operations if chosen and found[1] == chosen), None)
    kind, name, fields = named or next(iter(operations), ("query", chosen, []))
    if name:
        return f"{kind} {name}"
    shown = sorted(set(fields))
    return f"{kind} {', '.join(shown[:_MOST_FIELDS])}{' …' if len(shown) > _MOST_FIELDS else ''}".rstrip()


def _operations(document: str) -> Iterator[tuple[str, str, list[str]]]:
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


def _headed(head: list[str], fields: list[str]) -> tuple[str, str, list[str]]:
    kind = head[0] if head and head[0] in _KINDS else "query"
    name = head[1] if len(head) > 1 and (head[1][0].isalpha() or head[1][0] == "_") else ""
    return kind, name, fields


def _root_fields(tokens: list[str]) -> list[str]:
    """The names of fields, less aliases, directives and the names of fragments."""
    found: list[str] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else ""
        after = tokens[index + 1] if index + 1 < len(tokens) else ""
        is_name = token[0].isalpha() or token[0] == "_"
        if is_name and after != ":" and before not in ("@", "...", "on", "$"):
            found.append(token)
    return found
