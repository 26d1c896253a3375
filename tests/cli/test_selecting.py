"""Filter expressions choose exchanges as they choose flows."""

import pytest

from pact_recorder.cli.selecting import Selecting
from pact_recorder.errors import UsageError
from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.recordings import Configuration

EXCHANGE = Exchange(
    Request("POST", "/a/b", "q=1", Headers([("X-A", "ü")]), Body(b"sent"), "https", "shop.test", 443),
    Response(201, "", Headers([("Content-Type", "application/json"), ("Content-Encoding", "br")]), Body(b'{"x":1}')),
)


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ("~d shop.test", True),
        ("~d bank.test", False),
        ("~u /a/b.q=1", True),
        ("~m POST & ~c 201", True),
        ("~m GET", False),
        ("~bq sent", True),
        ("~bs x", True),
        ("~t json", True),
        ("~h X-A", True),
        ("!~d shop.test", False),
    ],
)
def test_an_expression(expression: str, matches: bool) -> None:
    assert Selecting(expression, None, Configuration()).objection(EXCHANGE) == ("" if matches else "not selected")
    assert Selecting(None, expression, Configuration()).objection(EXCHANGE) == ("ignored" if matches else "")


def test_options_win_over_the_configuration() -> None:
    configured = Configuration(select="~d nowhere.test", ignore="~d shop.test")
    assert Selecting(None, None, configured).objection(EXCHANGE) == "ignored"
    assert Selecting(None, "~d nowhere.test", configured).objection(EXCHANGE) == "not selected"
    assert Selecting("~d shop.test", "~d nowhere.test", configured).objection(EXCHANGE) == ""


def test_a_wrong_expression_names_its_option() -> None:
    with pytest.raises(UsageError, match="--ignore: '~q~' is no mitmproxy filter expression"):
        Selecting(None, "~q~", Configuration())
