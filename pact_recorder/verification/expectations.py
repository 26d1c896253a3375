"""Whether active expectations satisfy a contract: would a consumer's test against them prove anything to the provider?

Each interaction's example request is put to the expectations, reading only. Recorded requests of its path and query
match it as well when they are what the contract asks for: they may have headers that it says nothing of, and the body
that its rules allow. The interaction is verified when an answer of one that matches, any turn of its sequence, is what
the contract expects, by the contract's own rules. Reasons are MockServer's sentences where it has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pact_recorder.errors import LimitError
from pact_recorder.http import Request, Response
from pact_recorder.matching import (
    BodyMismatch,
    BodyTypeMismatch,
    ExpectedRequest,
    ExpectedResponse,
    HeaderMismatch,
    MatchingRules,
    Mismatch,
    StatusMismatch,
    compile_request,
    compile_response,
)
from pact_recorder.mock import Expectation, Expectations, RecordedExpectation, RuledExpectation, example_request
from pact_recorder.pact import AnyInteraction, Contract, Interaction, parse_json

NO_EXPECTATION = "no matching expectation found"
NO_RESPONSE = "unverifiable (non-static action) — only response expectations can be verified against a Pact contract"
A_MESSAGE = "interaction is a message — only HTTP interactions can be verified against expectations"
_LONGEST_SHOWN = 100
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class InteractionReport:
    """Whether one interaction is verified, and if not, why: one sentence, and every mismatch of the nearest answer."""

    description: str
    verified: bool
    reason: str = ""
    mismatches: tuple[Mismatch, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The entry in MockServer's report."""
        entry: dict[str, Any] = {"description": self.description, "verified": self.verified}
        return entry | {"reason": self.reason} if self.reason else entry

    def to_detailed_json(self) -> dict[str, Any]:
        """The same with every mismatch."""
        details = [mismatch.to_json() for mismatch in self.mismatches]
        return self.to_json() | ({"mismatches": details} if details else {})


@dataclass(frozen=True, slots=True)
class ContractReport:
    """What became of each interaction of a contract, in its order."""

    interactions: tuple[InteractionReport, ...]

    @property
    def verified(self) -> bool:
        """Whether every interaction is."""
        return all(interaction.verified for interaction in self.interactions)

    def to_json(self) -> dict[str, Any]:
        """MockServer's report: `{verified, interactions: [{description, verified[, reason]}]}`."""
        return {"verified": self.verified, "interactions": [each.to_json() for each in self.interactions]}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The expectations that the request of an interaction may match; iterated, they give the answers of those that do.

    `found` match. `alike` are recorded ones of the same method and path, whose requests are only read when they are
    reached: that may take long, and may be done in another thread. Each answer of theirs has a request of its own,
    since headers that select nothing do not tell expectations apart. `withheld` says why there are none where there
    would be without the provider states that they wait for.
    """

    request: ExpectedRequest
    found: Sequence[Expectation] = ()
    alike: Sequence[RecordedExpectation] = ()
    withheld: str = ""

    def __iter__(self) -> Iterator[Response]:
        for found in self.found:
            yield from found.responses()
        asked = compile_request(at_its_place(self.request))
        for exchange in (each for expectation in self.alike for each in expectation.exchanges()):
            if not asked.match(exchange.request):
                yield exchange.response


def verify_contract(
    contract: Contract,
    expectations: Expectations,
    now: float,
    redacted: Callable[[Request], Request] = lambda request: request,
) -> ContractReport:
    """The report on a contract. `now` decides which expectations are still active.

    `redacted` gives a request the form in which recordings hold it. Nothing is used up.
    """
    return ContractReport(
        tuple(
            judge(interaction, matching_expectations(interaction, expectations, now, redacted))
            for interaction in contract.interactions
        )
    )


def matching_expectations(
    interaction: AnyInteraction, expectations: Expectations, now: float, redacted: Callable[[Request], Request]
) -> Candidates | None:
    """The active expectations that match the example request of an interaction, of any host; None for a message.

    The example is tried as it is, for expectations that were set with the same secrets, and as a recording holds it.
    """
    if not isinstance(interaction, Interaction):
        return None
    example = example_request(interaction.request)
    forms = [example]
    if (as_recorded := redacted(example)) != example:
        forms.append(as_recorded)
    found = _different(each for form in forms for each in expectations.find_all(form, now))
    alike = _different(each for form in forms for each in expectations.recorded.alike(form))
    open_ = [each for each in found if _in_states(each, interaction)]
    withheld = _withheld(interaction) if found and not open_ else ""
    return Candidates(interaction.request, open_, [each for each in alike if each not in found], withheld)


def _without_answer(candidates: Candidates) -> str:
    return NO_RESPONSE if candidates.found else candidates.withheld or NO_EXPECTATION


def _in_states(expectation: Expectation, interaction: Interaction) -> bool:
    """Whether an expectation answers in the provider states that the interaction declares.

    Only those that wait for one in MockServer's scenario are held to it: a contract's own are taken as they are.
    """
    if not isinstance(expectation, RuledExpectation) or expectation.scenario is None:
        return True
    waited_for = {state.name for state in expectation.provider_states}
    return not waited_for or not waited_for.isdisjoint(state.name for state in interaction.provider_states)


def _withheld(interaction: Interaction) -> str:
    if not interaction.provider_states:
        return "matching expectation found but it requires a provider state not declared by this interaction"
    return f"no matching expectation found for provider state '{interaction.provider_states[0].name}'"


def judge(interaction: AnyInteraction, answers: Iterable[Response] | None) -> InteractionReport:
    """The report on one interaction, given the answers of what matches its request; None for a message."""
    if not isinstance(interaction, Interaction) or answers is None:
        return InteractionReport(interaction.description, False, A_MESSAGE)
    expected = compile_response(interaction.response)
    nearest: tuple[Response, list[Mismatch]] | None = None
    for response in answers:
        mismatches = expected.match(response)
        if not mismatches:
            return InteractionReport(interaction.description, True)
        if nearest is None or len(mismatches) < len(nearest[1]):
            nearest = response, mismatches
    if nearest is None:
        reason = _without_answer(answers) if isinstance(answers, Candidates) else NO_EXPECTATION
        return InteractionReport(interaction.description, False, reason)
    response, mismatches = nearest
    reason = _reason(mismatches[0], interaction.response, response)
    return InteractionReport(interaction.description, False, reason, tuple(mismatches))


def _different(expectations: Iterable[Kind]) -> list[Kind]:
    return list(dict.fromkeys(expectations))


def at_its_place(request: ExpectedRequest) -> ExpectedRequest:
    """What only requests of the example's path and query match; rules for headers and body stay."""
    rules = {category: rules for category in ("header", "body") if (rules := request.rules.category(category))}
    return replace(request, rules=MatchingRules(rules))


def _reason(mismatch: Mismatch, expected: ExpectedResponse, actual: Response) -> str:
    """MockServer's sentence for the first mismatch; where rules decide, the engine's own."""
    if isinstance(mismatch, StatusMismatch):
        return _status_reason(mismatch, expected)
    if isinstance(mismatch, HeaderMismatch):
        return f"header mismatch: {_header_reason(mismatch, expected, actual)}"
    if isinstance(mismatch, (BodyMismatch, BodyTypeMismatch)):
        return f"body mismatch: {_body_reason(mismatch, expected, actual)}"
    return mismatch.sentence


def _status_reason(mismatch: StatusMismatch, expected: ExpectedResponse) -> str:
    if expected.rules.category("status"):
        return f"status code mismatch: {mismatch.sentence}"
    return f"status code mismatch: expected {mismatch.expected} but was {mismatch.actual}"


def _header_reason(mismatch: HeaderMismatch, expected: ExpectedResponse, actual: Response) -> str:
    values = actual.headers.get_all(mismatch.key)
    if not values:
        return f"expected header '{mismatch.key}' not found in response"
    if any(name.lower() == mismatch.key.lower() for name in expected.rules.category("header")):
        return mismatch.sentence
    missing = _first_missing(expected, mismatch.key, values)
    if missing is None:
        return mismatch.sentence
    return f"header '{mismatch.key}' expected value '{missing}' not found (actual values: [{', '.join(values)}])"


def _first_missing(expected: ExpectedResponse, name: str, actual: Sequence[str]) -> str | None:
    """The first expected value of a header that is not there; None when there are only others or another order."""
    wanted = [value for each, values in expected.headers.items() if each.lower() == name.lower() for value in values]
    return next((value for value in wanted if value not in actual), None)


def _body_reason(mismatch: BodyMismatch | BodyTypeMismatch, expected: ExpectedResponse, actual: Response) -> str:
    wanted, given = expected.body, actual.body
    if wanted is None or not wanted.content:
        return mismatch.sentence
    if given is None or not given.content:
        return "expected body but response has no body"
    media_type = expected.media_type
    # Without a type the contract's text tells whether it wants JSON.
    is_json = _is_json(wanted.text(None)) if media_type is None else media_type.is_json
    if is_json and not _is_json(given.text(actual.media_type)):
        return "expected JSON body but response body is not valid JSON"
    if isinstance(mismatch, BodyTypeMismatch) or expected.rules.category("body"):
        return mismatch.sentence
    if is_json:
        return "JSON bodies are not equal"
    wanted_text, given_text = wanted.text(media_type), given.text(actual.media_type)
    if wanted_text is None or given_text is None:
        return mismatch.sentence
    return f"expected '{_shown(wanted_text)}' but was '{_shown(given_text)}'"


def _is_json(text: str | None) -> bool:
    try:
        parse_json(text or "")
    except (ValueError, LimitError):
        return False
    return True


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
