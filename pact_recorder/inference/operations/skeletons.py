"""The tree of skeletons that have been seen, which keeps them few.

A place of the tree with too many different words takes them all as one, together with what is below them; so does the
whole tree when it grows too large, by allowing fewer. What is taken together stays together, and that depends only on
which skeletons were seen, not on their order, as long as the whole tree is within its bound. Words that a hint makes
constants are taken together only when nothing else keeps the tree within it.
"""

from __future__ import annotations

from typing import Final

from pact_recorder.inference.operations.forms import ANY, FIXED, FORCED, FORM_OF, REST

WIDEST: Final = 256
"""Different words at one place; a place with more takes them all as one."""
_NARROWEST: Final = 4
_LARGEST: Final = 20_000
_MOST_FIXED: Final = 2_048

_UNCOUNTED: Final = frozenset({*FORM_OF, ANY, REST})


class _Branch:
    """A place of the tree; `is_open` when its words are one, `is_wide_open` when those of hints are too."""

    __slots__ = ("children", "fixed", "is_open", "is_wide_open", "words")

    def __init__(self) -> None:
        self.children: dict[str, _Branch] = {}
        self.is_open = False
        self.is_wide_open = False
        self.words = 0
        self.fixed = 0

    def key(self, text: str) -> str:
        """Under what a segment is found here."""
        if text.startswith(FIXED):
            return ANY if self.is_wide_open else text
        return ANY if self.is_open and _is_counted(text) else text

    def child(self, key: str) -> _Branch:
        """What is below a key, made when it is new."""
        found = self.children.get(key)
        if found is None:
            found = self.children[key] = _Branch()
            self.fixed += key.startswith(FIXED)
            self.words += _is_counted(key)
        return found


class Skeletons:
    """The skeletons of all providers."""

    def __init__(self, largest: int = _LARGEST) -> None:
        self._providers: dict[str, _Branch] = {}
        self._size = 0
        self._largest = largest
        self._width = WIDEST
        self._is_full = False
        self.changes = 0
        """Grows whenever skeletons that were apart have been taken together."""

    def settled(self, provider: str, skeleton: tuple[str, ...]) -> tuple[str, ...]:
        """Register a skeleton; the form of it in which words that are taken together have one marker."""
        while True:
            changes = self.changes
            walked = self._walk(provider, skeleton)
            if changes == self.changes:
                return walked

    def _walk(self, provider: str, skeleton: tuple[str, ...]) -> tuple[str, ...]:
        branch = self._providers.get(provider)
        if branch is None:
            branch = self._providers[provider] = _Branch()
        walked: list[str] = []
        for text in skeleton:
            key = branch.key(text)
            known = branch.children.get(key)
            branch = known if known is not None else self._grow(branch, key)
            walked.append(key)
        return tuple(walked)

    def _grow(self, branch: _Branch, key: str) -> _Branch:
        child = branch.child(key)
        self._size += 1
        if self._is_too_wide(branch):
            self._open(branch)
        if self._size > self._largest and not self._is_full:
            self._shrink()
        return child

    def _is_too_wide(self, branch: _Branch) -> bool:
        return branch.words > self._width or self._has_too_many_fixed(branch)

    def _has_too_many_fixed(self, branch: _Branch) -> bool:
        return self._is_full and branch.fixed > _MOST_FIXED

    def _open(self, branch: _Branch, wide: bool = False) -> None:
        """Take all words of a place as one."""
        self.changes += 1
        branch.is_open = True
        branch.is_wide_open |= wide or self._has_too_many_fixed(branch)
        children, branch.children, branch.words, branch.fixed = branch.children, {}, 0, 0
        for key, child in children.items():
            self._merge(branch.child(branch.key(key)), child)

    def _merge(self, target: _Branch, other: _Branch) -> None:
        if other.is_open > target.is_open or other.is_wide_open > target.is_wide_open:
            self._open(target, other.is_wide_open)
        for key, child in other.children.items():
            self._merge(target.child(target.key(key)), child)
        if self._is_too_wide(target):
            self._open(target)

    def _shrink(self) -> None:
        """Allow fewer words at each place until the tree is within its bound."""
        self._size = sum(map(_size, self._providers.values()))
        while self._size > self._largest and not self._is_full:
            self._width //= 2
            self._is_full = self._width <= _NARROWEST
            for branch in self._providers.values():
                self._narrow(branch)
            self._size = sum(map(_size, self._providers.values()))

    def _narrow(self, branch: _Branch) -> None:
        if self._is_too_wide(branch):
            self._open(branch)
        for child in list(branch.children.values()):
            self._narrow(child)


def _is_counted(text: str) -> bool:
    """Whether a segment is one of the words that a place may have: no marker, and nothing that a hint speaks of."""
    return text not in _UNCOUNTED and FORCED not in text and not text.startswith(FIXED)


def _size(branch: _Branch) -> int:
    return 1 + sum(map(_size, branch.children.values()))
