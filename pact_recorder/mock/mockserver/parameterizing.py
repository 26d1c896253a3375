"""Recorded expectations made to take other values where the recorded one is likely to change.

A value of the path or of a parameter that is a number, a UUID, a long hexadecimal text or a date becomes a pattern of
its kind, and expectations that are the same then become one, with the answers of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pact_recorder.mock.mockserver.text import TextPattern
from pact_recorder.pact import format_json

Document = dict[str, Any]
_KINDS = tuple(
    (re.compile(shape, re.ASCII), pattern)
    for shape, pattern in (
        (r"\d+", r"\d+"),
        (r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
        (r"(?=.*\d)[0-9a-fA-F]{16,}", r"[0-9a-fA-F]+"),
        (r"\d{4}-\d{2}-\d{2}", r"\d{4}-\d{2}-\d{2}"),
        (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[0-9:.,+Z-]*", r"\d{4}-\d{2}-\d{2}T[0-9:.,+Z-]+"),
    )
)


def parameterized(documents: Iterable[Mapping[str, Any]]) -> list[Document]:
    """The expectations with patterns in the place of volatile values, in the order of the first of each."""
    found: dict[str, Document] = {}
    for document in documents:
        wider = {**document, "httpRequest": _widened(document["httpRequest"])}
        before = found.setdefault(format_json(wider["httpRequest"]), wider)
        if before is not wider:
            _add_answers(before, wider)
    return list(found.values())


def _widened(request: Mapping[str, Any]) -> Document:
    widened = {**request, "path": _path(request["path"])}
    parameters = request.get("queryStringParameters")
    if parameters is not None:
        widened["queryStringParameters"] = {
            name: [_pattern(value) or value for value in values] for name, values in parameters.items()
        }
    return widened


def _path(path: str) -> str:
    segments = path.split("/")
    patterns = [_pattern(segment) for segment in segments]
    if not any(patterns):
        return path
    return "/".join(pattern or _literal(segment) for pattern, segment in zip(patterns, segments, strict=True))


def _literal(segment: str) -> str:
    """A segment as it has to be spelled beside patterns."""
    return segment if TextPattern(segment).is_plain else rf"\Q{segment}\E"


def _pattern(value: str) -> str | None:
    return next((pattern for shape, pattern in _KINDS if shape.fullmatch(value)), None)


def _add_answers(document: Document, other: Mapping[str, Any]) -> None:
    answers = _answers(document)
    answers += [answer for answer in _answers(other) if answer not in answers]
    document.pop("httpResponse", None)
    document.pop("httpResponses", None)
    document |= {"httpResponse": answers[0]} if len(answers) == 1 else {"httpResponses": answers}


def _answers(document: Mapping[str, Any]) -> list[Any]:
    return list(document["httpResponses"]) if "httpResponses" in document else [document["httpResponse"]]
