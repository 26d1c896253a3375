"""What is recorded of one request."""

import pytest
from builders import exchange, request, response

from pact_recorder.mock.buckets import Lone, Selection
from pact_recorder.mock.fingerprint import fingerprint

ASKED = request("GET", "/a", None, ("Accept", "text/html"), ("X-Tenant", "1"), ("Authorization", "Bearer REDACTED-a-1"))


@pytest.mark.parametrize(
    ("vary", "required"),
    [((), ("", "text/html")), (("Vary", "X-Tenant"), ("", "text/html", "x-tenant:1"))],
)
def test_a_lone_recording_becomes_a_bucket_of_one(vary: tuple[str, str], required: tuple[str, ...]) -> None:
    recorded = exchange(ASKED, response(b"1", 404, *([vary] if vary else [])))
    selection = Selection.of(recorded, fingerprint(ASKED), "api.example")
    bucket = Lone("/a", selection, 5, "reference", 3, True).bucket(lambda _: recorded)
    (expectation,) = bucket.expectations()
    assert list(bucket.variants) == [required]
    assert (bucket.host, bucket.method, len(bucket.selectors)) == ("api.example", "GET", len(required) - 2)
    assert (expectation.created, expectation.failed, expectation.host) == (5, True, "api.example")
    assert list(expectation.answers.in_order()) == ["reference"] * 3
    assert expectation.exchange() is recorded


def test_requests_that_select_alike_share_one_selection() -> None:
    selections = {
        Selection.of(exchange(each), fingerprint(each), "api.example")
        for each in (request("GET", f"/{number}", None, ("Accept", "text/html")) for number in range(3))
    }
    assert len(selections) == 1
