"""What every matcher can be asked: does it accept this actual value beside this expected one?

The answer is None, or the sentence that says why not. There is one question per kind of value, because a rule means
different things for a header, a JSON scalar, a list, an object, bytes, an element and a status; the sentences are
the reference's. `cascaded` says that the rule was written for a node above the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.json_values import clip, json_text
from pact_recorder.matching.rules import JsonValue
from pact_recorder.matching.xml_values import Element

Verdict = str | None
"""None when the value is accepted, else the sentence that says why it is not."""


class RuleError(ValueError):
    """A rule lacks an attribute or has one that cannot be used; the message names it."""


class Matcher:
    """A rule that answers each question in the default way; the kinds of rule answer those they are about.

    `is_type` marks the rules that free the length of lists, `is_values` those that look at the values of an object
    whatever their keys, `frees_keys` those with which an object may have other keys; `cascades` is false for rules
    that mean nothing below their own node. `accepted_kinds` are the types of scalars that are accepted whatever their
    value and example, as far as there are any.
    """

    __slots__ = ()

    name: ClassVar[str] = ""
    is_type: ClassVar[bool] = False
    is_values: ClassVar[bool] = False
    frees_keys: ClassVar[bool] = False
    cascades: ClassVar[bool] = True
    accepted_kinds: tuple[type, ...] | frozenset[type] = ()

    def quick_test(self) -> Callable[[JsonValue], bool] | None:
        """A quick test of scalars that says yes only when the rule accepts, whatever the example; None without one."""
        return None

    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        """A query parameter, a header, a path, a form field, a plain text body, an XML text or attribute."""
        return self.unable(f"'{clip(actual)}'") if self.cascades or not cascaded else None

    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        """A JSON value where the example has neither an object nor a list."""
        return None

    def items(self, expected: Sequence[JsonValue], actual: Sequence[JsonValue], cascaded: bool) -> Verdict:
        """A JSON list, or the values of a query parameter or header, as a whole."""
        return None

    def members(self, expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue], cascaded: bool) -> Verdict:
        """A JSON object as a whole."""
        return self.unable(json_text(actual))

    def binary(self, expected: bytes, actual: bytes, cascaded: bool, effort: Effort) -> Verdict:
        """A body that is not text."""
        if cascaded and not self.cascades:
            return None
        return self.unable(f"'{actual[:10].hex()}...' ({len(actual)} bytes)")

    def element(self, expected: Element, actual: Element, cascaded: bool) -> Verdict:
        """An XML element without its attributes and content."""
        return self.unable(f"<{actual.name}/>")

    def status(self, expected: int, actual: int, effort: Effort) -> Verdict:
        """A status code."""
        return self.unable(str(actual))

    def unable(self, shown: str) -> str:
        """The sentence for a value that the rule is not about."""
        return f"Unable to match {shown} using the {self.name} matcher"
