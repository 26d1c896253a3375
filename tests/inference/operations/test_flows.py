import json

from pact_recorder.inference.operations import Flow
from tests.inference.operations.traffic import Sample, indexed

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CREATED = Sample("POST /orders", {"id": 4711, "ref": "ord_a1b2c3d4e5"}, 201)


def flows(*samples: Sample) -> list[tuple[str, str, str, str, str, str, int]]:
    return [_told(flow) for flow in indexed(samples)[0].flows()]


def _told(flow: Flow) -> tuple[str, str, str, str, str, str, int]:
    producer, consumer = flow.producer.name, flow.consumer.name
    return producer, flow.member, consumer, flow.where, flow.parameter, flow.example, flow.count


def test_a_thing_that_was_created_is_fetched() -> None:
    assert flows(CREATED, Sample("GET /orders/4711", {"id": 4711})) == [
        ("POST /orders", "id", "GET /orders/{order}", "path", "order", "4711", 1)
    ]


def test_the_order_of_exchanges_does_not_matter() -> None:
    fetched = Sample("GET /orders/4711", {"id": 4711})
    assert flows(CREATED, fetched) == flows(fetched, CREATED)


def test_values_are_found_in_queries_forms_and_bodies() -> None:
    used = [
        Sample("GET /items?order_ref=ord_a1b2c3d4e5"),
        Sample("POST /pay", sent=b"order=ord_a1b2c3d4e5", headers=FORM),
        Sample("POST /ship", sent=json.dumps({"orders": [{"ref": "ord_a1b2c3d4e5"}]}).encode(), headers=JSON),
    ]
    found = flows(CREATED, *used)
    assert [each[2:6] for each in found] == [
        ("GET /items", "query", "order_ref", "ord_a1b2c3d4e5"),
        ("POST /pay", "form", "order", "ord_a1b2c3d4e5"),
        ("POST /ship", "body", "$.orders[*].ref", "ord_a1b2c3d4e5"),
    ]


def test_the_token_of_a_login_is_found_in_headers() -> None:
    login = Sample("POST /login", {"access_token": "abcdef123456"})
    asked = Sample("GET /me", headers={"Authorization": "Bearer abcdef123456"})
    assert flows(asked, login) == [
        ("POST /login", "access_token", "GET /me", "header", "authorization", "abcdef123456", 1)
    ]


def test_a_secret_that_is_a_plain_word_does_not_flow() -> None:
    login = Sample("POST /login", {"session": "main", "token": "REDACTED"})
    asked = Sample("GET /branches/main", headers={"Authorization": "Bearer REDACTED"})
    assert flows(login, asked) == []


def test_what_the_client_said_first_does_not_flow() -> None:
    created = Sample(
        "POST /users", {"login": "annabel77"}, 201, sent=json.dumps({"login": "annabel77"}).encode(), headers=JSON
    )
    assert flows(created, Sample("GET /users/annabel77", {"login": "annabel77"})) == []


def test_an_operation_does_not_flow_into_itself() -> None:
    assert (
        flows(Sample("GET /orders/4711", {"id": 4711, "next_id": 4712}), Sample("GET /orders/4712", {"id": 4712})) == []
    )


def test_small_numbers_flow_along_the_path_alone() -> None:
    listed = Sample("GET /users", [{"id": 3, "boss_id": 4}, {"id": 5}])
    found = flows(listed, Sample("GET /users/3"), Sample("GET /users/4"), Sample("GET /shops/5"), Sample("GET /b?id=5"))
    assert [each[:6] for each in found] == [
        ("GET /users", "boss_id", "GET /users/{user}", "path", "user", "4"),
        ("GET /users", "id", "GET /users/{user}", "path", "user", "3"),
    ]


def test_a_number_that_requests_spell_with_zeros_is_not_taken_for_the_one_of_an_answer() -> None:
    listed = Sample("GET /users", [{"id": 4711}])
    assert flows(listed, Sample("GET /users/04711")) == []


def test_values_that_say_too_little_do_not_flow() -> None:
    assert flows(Sample("POST /a", {"id": 5, "name": "b"}), Sample("GET /b/5"), Sample("GET /c?page=5&q=b")) == []


def test_different_values_are_counted() -> None:
    created = [Sample("POST /orders", {"id": number}, 201) for number in (100, 101, 102)]
    found = flows(*created, *(Sample(f"GET /orders/{number}") for number in (100, 101)))
    assert [each[-1] for each in found] == [2]


def test_the_likeliest_producer_comes_first_and_few_are_told() -> None:
    others = [Sample(f"GET /{name}/all", {"id": 4711}) for name in ("aa", "bb", "cc", "dd")]
    found = flows(*others, CREATED, Sample("GET /orders/4711"))
    assert len(found) == 3
    assert found[0][0] == "POST /orders"
