"""The answers that one request got, in the order it got them, and what happens when they are used up."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import repeat
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Exhausted(StrEnum):
    """What a request gets after the last of its recorded answers."""

    REPEAT_LAST = "repeat-last"
    CYCLE = "cycle"
    MISS = "miss"


class AnswerSequence(Generic[Answer]):
    """Answers with how often each was given in a row; equal neighbours are held once.

    A sequence of a single answer always gives that answer under `repeat-last` and `cycle`; under `miss` it gives it
    as often as it was recorded.
    """

    __slots__ = ("_counts", "_given", "_position", "answers")

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._counts: list[int] = []
        self._position = 0
        self._given = 0

    def append(self, answer: Answer, times: int = 1) -> None:
        """Add an answer that was given so many times in a row; one that equals the last adds to its count."""
        if self.answers and self.answers[-1] == answer:
            self._counts[-1] += times
        else:
            self.answers.append(answer)
            self._counts.append(times)

    def take(self, exhausted: Exhausted) -> Answer | None:
        """The next answer, or None when all are used up and the policy is `miss`."""
        if len(self.answers) == 1 and exhausted is not Exhausted.MISS:
            return self.answers[0]
        if self._position == len(self.answers):
            if exhausted is Exhausted.MISS:
                return None
            if exhausted is Exhausted.REPEAT_LAST:
                return self.answers[-1]
            self.rewind()
        answer = self.answers[self._position]
        self._given += 1
        if self._given == self._counts[self._position]:
            self._position, self._given = self._position + 1, 0
        return answer

    def in_order(self) -> Iterator[Answer]:
        """Every answer as often as it was given."""
        for answer, count in zip(self.answers, self._counts, strict=True):
            yield from repeat(answer, count)

    def rewind(self) -> None:
        """Start again with the first answer."""
        self._position = self._given = 0

    @property
    def count(self) -> int:
        """How many times a request was answered in this recording."""
        return sum(self._counts)
