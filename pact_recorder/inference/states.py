"""Provider states: what must be there before a request makes sense.

Where a value in a request was produced by the answer of another operation, the provider has to have that thing: an
order that was created, a user that was listed, a caller who has logged in. The state is named after the parameter and
carries the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeAlias

from pact_recorder.http import Request, parse_query
from pact_recorder.inference.messages import FORM, JSON, AnsweredKind, content_of
from pact_recorder.inference.nouns import member_name, spelled, thing_of, with_article
from pact_recorder.inference.operations import Flow, Operation
from pact_recorder.inference.operations.credentials import without_scheme
from pact_recorder.inference.operations.evidence import telling_scalars
from pact_recorder.inference.operations.plurals import is_plural, singular
from pact_recorder.inference.shapes import Shape
from pact_recorder.matching import JsonValue
from pact_recorder.pact import ProviderState

_GONE = frozenset({404, 410})
_UNKNOWN = 401
_UNAUTHORISED = frozenset({_UNKNOWN, 403})
_MOST_BESIDE_PATH = 8

_Flows: TypeAlias = Mapping[tuple[str, str], Flow]


class States:
    """The states of a provider's interactions, from the values that flow between its operations."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        self._flows: dict[Operation, dict[tuple[str, str], Flow]] = {}
        for flow in flows:
            # The first producer of a parameter is the likeliest.
            self._flows.setdefault(flow.consumer, {}).setdefault((flow.where, flow.parameter), flow)

    def of(
        self, operation: Operation, request: Request, answered: AnsweredKind, alike: Shape, succeeds: bool = False
    ) -> tuple[ProviderState, ...]:
        """The states that an interaction needs: by path, query, body, and by who calls.

        `alike` is the shape of all requests of the kind. `succeeds` says that other requests of the operation found
        what they asked for: then a request that did not needs a state without it, wherever its value is from.
        """
        flows = self._flows.get(operation, {})
        missing = answered.status in _GONE
        in_path = operation.parameters(request.path) if flows or missing else {}
        produced = [name for name in in_path if ("path", name) in flows]
        states = [_state(name, in_path[name], missing and name == produced[-1]) for name in produced]
        if flows:
            known = {"", *in_path.values()}
            beside = (each for each in _beside_path(request, flows) if str(each[1]) not in known)
            states += [_state(name, value, flow=flow) for name, value, flow in islice(beside, _MOST_BESIDE_PATH)]
        if missing and succeeds and in_path and not produced:
            states.append(_state(*list(in_path.items())[-1], True))
        if answered.status != _UNKNOWN:
            states += _callers(request, flows, alike)
        if answered.status in _UNAUTHORISED:
            states.append(ProviderState("the caller may not do this"))
        return tuple(state for number, state in enumerate(states) if state not in states[:number])

    def why(self, operation: Operation) -> list[str]:
        """A sentence for each parameter whose value another operation produced."""
        return [
            f"{flow.parameter} ({flow.where}): produced by {flow.producer.name} as `{flow.member}`"
            for _, flow in sorted(self._flows.get(operation, {}).items())
        ]


def _beside_path(request: Request, flows: _Flows) -> Iterator[tuple[str, JsonValue, Flow]]:
    """The names and values of what was produced and is in the query, then in the body; and where they came from."""
    for name, text in sorted(parse_query(request.query or ""), key=lambda pair: pair[0]):
        if text and ("query", name) in flows:
            yield name, text, flows["query", name]
    sent = sorted((where, name) for where, name in flows if where in ("body", "form"))
    if not sent:
        return
    content = content_of(request)
    found: dict[tuple[str, str], list[JsonValue]] = {}
    if content.form == FORM:
        found = {("form", name): values for name, values in content.value.items()}
    elif content.form == JSON:
        for path, scalar in telling_scalars(content.value):
            found.setdefault(("body", path), []).append(scalar)
    for key in sent:
        values = found.get(key, [])
        if values:
            value = next((value for value in values if str(value) == flows[key].example), values[0])
            yield member_name(key[1]) if key[0] == "body" else key[1], value, flows[key]


def _callers(request: Request, flows: _Flows, alike: Shape) -> Iterator[ProviderState]:
    """The states of a caller whose credentials some answer produced, where every request of the kind has such."""
    for (where, header), flow in sorted(flows.items()):
        value = request.headers.get(header) if where == "header" else None
        if value and _is_always_sent(header, alike):
            held = f"has {with_article(spelled(flow.member))}"
            name = f"the caller {'has logged in' if header == 'authorization' else held}"
            yield ProviderState(name, {flow.member: without_scheme(value)})


def _is_always_sent(header: str, alike: Shape) -> bool:
    headers = alike.objects and alike.objects.members.get("header")
    if alike.objects is None or not headers or headers.objects is None:
        return False
    sent = headers.objects.members.get(header)
    return sent is not None and sent.seen == alike.objects.count


def _state(parameter: str, value: JsonValue, missing: bool = False, flow: Flow | None = None) -> ProviderState:
    noun = thing_of([parameter] if flow is None else [parameter, flow.member, *_collection(flow.producer)])
    return ProviderState(f"{f'no {noun}' if missing else with_article(noun)} exists", {parameter: value})


def _collection(operation: Operation) -> list[str]:
    """What one of the things is called whose collection an operation's path leads to."""
    last = next((segment.text for segment in reversed(operation.segments) if segment.text), "")
    return [singular(last)] if is_plural(last) else []
