"""What has been seen at one place: how many requests, the values they carried, and what the answers were like.

Everything is kept in bounded space and in a way that does not depend on the order of requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pact_recorder.http import Request
from pact_recorder.inference.operations.credentials import without_scheme
from pact_recorder.inference.operations.members import tells_identity
from pact_recorder.inference.operations.place import Missing
from pact_recorder.inference.operations.sample import Sample
from pact_recorder.matching import JsonValue

KEPT_VALUES: Final = 1024
"""Different values kept of one parameter or one produced member, as long as all places together are within bounds."""
_KEPT_TEXTS: Final = 128
_KEPT_IN_BODIES: Final = 64
_TEXT_WEIGHT: Final = 8
_MOST_NAMES: Final = 128
_MOST_NAMES_OF_OBJECT: Final = 512
_MOST_PRODUCED: Final = 64
_MOST_BODY_PLACES: Final = 64
_MOST_CONTAINERS: Final = 64
_KEPT_SECRETS: Final = 64
_MOST_SECRETS: Final = 16
_LONGEST_VALUE: Final = 200
_LONGEST_TEXT: Final = 2_000
_LONGEST_SECRET: Final = 4_096
_SMALLEST_NUMBER: Final = 10
_TELLING: Final = re.compile(r"(?=.*\d)[\w.:/@=+-]{4,}", re.ASCII)

Value = str | int | bytes


class Evidence:
    """What is known of a place.

    `values` are those of segments with a form by their position, `queries` and `forms` whole texts, `bodies` scalars of
    JSON bodies by their path, `credentials` what headers proved with, `answers` counts by status, `produced` values of
    answers by member, `issued` the secrets among them that name nothing.
    """

    __slots__ = (
        "_members", "answers", "bodies", "credentials", "forms", "issued", "limit", "produced", "queries", "requests",
        "values",
    )  # fmt: skip

    def __init__(self, limit: int = KEPT_VALUES) -> None:
        self.limit = limit
        self.requests = 0
        self.values: dict[int, Sample] = {}
        self.queries = Sample(min(limit, _KEPT_TEXTS))
        self.forms = Sample(min(limit, _KEPT_TEXTS))
        self.bodies: dict[str, Sample] = {}
        self.credentials: dict[str, Sample] = {}
        self.answers: dict[int, int] = {}
        self.produced: dict[str, Sample] = {}
        self.issued: dict[str, Sample] = {}
        self._members: set[str] = set()

    @property
    def members(self) -> set[str]:
        """The names in JSON answers that succeeded; of very many the first in the alphabet."""
        if len(self._members) > _MOST_NAMES:
            self._members = set(sorted(self._members)[:_MOST_NAMES])
        return self._members

    @property
    def weight(self) -> int:
        """How much is held, in values."""
        texts = sum(sample.held for sample in self._texts())
        return _TEXT_WEIGHT * texts + sum(sample.held for sample in self._samples())

    def narrow(self, limit: int) -> None:
        """Keep no more than so many values of each kind from now on."""
        self.limit = limit
        for sample in (*self._texts(), *self._samples()):
            sample.narrow(limit)

    def _texts(self) -> tuple[Sample, ...]:
        return (self.queries, self.forms, *self.credentials.values(), *self.issued.values())

    def _samples(self) -> tuple[Sample, ...]:
        return (*self.values.values(), *self.bodies.values(), *self.produced.values())

    def asked(self, request: Request, body: JsonValue | Missing) -> None:
        """Count a request with the values of its query and body."""
        self.requests += 1
        query = request.query
        if query and len(query) <= _LONGEST_TEXT:
            self.queries.add(query)
        if request.body is not None:
            if _is_form(request):
                if 0 < len(request.body.content) <= _LONGEST_TEXT:
                    self.forms.add(request.body.content)
            elif not isinstance(body, Missing):
                for where, value in telling_scalars(body):
                    known = _kept(self.bodies, where, _MOST_BODY_PLACES, min(self.limit, _KEPT_IN_BODIES))
                    if known is not None:
                        known.add(value)

    def parted(self, position: int, value: str) -> None:
        """Keep the raw value of a segment that is a parameter by its form."""
        if len(value) > _LONGEST_VALUE:
            return
        known = self.values.get(position)
        if known is None:
            known = self.values[position] = Sample(self.limit)
        known.add(value)

    def answered(self, status: int, members: frozenset[str]) -> None:
        """Count an answer; `members` are the names in a JSON body."""
        self.answers[status] = self.answers.get(status, 0) + 1
        # An object with very many names is a map: they are no names of members.
        if 200 <= status < 300 and len(members) <= _MOST_NAMES_OF_OBJECT and not members <= self._members:
            self._members |= members
            if len(self._members) > 2 * _MOST_NAMES_OF_OBJECT:
                self._members = self.members

    def presented(self, credentials: Iterable[tuple[str, str]]) -> None:
        """Keep the credentials that requests had in headers of these names."""
        for name, value in credentials:
            self._keep_secrets(self.credentials, name, (without_scheme(value),))

    def made(self, member: str, values: Iterable[str | int]) -> None:
        """Keep values of an answer; of too many members the first in the alphabet are kept."""
        if not tells_identity(member):
            self._keep_secrets(self.issued, member, values)
        elif (known := _kept(self.produced, member, _MOST_PRODUCED, self.limit)) is not None:
            known.update(values)

    def _keep_secrets(self, samples: dict[str, Sample], name: str, values: Iterable[str | int]) -> None:
        known = _kept(samples, name, _MOST_SECRETS, min(self.limit, _KEPT_SECRETS))
        if known is not None:
            known.update([value for value in values if isinstance(value, int) or len(value) <= _LONGEST_SECRET])


def telling_scalars(body: JsonValue) -> list[tuple[str, str | int]]:
    """The scalars of a JSON body that may name a thing: what stands under such a name, and what looks like it.

    Each with its path, `$.user.id`, `$.tags[*]`; of a very great body those that come first.
    """
    telling: list[tuple[str, str | int]] = []
    todo: list[tuple[str, JsonValue]] = [("$", body)]
    for where, container in todo:
        is_object = type(container) is dict
        if is_object:
            members = list(container.items())[:_MOST_NAMES]
        elif type(container) is list:
            members = [("*", item) for item in container[:_MOST_NAMES]]
        else:
            continue
        for name, value in members:
            kind = type(value)
            if kind is str:
                kept = 1 < len(value) <= _LONGEST_VALUE and (tells_identity(name) or _TELLING.fullmatch(value))
            elif kind is int:
                kept = value >= _SMALLEST_NUMBER
            else:
                kept = False
                if (kind is dict or kind is list) and len(todo) < _MOST_CONTAINERS:
                    todo.append((f"{where}.{name}" if is_object else f"{where}[*]", value))
            if kept:
                telling.append((f"{where}.{name}" if is_object else f"{where}[*]", value))
    return telling


def _kept(samples: dict[str, Sample], name: str, most: int, limit: int) -> Sample | None:
    """The sample of a name; of too many names those that come first in the alphabet have one."""
    known = samples.get(name)
    if known is None:
        if len(samples) >= most:
            last = max(samples)
            if name > last:
                return None
            del samples[last]
        known = samples[name] = Sample(limit)
    return known


def _is_form(request: Request) -> bool:
    media_type = request.media_type
    return media_type is not None and media_type.is_form
