"""Which interactions of a contract are verified."""

import pytest

from pact_recorder.errors import UsageError
from pact_recorder.matching import ExpectedRequest, ExpectedResponse
from pact_recorder.pact import Interaction, ProviderState
from pact_recorder.verification import Selection


def interaction(description: str, *states: str) -> Interaction:
    return Interaction(description, ExpectedRequest(), ExpectedResponse(), tuple(map(ProviderState, states)))


INTERACTIONS = {
    "plain": interaction("get a user"),
    "unnamed": interaction("list users", ""),
    "stateful": interaction("get an order", "it rains", "an order exists"),
}


@pytest.mark.parametrize(
    ("selection", "selected"),
    [
        (Selection(), {"plain", "unnamed", "stateful"}),
        (Selection("user"), {"plain", "unnamed"}),
        (Selection("^get .* user$"), {"plain"}),
        (Selection(state="order"), {"stateful"}),
        (Selection(state=""), {"stateful"}),
        (Selection("user", "order"), set()),
        (Selection(without_state=True), {"plain", "unnamed"}),
        (Selection("order", without_state=True), set()),
    ],
)
def test_selection(selection: Selection, selected: set[str]) -> None:
    assert {name for name, each in INTERACTIONS.items() if selection(each)} == selected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"description": "("}, r'"\(" selects no interactions by description, as it is no regular expression'),
        ({"state": "["}, r'"\[" selects no interactions by state'),
        ({"state": "a", "without_state": True}, "not both"),
    ],
)
def test_what_cannot_be_selected(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Selection(**arguments)
