"""Provider states over HTTP: what is posted to the URL that changes them, as by the reference, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pact_recorder.cli.provider_client import Client, NoAnswerError, ServiceAddress
from pact_recorder.errors import LimitError, StateChangeError
from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import JsonValue
from pact_recorder.pact import ProviderState, format_json, parse_json
from pact_recorder.verification import StateAction

_JSON = Headers([("Content-Type", "application/json")])


@dataclass(frozen=True, slots=True)
class StateServer:
    """Changes states by a POST for each; `adjust` changes the request as it does those to the provider."""

    client: Client
    address: ServiceAddress
    adjust: Callable[[Request], Request]

    def __call__(self, state: ProviderState, action: StateAction) -> Mapping[str, JsonValue]:
        """The values that the server answers with. Raises StateChangeError unless it says that it is done."""
        asked = format_json({"state": state.name, "params": dict(state.params), "action": action})
        request = Request("POST", self.address.path or "/", self.address.query, _JSON, Body(asked.encode()))
        try:
            answer = self.client.send(self.address, self.adjust(request))
        except NoAnswerError as error:
            raise StateChangeError(str(error)) from None
        if not 200 <= answer.status < 300:
            raise StateChangeError(f"the server of the states answered {answer.status} {answer.reason}".rstrip())
        return _values(answer)


def _values(answer: Response) -> Mapping[str, JsonValue]:
    """The members of a JSON object; an answer that is something else has no values to give."""
    try:
        value = parse_json(answer.body.content.decode()) if answer.body is not None else None
    except (ValueError, LimitError):
        return {}
    return value if isinstance(value, dict) else {}
