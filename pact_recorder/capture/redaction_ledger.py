"""The secrets of a session: which placeholder each has, how often each was replaced, and where else they occur.

A known secret is found in a text without comparing every secret with it: the text is cut once into runs of letters
and digits, and each run is looked up. A secret is listed under one of its own runs, its anchor, which stands in every
spelling that it can have in a URL, in JSON or in XML; how it is spelled there is worked out where its anchor is met.
In a text, what follows an escape counts as a run as well, at each depth to which the escape may be encoded.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import Final, NamedTuple
from urllib.parse import quote, unquote, unquote_plus
from xml.sax.saxutils import escape, unescape

from pact_recorder.http.names import PLACEHOLDER, split_words
from pact_recorder.http.remembering import remembered

_SHORTEST_KNOWN: Final = 8
_LONGEST_KNOWN: Final = 65_536
_MOST_PER_ANCHOR: Final = 256

SHORTEST_RUN: Final = 6
"""Letters and digits that an anchor has, but for secrets that have no such run."""

_FEW: Final = 16
_LONGEST_NAME: Final = 40

# One character of a URL, encoded once or several times, or of a JSON string.
_ESCAPE = r"%(?:25){0,3}[0-9A-Fa-f]{2}|\\(?:u[0-9A-Fa-f]{4}|[bfnrt])"
_RUN = {size: re.compile(rf"([A-Za-z0-9]{{{size},}})") for size in (6, 3)}
# The same after an escape whose last characters would otherwise look like a part of the run. In `%252Fabcdef` that is
# `2Fabcdef` after a percent sign as well as `abcdef` after a slash encoded twice: each depth has its expression.
_RUNS_AFTER_ESCAPE = {
    size: tuple(
        re.compile(rf"(?:{escape})([A-Za-z0-9]{{{size},}})")
        for escape in (_ESCAPE.replace("(?:25){0,3}", ""), *(f"%{'25' * depth}[0-9A-Fa-f]{{2}}" for depth in (1, 2, 3)))
    )
    for size in (6, 3)
}
_ENDS_IN_ESCAPE = re.compile(rf"(?:{_ESCAPE})\Z")
_BEFORE_NUMBER = re.compile(r"REDACTED-[A-Za-z0-9_]+-\Z")
_MASK = re.compile(r"[0xX*.•-]+")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,12}")
_DATE = re.compile(r"\d{4}-?\d\d-?\d\d[T ]")
# Words (`clientSecret`, `dark-mode`, `Europe/Berlin`) are as likely names or ordinary values as secrets.
_WORD = "[A-Za-z]?[a-z]+(?:[A-Z][a-z]+)*"
_WORDS = re.compile(rf"[A-Z]+|{_WORD}(?:[_. /-]{_WORD})*")
_LOCATION = re.compile(r"(?:https?://[a-z0-9.:-]+)?/[a-z0-9_./-]*")
_OPENING_EDGES = frozenset(("", '"', "'", "/", "=", ">", "&"))
_CLOSING_EDGES = frozenset(("", '"', "'", "/", "<", "&", "?", "#", ";"))


class _Known(NamedTuple):
    """A secret, the place of its anchor in it, and what takes its place."""

    text: str
    offset: int
    placeholder: str


class SecretLedger:
    """The placeholders given in one session. Equal secrets get equal placeholders, numbered by first sight.

    `knowledge` grows with every secret that may be found by its value.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.knowledge = 0
        self._placeholders: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()
        self._anchors: dict[str, tuple[_Known, ...]] = {}
        self._encoded_anchors: set[bytes] = set()
        self._known: set[str] = set()
        self._remembered: dict[tuple[str, str], list[str]] = {}
        self._shortest_run = 6

    def copy(self) -> SecretLedger:
        """A ledger that knows what this one knows now, with counts of its own."""
        copied = SecretLedger()
        copied.knowledge = self.knowledge
        copied._placeholders = dict(self._placeholders)
        copied._numbers = Counter(self._numbers)
        copied._anchors = dict(self._anchors)
        copied._encoded_anchors = set(self._encoded_anchors)
        copied._known = set(self._known)
        copied._remembered = {name: list(placeholders) for name, placeholders in self._remembered.items()}
        copied._shortest_run = self._shortest_run
        return copied

    def placeholder_for(self, secret: str) -> str | None:
        """The placeholder that this secret already has, in whatever spelling."""
        known = self._placeholders.get(secret)
        return known or next(filter(None, map(self._placeholders.get, _unspelled(secret))), None)

    def reserve(self, placeholders: Iterable[str]) -> None:
        """Never give these placeholders to another secret: an earlier part of the session has them."""
        for placeholder in placeholders:
            if PLACEHOLDER.fullmatch(placeholder):
                _, name, number = placeholder.split("-")
                self._numbers[name] = max(self._numbers[name], int(number))

    def remember(self, hints: Mapping[str, str]) -> None:
        """Give a secret that agrees with a hint the placeholder that an earlier recording gave it."""
        self.reserve(hints)
        for placeholder, hint in hints.items():
            label = placeholder.split("-")[1]
            self._remembered.setdefault((label, hint), []).append(placeholder)

    def hints(self) -> dict[str, str]:
        """For each placeholder a hint at its secret: see `hint_at`."""
        hints: dict[str, str] = {}
        for secret, placeholder in self._placeholders.items():
            if placeholder not in hints:
                hints[placeholder] = hint_at(secret)
        return hints

    def replaced(self, secret: str, place: str, name: str, *, known: bool = True) -> str:
        """The placeholder for a secret found at a place (`json`, `header`) under a name; counted.

        `known` says that the secret may be looked for elsewhere, when its value allows that.
        """
        self.counts[f"{place} {name}"[:80]] += 1
        return self.learn(secret, name, known=known)

    @contextmanager
    def counting(self, *, in_all: bool = True) -> Iterator[Counter[str]]:
        """Counts of what is replaced inside alone; at the end they are added to those of the session when `in_all`."""
        session, self.counts = self.counts, Counter()
        counted = self.counts
        try:
            yield counted
        finally:
            if in_all:
                session.update(counted)
            self.counts = session

    def learn(self, secret: str, name: str, *, known: bool = True) -> str:
        """The placeholder of a secret, a new one when it is seen for the first time."""
        placeholder = self._placeholders.get(secret)
        if placeholder is None:
            placeholder = self._placeholders[secret] = self.placeholder_for(secret) or self._next(name, secret)
        if known and secret not in self._known and is_distinctive(secret):
            self._known.add(secret)
            self._index(secret, placeholder)
            # Last: who reads the new number finds the secret, too.
            self.knowledge += 1
        return placeholder

    def _next(self, name: str, secret: str) -> str:
        label = "_".join(split_words(name))[:_LONGEST_NAME].strip("_") or "secret"
        remembered = self._remembered and self._remembered.get((label, hint_at(secret)))
        if remembered:
            return remembered.pop(0)
        self._numbers[label] += 1
        return f"REDACTED-{label}-{self._numbers[label]}"

    def _index(self, secret: str, placeholder: str) -> None:
        if _is_alphanumeric(secret):
            # It is one run, whatever the spelling.
            self._list(_Known(secret, 0, placeholder), secret)
            return
        for text in dict.fromkeys((secret, unquote(secret))):
            self._placeholders.setdefault(text, placeholder)
            # Of what has no run of its own only some spellings have one.
            for spelled in [text] if _RUN[3].search(text) else _spellings(text):
                if runs := list(_RUN[6].finditer(spelled)) or list(_RUN[3].finditer(spelled)):
                    anchor = min(runs, key=self._badness)
                    self._list(_Known(spelled, anchor.start(), placeholder), anchor[0])

    def _list(self, known: _Known, anchor: str) -> None:
        listed = self._anchors.get(anchor, ())
        if len(listed) < _MOST_PER_ANCHOR:
            self._anchors[anchor] = (*listed, known)
            self._encoded_anchors.add(anchor.encode())
            if len(anchor) < 6:
                self._shortest_run = 3

    def _badness(self, run: re.Match[str]) -> tuple[int, bool, int]:
        """A good anchor has few secrets under it, is no word, and is long."""
        return len(self._anchors.get(run[0], ())), run[0].isalpha(), -len(run[0])

    def anchors_since(self, earlier: SecretLedger) -> set[str]:
        """The anchors under which secrets are listed here that the ledger did not know when it was copied earlier.

        What has none of them among its `searched_runs` looks the same to both.
        """
        return {anchor for anchor, listed in self._anchors.items() if earlier._anchors.get(anchor) != listed}

    def candidates(self, text: str, runs: Iterable[bytes]) -> set[str]:
        """The anchors of known secrets that stand in the text, given its runs; without any, no known secret does."""
        if not self._anchors:
            return set()
        found = {anchor.decode() for anchor in self._encoded_anchors.intersection(runs)}
        if "%" in text or "\\" in text:
            for pattern in _RUNS_AFTER_ESCAPE[self._shortest_run]:
                found.update(self._anchors.keys() & pattern.findall(text))
        return found

    def occur_in(self, text: str, runs: Iterable[bytes]) -> bool:
        """Whether a known secret stands in the text."""
        anchors = self.candidates(text, runs)
        return bool(anchors) and next(self._occurrences(text, anchors), None) is not None

    def replace_known(self, text: str, runs: Iterable[bytes], place: str) -> str:
        """The text with each known secret replaced, counted under the place."""
        anchors = self.candidates(text, runs)
        if not anchors:
            return text
        pieces: list[str] = []
        done = 0
        for start, end, placeholder in sorted(self._occurrences(text, anchors), key=lambda hit: (hit[0], -hit[1])):
            if start >= done:
                pieces += (text[done:start], placeholder)
                done = end
        if pieces:
            self.counts[f"known secret in {place}"] += len(pieces) // 2
        return "".join((*pieces, text[done:])) if pieces else text

    def _occurrences(self, text: str, anchors: set[str]) -> Iterator[tuple[int, int, str]]:
        known = [each for anchor in anchors for each in self._anchors[anchor]]
        hits = _searched if len(known) <= _FEW else self._looked_up
        for start, spelled, placeholder in hits(text, known):
            end = start + len(spelled)
            if _stands_alone(text, start, end):
                yield start, end, placeholder

    def _looked_up(self, text: str, _: list[_Known]) -> Iterator[tuple[int, str, str]]:
        """By one walk over the runs of the text: for many secrets."""
        size = self._shortest_run
        for pattern in (_RUN[size], *_RUNS_AFTER_ESCAPE[size]):
            for run in pattern.finditer(text):
                if run[1] not in self._anchors or _numbers_placeholder(text, run.start(1), run[1]):
                    continue
                for known in self._anchors[run[1]]:
                    for spelled, offset in _spelled(known.text, known.offset):
                        start = run.start(1) - offset
                        if start >= 0 and text.startswith(spelled, start):
                            yield start, spelled, known.placeholder


def searched_runs(text: str, runs: Iterable[bytes]) -> set[bytes]:
    """The runs of a text among which an anchor has to be, shorter ones than `SHORTEST_RUN` aside."""
    found = {run for run in runs if len(run) >= SHORTEST_RUN}
    if "%" in text or "\\" in text:
        for pattern in _RUNS_AFTER_ESCAPE[SHORTEST_RUN]:
            found.update(map(str.encode, pattern.findall(text)))
    return found


def hint_at(secret: str) -> str:
    """Twelve bits of a digest: enough to tell the few secrets of one name apart, too few to find out any of them."""
    return blake2b(secret.encode("utf-8", "surrogatepass"), digest_size=2).hexdigest()[:3]


def _numbers_placeholder(text: str, start: int, run: str) -> bool:
    """Whether a run is the number of a placeholder, of which a text may have more than secrets."""
    if not run.isdigit() or text[max(start - 1, 0) : start] != "-":
        return False
    return _BEFORE_NUMBER.search(text, max(start - 2 * _LONGEST_NAME, 0), start) is not None


def _searched(text: str, secrets: list[_Known]) -> Iterator[tuple[int, str, str]]:
    """By a search for each spelling: for few secrets."""
    for known in secrets:
        for spelled, _ in _spelled(known.text, known.offset):
            start = text.find(spelled)
            while start >= 0:
                yield start, spelled, known.placeholder
                start = text.find(spelled, start + len(spelled))


def is_distinctive(secret: str) -> bool:
    """Whether a secret may be looked for in other places without hitting ordinary words, numbers and dates."""
    if not _SHORTEST_KNOWN <= len(secret) <= _LONGEST_KNOWN or PLACEHOLDER.search(secret):
        return False
    if len(set(secret)) < 4 and (len(secret) < 16 or _MASK.fullmatch(secret)):
        return False
    if secret.isdigit():
        return True
    if _is_alphanumeric(secret) and not secret.isalpha():
        return _DATE.match(secret) is None
    if not secret.isascii() or not any(map(str.isalpha, secret)):
        return len(secret) >= 16 and not any(map(str.isspace, secret))
    if len(secret) < 20 and _WORDS.fullmatch(secret):
        return len(secret) >= 16 and " " not in secret
    return not (_HOST.fullmatch(secret) or _LOCATION.fullmatch(unquote(secret)) or _DATE.match(secret))


def _stands_alone(text: str, start: int, end: int) -> bool:
    after = text[end : end + 1]
    if text[start:end].isdigit():
        # A bare number in JSON cannot become a word; in quotes or in a URL it can.
        return after in _CLOSING_EDGES and text[max(start - 1, 0) : start] in _OPENING_EDGES
    if _is_alphanumeric(after):
        return False
    before = text[max(start - 1, 0) : start]
    inside_word = _is_alphanumeric(before) and _is_alphanumeric(text[start])
    return not inside_word or _ENDS_IN_ESCAPE.search(text, max(start - 9, 0), start) is not None


def _is_alphanumeric(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


# How a secret is written in a URL, a form, a JSON string and XML: each character by itself.
_SPELLINGS: Final[tuple[Callable[[str], str], ...]] = (
    str,
    _quoted,
    lambda text: _quoted(_quoted(text)),
    lambda text: _quoted(text).replace("%20", "+"),
    lambda text: quote(text.encode("utf-8", "surrogatepass"), safe="/"),
    lambda text: re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), _quoted(text)),
    _escaped,
    lambda text: _escaped(text).replace("/", r"\/"),
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    escape,
)


def _spellings(secret: str) -> list[str]:
    """Every different spelling of a secret."""
    return list(dict.fromkeys(spell(secret) for spell in _SPELLINGS))


@remembered(4096)
def _spelled(secret: str, offset: int) -> tuple[tuple[str, int], ...]:
    """Every different spelling of a secret, with the place in it of what stands at an offset in the secret."""
    if _is_alphanumeric(secret):
        return ((secret, offset),)
    found: dict[str, int] = {}
    for spell in _SPELLINGS:
        before = spell(secret[:offset])
        found.setdefault(before + spell(secret[offset:]), len(before))
    # Of a short one only the spellings that are long enough can be told from other words.
    return tuple((spelled, place) for spelled, place in found.items() if len(spelled) >= _SHORTEST_KNOWN)


def _unspelled(text: str) -> Iterator[str]:
    """What a text may be a spelling of."""
    if "%" in text or "+" in text:
        yield unquote(text)
        yield unquote(unquote(text))
        yield unquote_plus(text)
    if "\\" in text:
        with suppress(ValueError):
            yield str(json.loads(f'"{text}"', strict=False))
    if "&" in text:
        yield unescape(text)
