"""Path expressions: which node of a document a rule speaks of (Pact specification V2, "Matcher expressions").

`$` is the document, `.name` or `['name']` a member, `[0]` an item, `.*` any member or item, `[*]` any item. An
expression also speaks of everything below the node it names. Of several that speak of the same node the heaviest
wins: each token weighs 2 when it is exact and 1 when it is a wildcard, the weight of an expression is the product
over its tokens, and expressions compare by weight times number of tokens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pact_recorder.errors import PactRecorderError


class PathExpressionError(PactRecorderError):
    """A text is not a path expression; the message says where it stops being one."""


@dataclass(frozen=True, slots=True)
class Root:
    """`$`, the document itself."""


@dataclass(frozen=True, slots=True)
class Name:
    """`.name` or `['name']`, a member of an object, an element, a parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`, an item of a list, from 0."""

    number: int


@dataclass(frozen=True, slots=True)
class AnyName:
    """`.*`, any member or item."""


@dataclass(frozen=True, slots=True)
class AnyIndex:
    """`[*]`, any item of a list."""


Token = Root | Name | Index | AnyName | AnyIndex
EXACT: Final = (Root, Name, Index)

_TOKEN = re.compile(
    r"\.(?P<name>[\w\-:#@]+)"
    r"|(?P<any_name>\.\*)"
    r"|\['(?P<quoted>(?:[^'\\]|\\.)+)'\]"
    r"|\[(?P<index>[0-9]{1,18})\]"
    r"|(?P<any_index>\[\*\])"
)
_PLAIN_KEY = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")
_NUMBER_KEY = re.compile(r"[0-9]{1,18}")
_NAMEABLE = re.compile(r"[^'\\\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class PathExpression:
    """A parsed path expression; `text` is its spelling, `tokens` begin with `Root` unless it is empty."""

    text: str
    tokens: tuple[Token, ...]

    @classmethod
    def parse(cls, text: str) -> PathExpression:
        """Parse `$.a['b'][0].*[*]`; a missing `$` is tolerated, the empty text names every node most weakly.

        Raises PathExpressionError.
        """
        return cls(text, tuple(_tokens(text)))

    @property
    def rank(self) -> tuple[int, tuple[bool, ...]]:
        """How strongly it speaks of the nodes it names: the greater one wins.

        Weight times number of tokens; of equals the one with exact tokens nearer to the end (the reference
        leaves these to the order of a hash map).
        """
        exact = [isinstance(token, EXACT) for token in self.tokens]
        return (len(exact) << sum(exact)), tuple(reversed(exact))

    def weight(self, path: Sequence[str | int]) -> int:
        """The product of the token weights on `path` (its keys below the document), 0 when it does not match."""
        fragments: list[str | int] = ["$", *path]
        if len(self.tokens) > len(fragments):
            return 0
        weight = 1
        for token, fragment in zip(self.tokens, fragments, strict=False):
            weight *= token_weight(token, fragment)
        return weight


def token_weight(token: Token, key: str | int) -> int:
    """2 for an exact match of one key, 1 for a wildcard's, 0 for none."""
    match token:
        case Name(name):
            return 2 if name == str(key) else 0
        case Index(number):
            return 2 if _as_index(key) == number else 0
        case AnyIndex():
            return 0 if _as_index(key) is None else 1
        case AnyName():
            return 1
        case _:
            return 2 if key == "$" else 0


def _as_index(key: str | int) -> int | None:
    # A member called "7" is taken for an item too: that is how `[7]` finds it in the reference.
    if isinstance(key, int):
        return key
    return int(key) if _NUMBER_KEY.fullmatch(key) else None


def _tokens(text: str) -> list[Token]:
    if not text:
        return []
    tokens: list[Token] = [Root()]
    position = 1 if text.startswith("$") else 0
    if text[0].isalnum():
        text, position = "." + text, 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise PathExpressionError(
                f"The path expression {text[:200]!r} cannot be read at character {position + 1}: "
                f"write .name, ['name'], [0], .* or [*]"
            )
        tokens.append(_token(found))
        position = found.end()
    return tokens


def _token(found: re.Match[str]) -> Token:
    kind, value = str(found.lastgroup), str(found[found.lastgroup or 0])
    match kind:
        case "name":
            return Name(value)
        case "quoted":
            return Name(re.sub(r"\\(['\\])", r"\1", value))
        case "index":
            return Index(int(value))
        case "any_name":
            return AnyName()
        case _:
            return AnyIndex()


Trail = tuple["Trail", str | int] | None
"""Where a comparison stands: the trail above and the last key; None at the document itself."""


def render_trail(trail: Trail) -> str:
    """The path expression of a node: `$.items[0]['a key']`."""
    keys: list[str | int] = []
    while trail is not None:
        trail, key = trail
        keys.append(key)
    return "$" + "".join(render_key(key) for key in reversed(keys))


@lru_cache(maxsize=8192)
def is_nameable(name: str) -> bool:
    """Whether there is a path expression for a member of this name that the reference reads."""
    return _NAMEABLE.fullmatch(name) is not None


def render_key(key: str | int) -> str:
    """One key as a piece of a path expression: `.name`, `[0]` or `['any text']`."""
    if isinstance(key, int) or _NUMBER_KEY.fullmatch(key):
        return f"[{key}]"
    if _PLAIN_KEY.fullmatch(key):
        return f".{key}"
    escaped = key.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"
