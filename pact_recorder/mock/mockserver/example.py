"""A text that a Java regular expression matches: the example that a rule in a contract needs."""

from __future__ import annotations

import regex

from pact_recorder.matching import example_of_pattern
from pact_recorder.mock.mockserver.text import fully_matches


def example_of(pattern: regex.Pattern[str], text: str) -> str | None:
    """The plainest text that the pattern matches, made from the pattern's own text; None when none was found."""
    return example_of_pattern(text, lambda example: fully_matches(pattern, example), lambda count: 0)
