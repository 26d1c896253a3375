"""The path of an expected request: a text, or a text with `{name}` segments whose values `pathParameters` describe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import regex

from pact_recorder.mock.mockserver.text import TextPattern

_PARAMETER = re.compile(r"\{([^{}/]+)\}")
_ANY_SEGMENT = "[^/]+"


@dataclass(frozen=True, slots=True)
class PathPattern:
    """An expected path.

    `text` takes the whole path; with parameters it is made of the given path so that it takes no path which has another
    number of segments. `parameters` are the values of each `{name}` segment, by its place among the segments.
    """

    text: TextPattern
    parameters: tuple[tuple[int, str, tuple[TextPattern, ...]], ...] = ()

    def difference(self, path: str) -> str | None:
        """What is wrong with a raw path, in a sentence; None when it is as expected."""
        if not self.text.matches(path):
            return f"Expected path '{self.text}' but was '{path}'"
        segments = path.split("/")
        for place, name, values in self.parameters:
            value = segments[place] if place < len(segments) else ""
            if not all(each.matches(value) for each in values):
                expected = ", ".join(map(str, values))
                return f"Expected path parameter '{name}' to be '{expected}' but was '{value}'"
        return None


def path_pattern(text: TextPattern, parameters: Mapping[str, tuple[TextPattern, ...]]) -> PathPattern:
    """The pattern of a path and its parameters. Raises ValueError for a parameter that the path does not name."""
    if not parameters:
        return PathPattern(text)
    if text.schema is not None:
        raise ValueError("cannot stand beside a path that is a schema")
    segments = text.text.split("/")
    named = {found[1]: place for place, each in enumerate(segments) if (found := _PARAMETER.fullmatch(each))}
    strange = parameters.keys() - named
    if strange:
        raise ValueError(f'"{min(strange)}" is no {{{min(strange)}}} segment of the path')
    made = [
        _of_values(parameters.get(found[1], ())) if (found := _PARAMETER.fullmatch(each)) else _literal(each)
        for each in segments
    ]
    whole = TextPattern("/".join(made), text.negated)
    return PathPattern(whole, tuple((named[name], name, values) for name, values in parameters.items()))


def _of_values(values: tuple[TextPattern, ...]) -> str:
    """What a segment must be at least: the value itself where there is one that says it."""
    single = values[0] if len(values) == 1 else TextPattern("")
    if single.negated or single.schema is not None or single.is_blank:
        return _ANY_SEGMENT
    if not single.is_pattern:
        return regex.escape(single.text, special_only=True)
    # A pattern may run over a slash, which the values themselves tell apart.
    return _ANY_SEGMENT if "." in single.text or "/" in single.text else f"(?:{single.text})"


def _literal(segment: str) -> str:
    return segment if TextPattern(segment).is_pattern else regex.escape(segment, special_only=True)
