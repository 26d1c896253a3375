"""Whose answer a recorded one is: the credentials that a request shows, and the answers recorded with the same ones.

They are only preferred: a client whose credentials are unknown is answered as if nobody had any. What a request shows
are the values of credential headers and of cookies that are named as a session is; the other cookies count only where
it shows none of these, and not when they are short, as a setting or a counter is. So what is renewed at every request
(an analytics cookie) chooses nothing beside what stays. Values are held as hashes, so that no secret stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Generic

from pact_recorder.http import Request
from pact_recorder.http.names import is_secret_header, is_session_cookie, is_volatile_request_header
from pact_recorder.mock.sequence import Answer, AnswerSequence

Credentials = frozenset[int]
"""Hashes of the values that say who asks."""

_NOBODY: Credentials = frozenset()
_SHORTEST_COOKIE = 8
_MOST_VALUES = 16
_MOST_COMPARED = 64
_MOST_SEQUENCES = 1_000


def credentials_in(*forms: Request) -> Credentials:
    """The credentials that a request shows; of several forms, which redaction makes, the last is as it came."""
    values: set[int] = set()
    others: set[int] = set()
    short = {name for name, value in _cookies(forms[-1]) if len(value) < _SHORTEST_COOKIE} if forms else ()
    for form in forms:
        values.update(_headers(form))
        for name, value in _cookies(form):
            if is_session_cookie(name):
                values.add(hash((name, value)))
            elif name not in short:
                others.add(hash((name, value)))
    return frozenset(islice(sorted(values or others), _MOST_VALUES)) or _NOBODY


def _headers(request: Request) -> Iterator[int]:
    for name, value in request.headers:
        if is_secret_header(name) and (lower := name.lower()) != "cookie" and not is_volatile_request_header(lower):
            yield hash((lower, value))


def _cookies(request: Request) -> Iterator[tuple[str, str]]:
    for line in request.headers.get_all("cookie"):
        for pair in line.split(";"):
            name, _, value = pair.partition("=")
            yield name.strip(), value.strip()


class OwnAnswers(Generic[Answer]):
    """The answers that one recorded request got, by the credentials that it came with each time.

    Each client that is known has a sequence of its own: the answers to requests with the same credentials, or with as
    many of them as any had. Finding it is a look-up of each value, however many answers there are.
    """

    __slots__ = ("_answers", "_owners", "_places", "_read", "_sequences")

    def __init__(self, first: Answer, times: int) -> None:
        self._answers = [(first, times)]
        self._read = False
        self._places: dict[tuple[int, ...], list[int]] = {}
        self._owners: dict[int, list[tuple[int, ...]]] = {}
        self._sequences: dict[Credentials, AnswerSequence[Answer]] = {}

    def add(self, answer: Answer, times: int, credentials: Credentials) -> None:
        """Add an answer that was given so many times in a row to a request with these credentials."""
        self._note(len(self._answers), credentials)
        self._answers.append((answer, times))
        for agreed, sequence in self._sequences.items():
            if agreed <= credentials:
                sequence.append(answer, times)

    def of(self, sent: Credentials, first: Callable[[], Credentials]) -> AnswerSequence[Answer] | None:
        """The sequence of a client, None when it is unknown; `first` reads the credentials of the first answer.

        Most first answers never get a second one to be told from, so that theirs are not read before.
        """
        if not self._read:
            self._note(0, first())
            self._read = True
        known = sent & self._owners.keys()
        if not known:
            return None
        agreed = self._agreed(frozenset(known))
        sequence = self._sequences.get(agreed)
        if sequence is None:
            if len(self._sequences) >= max(_MOST_SEQUENCES, 2 * len(self._places)):
                del self._sequences[next(iter(self._sequences))]
            sequence = self._sequences[agreed] = self._gathered(agreed)
        return sequence

    def rewind(self) -> None:
        """Start every sequence again with its first answer."""
        for sequence in self._sequences.values():
            sequence.rewind()

    def _note(self, place: int, credentials: Credentials) -> None:
        owner = tuple(sorted(credentials))
        if owner not in self._places:
            self._places[owner] = []
            for value in owner:
                self._owners.setdefault(value, []).append(owner)
        self._places[owner].append(place)

    def _agreed(self, known: Credentials) -> Credentials:
        """As many of the values as any recorded request had together; of equally many, those that came first."""
        best, best_rank = known, (0, 0)
        for value in sorted(known, key=lambda each: len(self._owners[each])):
            for owner in islice(self._owners[value], _MOST_COMPARED):
                shared = known.intersection(owner)
                if len(shared) == len(known):
                    return known
                rank = (len(shared), -self._places[owner][0])
                if rank > best_rank:
                    best, best_rank = shared, rank
        return best

    def _gathered(self, agreed: Credentials) -> AnswerSequence[Answer]:
        """The answers to requests that had all these values, in recorded order."""
        owners = min((self._owners[value] for value in agreed), key=len)
        places = chain.from_iterable(self._places[owner] for owner in owners if agreed.issubset(owner))
        sequence: AnswerSequence[Answer] = AnswerSequence()
        for place in sorted(places):
            sequence.append(*self._answers[place])
        return sequence
