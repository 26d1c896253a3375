"""Redaction of whole exchanges: every place, both directions, the same placeholder for the same secret."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_ledger import SHORTEST_RUN
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.secret_shapes import SecretShape
from pact_recorder.http import Body, EncodedBody, Exchange, Headers, Request, Response
from pact_recorder.http.content_coding import encode_content

JSON = ("Content-Type", "application/json")
TOKEN = "tok-8f14e45fceea167a"


def exchange(
    path: str = "/", query: str | None = None, *, asked: Body | None = None, answered: Body | None = None,
    request_headers: tuple[tuple[str, str], ...] = (JSON,), response_headers: tuple[tuple[str, str], ...] = (JSON,),
) -> Exchange:  # fmt: skip
    request = Request("POST", path, query, Headers(request_headers), asked, "https", "api.example.com", 443)
    return Exchange(request, Response(200, "OK", Headers(response_headers), answered), started=1.0, duration=0.5)


LOGIN = exchange(
    "/login",
    asked=Body(b'{"user":"me","password":"hunter2-hunter2"}'),
    answered=Body(json.dumps({"access_token": TOKEN, "token_type": "bearer"}).encode()),
)


def use(*, path: str = "/", query: str | None = None, header: str = "*/*", content: bytes = b"") -> Exchange:
    return exchange(path, query, request_headers=(("X-Any", header),), answered=Body(content))


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(RedactionRules.default())


def content(body: Body | None) -> bytes:
    assert body is not None
    return body.content


def test_a_login_and_its_use(redactor: Redactor) -> None:
    login = redactor.exchange(LOGIN)
    assert content(login.request.body) == b'{"user":"me","password":"REDACTED-password-1"}'
    assert json.loads(content(login.response.body)) == {
        "access_token": "REDACTED-access_token-1",
        "token_type": "bearer",
    }
    later = redactor.exchange(exchange("/me", request_headers=(("Authorization", f"Bearer {TOKEN}"),)))
    assert later.request.headers.get("authorization") == "Bearer REDACTED-access_token-1"
    assert redactor.placeholder_for(TOKEN) == "REDACTED-access_token-1"
    assert redactor.placeholder_for("other") is None
    assert redactor.counts == {"json password": 1, "json access_token": 1, "header Authorization": 1}


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (use(path=f"/sessions/{TOKEN}/end"), "/sessions/REDACTED-access_token-1/end"),
        (use(query=f"q={TOKEN}&a=1"), "q=REDACTED-access_token-1&a=1"),
        (use(header=f"id {TOKEN}"), "id REDACTED-access_token-1"),
        (use(content=f"<p>{TOKEN}</p>".encode()), "<p>REDACTED-access_token-1</p>"),
    ],
)
def test_a_known_secret_is_replaced_wherever_it_occurs_later(
    redactor: Redactor, later: Exchange, expected: str
) -> None:
    redactor.exchange(LOGIN)
    found = redactor.exchange(later)
    parts = (
        found.request.path,
        found.request.query,
        found.request.headers.get("x-any"),
        content(found.response.body).decode(),
    )
    assert expected in parts
    assert TOKEN not in "".join(filter(None, parts))


@pytest.mark.parametrize("cookie", ["s%3AxY12abcdeFGH.kj3hG%2F5b12cd", "4%2F0AX4XfWhQx7rT9kLmZ"])
def test_a_cookie_is_replaced_in_a_link_and_a_redirect_that_encode_it_again(redactor: Redactor, cookie: str) -> None:
    redactor.exchange(exchange("/", request_headers=(("Cookie", f"connect.sid={cookie}"),)))
    link = f"/login?next=%2Fcb%3Fx%3D{quote(cookie, safe='')}"
    headers = Headers([("Content-Type", "text/html"), ("Location", link)])
    page = Exchange(Request("GET", "/page"), Response(302, headers=headers, body=Body(f'<a href="{link}">'.encode())))
    found = redactor.exchange(page).response
    clean = "/login?next=%2Fcb%3Fx%3DREDACTED-connect_sid-1"
    assert (found.headers.get("location"), content(found.body).decode()) == (clean, f'<a href="{clean}">')


def test_a_secret_of_the_answer_is_replaced_in_its_own_request(redactor: Redactor) -> None:
    found = redactor.exchange(replace(LOGIN, request=replace(LOGIN.request, path=f"/tokens/{TOKEN}")))
    assert found.request.path == "/tokens/REDACTED-access_token-1"


def test_scrubbing_finds_what_was_not_known_at_the_time(redactor: Redactor) -> None:
    early = use(path=f"/sessions/{TOKEN}")
    assert redactor.exchange(early) is early
    redactor.exchange(LOGIN)
    assert redactor.scrub(early).request.path == "/sessions/REDACTED-access_token-1"
    assert redactor.counts["known secret in path"] == 1


def test_an_exchange_without_secrets_is_the_same_object(redactor: Redactor) -> None:
    plain = exchange("/a", "page=2", asked=Body(b'{"name":"x"}'), answered=Body(b'{"items":[1,2.50]}'))
    assert redactor.exchange(plain) is plain
    assert redactor.scrub(plain) is plain
    assert not redactor.counts


def test_no_rules_change_nothing() -> None:
    redactor = Redactor(RedactionRules.none())
    assert redactor.exchange(LOGIN) is LOGIN
    assert redactor.scrub(LOGIN) is LOGIN
    assert not redactor.counts


@pytest.mark.parametrize(
    ("path", "query", "expected_path", "expected_query"),
    [
        ("/a;jsessionid=ABCD1234", None, "/a;jsessionid=REDACTED-jsessionid-1", None),
        ("/a;password=x1/b", None, "/a;password=REDACTED-password-1/b", None),
        ("/a", "p%2561ssword=x1", "/a", "p%2561ssword=REDACTED-password-1"),
        ("/a", "api_key=abcd&b=%20", "/a", "api_key=REDACTED-api_key-1&b=%20"),
        ("/AKIAIOSFODNN7EXAMPLE/x", "", "/REDACTED-aws_access_key_id-1/x", ""),
        ("/a", "key=AIzaSyA-1234567890abcdefghijklmnopqrstu", "/a", "key=REDACTED-google_api_key-1"),
    ],
)
def test_secrets_in_the_target(
    redactor: Redactor, path: str, query: str | None, expected_path: str, expected_query: str | None
) -> None:
    found = redactor.exchange(exchange(path, query)).request
    assert (found.path, found.query) == (expected_path, expected_query)


def test_secrets_in_a_reason_phrase(redactor: Redactor) -> None:
    redactor.exchange(LOGIN)
    for reason, expected in (
        (f"No {TOKEN}", "No REDACTED-access_token-1"),
        ("Key AKIAIOSFODNN7EXAMPLE", "Key REDACTED-aws_access_key_id-1"),
        ("See https://me:pw1@h/", "See https://me:REDACTED-password-2@h/"),
        ("Not Found", "Not Found"),
    ):
        plain = exchange()
        found = redactor.exchange(replace(plain, response=replace(plain.response, reason=reason)))
        assert found.response.reason == expected


def test_lengths_and_digests_fit_the_new_body(redactor: Redactor) -> None:
    raw = b'{"password":"x1"}'
    encoded = encode_content(raw, "gzip")
    headers = (
        JSON, ("content-length", str(len(encoded))), ("Content-Encoding", "gzip"),
        ("Content-MD5", "x"), ("Digest", "x"),
        ("x-amz-checksum-crc32", "x"), ("ETag", "e"),
    )  # fmt: skip
    found = redactor.exchange(
        exchange(answered=Body(raw, EncodedBody("gzip", encoded)), response_headers=headers)
    ).response
    new = b'{"password":"REDACTED-password-1"}'
    assert found.body == Body(new)
    assert found.headers.fields == (JSON, ("content-length", str(len(new))), ("ETag", "e"))


def test_a_body_without_secrets_keeps_its_encoded_form(redactor: Redactor) -> None:
    body = Body(b"{}", EncodedBody("gzip", encode_content(b"{}", "gzip")))
    headers = (JSON, ("Content-Encoding", "gzip"), ("Content-MD5", "x"), ("Set-Cookie", "a=secret1"))
    found = redactor.exchange(exchange(answered=body, response_headers=headers)).response
    assert found.body is body
    assert found.headers.get("content-md5") == "x"
    assert found.headers.get("set-cookie") == "a=REDACTED-a-1"


def test_a_cut_body_keeps_the_length_that_was_announced(redactor: Redactor) -> None:
    body = Body(b'{"password":"x1 and the rest is mis', cut=True, size=5_000)
    found = redactor.exchange(exchange(answered=body, response_headers=(JSON, ("Content-Length", "5000")))).response
    assert found.body == Body(b'{"password":"REDACTED-password-1', cut=True, size=5_000)
    assert found.headers.get("content-length") == "5000"


def test_everything_else_of_an_exchange_is_kept(redactor: Redactor) -> None:
    found = redactor.exchange(LOGIN)
    restored = found.with_messages(
        replace(found.request, body=LOGIN.request.body), replace(found.response, body=LOGIN.response.body)
    )
    assert restored == LOGIN


def test_a_team_adds_its_own_secrets() -> None:
    rules = RedactionRules(
        headers=frozenset(["x-partner"]),
        fields=frozenset([("ssn",)]),
        patterns=(SecretShape("customer", re.compile("CU-[0-9]{4}")),),
        keep=frozenset([("password",)]),
    )
    found = Redactor(rules).exchange(
        exchange(
            "/customers/CU-1234",
            request_headers=(JSON, ("X-Partner", "p1")),
            answered=Body(b'{"ssn":"078-05","password":"kept","note":"CU-1234"}'),
        )
    )
    assert found.request.path == "/customers/REDACTED-customer-1"
    assert found.request.headers.get("x-partner") == "REDACTED-x_partner-1"
    assert content(found.response.body) == b'{"ssn":"REDACTED-ssn-1","password":"kept","note":"REDACTED-customer-1"}'


def test_reserved_placeholders_are_left_to_their_secrets(redactor: Redactor) -> None:
    redactor.reserve(["REDACTED-password-4"])
    assert content(redactor.exchange(LOGIN).request.body) == b'{"user":"me","password":"REDACTED-password-5"}'


def test_what_a_header_said_before_it_was_a_secret_is_found_in_it_afterwards(redactor: Redactor) -> None:
    before = redactor.exchange(use(header=TOKEN))
    assert before.request.headers.get("x-any") == TOKEN
    redactor.exchange(LOGIN)
    for _ in range(2):
        assert redactor.exchange(use(header=TOKEN)).request.headers.get("x-any") == "REDACTED-access_token-1"


@pytest.mark.parametrize(
    "used",
    [
        use(path="/accounts/4929123456789012"),
        use(query="a=4929123456789012"),
        use(header="4929123456789012"),
        use(content=b"4929123456789012"),
    ],
    ids=["path", "query", "header", "body"],
)
def test_a_known_number_is_found_where_a_text_ends(redactor: Redactor, used: Exchange) -> None:
    redactor.exchange(exchange(asked=Body(b'{"password":"4929123456789012"}')))
    assert "4929123456789012" not in repr(redactor.exchange(used))


@pytest.mark.parametrize(
    "used",
    [use(path="CU-1234"), use(header="CU-1234"), use(content=b"CU-1234")],
    ids=["path", "header", "body"],
)
def test_a_team_may_say_that_a_secret_is_a_whole_text(used: Exchange) -> None:
    rules = RedactionRules(patterns=(SecretShape("customer", re.compile("^CU-[0-9]{4}$")),))
    for _ in range(2):
        assert "CU-1234" not in repr(Redactor(rules).exchange(used))


def test_a_request_without_an_answer_yet_is_redacted_like_a_recorded_one(redactor: Redactor) -> None:
    recorded = redactor.exchange(LOGIN).request
    assert redactor.request(LOGIN.request) == recorded
    plain = use().request
    assert redactor.request(plain) is plain


names = st.sampled_from(["password", "token", "a", "X-Api-Key", "Cookie", "Authorization", "url"])
values = st.text("abcXYZ019-_./+=;: &%\\\"'{}<>?ä", max_size=30).filter(lambda text: "\0" not in text)


@given(st.lists(st.tuples(names, values), max_size=6), st.dictionaries(names, values, max_size=4), values)
def test_what_is_redacted_stays_the_same_when_redacted_again(
    headers: list[tuple[str, str]], members: dict[str, str], query: str
) -> None:
    redactor = Redactor(RedactionRules.default())
    first = redactor.exchange(
        exchange("/" + query, query, request_headers=(JSON, *headers), asked=Body(json.dumps(members).encode()))
    )
    again = redactor.exchange(first)
    assert redactor.exchange(again) == again
    assert redactor.scrub(again) == again
    assert json.loads(content(again.request.body)).keys() >= {name for name in members if name in ("a", "url")}


def test_ten_megabytes_cost_seconds_not_minutes(redactor: Redactor) -> None:
    redactor.exchange(LOGIN)
    item = {"name": "user", "url": "https://api.example.com/users/1?page=2&per_page=10", "password": "pw-1234-abcd"}
    body = Body(json.dumps([item] * 90_000).encode())
    assert len(body.content) > 9_000_000
    started = time.process_time()
    found = redactor.exchange(exchange(answered=body))
    assert time.process_time() - started < 20
    assert content(found.response.body).count(b"REDACTED-password-2") == 90_000


@given(
    st.text(st.sampled_from('aZ09-_/+%\\é\n" '), min_size=8, max_size=24),
    st.sampled_from(["{}", "x={}&y=1", '{{"a":"{}"}}', "\\n{}", "%2F{}", "<a>{}</a>"]),
    st.sampled_from([str, quote, lambda text: json.dumps(text)[1:-1], lambda text: quote(quote(text))]),
)
def test_where_a_new_secret_stands_something_long_of_it_is_among_what_is_searched(
    secret: str, around: str, spelled: Callable[[str], str]
) -> None:
    redactor = Redactor(RedactionRules.default())
    earlier = redactor.copy()
    sample = use(content=around.format(spelled(secret)).encode())
    redactor.exchange(exchange(answered=Body(json.dumps({"access_token": secret}).encode())))
    anchors = redactor.anchors_since(earlier)
    if redactor.scrub(sample) is not sample:
        assert any(
            len(anchor) < SHORTEST_RUN or anchor.encode() in redactor.searched_runs(sample) for anchor in anchors
        )
    assert redactor.anchors_since(redactor.copy()) == set()
