"""What is in a session, as values; `--json` prints them as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pact_recorder.http import Exchange
from pact_recorder.http.identity import question_identity
from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.inference import Inference
from pact_recorder.inference.operations import Operation, PathHints
from pact_recorder.recordings import Configuration, RecordedExchange, SessionHeader


@dataclass(slots=True)
class OperationView:
    """What can be asked of a provider, with a template of its path: how often it was recorded, and what it answered.

    `call` tells apart what shares method and path (RPC, GraphQL), `name` is all of it in words.
    """

    name: str
    provider: str
    method: str
    path: str
    call: str = ""
    exchanges: int = 0
    different: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    largest_answer: int = 0


@dataclass(frozen=True, slots=True)
class SequenceView:
    """A request that was answered differently over time: the statuses in the recorded order."""

    provider: str
    method: str
    target: str
    statuses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BodiesView:
    """The bodies: how many there are, their bytes, how many are only a beginning, and the largest."""

    count: int
    bytes: int
    cut: int
    largest: int
    largest_of: str


@dataclass(frozen=True, slots=True)
class RedactionView:
    """The placeholders of one kind of secret: how many different ones, and how often they stand somewhere."""

    name: str
    secrets: int
    places: int


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session at a glance."""

    name: str
    path: str
    tool: str
    created: str
    exchanges: int
    different: int
    operations: tuple[OperationView, ...]
    sequences: tuple[SequenceView, ...]
    bodies: BodiesView
    redactions: tuple[RedactionView, ...]
    missing: int = 0


def session_view(
    header: SessionHeader, entries: Sequence[RecordedExchange], path: Path, configured: Configuration
) -> SessionView:
    """Look through a session; providers and path templates are those that an export would have."""
    return SessionView(
        name=header.name,
        path=str(path),
        tool=header.tool,
        created=datetime.fromtimestamp(header.created, UTC).isoformat(timespec="seconds") if header.created else "",
        exchanges=sum(entry.count for entry in entries),
        different=len(entries),
        operations=_operations(entries, configured),
        sequences=tuple(_sequences(entries)),
        bodies=_bodies(entries),
        redactions=_redactions(entries),
        missing=header.missing,
    )


def _operations(entries: Sequence[RecordedExchange], configured: Configuration) -> tuple[OperationView, ...]:
    found: dict[Operation, OperationView] = {}
    for entry, operation in zip(entries, _operation_of_each(entries, configured), strict=True):
        response = entry.exchange.response
        view = found.get(operation)
        if view is None:
            own = operation.provider, operation.method, operation.path_template, operation.call
            view = found[operation] = OperationView(operation.name, *own)
        view.exchanges += entry.count
        view.different += 1
        _add(view.statuses, str(response.status), entry.count)
        if response.body is not None and response.body.content:
            _add(view.types, response.media_type.essence if response.media_type else "(no type)", entry.count)
            view.largest_answer = max(view.largest_answer, len(response.body.content))
    return tuple(sorted(found.values(), key=lambda each: (each.provider, each.path, each.method, each.call)))


def _operation_of_each(entries: Iterable[RecordedExchange], configured: Configuration) -> Iterator[Operation]:
    inference = Inference(PathHints(configured.force, configured.forbid), configured.provider_of)
    places = [inference.add(entry.exchange) for entry in entries]
    operations = inference.operations()
    return (operations[place] for place in places)


def _add(counts: dict[str, int], name: str, count: int) -> None:
    counts[name] = counts.get(name, 0) + count


def _sequences(entries: Iterable[RecordedExchange]) -> Iterator[SequenceView]:
    questions: dict[str, list[RecordedExchange]] = {}
    for entry in entries:
        questions.setdefault(question_identity(entry.exchange.request), []).append(entry)
    for answers in questions.values():
        if len(answers) > 1:
            request = answers[0].exchange.request
            yield SequenceView(request.authority, request.method, request.target, _in_order(answers))


def _in_order(answers: Sequence[RecordedExchange]) -> tuple[int, ...]:
    placed = [(place, entry.exchange.response.status) for entry in answers for place in entry.at]
    return tuple(status for _, status in sorted(placed)) or tuple(each.exchange.response.status for each in answers)


def _bodies(entries: Iterable[RecordedExchange]) -> BodiesView:
    sizes: list[int] = []
    cut = largest = 0
    largest_of = ""
    for entry in entries:
        exchange = entry.exchange
        for side, body in (("request of", exchange.request.body), ("answer to", exchange.response.body)):
            if body is None or not body.content:
                continue
            sizes.append(len(body.content))
            cut += body.cut
            if len(body.content) > largest:
                largest, largest_of = len(body.content), f"{side} {exchange.request.method} {exchange.request.target}"
    return BodiesView(len(sizes), sum(sizes), cut, largest, largest_of)


def _redactions(entries: Iterable[RecordedExchange]) -> tuple[RedactionView, ...]:
    places: Counter[str] = Counter()
    for entry in entries:
        for text in _texts(entry.exchange):
            places.update(PLACEHOLDER.findall(text))
    names = Counter(placeholder.split("-")[1] for placeholder in places)
    totals: Counter[str] = Counter()
    for placeholder, count in places.items():
        totals[placeholder.split("-")[1]] += count
    return tuple(RedactionView(name, names[name], totals[name]) for name in sorted(names))


def _texts(exchange: Exchange) -> Iterator[str]:
    yield exchange.request.target
    for message in (exchange.request, exchange.response):
        yield from (value for _, value in (*message.headers.fields, *message.trailers.fields))
        if message.body is not None:
            yield message.body.content.decode("utf-8", "ignore")
