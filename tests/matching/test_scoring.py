import pytest
from expecting import JSON

from pact_recorder.http import Body, Headers, Request
from pact_recorder.matching import ExpectedRequest, match_request, score_request

FIVE = {f"X-{number}": ("1",) for number in range(5)}
FIVE_FIELDS = Headers([(f"x-{number}", "1") for number in range(5)])


@pytest.mark.parametrize(
    ("expected", "actual", "score"),
    [
        (ExpectedRequest(), Request("GET", "/"), 2),
        (ExpectedRequest("PUT"), Request("GET", "/"), 0),
        (ExpectedRequest(path="/x"), Request("GET", "/"), 0),
        (ExpectedRequest(query={"a": ("1",), "b": ("2",)}), Request("GET", "/", "a=1&b=3&c=4"), 1),
        (ExpectedRequest(query_text="a=1&b=2"), Request("GET", "/", "a=1&b=2"), 4),
        (ExpectedRequest(headers=FIVE), Request("GET", "/", headers=FIVE_FIELDS), 7),
        (ExpectedRequest(headers={**FIVE, "X-K": ("1",)}), Request("GET", "/", headers=FIVE_FIELDS), 6),
        (ExpectedRequest(), Request("GET", "/", headers=FIVE_FIELDS), 2),
        (ExpectedRequest(body=Body(b"{}")), Request("GET", "/", body=Body(b"{}")), 2),
        (ExpectedRequest(body=Body(b'{"a":1,"b":2}')), Request("GET", "/", body=Body(b'{"a":2,"b":3}')), 0),
        (ExpectedRequest(body=Body(b"{}")), Request("GET", "/"), 1),
        (
            ExpectedRequest(headers=JSON, body=Body(b"{}")),
            Request("GET", "/", headers=Headers([("content-type", "text/plain")]), body=Body(b"x")),
            0,
        ),
    ],
)
def test_score(expected: ExpectedRequest, actual: Request, score: int) -> None:
    assert score_request(expected, actual, match_request(expected, actual)) == score
