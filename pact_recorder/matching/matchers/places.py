"""Where a comparison stands among the rules of a category, found by stepping and not by searching.

All path expressions of a category are walked at once. A `Place` knows the rules that speak of its node and which
expressions still lead on; `child` gives the place of a key below. Places are made when a comparison first comes to
them and kept, so later matches find them ready. Their number is bounded by the expressions, not by what the
compared documents hold: all keys that no expression names share one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.matchers.matcher import Matcher, Verdict
from pact_recorder.matching.paths import AnyName, Index, Name, Token, token_weight

_SOME_INDEX = -1
_SOME_NAME = "\0"


@dataclass(frozen=True, slots=True)
class Rules:
    """The compiled rules of one place: all must pass, or with `any_of` one of them."""

    matchers: tuple[Matcher, ...]
    any_of: bool = False

    def ask(self, question: Callable[[Matcher], Verdict]) -> Sequence[str]:
        """The sentences of the rules that refuse, none when the rules together accept."""
        sentences = [verdict for verdict in map(question, self.matchers) if verdict is not None]
        return () if self.any_of and len(sentences) < len(self.matchers) else sentences

    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Sequence[str]:
        """The sentences about a text."""
        return self.ask(lambda matcher: matcher.text(expected, actual, cascaded, effort))

    @property
    def has_type(self) -> bool:
        """Whether one of them is of the type family."""
        return any(matcher.is_type for matcher in self.matchers)


@dataclass(frozen=True, slots=True)
class PlacedRules:
    """Rules with the tokens of their path expression; of two that meet the greater `rank` wins."""

    tokens: tuple[Token, ...]
    rules: Rules
    rank: tuple[int, tuple[bool, ...], int] = (0, (), 0)


class Place:
    """The rules at one node: `rules` is the winning list or None, `cascaded` says it was written for a node above.

    `exact` is the winning list among those written for this very node, `any_type` whether a type rule stands here
    or above, `bare` that neither here nor below any rule applies. For the loops that cannot spare a call, `single`
    is the matcher of a list that has one, `any_of_its_type` says that this is of the type family, and `known` holds
    the places of keys that expressions or examples name, once they were come to.
    """

    __slots__ = (
        "_alive", "_best", "_depth", "_index", "_named", "_other",
        "any_of_its_type", "any_type", "bare", "cascaded", "exact", "known", "rules", "single",
    )  # fmt: skip

    def __init__(
        self,
        alive: Sequence[PlacedRules],
        depth: int,
        here: Sequence[PlacedRules] = (),
        above: PlacedRules | None = None,
        any_type: bool = False,
    ) -> None:
        own = max(here, key=_rank, default=None)
        best = own if above is None or (own is not None and own.rank > above.rank) else above
        self._alive = alive
        self._depth = depth
        self._best = best
        self._named = _named_keys(placed.tokens[depth] for placed in alive)
        self.known: dict[str | int, Place] = {}
        self._index: Place | None = None
        self._other: Place | None = None
        self.rules = best.rules if best is not None else None
        self.single = self.rules.matchers[0] if self.rules is not None and len(self.rules.matchers) == 1 else None
        self.any_of_its_type = self.single is not None and self.single.is_type
        self.cascaded = best is not None and best is not own
        self.exact = own.rules if own is not None else None
        self.any_type = any_type or any(placed.rules.has_type for placed in here)
        self.bare = best is None and not alive

    @classmethod
    def root(cls, placed: Sequence[PlacedRules]) -> Place:
        """The place of the document itself, under these rules."""
        everywhere = [rules for rules in placed if not rules.tokens]
        above = max(everywhere, key=_rank, default=None)
        start = cls([rules for rules in placed if rules.tokens], 0, (), above)
        return start._step("$")

    @classmethod
    def each_child(cls, rules: Rules) -> Place:
        """A node without rules whose every child has these."""
        return cls([PlacedRules((AnyName(),), rules)], 0)

    @classmethod
    def everywhere(cls, rules: Rules) -> Place:
        """A node where, and below which, these rules apply as cascaded ones."""
        return cls.root([PlacedRules((), rules)])

    @classmethod
    def steady(cls, rules: Rules) -> Place:
        """A node where, and below which, these rules apply as if written there (query, headers, path, status)."""
        place = cls((), 0, [PlacedRules((), rules)])
        place._index = place._other = place
        return place

    @property
    def items_are_alike(self) -> bool:
        """Whether all items of a list here have one place, since no expression names one by its number."""
        return not self._named

    def child(self, key: str | int) -> Place:
        """The place of a member, an item, an attribute (`@name`) or a text (`#text`) below this one."""
        found = self.known.get(key)
        if found is not None:
            return found
        if key in self._named:
            return self.known.setdefault(key, self._step(key))
        if isinstance(key, int):
            if self._index is None:
                self._index = self._step(_SOME_INDEX)
            return self._index
        if key.isdecimal() and self._alive:
            return self._step(key)
        if self._other is None:
            self._other = self._step(_SOME_NAME)
        return self._other

    def remember(self, key: str) -> Place:
        """The child of a key that an example holds, kept for the next comparison with it."""
        return self.known.setdefault(key, self.child(key))

    def _step(self, key: str | int) -> Place:
        if not self._alive and (self.cascaded or self._best is None):
            return self
        here: list[PlacedRules] = []
        alive: list[PlacedRules] = []
        depth = self._depth + 1
        for placed in self._alive:
            if token_weight(placed.tokens[self._depth], key):
                (here if len(placed.tokens) == depth else alive).append(placed)
        return Place(alive, depth, here, self._best, self.any_type)


def _rank(placed: PlacedRules) -> tuple[int, tuple[bool, ...], int]:
    return placed.rank


def _named_keys(tokens: Iterable[Token]) -> frozenset[str | int]:
    keys: set[str | int] = set()
    for token in tokens:
        if isinstance(token, Index):
            keys |= {token.number, str(token.number)}
        elif isinstance(token, Name):
            keys.add(token.name)
            if token.name.isdecimal() and len(token.name) < 19 and str(int(token.name)) == token.name:
                keys.add(int(token.name))
    return frozenset(keys)


BARE = Place((), 0)
"""The place of a node that no rule speaks of."""
