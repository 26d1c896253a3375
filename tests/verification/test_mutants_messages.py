import gzip

import pytest
from builders import exchange, request, response
from mutating import answered, json_of, mutants, profile

from pact_recorder.http import Body, Exchange, Headers, Response
from pact_recorder.verification.mutant import AMBIGUOUS, BREAKING, NON_BREAKING, STRONG, WEAK
from pact_recorder.verification.mutants_profile import Profile

LONG = b'{"name": "' + b"x" * 100 + b'"}'


def redirect(status: int, location: str = "https://example.com/items/17") -> Exchange:
    return exchange(request(), Response(status, "", Headers([("Location", location)])))


def typed(content_type: str, content: bytes = b"{}") -> Exchange:
    return exchange(request(), Response(200, "", Headers([("Content-Type", content_type)]), Body(content)))


@pytest.mark.parametrize(
    ("status", "kind", "other"),
    [
        (200, "status_class_to_5xx", 500),
        (200, "status_class_to_4xx", 404),
        (404, "status_class_to_4xx", 200),
        (500, "status_class_to_4xx", 200),
        (200, "status_same_class", 202),
        (201, "status_same_class", 200),
        (302, "status_same_class", 301),
        (404, "status_same_class", 410),
    ],
)
def test_another_status(status: int, kind: str, other: int) -> None:
    found = mutants(exchange(request(), response(status=status)))[kind]
    assert found.response.status == other
    assert found.label == BREAKING


def test_a_status_that_the_operation_was_seen_with_breaks_nobody() -> None:
    siblings = Profile()
    siblings.statuses.update([200, 404])
    found = mutants(answered({}), siblings)
    assert "status_class_to_4xx" not in found
    assert "status_class_to_5xx" in found


@pytest.mark.parametrize(
    ("declared", "changed", "respelled"),
    [
        ("application/json", "text/html; charset=utf-8", "application/json;charset=UTF-8"),
        ("application/json;charset=UTF-8", "text/html; charset=utf-8", "application/json; charset=utf-8"),
        ("text/html", "application/json", None),
    ],
)
def test_another_content_type(declared: str, changed: str, respelled: str | None) -> None:
    found = mutants(typed(declared))
    assert found["content_type_changed"].response.headers.get("content-type") == changed
    assert found["content_type_removed"].label == AMBIGUOUS
    assert "content-type" not in found["content_type_removed"].response.headers
    charset = found.get("content_type_charset")
    assert (charset and charset.response.headers.get("content-type")) == respelled


@pytest.mark.parametrize(("status", "severity"), [(201, WEAK), (301, STRONG), (307, STRONG)])
def test_location(status: int, severity: str) -> None:
    found = mutants(redirect(status))
    assert (found["location_removed"].label, found["location_removed"].severity) == (BREAKING, severity)
    other = found["location_other_value"].response.headers.get("location") or ""
    assert other.startswith("https://example.com/items/") and other != "https://example.com/items/17"


@pytest.mark.parametrize("location", ["/items/17", "https://example.com/?token=REDACTED-token-1"])
def test_a_location_that_has_no_other(location: str) -> None:
    assert "location_other_value" not in mutants(redirect(302, location))


def test_headers_in_another_order_and_case() -> None:
    fields = [("Date", "Thu, 04 Mar 2021 05:06:07 GMT"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("x-a", "1")]
    fields += [("Link", "<a>"), ("Link", "<b>")]
    found = mutants(exchange(request(), Response(204, "", Headers(fields))))
    ordered = found["header_order"].response.headers
    assert sorted(ordered.fields) == sorted(fields)
    assert ordered.get_all("set-cookie") == ["a=1", "b=2"]
    assert ordered.get_all("link") == ["<a>", "<b>"]
    respelled = found["header_case"].response.headers.fields
    assert [(name.lower(), value) for name, value in respelled] == [(name.lower(), value) for name, value in fields]
    assert all(name != before for (name, _), (before, _) in zip(respelled, fields, strict=True))
    assert found["header_added"].response.headers.get("x-extra-info")
    assert found["link_header_removed"].label == AMBIGUOUS


def test_other_volatile_values() -> None:
    fields = [("ETag", '"0f8f-d9cb"'), ("X-Request-Id", "REDACTED-x-1"), ("X-Page", "17")]
    found = mutants(exchange(request(), Response(204, "", Headers(fields))))["header_volatile_value"].response.headers
    assert found.get("etag") != '"0f8f-d9cb"'
    assert found.get("x-request-id") == "REDACTED-x-1"
    assert found.get("x-page") == "17"


def test_the_body_as_a_whole() -> None:
    found = mutants(typed("application/json", LONG))
    assert found["body_emptied"].response.body == Body(b"")
    assert b"<html>" in found["body_html_error_page"].response.body.content
    assert found["json_truncated"].response.body.content == LONG[: len(LONG) * 2 // 3]
    assert {found[kind].label for kind in ("body_emptied", "body_html_error_page", "json_truncated")} == {BREAKING}
    none = mutants(exchange(request(), Response(204)))
    assert not {"body_emptied", "body_html_error_page", "content_type_changed"} & none.keys()


@pytest.mark.parametrize(
    ("accepted", "coded", "made"), [("gzip, br", None, True), ("br", None, False), ("gzip", "br", False)]
)
def test_gzip_where_the_request_accepts_it(accepted: str, coded: str | None, made: bool) -> None:
    fields = [("Content-Type", "application/json"), *([("Content-Encoding", coded)] if coded else [])]
    asked = request("GET", "/", None, ("Accept-Encoding", accepted))
    found = mutants(exchange(asked, Response(200, "", Headers(fields), Body(LONG)))).get("gzip_encoded")
    assert (found is not None) is made
    if found is not None:
        body = found.response.body
        assert body.content == LONG
        assert gzip.decompress(body.encoded.content) == LONG
        assert found.response.headers.get("content-encoding") == "gzip"


def test_json_spelled_otherwise() -> None:
    document = {"name": "Zoë 🐘", "items": [1, 2.50, {"a": '"\\'}]}
    found = mutants(
        typed("application/json", b'{"name": "Zo\xc3\xab \xf0\x9f\x90\x98", "items": [1, 2.50, {"a": "\\"\\\\"}]}')
    )
    for kind in ("whitespace", "unicode_escapes"):
        assert found[kind].label == NON_BREAKING
        assert json_of(found[kind].response) == document
    assert b"\n  " in found["whitespace"].response.body.content
    assert rb"Zo\u00eb \ud83d\udc18" in found["unicode_escapes"].response.body.content


def test_text() -> None:
    found = mutants(typed("text/plain", b"some words that are no JSON"), profile())
    assert found["text_other_value"].severity == WEAK
    assert found["text_other_value"].response.body.content.startswith(b"some words that are no JSON")
    assert "json_truncated" not in found


def test_the_length_is_right() -> None:
    fields = [("Content-Type", "application/json"), ("Content-Length", str(len(LONG)))]
    found = mutants(exchange(request(), Response(200, "", Headers(fields), Body(LONG))))
    for mutant in found.values():
        assert mutant.response.headers.get("content-length") == str(len(mutant.response.body.content))
