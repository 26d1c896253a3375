from dataclasses import replace

from pact_recorder.http import Body, Exchange, Headers
from pact_recorder.matching import ExpectedRequest, ExpectedResponse, MatchingRule, MatchingRules, RuleList
from pact_recorder.mock.cleaned import cleaned
from pact_recorder.pact import Interaction

SECRET, PLACEHOLDER = "hunter2", "REDACTED-password-1"
KEPT = MatchingRules({"header": {"X-Id": RuleList((MatchingRule("regex", {"regex": "[0-9]+"}),))}})


def clean(exchange: Exchange) -> Exchange:
    """Takes one secret out of everything."""

    def without(text: str) -> str:
        return text.replace(SECRET, PLACEHOLDER)

    def fields(headers: Headers) -> Headers:
        return Headers((name, without(value)) for name, value in headers)

    def body(found: Body | None) -> Body | None:
        return found and replace(found, content=found.content.replace(SECRET.encode(), PLACEHOLDER.encode()))

    asked, answer = exchange.request, exchange.response
    return exchange.with_messages(
        replace(
            asked,
            path=without(asked.path),
            query=asked.query and without(asked.query),
            headers=fields(asked.headers),
            body=body(asked.body),
        ),
        replace(answer, headers=fields(answer.headers), body=body(answer.body)),
    )


def interaction(secret: str) -> Interaction:
    asked = ExpectedRequest(
        "POST",
        f"/reset/{secret}",
        {"q": (secret, "1"), "page": ("2",)},
        {"X-Id": ("5",), "X-Key": (secret,), "Content-Type": ("application/json",)},
        Body(f'{{"a":"{secret}","b":1}}'.encode()),
        KEPT,
    )
    answer = ExpectedResponse(200, {"X-Id": ("5",), "X-Key": (secret,)}, Body(secret.encode()), KEPT)
    return Interaction(f"POST /reset/{secret}", asked, answer)


def test_an_interaction_without_a_secret_is_the_same() -> None:
    plain = interaction("nothing")
    assert cleaned(plain, clean) is plain


def test_a_placeholder_stands_for_any_value_and_other_rules_stay() -> None:
    found = cleaned(interaction(SECRET), clean)
    assert SECRET not in repr(found)
    assert found.description == f"POST /reset/{PLACEHOLDER}"
    asked, answer = found.request.rules, found.response.rules
    assert set(asked.category("header")) == {"X-Id", "X-Key"}
    assert asked.category("header")["X-Id"] == KEPT.category("header")["X-Id"]
    assert [set(asked.category(name)) for name in ("path", "query", "body")] == [{"$"}, {"q"}, {"$.a"}]
    assert set(answer.category("header")) == {"X-Id", "X-Key"}
    assert set(answer.category("body")) == {"$"}
    assert found.request.query == {"q": (PLACEHOLDER, "1"), "page": ("2",)}
