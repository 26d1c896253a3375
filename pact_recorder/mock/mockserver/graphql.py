"""GRAPHQL bodies: a JSON body with a query, compared without regard to how the query is laid out.

White space, commas and comments mean nothing in GraphQL (its specification, §2.1.7), so two queries are the same when
their tokens are. `operationName` must then be the same text, and `variables` as a schema says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pact_recorder.http import Body, MediaType
from pact_recorder.matching import JsonValue, MatchingRules
from pact_recorder.mock.mockserver.body_reading import plain_json_of
from pact_recorder.mock.mockserver.body_texts import NO_RULES, shown
from pact_recorder.mock.mockserver.json_schema import Schema
from pact_recorder.pact import format_json

_TOKEN = re.compile(
    r"""
      (?P<nothing>[\s,\ufeff]+|\#[^\r\n]*)
    | \"\"\"(?:[^"\\]|\\\"\"\"|\\|"(?!""))*\"\"\"
    | "(?:[^"\\\r\n]|\\.)*"
    | \.\.\.
    | [A-Za-z_][A-Za-z0-9_]*
    | -?[0-9][0-9.eE+-]*
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class GraphQlBody:
    """A GraphQL request: these tokens, this operation if one is named, variables that the schema takes."""

    query: str
    operation: str | None = None
    variables: Schema | None = None
    rules: MatchingRules = NO_RULES

    @property
    def example(self) -> Body | None:
        """The query as it was given; None where variables have a schema."""
        if self.variables is not None:
            return None
        document: dict[str, JsonValue] = {"query": self.query}
        if self.operation is not None:
            document["operationName"] = self.operation
        return Body(format_json(document).encode("utf-8", "surrogatepass"), media_type="application/json")

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when it is the expected request."""
        try:
            document = plain_json_of(body, media_type)
        except ValueError:
            document = None
        query = document.get("query") if isinstance(document, dict) else None
        if not isinstance(query, str):
            return "Expected a GraphQL request but the body is no JSON with a query"
        if tokens(query) != tokens(self.query):
            return f"Expected the query '{shown(self.query)}' but was '{shown(query)}'"
        named = document.get("operationName")
        if self.operation is not None and named != self.operation:
            return f"Expected the operation '{shown(self.operation)}' but was '{shown(str(named))}'"
        wrong = None if self.variables is None else self.variables.wrong(document.get("variables") or {})
        return None if wrong is None else f"Expected variables as the schema says but {wrong}"


def tokens(query: str) -> list[str]:
    """What of a query means something, in order."""
    return [found.group() for found in _TOKEN.finditer(query) if found["nothing"] is None]


def read_graphql(document: Mapping[str, JsonValue]) -> GraphQlBody:
    """The pattern of a GRAPHQL body. Raises ValueError with a sentence."""
    query, operation = document.get("query"), document.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise ValueError('"query" of a body must be text')
    if not isinstance(operation, (str, type(None))):
        raise ValueError('"operationName" of a body must be text')
    schema = document.get("variablesSchema")
    return GraphQlBody(query, operation or None, None if schema is None else Schema(schema))
