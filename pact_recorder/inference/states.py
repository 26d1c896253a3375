"""Provider states: what must be there before a request makes sense.

Where a value in a request was produced by the answer of another operation, the provider has to have that thing: an
order that was created, a user that was listed. The state is named after the parameter and carries the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pact_recorder.http import Request, parse_query
from pact_recorder.inference.messages import AnsweredKind
from pact_recorder.inference.operations import Flow, Operation
from pact_recorder.pact import ProviderState

_GONE = frozenset({404, 410})
_UNAUTHORISED = frozenset({401, 403})


class States:
    """The states of a provider's interactions, from the values that flow between its operations."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        self._flows: dict[Operation, dict[tuple[str, str], Flow]] = {}
        for flow in flows:
            # The first producer of a parameter is the likeliest.
            self._flows.setdefault(flow.consumer, {}).setdefault((flow.where, flow.parameter), flow)

    def of(
        self, operation: Operation, request: Request, answered: AnsweredKind, succeeds: bool = False
    ) -> tuple[ProviderState, ...]:
        """The states that an interaction needs, in the order of the path and then by name.

        `succeeds` says that other requests of the operation found what they asked for: then a request that did not
        needs a state without it, wherever its value is from.
        """
        flows = self._flows.get(operation, {})
        missing = answered.status in _GONE
        in_path = operation.parameters(request.path) if flows or missing else {}
        states = [
            _state(parameter, value, missing and name == last)
            for last, name, parameter, value in _used(in_path, request, flows)
        ]
        if missing and succeeds and in_path and not any(("path", name) in flows for name in in_path):
            states.append(_state(*list(in_path.items())[-1], True))
        if answered.status in _UNAUTHORISED:
            states.append(ProviderState("the caller may not do this"))
        return tuple(states)

    def why(self, operation: Operation) -> list[str]:
        """A sentence for each parameter whose value another operation produced."""
        return [
            f"{flow.parameter} ({flow.where}): produced by {flow.producer.name} as `{flow.member}`"
            for _, flow in sorted(self._flows.get(operation, {}).items())
        ]


def _used(
    in_path: Mapping[str, str], request: Request, flows: Mapping[tuple[str, str], Flow]
) -> list[tuple[str, str, str, str]]:
    """The parameters with a produced value: the last of the path's, the parameter's key, its name and the value."""
    if not flows:
        return []
    last = next((name for name in reversed(list(in_path)) if ("path", name) in flows), "")
    used = [(last, name, name, value) for name, value in in_path.items() if ("path", name) in flows]
    for name, value in sorted(parse_query(request.query or ""), key=lambda pair: pair[0]):
        if value and ("query", name) in flows:
            used.append((last, f"query {name}", name, value))
    return used


def _state(parameter: str, value: str, missing: bool) -> ProviderState:
    noun = parameter.replace("_", " ").replace("-", " ").strip() or "value"
    article = "an" if noun[:1].lower() in "aeiou" else "a"
    return ProviderState(f"{'no' if missing else article} {noun} exists", {parameter: value})
