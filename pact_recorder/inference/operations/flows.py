"""Values that an answer of one operation produced and a request of another used.

What counts is the cause, not the time: a value flows from one operation to another when it is in the answers of the
first, in no request of the first, and in a request of the second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final
from urllib.parse import unquote

from pact_recorder.http import parse_query
from pact_recorder.http.names import is_secret_field, split_words
from pact_recorder.inference.operations.evidence import Evidence
from pact_recorder.inference.operations.members import MEDIUM, STRONG, identity_strength, tells_identity
from pact_recorder.inference.operations.operation import Operation
from pact_recorder.inference.operations.place import Place
from pact_recorder.inference.operations.plurals import singular

_MOST_PRODUCERS: Final = 3
_LONGEST: Final = 4_096
_SMALLEST: Final = 10
_TELLING_LENGTH: Final = 8


@dataclass(frozen=True, slots=True)
class Flow:
    """Values under `member` of the producer's answers that were used in requests of the consumer.

    `where` is "path", "query", "form", "body" or "header", and `parameter` the name there (in a body its path,
    `$.user.id`). `example` is one of the values, as text, and `count` how many different ones are known.
    """

    producer: Operation
    member: str
    consumer: Operation
    where: str
    parameter: str
    example: str
    count: int


_Use = tuple[int, str, str]
"""A parameter of an operation, which is known by its number: looking at whole operations so often would be dear."""


def find_flows(operations: Mapping[Place, Operation], seen: Mapping[Place, Evidence]) -> tuple[Flow, ...]:
    """Every flow by consumer and parameter; of one parameter at most three, the likeliest producer first."""
    known = list(dict.fromkeys(operations.values()))
    numbers = {operation: number for number, operation in enumerate(known)}
    number_of = {place: numbers[operation] for place, operation in operations.items()}
    uses: dict[str, set[_Use]] = defaultdict(set)
    for place, evidence in seen.items():
        for where, name, value in _used(operations[place], place, evidence):
            uses[value].add((number_of[place], where, name))
    users = {value: {number for number, _, _ in each} for value, each in uses.items()}
    found: dict[_Use, dict[tuple[int, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for place, member, value in _produced(seen, filter(_is_value, uses)):
        producer = number_of[place]
        if value not in users or producer in users[value] or _strength(member) < MEDIUM:
            continue
        is_particular, is_mixed = _is_particular(value), _is_mixed(value)
        for use in uses[value]:
            if _is_telling(value, member, use, is_mixed) and (
                is_particular or _lists(known[producer], member, known[use[0]], use)
            ):
                found[use][producer, member].add(value)
    named = {
        (known[number], where, name): {(known[producer], member): values for (producer, member), values in each.items()}
        for (number, where, name), each in found.items()
    }
    ordered = sorted(named.items(), key=lambda item: _order(item[0]))
    return tuple(flow for use, producers in ordered for flow in _best(use, producers))


def _best(use: tuple[Operation, str, str], producers: Mapping[tuple[Operation, str], set[str]]) -> list[Flow]:
    """The producers of most values, those first that give the things that the parameter is named after."""
    consumer, where, name = use

    def rank(item: tuple[tuple[Operation, str], set[str]]) -> tuple[int, bool, bool, bool, str, str, str]:
        (producer, member), values = item
        related = _collection(producer) == name.removesuffix("_2")
        names = producer.provider, producer.name, member
        return -len(values), not related, producer.method != "POST", member != name, *names

    ranked = sorted(producers.items(), key=rank) if len(producers) > 1 else list(producers.items())
    return [
        Flow(producer, member, consumer, where, name, min(values), len(values))
        for (producer, member), values in ranked[:_MOST_PRODUCERS]
    ]


def _collection(operation: Operation) -> str:
    """What one of the things is called that an operation's path leads to."""
    return next((singular(each.text) for each in reversed(operation.segments) if each.text), "")


def _order(use: tuple[Operation, str, str]) -> tuple[str, str, str, str]:
    consumer, where, name = use
    return consumer.provider, consumer.name, where, name


def _produced(seen: Mapping[Place, Evidence], wanted: Iterable[str]) -> Iterator[tuple[Place, str, str]]:
    texts: set[str | int | bytes] = set(wanted)
    texts |= {int(text) for text in texts if isinstance(text, str) and text.isdecimal() and len(text) < 20}
    for place, evidence in seen.items():
        for member, sample in chain(evidence.produced.items(), evidence.issued.items()):
            for value in texts & sample.values():
                yield place, member, str(value)


def _used(operation: Operation, place: Place, evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    """Where requests carried which values: place, name, text."""
    yield from (("path", name, value) for name, value in _path_values(operation, place, evidence))
    for query in evidence.queries.values():
        yield from (("query", name, value) for name, value in parse_query(str(query)) if value)
    for form in evidence.forms.values():
        text = form.decode("latin-1") if isinstance(form, bytes) else str(form)
        yield from (("form", name, value) for name, value in parse_query(text) if value)
    for where, sample in evidence.bodies.items():
        yield from (("body", where, str(value)) for value in sample.values())
    for header, sample in evidence.credentials.items():
        yield from (("header", header, str(value)) for value in sample.values())


def _path_values(operation: Operation, place: Place, evidence: Evidence) -> Iterator[tuple[str, str]]:
    for position, segment in enumerate(operation.segments):
        if not segment.name or segment.tail:
            continue
        sample = evidence.values.get(position)
        values = sample.values() if sample is not None else {place.skeleton[position]}
        for value in values:
            inner = str(value).removeprefix(segment.before).removesuffix(segment.after)
            yield segment.name, unquote(inner)


def _is_value(value: str) -> bool:
    """Whether a value can say anything at all."""
    return 2 <= len(value) <= _LONGEST or value.isdecimal()


def _is_particular(value: str) -> bool:
    """Whether a value is seldom the same by chance."""
    return 2 <= len(value) <= _LONGEST and not (value.isdecimal() and int(value[:20]) < _SMALLEST)


def _lists(producer: Operation, member: str, consumer: Operation, use: _Use) -> bool:
    """Whether the consumer's path goes on where the producer's ends, with the value: then small numbers count, too."""
    length = len(producer.segments)
    return (
        use[1] == "path"
        and identity_strength(member) >= STRONG
        and producer.provider == consumer.provider
        and consumer.segments[:length] == producer.segments
        and len(consumer.segments) > length
        and consumer.segments[length].name == use[2]
    )


def _is_mixed(value: str) -> bool:
    """Whether a value is long and has digits, as identifiers have."""
    return len(value) >= _TELLING_LENGTH and any(map(str.isdigit, value))


def _is_telling(value: str, member: str, use: _Use, is_mixed: bool) -> bool:
    """Whether a particular value under a name that may identify came from there, presumably, and not by chance.

    Secrets, and what stands in for them in tests, are often plain words.
    """
    _, where, name = use
    if where == "header" or not tells_identity(member):
        return is_mixed and _strength(member) >= STRONG
    if where == "path":
        return True
    return identity_strength(member) >= STRONG and (is_mixed or (len(value) > 3 and _are_related(name, member)))


@lru_cache(maxsize=4096)
def _strength(member: str) -> float:
    """How surely a value under this member name is the same thing wherever it is: names of things, and secrets."""
    return STRONG if is_secret_field(member) else identity_strength(member)


@lru_cache(maxsize=8192)
def _are_related(name: str, member: str) -> bool:
    """Whether the last words of a parameter's name are among those of a member's."""
    return not set(split_words(name)[-2:]).isdisjoint(split_words(member))
