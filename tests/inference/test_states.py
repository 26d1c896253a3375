"""Provider states: what has flowed from one operation's answers into the requests of another."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from builders import exchange, json_request, request, response

from pact_recorder.http import Body, Exchange, Headers, Request
from pact_recorder.inference import Inferred, infer
from pact_recorder.matching import JsonValue
from pact_recorder.pact import Interaction

TOKEN = "abcdef123456tok0XYZ"
LONG_TOKEN = "eyJhbGciOi.J9" + "x1" * 800
LOGIN = {"access_token": TOKEN, "account": {"id": "u_8812ab9"}}


def answered(asked: Request, document: JsonValue, status: int = 200) -> Exchange:
    return exchange(asked, response(json.dumps(document).encode(), status))


def posted(target: str, document: JsonValue, answer: JsonValue, *fields: tuple[str, str]) -> Exchange:
    asked = json_request("POST", target, document)
    return answered(Request("POST", target, headers=Headers((*asked.headers, *fields)), body=asked.body), answer)


def got(target: str, answer: JsonValue, *fields: tuple[str, str], status: int = 200) -> Exchange:
    return answered(request("GET", target, None, *fields), answer, status)


def bearer(token: str = TOKEN) -> tuple[str, str]:
    return "Authorization", f"Bearer {token}"


def logged_in(answer: JsonValue = LOGIN) -> Exchange:
    return posted("/login", {"user": "bob"}, answer)


def states(*exchanges: Exchange) -> dict[str, list[tuple[str, dict[str, JsonValue]]]]:
    return told(infer(exchanges, "web", "api"))


def told(inferred: Inferred) -> dict[str, list[tuple[str, dict[str, JsonValue]]]]:
    interactions = [each for each in inferred.contract.interactions if isinstance(each, Interaction)]
    return {
        each.description: [(state.name, dict(state.params)) for state in each.provider_states] for each in interactions
    }


@pytest.mark.parametrize("token", [TOKEN, "REDACTED-access_token-1", LONG_TOKEN])
def test_who_uses_the_token_of_a_login_has_logged_in(token: str) -> None:
    found = states(logged_in({"access_token": token}), got("/me", {"name": "bob"}, bearer(token)))
    assert found == {"GET /me": [("the caller has logged in", {"access_token": token})], "POST /login": []}


def test_the_order_of_exchanges_makes_no_difference() -> None:
    exchanges = [
        logged_in(),
        got("/me", {"name": "bob"}, bearer()),
        got("/me", {"error": "no"}, status=401),
        posted("/orders", {"account_id": "u_8812ab9"}, {"order": 4}),
    ]
    [found, *others] = [states(*order) for order in permutations(exchanges)]
    assert others == [found] * len(others)
    assert found["GET /me"] == [("the caller has logged in", {"access_token": TOKEN})]
    assert found["GET /me (401, without credentials)"] == [("the caller may not do this", {})]
    assert found["POST /orders"] == [("an account exists", {"account_id": "u_8812ab9"})]


def test_who_may_not_do_something_has_logged_in_all_the_same() -> None:
    found = states(logged_in(), got("/admin", {"error": "no"}, bearer(), status=403))
    assert [name for name, _ in found["GET /admin"]] == ["the caller has logged in", "the caller may not do this"]
    found = states(logged_in(), got("/admin", {"error": "expired"}, bearer(), status=401))
    assert [name for name, _ in found["GET /admin"]] == ["the caller may not do this"]


def test_another_header_has_a_state_of_its_own() -> None:
    found = states(
        got("/session", {"csrf_token": "f00ba4b4z1"}), posted("/like", {"n": 1}, {}, ("X-CSRF-Token", "f00ba4b4z1"))
    )
    assert found["POST /like"] == [("the caller has a csrf token", {"csrf_token": "f00ba4b4z1"})]


def test_a_token_that_is_not_always_sent_needs_no_state() -> None:
    found = states(logged_in(), got("/news", {"n": 1}, bearer()), got("/news", {"n": 2}))
    assert found["GET /news"] == []


def test_an_operation_whose_answer_repeats_the_callers_token_did_not_issue_it() -> None:
    found = states(got("/whoami", {"token": TOKEN}, bearer()), got("/me", {"name": "bob"}, bearer()))
    assert found == {"GET /me": [], "GET /whoami": []}


def test_a_stand_in_for_all_tokens_flows_nowhere() -> None:
    found = states(logged_in({"access_token": "REDACTED"}), got("/me", {"name": "bob"}, bearer("REDACTED")))
    assert found["GET /me"] == []


def test_the_token_of_a_login_flows_into_bodies() -> None:
    answer = {"refresh_token": "r3fr3sh0000"}
    found = states(logged_in(answer), posted("/refresh", {"refresh_token": "r3fr3sh0000"}, {"n": 1}))
    assert found["POST /refresh"] == [("a refresh token exists", {"refresh_token": "r3fr3sh0000"})]


def test_values_of_bodies_keep_their_type_and_are_named_after_where_they_stand() -> None:
    created = posted("/orders", {"n": 1}, {"id": 4711})
    shipped = posted("/ship", {"orders": [{"id": 99, "n": 1}, {"id": 4711, "n": 2}]}, {"ok": True})
    assert states(created, shipped)["POST /ship"] == [("an order exists", {"order_id": 4711})]
    assert states(created, posted("/ship", {"id": 4711}, {"ok": True}))["POST /ship"] == [
        ("an order exists", {"id": 4711})
    ]


def test_values_of_forms_have_states() -> None:
    form = Headers([("Content-Type", "application/x-www-form-urlencoded")])
    paid = answered(Request("POST", "/pay", headers=form, body=Body(b"order_ref=ord_a1b2c3&n=1")), {"ok": True})
    found = states(posted("/orders", {"n": 1}, {"ref": "ord_a1b2c3"}), paid)
    assert found["POST /pay"] == [("an order exists", {"order_ref": "ord_a1b2c3"})]


def test_what_the_path_says_is_not_said_again() -> None:
    created = posted("/orders", {"n": 1}, {"id": "ord_a1b2c3"})
    changed = posted("/orders/ord_a1b2c3", {"id": "ord_a1b2c3", "n": 2}, {"ok": True})
    assert states(created, changed)["POST /orders/{order}"] == [("an order exists", {"order": "ord_a1b2c3"})]


def test_states_beside_the_path_are_few() -> None:
    made = posted("/things", {"n": 1}, {f"n{number}_id": f"thing_{number}a" for number in range(40)})
    used = posted("/use", {f"n{number}_id": f"thing_{number}a" for number in range(40)}, {"ok": True})
    assert len(states(made, used)["POST /use"]) == 8


def test_a_user_and_an_order() -> None:
    listed = got("/users", [{"id": 4711}, {"id": 4712}])
    found = states(listed, got("/users/4711", {"id": 4711}), got("/items?ownerUserId=4712", {"n": 1}))
    assert found["GET /users/{user}"] == [("a user exists", {"user": "4711"})]
    assert found["GET /items"] == [("an owner user exists", {"ownerUserId": "4712"})]
