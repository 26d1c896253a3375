"""An operation of a provider: method and path template, with the pattern of the paths that belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from pact_recorder.matching.oniguruma import compile_pattern

_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()#]")
_LONGEST = 1_300
_ANY_SEGMENT = "[^/]+"


@lru_cache(maxsize=4096)
def literal(text: str) -> str:
    """A pattern that only this text matches."""
    return _SPECIAL.sub(r"\\\g<0>", text)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a path template: a constant, or a parameter with the constant text around it.

    `text` is a constant, raw and percent-encoded; a parameter has a `name` and the `pattern` of its values. `excluded`
    are patterns of segments that belong to other operations, a `tail` takes all segments that are left. `why` gives
    people the reason; it is not compared.
    """

    text: str = ""
    name: str = ""
    pattern: str = ""
    before: str = ""
    after: str = ""
    excluded: tuple[str, ...] = ()
    tail: bool = False
    why: str = field(default="", compare=False)

    @property
    def template(self) -> str:
        """How the segment reads in a template: `users`, `{user}`, `{item}.json`."""
        return f"{self.before}{{{self.name}}}{self.after}" if self.name else self.text

    @property
    def whole_pattern(self) -> str:
        """The pattern of the segment without what it excludes."""
        return self._around(self.pattern) if self.name else literal(self.text)

    @property
    def exclusion(self) -> str:
        """A look-ahead that refuses what belongs to other operations; empty when nothing does."""
        return f"(?!(?:{'|'.join(self.excluded)})(?:/|\\z))" if self.excluded else ""

    def _around(self, pattern: str) -> str:
        return f"{literal(self.before)}{pattern}{literal(self.after)}"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a consumer can ask of a provider. `call` tells apart what shares method and path (RPC, GraphQL).

    `path_template` is the path with names for its parameters, `/repos/{owner}/{repo}`, and `name` what people call the
    operation: `GET /repos/{owner}/{repo}`, with the call behind.
    """

    provider: str
    method: str
    segments: tuple[Segment, ...]
    call: str = ""
    path_template: str = field(init=False, repr=False, compare=False)
    name: str = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked for so often, to look operations up and to order them, that to work them out each time would be dear.
        template = _joined([segment.template for segment in self.segments])
        object.__setattr__(self, "path_template", template)
        object.__setattr__(self, "name", " ".join(filter(None, (self.method, template, self.call))))
        object.__setattr__(self, "_hash", hash((self.provider, self.method, self.segments, self.call)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def path_pattern(self) -> str | None:
        """The regular expression of a Pact path rule, for the whole raw path; None when nothing varies."""
        return _path_pattern(self)

    def matches(self, method: str, path: str) -> bool:
        """Whether a request of this method and raw path belongs here, as far as those two tell."""
        if method != self.method:
            return False
        pattern = self.path_pattern
        if pattern is None:
            return _rooted(path) == self.path_template
        return compile_pattern(pattern).compiled.fullmatch(_rooted(path)) is not None

    def parameters(self, path: str) -> dict[str, str]:
        """The raw values of the path's parameters by name, for a path that belongs here (`matches`)."""
        # A tail, which is always the last segment, takes all that is left.
        parts = _rooted(path).removeprefix("/").split("/", len(self.segments) - 1)
        return {
            segment.name: part.removeprefix(segment.before).removesuffix(segment.after)
            for segment, part in zip(self.segments, parts, strict=False)
            if segment.name
        }


@lru_cache(maxsize=4096)
def _path_pattern(operation: Operation) -> str | None:
    if all(not segment.name for segment in operation.segments):
        return None
    return _joined(_shortened([segment.exclusion + segment.whole_pattern for segment in operation.segments]))


def _shortened(expressions: list[str]) -> list[str]:
    """Expressions that an engine takes together: of too long ones the longest constants become any segment."""
    left = list(expressions)
    length = sum(map(len, left))
    for expression in sorted(expressions, key=len, reverse=True):
        if length <= _LONGEST:
            break
        if "(" not in expression.replace(r"\(", ""):
            left[left.index(expression)] = _ANY_SEGMENT
            length -= len(expression) - len(_ANY_SEGMENT)
    return left


def _joined(parts: list[str]) -> str:
    return "*" if parts == ["*"] else "/" + "/".join(parts)


def _rooted(path: str) -> str:
    return path if path.startswith("/") or path == "*" else f"/{path}"
