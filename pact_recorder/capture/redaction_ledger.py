"""The secrets of a session: which placeholder each has, how often each was replaced, and where else they occur.

A known secret is found in a text without comparing every secret with it: the text is cut once into runs of letters
and digits, and each run is looked up. A secret is listed under one of its own runs, its anchor, which stands in every
spelling that it can have in a URL, in JSON or in HTML; only around an anchor that is met are the escapes of the text
undone (`redaction_spelling.py`). What follows an escape counts as a run as well, at each depth to which the escape may
be encoded.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from pact_recorder.capture.redaction_spelling import (
    LONGEST_ESCAPE,
    after_escapes,
    folded,
    is_after_escape,
    undone_of,
)
from pact_recorder.http.names import PLACEHOLDER, split_words

_SHORTEST_KNOWN: Final = 8
_LONGEST_KNOWN: Final = 65_536
_LONGEST_SPELLING: Final = 4096
_MOST_PER_ANCHOR: Final = 256

SHORTEST_RUN: Final = 6
"""Letters and digits that an anchor has, but for secrets that have no such run."""

_FEW: Final = 16
_MOST_COMPARED: Final = 4096
_LONGEST_NAME: Final = 40
_CREDENTIALS: Final = "authorization"

_RUN = {size: re.compile(rf"([A-Za-z0-9]{{{size},}})") for size in (6, 3)}
_OPENS_ESCAPE = r"\%&"
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


class _Listed:
    """The secrets under one anchor, as they are compared with a text in which it was met; plus signs are spaces."""

    def __init__(self, known: tuple[_Known, ...]) -> None:
        self.known = known
        shapes: dict[tuple[int, int], dict[str, str]] = {}
        self.before = self.after = 0
        for text, offset, placeholder in known:
            shapes.setdefault((offset, len(text)), {}).setdefault(folded(text), placeholder)
            if not _is_alphanumeric(text):
                self.before = max(self.before, 1 + LONGEST_ESCAPE * _bytes_in(text[:offset]))
                self.after = max(self.after, 1 + LONGEST_ESCAPE * _bytes_in(text[offset:]))
        self._shapes = [(offset, length, texts) for (offset, length), texts in shapes.items()]
        self.is_one = len({placeholder for _, _, placeholder in known}) == 1

    def standing(self, text: str, anchor: int) -> Iterator[tuple[int, int, str]]:
        """Where a secret stands around the anchor at a place of a text, and its placeholder."""
        for offset, length, texts in self._shapes:
            begin = anchor - offset
            if begin < 0:
                continue
            if len(texts) <= _FEW:
                # Without a copy of a part that may be long.
                for spelled, placeholder in texts.items():
                    if text.startswith(spelled, begin):
                        yield begin, begin + length, placeholder
            elif placeholder := texts.get(text[begin : begin + length], ""):
                yield begin, begin + length, placeholder


class SecretLedger:
    """The placeholders given in one session. Equal secrets get equal placeholders, numbered by first sight.

    `knowledge` grows with every secret that may be found by its value.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.knowledge = 0
        self._placeholders: dict[str, str] = {}
        self._by_folded: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()
        self._anchors: dict[str, tuple[_Known, ...]] = {}
        self._encoded_anchors: set[bytes] = set()
        self._compared: dict[str, _Listed] = {}
        self._known: set[str] = set()
        self._remembered: dict[str, list[str]] = {}
        self._shortest_run = 6

    def copy(self) -> SecretLedger:
        """A ledger that knows what this one knows now, with counts of its own."""
        copied = SecretLedger()
        copied.knowledge = self.knowledge
        copied._placeholders = dict(self._placeholders)
        copied._by_folded = dict(self._by_folded)
        copied._numbers = Counter(self._numbers)
        copied._anchors = dict(self._anchors)
        copied._encoded_anchors = set(self._encoded_anchors)
        copied._known = set(self._known)
        copied._remembered = {hint: list(placeholders) for hint, placeholders in self._remembered.items()}
        copied._shortest_run = self._shortest_run
        return copied

    def placeholder_for(self, secret: str) -> str | None:
        """The placeholder that this secret already has, in whatever spelling."""
        return self._placeholders.get(secret) or self._placeholder_of(_meanings(secret))

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
            self._remembered.setdefault(hint, []).append(placeholder)

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
            meanings = _meanings(secret)
            placeholder = self._placeholder_of(meanings) or self._next(name, secret)
            self._placeholders[secret] = placeholder
            for meaning in meanings:
                self._by_folded.setdefault(meaning, placeholder)
        if known and secret not in self._known and is_distinctive(secret):
            self._known.add(secret)
            self._index(secret, placeholder)
            # Last: who reads the new number finds the secret, too.
            self.knowledge += 1
        return placeholder

    def _placeholder_of(self, meanings: list[str]) -> str | None:
        return next(filter(None, map(self._by_folded.get, meanings)), None)

    def _next(self, name: str, secret: str) -> str:
        label = "_".join(split_words(name))[:_LONGEST_NAME].strip("_") or "secret"
        if self._remembered and (remembered := self._remembered_as(label, hint_at(secret))):
            return remembered
        self._numbers[label] += 1
        return f"REDACTED-{label}-{self._numbers[label]}"

    def _remembered_as(self, label: str, hint: str) -> str | None:
        """The placeholder that an earlier recording gave to a secret of this name with this hint.

        What is sent as `Authorization` has another name where an answer gave it out; no other names are mixed, since a
        hint is too short to tell all secrets of a session apart.
        """
        alike = self._remembered.get(hint, ())
        found = [each for each in alike if _label_of(each) == label]
        if not found:
            found = [each for each in alike if _CREDENTIALS in (label, _label_of(each))]
            found = found if len(found) == 1 else []
        if not found:
            return None
        self._remembered[hint].remove(found[0])
        return found[0]

    def _index(self, secret: str, placeholder: str) -> None:
        if _is_alphanumeric(secret):
            # It is one run, whatever the spelling.
            self._list(_Known(secret, 0, placeholder), secret)
            return
        for text in dict.fromkeys((secret, unquote(secret), unquote(unquote(secret)))):
            # Of what has no run of its own only some spellings have one.
            for spelled in [text] if _RUN[3].search(text) else dict.fromkeys(spell(text) for spell in _SPELLINGS):
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
        for pattern in after_escapes(text, self._shortest_run):
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
        areas: list[tuple[int, int]] = []
        plain_text = folded(text)
        for start, listed in self._met(plain_text, anchors):
            found = False
            for begin, end, placeholder in listed.standing(plain_text, start):
                if end - begin >= _SHORTEST_KNOWN and _stands_alone(text, begin, end):
                    yield begin, end, placeholder
                    found = listed.is_one and not _is_within_escape(text, begin, end)
            if listed.after and not found:
                areas.append((max(start - listed.before, 0), start + listed.after))
        for begin, end in _joined(areas):
            for first, last, placeholder in self._spelled_otherwise(text[begin:end], anchors):
                if _stands_alone(text, begin + first, begin + last):
                    yield begin + first, begin + last, placeholder

    def _spelled_otherwise(self, text: str, anchors: set[str]) -> Iterator[tuple[int, int, str]]:
        """Secrets in a text with escapes."""
        for undone in undone_of(text):
            for start, listed in self._met(undone.text, anchors):
                for begin, end, placeholder in listed.standing(undone.text, start):
                    first, last = undone.span(begin, end)
                    if last - first >= _SHORTEST_KNOWN:
                        yield first, last, placeholder

    def _met(self, text: str, anchors: set[str]) -> Iterator[tuple[int, _Listed]]:
        """Where an anchor stands, and what is listed under it."""
        if len(anchors) <= _FEW:
            for anchor in anchors:
                listed = self._listed(anchor)
                start = text.find(anchor)
                while start >= 0:
                    yield start, listed
                    start = text.find(anchor, start + len(anchor))
            return
        size = self._shortest_run
        for pattern in (_RUN[size], *after_escapes(text, size)):
            for run in pattern.finditer(text):
                if run[1] in self._anchors and not _numbers_placeholder(text, run.start(1), run[1]):
                    yield run.start(1), self._listed(run[1])

    def _listed(self, anchor: str) -> _Listed:
        known = self._anchors[anchor]
        listed = self._compared.get(anchor)
        if listed is None or listed.known is not known:
            if len(self._compared) >= _MOST_COMPARED:
                self._compared.clear()
            listed = self._compared[anchor] = _Listed(known)
        return listed


def searched_runs(text: str, runs: Iterable[bytes]) -> set[bytes]:
    """The runs of a text among which an anchor has to be, shorter ones than `SHORTEST_RUN` aside."""
    found = {run for run in runs if len(run) >= SHORTEST_RUN}
    for pattern in after_escapes(text, SHORTEST_RUN):
        found.update(map(str.encode, pattern.findall(text)))
    return found


def _label_of(placeholder: str) -> str:
    """The name in a placeholder."""
    return placeholder.split("-")[1]


def hint_at(secret: str) -> str:
    """Twelve bits of a digest: enough to tell the few secrets of one name apart, too few to find out any of them."""
    return blake2b(secret.encode("utf-8", "surrogatepass"), digest_size=2).hexdigest()[:3]


def _numbers_placeholder(text: str, start: int, run: str) -> bool:
    """Whether a run is the number of a placeholder, of which a text may have more than secrets."""
    if not run.isdigit() or text[max(start - 1, 0) : start] != "-":
        return False
    return _BEFORE_NUMBER.search(text, max(start - 2 * _LONGEST_NAME, 0), start) is not None


def _joined(areas: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Areas, those that overlap as one."""
    areas.sort()
    index = 0
    while index < len(areas):
        begin, end = areas[index]
        while index < len(areas) and areas[index][0] <= end:
            end = max(end, areas[index][1])
            index += 1
        yield begin, end


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


def _meanings(secret: str) -> list[str]:
    """What a text may be a spelling of, itself first; only itself if it is long."""
    if len(secret) > _LONGEST_SPELLING:
        return [folded(secret)]
    return [folded(secret), *(undone.text for undone in undone_of(secret))]


def _stands_alone(text: str, start: int, end: int) -> bool:
    after = text[end : end + 1]
    if text[start:end].isdigit():
        # A bare number in JSON cannot become a word; in quotes or in a URL it can.
        return after in _CLOSING_EDGES and text[max(start - 1, 0) : start] in _OPENING_EDGES
    if _is_alphanumeric(after):
        return False
    before = text[max(start - 1, 0) : start]
    inside_word = _is_alphanumeric(before) and _is_alphanumeric(text[start])
    return not inside_word or is_after_escape(text, start)


def _is_within_escape(text: str, begin: int, end: int) -> bool:
    """Whether one of a text's escapes may begin before a part of it and end in it, or begin in it and end behind."""
    return text[end - 1] in _OPENS_ESCAPE or text[max(begin - 1, 0) : begin] == "\\"


def _is_alphanumeric(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _bytes_in(text: str) -> int:
    return len(text) if text.isascii() else 4 * len(text)


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


# How a secret that has no run of its own may have one.
_SPELLINGS: Final[tuple[Callable[[str], str], ...]] = (
    str,
    _quoted,
    lambda text: _quoted(_quoted(text)),
    _escaped,
)
