"""Secrets that are recognised by how they look, wherever they stand: tokens with a known prefix, JWTs, private keys.

Every expression is linear: it starts with a literal, which cannot stand inside a word, and never gives back what it
has taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

ReplaceShape = Callable[[str, str], str | None]
"""Given a secret and its name: what takes its place, or None to leave it."""


# Bytes to letters, digits and spaces: cutting a text into runs this way is twice as fast as an expression.
_TO_RUNS = bytes(code if chr(code).isascii() and chr(code).isalnum() else 32 for code in range(256))


def runs_of(text: str) -> list[bytes]:
    """The runs of ASCII letters and digits in a text, in order."""
    return text.encode("utf-8", "surrogatepass").translate(_TO_RUNS).split()


@dataclass(frozen=True, slots=True)
class SecretShape:
    """One kind of secret: its name, the expression that finds it, and what tells quickly that it is not there.

    A text without any of `runs` among its runs, or, when there are none, without `marker`, holds no such secret.
    The group `secret` of the pattern, when there is one, is the part to replace.
    """

    name: str
    pattern: re.Pattern[str]
    marker: str = ""
    runs: frozenset[bytes] = frozenset()


def _shape(name: str, prefix: str, rest: str, runs: str = "") -> SecretShape:
    # The look-behind stands after the prefix, so that the search can run from one prefix to the next.
    start = re.escape(prefix)
    pattern = re.compile(rf"{start}(?<![A-Za-z0-9_-]{start}){rest}")
    # A prefix that ends in punctuation has its last run complete in every text.
    own = runs_of(prefix)[-1:] if not prefix[-1].isalnum() else runs.encode().split()
    return SecretShape(name, pattern, prefix, frozenset(own))


_WITH_DIGIT = "(?!REDACTED-)(?=[A-Za-z._~+/=-]{0,64}[0-9])"
_SELDOM = "JKzSI"
_PRIVATE_KEY = r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^-]|-(?!----))*+(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?"

SECRET_SHAPES = (
    *(
        _shape("bearer_token", f"{word} ", rf"(?P<secret>{_WITH_DIGIT}[A-Za-z0-9._~+/=-]{{16,}}+)")
        for word in ("Bearer", "bearer")
    ),
    _shape("api_key", "sk-", rf"{_WITH_DIGIT}[A-Za-z0-9_-]{{16,}}+"),
    *(
        _shape("stripe_key", f"{kind}_{mode}_", r"[A-Za-z0-9]{8,}+")
        for kind in ("sk", "rk")
        for mode in ("live", "test")
    ),
    _shape("webhook_secret", "whsec_", r"[A-Za-z0-9+/=]{16,}+"),
    _shape("google_api_key", "AIza", r"[A-Za-z0-9_-]{30,}+"),
    _shape("google_token", "ya29.", r"[A-Za-z0-9._-]{16,}+"),
    _shape("aws_access_key_id", "AKIA", r"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _shape("aws_access_key_id", "ASIA", r"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _shape("github_token", "gh", r"[pousr]_[A-Za-z0-9]{16,}+", "ghp gho ghu ghs ghr"),
    _shape("github_token", "github_pat_", r"[A-Za-z0-9_]{16,}+"),
    _shape("gitlab_token", "glpat-", r"[A-Za-z0-9_-]{16,}+"),
    _shape("slack_token", "xox", r"[abeoprs]-[A-Za-z0-9-]{8,}+", "xoxa xoxb xoxe xoxo xoxp xoxr xoxs"),
    _shape("sendgrid_key", "SG.", r"[A-Za-z0-9_-]{16,}+\.[A-Za-z0-9_-]{16,}+"),
    _shape("npm_token", "npm_", r"[A-Za-z0-9]{30,}+"),
    _shape("jwt", "eyJ", r"[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]*+"),
    SecretShape("private_key", re.compile(_PRIVATE_KEY), runs=frozenset({b"PRIVATE"})),
)


class ShapeSearch:
    """Finds the secrets of some shapes in a text."""

    def __init__(self, shapes: Iterable[SecretShape] = SECRET_SHAPES) -> None:
        self._shapes = tuple(shapes)
        self._runs = frozenset[bytes]().union(*(shape.runs for shape in self._shapes))
        self._unmarked = tuple((_rarest(shape.marker), shape) for shape in self._shapes if not shape.runs)

    def shapes_in(self, text: str, runs: Iterable[bytes]) -> list[SecretShape]:
        """The shapes that a text may hold, given its runs."""
        # Looking for one character takes a fraction of the time that looking for several takes.
        found = [shape for rare, shape in self._unmarked if rare in text and shape.marker in text]
        if not self._runs.isdisjoint(runs):
            hits = self._runs.intersection(runs)
            found += (shape for shape in self._shapes if not shape.runs.isdisjoint(hits))
        return found

    def occur_in(self, text: str, runs: Iterable[bytes]) -> bool:
        """Whether a secret of a known shape stands in the text."""
        return any(shape.pattern.search(text) for shape in self.shapes_in(text, runs))

    def replace(self, text: str, runs: Iterable[bytes], replace: ReplaceShape) -> str:
        """The text with every secret of a known shape replaced by what `replace(secret, name)` gives."""
        for shape in self.shapes_in(text, runs):
            text = _replaced(text, shape, replace)
        return text


def _rarest(marker: str) -> str:
    """The character of a marker that texts seldom have; empty when there is none."""
    return next((character for character in _SELDOM if character in marker), "")


def _replaced(text: str, shape: SecretShape, replace: ReplaceShape) -> str:
    group = "secret" if "secret" in shape.pattern.groupindex else 0
    pieces: list[str] = []
    done = 0
    for match in shape.pattern.finditer(text):
        placeholder = replace(match[group], shape.name)
        if placeholder is not None:
            pieces += (text[done : match.start(group)], placeholder)
            done = match.end(group)
    return "".join((*pieces, text[done:])) if pieces else text
