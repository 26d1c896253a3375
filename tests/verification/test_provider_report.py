"""What the verification of a provider found, as values and as text."""

from dataclasses import replace

from pact_recorder.matching import ExpectedRequest, ExpectedResponse, HeaderMismatch, StatusMismatch
from pact_recorder.pact import Interaction, ProviderState
from pact_recorder.verification import Failure, ProviderReport, ProviderResult, render_report
from pact_recorder.verification.provider_report import HEADERS, STATE, STATUS, failures_of

INTERACTION = Interaction("get a user", ExpectedRequest(), ExpectedResponse())
WRONG_STATUS = StatusMismatch(200, 404, "expected 200 but was 404")
HEADER_A, HEADER_B = (HeaderMismatch(name, "1", "", f"Expected a header '{name}' but was missing") for name in "AB")


def test_mismatches_are_grouped_by_part_in_their_order() -> None:
    assert failures_of([HEADER_A, WRONG_STATUS, HEADER_B]) == (
        Failure(HEADERS, (HEADER_A, HEADER_B)),
        Failure(STATUS, (WRONG_STATUS,)),
    )


def test_the_text_of_a_report() -> None:
    described = replace(
        INTERACTION,
        provider_states=(ProviderState("a user exists"), ProviderState("it rains")),
        comments={"text": ["one", "two"], "testname": "users_test"},
    )
    report = ProviderReport(
        "shop",
        "users",
        (
            ProviderResult(described, warnings=("mind the gap",)),
            ProviderResult(INTERACTION, (*failures_of([WRONG_STATUS, HEADER_A]), Failure(STATE, detail="it broke"))),
            ProviderResult(INTERACTION, failures_of([WRONG_STATUS]), pending=True),
        ),
    )
    assert not report.verified
    assert (
        render_report(report)
        == """\
Verifying a contract between shop and users

  get a user (given "a user exists", "it rains")
    Test name: users_test
    Comments:
      one
      two
    Warning: mind the gap
    OK

  get a user
    FAILED
      Response status did not match
        status: expected 200 but was 404
      Headers had differences
        Expected a header 'A' but was missing
      State change request failed
        it broke

  get a user
    FAILED, pending
      Response status did not match
        status: expected 200 but was 404
"""
    )


def test_a_result_as_json() -> None:
    failures = (*failures_of([WRONG_STATUS]), Failure(STATE, detail="it broke"))
    described = replace(INTERACTION, provider_states=(ProviderState("a user exists"),))
    assert ProviderResult(described, failures, ("mind the gap",), pending=True).to_json() == {
        "description": "get a user",
        "providerStates": ["a user exists"],
        "verified": False,
        "pending": True,
        "failures": [
            {"title": STATUS, "mismatches": [WRONG_STATUS.to_json()]},
            {"title": STATE, "detail": "it broke"},
        ],
        "warnings": ["mind the gap"],
    }


def test_comments_of_any_shape_do_no_harm() -> None:
    odd = replace(INTERACTION, comments={"text": "no list", "testname": 5})
    assert render_report(ProviderReport("c", "p", (ProviderResult(odd),))).splitlines()[2:] == [
        "  get a user",
        "    OK",
    ]
