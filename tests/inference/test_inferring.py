"""From exchanges to a contract: interactions, descriptions, states, and the laws that hold for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from builders import exchange, json_request, request, response
from hypothesis import given, settings
from hypothesis import strategies as st

from pact_recorder.http import Body, Exchange, Headers, Response
from pact_recorder.inference import Inference, Inferred, infer
from pact_recorder.inference.messages import BROKEN, content_of
from pact_recorder.matching import JsonValue, compile_request, compile_response
from pact_recorder.pact import Interaction, format_contract, read_contract

MANY_FIELDS = "{ " + " ".join(f"f{number:02}" for number in range(20)) + " }"


def malformed(target: str, status: int) -> Exchange:
    fields = [("Content-Type", "application/json")]
    asked = request("POST", target, b'{"title":', *fields)
    return exchange(asked, response(b'{"error":"no JSON"}', status))


def got(target: str, document: JsonValue, status: int = 200, *fields: tuple[str, str]) -> Exchange:
    return exchange(request("GET", target, None, *fields), response(json.dumps(document).encode(), status))


def sent(method: str, target: str, document: JsonValue, answer: JsonValue, status: int = 201) -> Exchange:
    return exchange(json_request(method, target, document), response(json.dumps(answer).encode(), status))


def interactions(inferred: Inferred) -> dict[str, Interaction]:
    return {each.description: each for each in inferred.contract.interactions if isinstance(each, Interaction)}


def inferred(*exchanges: Exchange) -> dict[str, Interaction]:
    return interactions(infer(exchanges, "web", "api"))


def infer_with_report(*exchanges: Exchange) -> Inferred:
    inference = Inference()
    for each in exchanges:
        inference.add(each)
    return inference.contract("web", "api", explain=True)


def accepted_by(interaction: Interaction, each: Exchange) -> bool:
    asked = compile_request(interaction.request).match(each.request)
    return not asked and not compile_response(interaction.response).match(each.response)


def users(count: int, start: int = 1) -> list[Exchange]:
    return [
        got(f"/users/{n}", {"id": n, "login": f"user{n}", "admin": n % 2 == 0}) for n in range(start, start + count)
    ]


def test_exchanges_of_an_operation_are_one_interaction() -> None:
    found = inferred(*users(3))
    assert list(found) == ["GET /users/{user}"]
    [each] = found.values()
    assert each.request.path in {"/users/1", "/users/2", "/users/3"}
    assert accepted_by(each, *users(1, start=99))
    assert not accepted_by(each, got("/users/99", {"id": 99, "login": "x"}))


def test_a_constant_beside_a_parameter_stays_a_constant() -> None:
    me = [got("/users/me", {"id": 1, "login": "user1", "admin": False, "mail": "m"}) for _ in range(2)]
    found = inferred(*users(4), *me)
    assert set(found) == {"GET /users/me", "GET /users/{user}"}
    assert [name for name, each in found.items() if accepted_by(each, me[0])] == ["GET /users/me"]


def test_error_answers_are_interactions_of_their_own() -> None:
    found = inferred(*users(3), got("/users/4", {"message": "Not Found"}, 404))
    assert set(found) == {"GET /users/{user}", "GET /users/{user} (404)"}
    assert found["GET /users/{user} (404)"].response.status == 404


def test_a_single_failure_stands_for_itself() -> None:
    found = inferred(got("/users/4", {"message": "Not Found"}, 404))
    [only] = found.values()
    assert not compile_request(only.request).match(request("GET", "/users/4"))
    assert compile_request(only.request).match(request("GET", "/users/5"))


def test_credentials_are_asked_for_where_they_decide() -> None:
    token = ("Authorization", "Bearer REDACTED-authorization-1")
    refused = [got("/items", {"error": "who?"}, 401) for _ in range(2)]
    found = inferred(*refused, got("/items", [], 200, token))
    assert set(found) == {"GET /items", "GET /items (401, without credentials)"}
    assert found["GET /items"].request.headers == {"Authorization": ("Bearer REDACTED-authorization-1",)}
    other = got("/items", [], 200, ("Authorization", "Bearer another"))
    assert accepted_by(found["GET /items"], other)
    assert not accepted_by(found["GET /items"], got("/items", [], 200, ("Authorization", "Basic abc")))


def test_credentials_that_make_no_difference_are_not_asked_for() -> None:
    found = inferred(got("/items", []), got("/items", [], 200, ("Authorization", "Bearer x")))
    assert {name: dict(each.request.headers) for name, each in found.items()} == {"GET /items": {}}


def test_a_redacted_value_of_a_single_failure_may_be_any_other() -> None:
    [only] = inferred(sent("POST", "/login", {"password": "REDACTED-password-1"}, {"error": "no"}, 401)).values()
    assert not compile_request(only.request).match(json_request("POST", "/login", {"password": "another"}))
    assert compile_request(only.request).match(json_request("POST", "/login", {"password": "x", "y": 1}))


def test_queries_are_told_apart_by_their_names() -> None:
    pages = [got(f"/users?page={n}&per_page=10", [{"id": n, "login": "x", "admin": True}]) for n in (1, 2)]
    found = inferred(got("/users", [{"id": 1, "login": "x", "admin": True}]), *pages)
    assert set(found) == {"GET /users", "GET /users (with page, per_page)"}
    paged = found["GET /users (with page, per_page)"]
    assert accepted_by(paged, got("/users?per_page=50&page=7", []))
    assert not accepted_by(paged, got("/users?page=7", []))


@pytest.mark.parametrize(
    ("values", "other", "matches"),
    [
        (["asc", "asc"], "desc", False),
        (["asc", "desc"], "up", True),
        (["1"], "2", True),
        (["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"], "soon", False),
    ],
    ids=["a word that was always the same", "words that vary", "a number", "dates"],
)
def test_values_of_parameters(values: list[str], other: str, matches: bool) -> None:
    [only] = inferred(*(got(f"/users?sort={value}", []) for value in values)).values()
    assert (not compile_request(only.request).match(request("GET", f"/users?sort={other}"))) is matches


def test_request_bodies_are_told_apart_by_their_members() -> None:
    found = inferred(
        sent("POST", "/users", {"name": "a"}, {"id": 1}),
        sent("POST", "/users", {"name": "b"}, {"id": 2}),
        sent("POST", "/users", {"name": "b", "mail": "m"}, {"id": 3}),
    )
    assert set(found) == {"POST /users", "POST /users (sent mail, name)"}
    assert accepted_by(found["POST /users"], sent("POST", "/users", {"name": "z"}, {"id": 9}))
    assert not accepted_by(found["POST /users"], sent("POST", "/users", {"name": "z", "x": 1}, {"id": 9}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"jsonrpc": "2.0", "method": "add", "params": [1]}, {"jsonrpc": "2.0", "method": "drop", "params": [1]}),
        (
            {"operationName": "GetUser", "query": "query GetUser { user { id } }"},
            {"operationName": "GetTeam", "query": "query GetTeam { team { id } }"},
        ),
        ({"query": "query GetUser { user { id } }"}, {"query": "query GetTeam { team { id } }"}),
        ({"query": "query GetUser { user { id } }"}, {"query": "query GetUserPosts { posts { id } }"}),
        ({"query": "{ a { id } }"}, {"query": "{ user { a } }"}),
        ({"query": MANY_FIELDS}, {"query": MANY_FIELDS.replace("f19", "f20")}),
        ([{"method": "a", "params": []}, {"method": "b", "params": []}], [{"method": "c", "params": []}]),
        ([{"query": "query A { a }", "variables": {"x": 1}}], [{"query": "query B { b }", "variables": {"x": 1}}]),
        (
            [{"method": "a", "params": {"x": 1}}, {"method": "b", "params": {}}],
            [{"method": "c", "params": {"x": 1}}, {"method": "d", "params": {}}],
        ),
        ({"doc_id": "0123456789abc", "variables": {}}, {"doc_id": "0123456789abd", "variables": {}}),
    ],
    ids=[
        *("JSON-RPC", "GraphQL", "GraphQL without operationName", "names that begin alike", "anonymous GraphQL"),
        *("many fields", "batch of JSON-RPC", "batch of GraphQL", "batch with parameters", "persisted GraphQL"),
    ],
)
def test_calls_are_told_apart(one: JsonValue, other: JsonValue) -> None:
    exchanges = [sent("POST", "/rpc", one, {"result": 1}, 200), sent("POST", "/rpc", other, {"result": {}}, 200)]
    found = inferred(*exchanges)
    assert len(found) == 2
    for each in exchanges:
        assert sum(accepted_by(interaction, each) for interaction in found.values()) == 1


def test_documents_in_a_query_or_a_text_are_told_apart() -> None:
    typed = ("Content-Type", "application/graphql; charset=utf-8")
    exchanges = [
        *(got(f"/graphql?query=%7B{name}%20%7D", {name: 1}) for name in "ab"),
        *(exchange(request("POST", "/graphql", b"{ %s }" % name, typed), response(b"[]")) for name in (b"a", b"b")),
    ]
    found = inferred(*exchanges)
    assert len(found) == 4
    for each in exchanges:
        assert sum(accepted_by(interaction, each) for interaction in found.values()) == 1
    text = request("POST", "/graphql", b"query {\n  a\n}", typed)
    assert not compile_request(found["POST /graphql query a"].request).match(text)


def test_a_name_of_an_operation_that_may_be_missing_is_asked_for_where_it_is_there() -> None:
    document = {"query": "query A { a }"}
    exchanges = [sent("POST", "/q", {**document, "operationName": name}, {"data": 1}, 200) for name in ("A", None)]
    found = inferred(*exchanges)
    for each in exchanges:
        assert any(accepted_by(interaction, each) for interaction in found.values())


def test_an_action_does_not_keep_parameters_that_its_name_ends_with() -> None:
    found = inferred(*(got(f"/api.php?action=list&n={number}", {"n": number}) for number in range(3)))
    [each] = found.values()
    assert accepted_by(each, got("/api.php?action=list&n=77", {"n": 77}))


def test_of_too_many_calls_the_names_are_not_asked_for() -> None:
    exchanges = [
        sent("POST", "/rpc", {"method": f"m{number}", "params": []}, {"result": number}, 200) for number in range(300)
    ]
    [(name, each)] = inferred(*exchanges).items()
    assert name == "POST /rpc"
    assert all(accepted_by(each, one) for one in exchanges)


def test_forms_with_an_action_are_told_apart() -> None:
    def called(action: str, answer: bytes) -> Exchange:
        form = ("Content-Type", "application/x-www-form-urlencoded")
        return exchange(request("POST", "/", f"Action={action}&Version=1".encode(), form), answer)

    exchanges = [called("DescribeHosts", b'{"hosts": []}'), called("DescribeDisks", b'{"disks": []}')]
    found = inferred(*exchanges)
    assert set(found) == {"POST / Action=DescribeDisks", "POST / Action=DescribeHosts"}
    for each in exchanges:
        assert sum(accepted_by(interaction, each) for interaction in found.values()) == 1


def test_what_is_created_and_then_fetched_needs_a_state() -> None:
    found = inferred(
        sent("POST", "/orders", {"item": "tea"}, {"id": "ord_7Fq2"}),
        got("/orders/ord_7Fq2", {"id": "ord_7Fq2", "item": "tea"}),
    )
    [state] = found["GET /orders/{order}"].provider_states
    assert (state.name, dict(state.params)) == ("an order exists", {"order": "ord_7Fq2"})
    assert found["POST /orders"].provider_states == ()


def test_what_is_gone_needs_its_absence() -> None:
    found = inferred(
        sent("POST", "/orders", {"item": "tea"}, {"id": "ord_7Fq2"}),
        got("/orders/ord_7Fq2", {"id": "ord_7Fq2", "item": "tea"}),
        got("/orders/ord_7Fq2", {"error": "gone"}, 404),
    )
    assert [state.name for state in found["GET /orders/{order} (404)"].provider_states] == ["no order exists"]


def typed(media_type: str, content: bytes) -> Response:
    return Response(200, "", Headers([("Content-Type", media_type)]), Body(content))


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
AMAZON = "application/x-amz-json-1.1"
EMPTY = Response(200, body=Body(b""))


def redirect(*location: str) -> Response:
    return Response(302, "", Headers(("Location", url) for url in location))


@pytest.mark.parametrize(
    ("answer", "accepted", "refused"),
    [
        pytest.param(Response(204), Response(204), Response(200), id="no content"),
        pytest.param(
            Response(200, body=Body(b"")), Response(200, body=Body(b"")), typed("text/plain", b"x"), id="empty"
        ),
        pytest.param(
            typed("text/html", b"<p>a</p>"),
            typed("text/html; charset=utf-8", b"<h1>b</h1>"),
            typed("text/html", b"oops"),
            id="markup",
        ),
        pytest.param(typed("image/png", PNG + b"1"), typed("image/png", PNG), typed("image/png", b"<p>"), id="bytes"),
        pytest.param(redirect("https://api.example/a"), redirect("https://x.example/"), redirect(), id="redirect"),
        pytest.param(
            typed("application/xml", b"<a><b>1</b></a>"),
            typed("application/xml", b"<a><b>2</b><c/></a>"),
            typed("application/xml", b"<a/>"),
            id="XML",
        ),
        pytest.param(
            typed(AMAZON, b'{"a": 1}'),
            typed(AMAZON, b'{"a": 2}'),
            typed(AMAZON, b'{"a": "x"}'),
            id="JSON by another name",
        ),
    ],
)
def test_answers_of_every_form(answer: Response, accepted: Response, refused: Response) -> None:
    asked = request("GET", "/thing")
    [only] = inferred(exchange(asked, answer)).values()
    assert accepted_by(only, exchange(asked, answer))
    assert accepted_by(only, exchange(asked, accepted))
    assert not accepted_by(only, exchange(asked, refused))


def test_a_broken_body_beside_whole_ones_stands_for_itself() -> None:
    broken = exchange(request("GET", "/users/9"), response(b'{"id": 9, "log'))
    found = inferred(*users(3), broken)
    assert sum(accepted_by(each, broken) for each in found.values()) == 1
    assert not any(accepted_by(each, exchange(request("GET", "/users/5"), response(b"{"))) for each in found.values())


def test_what_is_always_broken_is_promised_without_its_body() -> None:
    found = inferred(*(exchange(request("GET", f"/reports/{n}"), response(b"not JSON")) for n in range(3)))
    [only] = found.values()
    assert only.response.body is None
    assert accepted_by(only, exchange(request("GET", "/reports/7"), response(b"{")))


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16"])
def test_the_note_on_a_body_in_another_encoding_does_not_call_it_broken(encoding: str) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?><a>ü</a>'.encode(encoding)
    answer = Response(200, "", Headers([("Content-Type", "application/xml")]), Body(document))
    found = infer_with_report(exchange(request("GET", "/a"), answer))
    [note] = [each.note for operation in found.report.operations for each in operation.interactions]
    assert (
        note == "the body holds bytes that are not UTF-8, which Pact does not read, so the contract says nothing of it"
    )


def test_a_body_recorded_in_part_says_nothing() -> None:
    part = Response(200, "", Headers([("Content-Type", "application/json")]), Body(b'{"a": 1', cut=True))
    [only] = inferred(exchange(request("GET", "/long"), part)).values()
    assert only.response.body is None


def test_new_exchanges_strengthen_an_old_inference() -> None:
    inference = Inference()
    for each in users(2):
        inference.add(each)
    first = inference.contract("web", "api")
    for each in users(30, start=3):
        inference.add(each)
    assert inference.contract("web", "api") == infer(users(32), "web", "api")
    null = got("/users/99", {"id": 99, "login": None, "admin": True})
    assert accepted_by(interactions(first)["GET /users/{user}"], null)
    assert not accepted_by(interactions(inference.contract("web", "api"))["GET /users/{user}"], null)


def test_a_contract_is_of_one_provider_when_asked() -> None:
    inference = Inference(provider_of=lambda authority: authority.partition(".")[0])
    inference.add(got("/users/1", {"id": 1}))
    assert inference.providers() == ("api",)
    assert len(inference.contract("web", "api", of="api").contract.interactions) == 1
    assert inference.contract("web", "other", of="other").contract.interactions == ()


TARGETS = st.sampled_from(["/users/1", "/users/2", "/users/ann", "/users?page=1", "/users?page=2&x=y", "/a/b/c", "/"])
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["a", "ann", "2024-01-01", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "x", "7"]), inner),
    max_leaves=6,
)
ANSWERS = st.builds(
    lambda document, status: response(json.dumps(document).encode(), status), DOCUMENTS, st.sampled_from([200, 404])
) | st.sampled_from(
    [
        Response(204), Response(304), Response(412), response(b"[1]", 206), response(b"[]", 200, ("Vary", "X-Tenant")),
        response(b""), response(b"{bad"), Response(200, "", Headers(), Body(b"<a/>")),
        Response(200, "", Headers([("Content-Type", "text/event-stream")]), Body(b"data: 1")),
        Response(200, body=Body(b"\x1c<p>")), Response(200, body=Body(b"<!doctype html>")),
    ]
)  # fmt: skip
ACCEPTED = st.sampled_from(["*/*", "text/html,application/xml;q=0.9,*/*;q=0.8", "application/json, text/plain"])
SWITCHED = st.fixed_dictionaries({"stream": st.booleans() | st.none() | st.just(0)}, optional={"x": st.booleans()})
CONDITIONS = st.sampled_from(
    [
        ("If-None-Match", '"1"'), ("If-Modified-Since", "Sun, 26 Jun 2016 17:51:38 GMT"), ("Range", "bytes=0-1"),
        ("Prefer", "return=minimal"), ("X-Api-Version", "1"), ("X-Api-Version", "2"), ("X-Tenant", "a"),
    ]
)  # fmt: skip
FORMATS = st.sampled_from(["/x?format=json", "/x?format=csv", "/x?format=", "/x?kind=a", "/x?kind=b"])
ASKED = (
    st.builds(request, st.sampled_from(["GET", "DELETE"]), TARGETS)
    | st.builds(json_request, st.just("POST"), TARGETS, DOCUMENTS | SWITCHED)
    | st.builds(lambda target, accept: request("GET", target, None, ("Accept", accept)), TARGETS, ACCEPTED)
    | st.builds(lambda target, fields: request("GET", target, None, *fields), FORMATS, st.lists(CONDITIONS, max_size=3))
)
TRAFFIC = st.lists(st.builds(exchange, ASKED, ANSWERS), min_size=1, max_size=8)


@settings(max_examples=200)
@given(TRAFFIC)
def test_every_sample_satisfies_its_contract(traffic: list[Exchange]) -> None:
    found = list(written_and_read(infer(traffic, "web", "api")))
    for each in traffic:
        if each.response.status >= 400 and content_of(each.request).form == BROKEN:
            continue  # It is left out, and listed.
        assert any(accepted_by(interaction, each) for interaction in found), each


@given(TRAFFIC, st.randoms(use_true_random=False))
def test_the_order_of_exchanges_makes_no_difference(traffic: list[Exchange], random: object) -> None:
    shuffled = list(traffic)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    contracts = [format_contract(infer(each, "web", "api").contract) for each in (traffic, shuffled)]
    assert contracts[0] == contracts[1]


@given(TRAFFIC)
def test_descriptions_are_unique(traffic: list[Exchange]) -> None:
    described = [each.description for each in infer(traffic, "web", "api").contract.interactions]
    assert len(set(described)) == len(described)


def written_and_read(inferred: Inferred) -> Iterable[Interaction]:
    contract = read_contract(format_contract(inferred.contract), "contract.json")
    return (each for each in contract.interactions if isinstance(each, Interaction))


def test_a_request_that_failed_by_a_body_that_cannot_be_said_is_left_out_and_listed() -> None:
    made = infer([sent("POST", "/tasks", {"title": "a"}, {"id": 1}), malformed("/tasks", 400)], "web", "api")
    assert list(interactions(made)) == ["POST /tasks"]
    assert made.left_out == (
        "POST /tasks (400): a body that is not what its type (application/json) says cannot be asked for",
    )


def test_a_failed_request_with_a_text_stands_for_itself_alone() -> None:
    fields = [("Content-Type", "text/plain")]
    found = inferred(exchange(request("POST", "/notes", b"too long", *fields), response(b"{}", 422)))
    [each] = found.values()
    assert accepted_by(each, exchange(request("POST", "/notes", b"too long", *fields), response(b"{}", 422)))
    assert not accepted_by(each, exchange(request("POST", "/notes", b"short", *fields), response(b"{}", 422)))


def test_what_is_not_there_has_a_state_beside_what_is() -> None:
    found = inferred(
        *users(3), got("/users/99", {"error": "no user"}, 404), got("/users/98", {"error": "no user"}, 404)
    )
    assert found["GET /users/{user}"].provider_states == ()
    [state] = found["GET /users/{user} (404)"].provider_states
    assert (state.name, [*state.params]) == ("no user exists", ["user"])


def test_answers_without_a_type_are_told_apart_by_what_they_look_like() -> None:
    page, plain = (Response(200, body=Body(text)) for text in (b"<!doctype html><p>", b"hello"))
    samples = [exchange(request("GET", "/thing"), each) for each in (page, plain)]
    found = inferred(*samples).values()
    assert all(any(accepted_by(each, one) for each in found) for one in samples)


@pytest.mark.parametrize("location", ["/a b", "/a\tb", "/"])
def test_a_location_may_have_blanks(location: str) -> None:
    sample = exchange(request("GET", "/thing"), redirect(location))
    [only] = inferred(sample).values()
    assert accepted_by(only, sample)


def test_a_page_of_html_is_refused_in_place_of_a_script() -> None:
    asked, page = request("GET", "/app.js"), b"\n<!DOCTYPE html><html><body>Unavailable</body></html>"
    [script] = inferred(exchange(asked, typed("text/javascript", b"let a = 1"))).values()
    assert accepted_by(script, exchange(asked, typed("text/javascript", b"<!-- kept --> let b")))
    assert not accepted_by(script, exchange(asked, typed("text/javascript", page)))
    [either] = inferred(*(exchange(asked, typed("text/javascript", each)) for each in (b"let a", page))).values()
    assert accepted_by(either, exchange(asked, typed("text/javascript", page)))


@pytest.mark.parametrize(
    ("texts", "accepted", "refused"),
    [
        ([b'data: {"id":"chat-DPa%d"}' % n for n in range(5)], b'data: {"id":"other-1"}', b"event: x"),
        ([b"Deleted everything"] * 3, b"Deleted everything, and more", b"Deleted nothing"),
    ],
    ids=["half a word is data", "a whole text"],
)
def test_what_texts_begin_with(texts: list[bytes], accepted: bytes, refused: bytes) -> None:
    asked = request("GET", "/log")
    [only] = inferred(*(exchange(asked, typed("text/plain", text)) for text in texts)).values()
    assert accepted_by(only, exchange(asked, typed("text/plain", accepted)))
    assert not accepted_by(only, exchange(asked, typed("text/plain", refused)))


def test_a_type_of_nothing_is_not_promised() -> None:
    asked, known = request("GET", "/style.css"), Response(304, "", Headers([("Content-Type", "text/css")]))
    [only] = inferred(exchange(asked, known)).values()
    assert accepted_by(only, exchange(asked, Response(304)))


def test_a_document_that_is_null_is_no_body_to_pact() -> None:
    asked = request("POST", "/zone/refresh")
    [only] = inferred(exchange(asked, typed("application/json", b"null"))).values()
    assert only.response.body is None
    assert accepted_by(only, exchange(asked, typed("application/json", b"null")))
    posted = exchange(json_request("POST", "/zone/refresh", None))
    [only] = inferred(posted).values()
    assert only.request.body is None
    assert accepted_by(only, posted)
