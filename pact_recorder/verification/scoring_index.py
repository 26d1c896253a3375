"""The interactions of a contract, found by request: thousands of requests are put to hundreds of interactions.

An interaction can only match a request of its method whose path begins as it says: with the whole path where no rule
loosens it, else with the folders that the rule's regular expression spells out (`/repos/` of `/repos/[^/]+/\\d+`). Only
those are asked, first whether the path is right, and that is remembered for the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from pact_recorder.http import Request
from pact_recorder.matching import (
    CompiledRequest,
    CompiledResponse,
    ExpectedRequest,
    MatchingRules,
    compile_request,
    compile_response,
)
from pact_recorder.pact import Contract, Interaction
from pact_recorder.verification.scoring_unknown import differences

_MOST_PLACES = 20_000
_DEEPEST = 64
_PLAIN = re.compile(r"(?:[^\\.\[\]{}()*+?^$|]|\\[^A-Za-z0-9\s])*")
_GROUPING = re.compile(r"\\.|\[(?:\\.|[^\[\]\\])*\]|[()\[\]|]", re.DOTALL)
_SPECIAL = re.compile(r"\\(.)")
_SUFFIX = re.compile(r" \([^)]*\).*$", re.DOTALL)
_OPERATION = re.compile(r"[A-Z]+ /")


class Promise:
    """An interaction made ready for scoring: whether a request is meant by it, and whether an answer keeps it."""

    def __init__(self, interaction: Interaction, number: int) -> None:
        self.interaction = interaction
        self.number = number
        expected = interaction.request
        categories = {name: expected.rules.category(name) for name in ("method", "path")}
        self._place: CompiledRequest = compile_request(
            ExpectedRequest(expected.method, expected.path, rules=MatchingRules(categories))
        )

    @property
    def operation(self) -> str:
        """What it is counted under: its description, without the suffix that tells variants of an operation apart."""
        description = self.interaction.description
        return _SUFFIX.sub("", description) if _OPERATION.match(description) else description

    @cached_property
    def request(self) -> CompiledRequest:
        """The expected request, compiled."""
        return compile_request(self.interaction.request)

    @cached_property
    def response(self) -> CompiledResponse:
        """The expected response, compiled."""
        return compile_response(self.interaction.response)

    def is_placed_at(self, method: str, path: str) -> bool:
        """Whether method and path are right."""
        return not self._place.match(Request(method, path))


class PromiseIndex:
    """The HTTP interactions of a contract by method and beginning of the path."""

    __slots__ = ("_by_place", "_found", "promises")

    def __init__(self, contract: Contract) -> None:
        interactions = (each for each in contract.interactions if isinstance(each, Interaction))
        self.promises = tuple(Promise(each, number) for number, each in enumerate(interactions))
        self._by_place: dict[tuple[str, str], list[Promise]] = {}
        self._found: dict[tuple[str, str], tuple[Promise, ...]] = {}
        for promise in self.promises:
            self._by_place.setdefault(_key(promise.interaction.request), []).append(promise)

    def covering(self, request: Request) -> tuple[Promise, ...]:
        """The interactions that the request fully matches, in the contract's order."""
        return tuple(each for each in self.placed(request) if not differences(each.request.match(request)))

    def placed(self, request: Request) -> tuple[Promise, ...]:
        """The interactions whose method and path are the request's, in the contract's order."""
        method, path = request.method.upper(), request.path
        known = self._found.get((method, path))
        if known is None:
            known = self._place(method, path)
            if len(self._found) >= _MOST_PLACES:
                self._found.clear()
            self._found[method, path] = known
        return known

    def _place(self, method: str, path: str) -> tuple[Promise, ...]:
        keys = [(key_method, start) for start in dict.fromkeys(_beginnings(path)) for key_method in (method, "")]
        found = [each for key in keys for each in self._by_place.get(key, ()) if each.is_placed_at(method, path)]
        return tuple(sorted(found, key=lambda promise: promise.number))


def _key(expected: ExpectedRequest) -> tuple[str, str]:
    """Method (empty for any) and beginning of the path of every request that can match."""
    method = "" if expected.rules.category("method") else expected.method.upper()
    rules = expected.rules.category("path").get("$")
    if rules is None and not expected.rules.category("path"):
        return method, expected.path
    if rules is None or len(rules.rules) != 1 or rules.rules[0].match != "regex":
        return method, ""
    return method, _known_folders(str(rules.rules[0].attributes.get("regex", "")))


def _known_folders(pattern: str) -> str:
    """The beginning, up to a slash, of every text that the regular expression matches; empty when unsure."""
    pattern = pattern.removeprefix("^")
    if "|" in pattern and not _is_grouped(pattern):
        return ""
    found = _PLAIN.match(pattern)
    plain = _SPECIAL.sub(r"\1", found[0]) if found else ""
    folders = plain[: plain.rfind("/") + 1]
    # The last plain character may be optional or repeated, so only what stands before it is sure.
    if len(folders) == len(plain):
        rest = pattern[found.end() :] if found else ""
        if rest[:1] in tuple("*?{+"):
            folders = folders[: folders.rfind("/", 0, -1) + 1]
    return folders if folders.count("/") <= _DEEPEST else ""


def _is_grouped(pattern: str) -> bool:
    """Whether every choice surely stands within a group or a set."""
    depth = 0
    for token in _GROUPING.findall(pattern):
        if token in ("[", "]"):
            return False
        depth += (token == "(") - (token == ")")
        if token == "|" and depth <= 0:
            return False
    return True


def _beginnings(path: str) -> Iterator[str]:
    yield ""
    place = -1
    for _ in range(_DEEPEST):
        place = path.find("/", place + 1)
        if place < 0:
            break
        yield path[: place + 1]
    yield path
