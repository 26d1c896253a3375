"""A miss: a request that nothing matches, with the nearest expectation, why it failed, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pact_recorder.http import Request
from pact_recorder.http.visible import visible
from pact_recorder.matching import Mismatch
from pact_recorder.mock.expectation import Expectation, Origin, RuledExpectation

_LONGEST_URL = 300
_LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class Nearest:
    """The expectation that came closest, and why it did not match.

    `asked_host` is the authority that the client asked for, where that is another than the expectation's.
    """

    expectation: Expectation
    mismatches: tuple[Mismatch, ...]
    asked_host: str | None = None

    @property
    def sentences(self) -> list[str]:
        """Every difference as a sentence."""
        found = [mismatch.sentence for mismatch in self.mismatches]
        if self.asked_host is not None:
            found.insert(0, f"expected host '{self.expectation.host}' but was '{self.asked_host}'")
        return found


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a request has no answer. `reason` is a word for programs, `advice` one sentence for people."""

    request: Request
    reason: str
    advice: str
    nearest: Nearest | None = None

    def to_json(self) -> dict[str, Any]:
        """The body of the answer that a missed request gets."""
        document: dict[str, Any] = {
            "error": f"no active expectation matches {self.request.method} {self.request.target}",
            "reason": self.reason,
            "request": {"method": self.request.method, "url": self.request.url},
            "nearest": None,
            "advice": self.advice,
        }
        if self.nearest is not None:
            document["nearest"] = _nearest_json(self.nearest)
        return document

    def line(self) -> str:
        """The same in one line of bounded length, for a log: what clients sent cannot break it or steer a terminal."""
        return visible(self._told()[:_LONGEST_LINE])

    def _told(self) -> str:
        shown = f"no answer for {self.request.method} {self.request.url[:_LONGEST_URL]}"
        sentences = self.nearest.sentences if self.nearest is not None else []
        if self.nearest is None or not sentences:
            return f"{shown}: {self.advice}"
        why, more = "; ".join(sentences[:3]), len(sentences) - 3
        return f"{shown}: nearest is {_title(self.nearest.expectation)}: {why}{f' (+{more} more)' * (more > 0)}"


def _nearest_json(nearest: Nearest) -> dict[str, Any]:
    expected = nearest.expectation.expected()
    mismatches = [mismatch.to_json() for mismatch in nearest.mismatches]
    if nearest.asked_host is not None:
        host = {"type": "HostMismatch", "expected": nearest.expectation.host, "actual": nearest.asked_host}
        mismatches.insert(0, host | {"mismatch": nearest.sentences[0]})
    return {
        "id": nearest.expectation.id,
        "origin": nearest.expectation.origin.value,
        "description": nearest.expectation.description,
        "method": expected.method if expected else None,
        "path": expected.path if expected else None,
        "host": nearest.expectation.host or None,
        "mismatches": mismatches,
    }


def _title(expectation: Expectation) -> str:
    expected = expectation.expected()
    place = f"{expected.method} {expected.path}" if expected else expectation.id
    return expectation.description or place


def nothing_active(request: Request) -> Miss:
    """A miss because there is nothing to match."""
    return Miss(
        request,
        "nothing-active",
        "No expectation is active: start with a session or a contract, or set expectations through the control API "
        "(PUT /mockserver/expectation, /mockserver/import).",
    )


def no_match(request: Request, nearest: Nearest | None) -> Miss:
    """A miss because no active expectation matches."""
    if nearest is None:
        advice = f"Nothing was recorded at {request.path} or near it: record this call, or check the base URL."
        return Miss(request, "no-match", advice)
    advice = _ADVICE.get(nearest.expectation.origin, _SET)
    if nearest.sentences:
        advice += f" The first difference: {nearest.sentences[0]}"
    return Miss(request, "no-match", advice, nearest)


def too_slow(request: Request) -> Miss:
    """A miss because comparing would have taken longer than it may."""
    advice = (
        "Not everything active could be compared: its regular expressions, paths, schemas and bodies take longer "
        "than they may in all for one request. Simplify those that backtrack, or take expectations out."
    )
    return Miss(request, "too-slow", advice)


def used_up(request: Request, expectation: Expectation) -> Miss:
    """A miss because the expectation that matches may not answer any more."""
    advice = "The expectation that matches was given as often, or as long, as it was set for: set it again."
    return Miss(request, "used-up", advice, Nearest(expectation, ()))


def in_other_state(request: Request, expectation: RuledExpectation) -> Miss:
    """A miss because what matches waits for provider states that are not chosen, or for a scenario's state."""
    names = ", ".join(f'"{state.name}"' for state in expectation.provider_states)
    advice = f"What matches needs the provider state {names}: name it in X-Pact-Provider-State or choose it for all."
    if not names and expectation.scenario is not None:
        step = expectation.scenario
        advice = f'What matches waits for the state "{step.state}" of the scenario "{step.name}".'
    return Miss(request, "other-state", advice, Nearest(expectation, ()))


def not_forwarded(request: Request, expectation: Expectation) -> Miss:
    """A miss because what matches would send the request on, and in mock mode nothing leaves the machine."""
    advice = "What matches forwards the request, and in mock mode nothing leaves this machine: use spy mode for it."
    return Miss(request, "not-forwarded", advice, Nearest(expectation, ()))


def exhausted(request: Request, expectation: Expectation) -> Miss:
    """A miss because every recorded answer was given and the policy says so."""
    advice = "Every recorded answer was given: set pact_sequence to repeat-last or cycle, or record more."
    return Miss(request, "exhausted", advice, Nearest(expectation, ()))


def not_modified_only(request: Request, expectation: Expectation) -> Miss:
    """A miss because only "304 Not Modified" was recorded and this client has no copy."""
    advice = "Only 304 Not Modified was recorded, for a client with a cached copy: record with an empty cache."
    return Miss(request, "not-modified-only", advice, Nearest(expectation, ()))


def only_partly_recorded(request: Request) -> Miss:
    """A miss because the recorded answer was cut at the size limit."""
    advice = "Only the beginning of the answer was recorded: raise pact_max_body and record again."
    return Miss(request, "cut", advice)


_SET = "Change the request or the expectation so that they agree."
_ADVICE = {
    Origin.RECORDED: "Send the request as it was recorded, or record this one in spy mode.",
    Origin.CONTRACT: "Send what the contract says, or change the contract.",
    Origin.API: _SET,
}
