"""Patterns by which a contract knows the documents of one GraphQL operation.

Another client may write the same operation with other blanks, aliases, arguments and selections. So the pattern of a
named operation asks for its kind and name, that of an anonymous one for its root fields in their order and for no
others. Selections are stepped over as far down as a pattern without recursion goes, in one way only, so that a document
that does not match costs as little as one that does.

Documents that are written in none of the expected ways (comments or fragments in between, selections too deep) get a
weaker pattern: the names occur. Whatever a pattern is made of, it takes the document that it was made of.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from pact_recorder.http.remembering import remembered
from pact_recorder.inference.operations.graphql import LONGEST_REMEMBERED, GraphqlOperation, operation_of
from pact_recorder.matching.oniguruma import compile_pattern

_LONGEST: Final = 20_000
_DEEPEST: Final = 6
_MOST_FIELDS: Final = 6
_MOST_WORDS: Final = 32
_ANYTHING: Final = r"[\s\S]*"
_BLANKS: Final = r"[\s,]*"


def _selection() -> str:
    pattern = r"\{[^{}]*\}"
    for _ in range(_DEEPEST - 1):
        pattern = rf"\{{(?:[^{{}}]|{pattern})*\}}"
    return pattern


# What may stand behind the name of a field: arguments, directives and blanks, then what is selected of it.
_BEHIND: Final = rf"(?:[\s,]|\([^()]*\)|@\w+\b)*(?:{_selection()}{_BLANKS})?"
_ALIAS: Final = rf"(?:\w+{_BLANKS}:{_BLANKS})?"
_VARIABLES: Final = rf"{_BLANKS}(?:[(@][^{{}}]*)?"


@remembered(1024, LONGEST_REMEMBERED)
def document_pattern(document: str, chosen: str) -> str:
    """A pattern for the documents that ask for what this one asks for."""
    found = operation_of(document, chosen)
    return next((each for each in _patterns(found, len(document)) if _takes(each, document)), _ANYTHING)


def _patterns(operation: GraphqlOperation, length: int) -> list[str]:
    """The patterns to try, the strictest first."""
    if operation.name:
        word = rf"\b{operation.name}\b"
        return [rf"{_ANYTHING}\b{operation.kind}[\s,]+{word}{_ANYTHING}", f"{_ANYTHING}{word}{_ANYTHING}"]
    fields = [name for name, _ in groupby(operation.fields)]
    words = sorted(set(fields))[:_MOST_WORDS]
    weak = "".join(rf"(?={_ANYTHING}\b{word}\b)" for word in words) + _ANYTHING
    return [_anonymous(operation.kind, fields), weak] if length <= _LONGEST and len(fields) <= _MOST_FIELDS else [weak]


def _anonymous(kind: str, fields: list[str]) -> str:
    head = rf"(?:query{_VARIABLES})?" if kind == "query" else f"{kind}{_VARIABLES}"
    root = "".join(rf"(?:{_ALIAS}{name}\b{_BEHIND})+" for name in fields)
    return rf"{_BLANKS}{head}\{{{_BLANKS}{root}\}}{_ANYTHING}"


def _takes(pattern: str, document: str) -> bool:
    return compile_pattern(pattern).compiled.fullmatch(document) is not None
