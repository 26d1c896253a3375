"""Answers that an equal request gets again, found by the request as it was on the wire.

With a hundred thousand requests asked for in turn, what an answer costs is the memory that looking it up touches, since
that is not in the processor's caches. So nothing is looked at here but one key, which is target and body in one piece,
and the answer as it is sent. Requests are divided by method and header fields first, of which there are few.
"""

from __future__ import annotations

from operator import itemgetter

from pact_recorder.server.wire import Asked, Written

MOST_ANSWERS = 1 << 17
MOST_BYTES = 64 * 1024 * 1024
"""What keys and answers may hold together."""

MOST_MANNERS = 64
"""Different methods and header fields. A client that never sends the same ones twice is answered without memory."""

MOST_MET_ONCE = 1_024
"""Manners that came once and are known by their hashes."""

_LARGEST = 16 * 1024
_OVERHEAD = 250  # of an entry: its objects and its share of the table

Manner = tuple[object, ...]


class AnswerMemo:
    """Answers by request, bounded in number and bytes; when there are too many, all are forgotten.

    A manner counts from the second time on. When there are too many of them, the one with the fewest answers goes. With
    `any_order` requests are equal, too, whose fields of different names are in another order: clients differ in that,
    and no answer does.
    """

    __slots__ = ("_any_order", "_bytes", "_count", "_manners", "_met", "_most", "_most_bytes", "_parts", "_sorted")

    def __init__(self, most: int = MOST_ANSWERS, most_bytes: int = MOST_BYTES, *, any_order: bool = False) -> None:
        self._most, self._most_bytes, self._any_order = most, most_bytes, any_order
        self._manners: dict[Manner, dict[bytes, Written]] = {}
        self._sorted: dict[Manner, dict[bytes, Written]] = {}
        self._met: set[int] = set()
        self._parts: dict[bytes, bytes] = {}
        self._count = self._bytes = 0

    def __len__(self) -> int:
        return self._count

    def find(self, asked: Asked) -> Written | None:
        """The answer that an equal request got."""
        manner = _manner(asked)
        answers = self._manners.get(manner)
        if answers is None and self._any_order and hash(manner) in self._met and _sorted(asked) in self._sorted:
            answers = self._of(asked, manner)
        return None if answers is None else answers.get(_key(asked))

    def keep(self, asked: Asked, answer: Written) -> None:
        """Give this answer to equal requests from now on, unless it is too large, or its manner new."""
        manner = _manner(asked)
        if not self._is_met(hash(manner)):
            return
        key = _key(asked)
        said = _said(key, answer)
        if said + len(answer.head) + len(answer.rest) > _LARGEST:
            return
        size = said + _OVERHEAD + self._unshared(answer)
        if self._count >= self._most or self._bytes + size > self._most_bytes:
            self.clear()
            size = said + _OVERHEAD + self._unshared(answer)
        answers = self._of(asked, manner)
        if key not in answers:
            self._count += 1
            self._bytes += size
        head, rest = (self._parts.setdefault(part, part) for part in (answer.head, answer.rest))
        answers[key] = answer._replace(head=head, rest=rest)

    def _unshared(self, answer: Written) -> int:
        """The bytes of an answer that no other has: heads and contents are often the same."""
        return sum([len(part) for part in (answer.head, answer.rest) if part not in self._parts])

    def clear(self) -> None:
        """Forget everything."""
        self._manners.clear()
        self._sorted.clear()
        self._parts.clear()
        self._count = self._bytes = 0

    def _of(self, asked: Asked, manner: Manner) -> dict[bytes, Written]:
        """The answers to requests of one manner."""
        known = self._manners.get(manner)
        if known is None:
            if len(self._manners) >= MOST_MANNERS:
                self._drop_fewest()
            known = self._sorted.setdefault(_sorted(asked), {}) if self._any_order else {}
            self._manners[manner] = known
        return known

    def _is_met(self, hashed: int) -> bool:
        """Whether a manner came before, which is noted."""
        if hashed in self._met:
            return True
        if len(self._met) >= MOST_MET_ONCE:
            self._met.clear()
        self._met.add(hashed)
        return False

    def _drop_fewest(self) -> None:
        """Forget the manner with the fewest answers, in every order of its fields."""
        fewest = min(self._manners.values(), key=len)
        self._manners = {manner: answers for manner, answers in self._manners.items() if answers is not fewest}
        self._sorted = {manner: answers for manner, answers in self._sorted.items() if answers is not fewest}
        self._count -= len(fewest)
        # The parts of its answers are kept, since others may share them.
        self._bytes -= sum([_said(key, answer) + _OVERHEAD for key, answer in fewest.items()])


def _said(key: bytes, answer: Written) -> int:
    """The bytes of a request: what is noted of it is about as large as its key, twice (target and query are texts)."""
    return len(key) if answer.note is None else 3 * len(key)


def _key(asked: Asked) -> bytes:
    # No target has a line break in it.
    return b"%b\n%b" % (asked.target, asked.body) if asked.body else asked.target


def _sorted(asked: Asked) -> Manner:
    """The manner of a request whose fields come in the order of their names."""
    # Fields of one name stay in their order.
    fields = sorted(asked.fields, key=itemgetter(0))
    return _manner(asked._replace(fields=fields))


def _manner(asked: Asked) -> Manner:
    """What it says beside target and body; a length that says no more than the body itself stands for any length."""
    fields = asked.fields
    if asked.body:
        length = (b"content-length", b"%d" % len(asked.body))
        if length in fields:
            place = fields.index(length)
            return asked.method, asked.scheme, asked.server, place, *fields[:place], *fields[place + 1 :]
    return asked.method, asked.scheme, asked.server, *fields
