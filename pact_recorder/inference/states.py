"""Provider states: what must be there before a request makes sense.

Where a value in a request was produced by the answer of another operation, the provider has to have that thing: an
order that was created, a user that was listed, a caller who has logged in. The state is named after the parameter and
carries the value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import TypeAlias

from pact_recorder.http import Request, parse_query
from pact_recorder.inference.messages import FORM, JSON, AnsweredKind, content_of
from pact_recorder.inference.nouns import member_name, spelled, thing_of, with_article
from pact_recorder.inference.operations import Flow, Operation
from pact_recorder.inference.operations.credentials import without_scheme
from pact_recorder.inference.operations.evidence import telling_scalars
from pact_recorder.inference.operations.plurals import is_plural, singular
from pact_recorder.matching import JsonValue
from pact_recorder.pact import ProviderState

_GONE = frozenset({404, 410})
_UNKNOWN = 401
_UNAUTHORISED = frozenset({_UNKNOWN, 403})
_MOST_BESIDE_PATH = 8

_Flows: TypeAlias = Mapping[str, Mapping[str, Flow]]


class States:
    """The states of a provider's interactions, from the values that flow between its operations."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        self._flows: dict[Operation, dict[str, dict[str, Flow]]] = {}
        for flow in flows:
            # The first producer of a parameter is the likeliest.
            self._flows.setdefault(flow.consumer, {}).setdefault(flow.where, {}).setdefault(flow.parameter, flow)

    def of(
        self,
        operation: Operation,
        request: Request,
        answered: AnsweredKind,
        credentials: Collection[str],
        succeeds: bool = False,
    ) -> tuple[ProviderState, ...]:
        """The states that an interaction needs: by path, query, body, and by who calls.

        `credentials` are the headers with some that all requests of the kind had. `succeeds` says that other requests
        of the operation found what they asked for: then a request that did not needs a state without it, wherever its
        value is from.
        """
        flows = self._flows.get(operation, {})
        missing = answered.status in _GONE
        in_path = operation.parameters(request.path) if flows or missing else {}
        produced = [name for name in in_path if name in flows.get("path", ())]
        states = [_state(name, in_path[name], missing and name == produced[-1]) for name in produced]
        if flows:
            known = {"", *in_path.values()}
            beside = (each for each in _beside_path(request, flows) if str(each[1]) not in known)
            states += [_state(name, value, flow=flow) for name, value, flow in islice(beside, _MOST_BESIDE_PATH)]
        if missing and succeeds and in_path and not produced:
            states.append(_state(*list(in_path.items())[-1], True))
        if "header" in flows and answered.status != _UNKNOWN:
            states += _callers(request, flows["header"], credentials)
        if answered.status in _UNAUTHORISED:
            states.append(ProviderState("the caller may not do this"))
        return tuple(state for number, state in enumerate(states) if state not in states[:number]) if states else ()

    def why(self, operation: Operation) -> list[str]:
        """A sentence for each parameter whose value another operation produced."""
        return [
            f"{flow.parameter} ({flow.where}): produced by {flow.producer.name} as `{flow.member}`"
            for _, found in sorted(self._flows.get(operation, {}).items())
            for _, flow in sorted(found.items())
        ]


def _beside_path(request: Request, flows: _Flows) -> Iterator[tuple[str, JsonValue, Flow]]:
    """The names and values of what was produced and is in the query, then in the body; and where they came from."""
    queried = flows.get("query", {})
    if queried and request.query:
        for name, text in sorted(parse_query(request.query), key=itemgetter(0)):
            if text and name in queried:
                yield name, text, queried[name]
    if "body" not in flows and "form" not in flows:
        return
    content = content_of(request)
    if content.form == FORM:
        for name, flow in sorted(flows.get("form", {}).items()):
            if name in content.value:
                yield name, _likeliest(content.value[name], flow), flow
    elif content.form == JSON and "body" in flows:
        found: dict[str, list[JsonValue]] = {}
        for path, scalar in telling_scalars(content.value):
            found.setdefault(path, []).append(scalar)
        for path, flow in sorted(flows["body"].items()):
            if path in found:
                yield member_name(path), _likeliest(found[path], flow), flow


def _likeliest(values: Sequence[JsonValue], flow: Flow) -> JsonValue:
    """The value that is known to have been produced, when it is among these."""
    return next((value for value in values if str(value) == flow.example), values[0])


def _callers(request: Request, flows: Mapping[str, Flow], sent: Collection[str]) -> Iterator[ProviderState]:
    """The states of a caller whose credentials some answer produced, where every request of the kind has such."""
    for header, flow in sorted(flows.items()):
        value = request.headers.get(header)
        if value and header in sent:
            held = f"has {with_article(spelled(flow.member))}"
            name = f"the caller {'has logged in' if header == 'authorization' else held}"
            yield ProviderState(name, {flow.member: without_scheme(value)})


def _state(parameter: str, value: JsonValue, missing: bool = False, flow: Flow | None = None) -> ProviderState:
    noun = thing_of([parameter] if flow is None else [parameter, flow.member, *_collection(flow.producer)])
    return ProviderState(f"{f'no {noun}' if missing else with_article(noun)} exists", {parameter: value})


def _collection(operation: Operation) -> list[str]:
    """What one of the things is called whose collection an operation's path leads to."""
    last = next((segment.text for segment in reversed(operation.segments) if segment.text), "")
    return [singular(last)] if is_plural(last) else []
