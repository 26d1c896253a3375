"""Secrets in header fields."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.capture.redaction_headers import HeaderRedaction
from pact_recorder.capture.redaction_ledger import SecretLedger
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.redaction_text import TextRedaction
from pact_recorder.http import Headers

BASIC = base64.b64encode(b"me:hunter2-and-more").decode()
DATE = "Wed, 21 Oct 2026 07:28:00 GMT"
SIGV4 = "AWS4-HMAC-SHA256 Credential={}, SignedHeaders=host;x-amz-date, Signature={}"
DIGEST = 'Digest username="me", realm="r", nonce="n1", uri="/a?b=c", response="{}", opaque="{}", qop=auth, nc=00000001'


def redaction() -> HeaderRedaction:
    return HeaderRedaction(TextRedaction(RedactionRules.default(), SecretLedger()))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", "Bearer abcd", "Bearer R-authorization-1"),
        ("authorization", "token  <X>", "token  R-authorization-1"),
        ("Authorization", f"Basic {BASIC}", "Basic R-authorization-1"),
        ("Authorization", "Basic not base64!", "Basic R-authorization-1"),
        ("Proxy-Authorization", f"basic {BASIC}", "basic R-proxy_authorization-1"),
        ("Authorization", "abcd1234", "R-authorization-1"),
        ("Authorization", "AWS AKIA:abc/def=", "AWS R-authorization-1"),
        ("Authorization", "ApiKey abc==", "ApiKey R-authorization-1"),
        ("Authorization", "Custom abc== x=y", "Custom R-authorization-1"),
        (
            "Authorization",
            SIGV4.format("AKID/20200101/us-east-1/s3/aws4_request", "fe5f80"),
            SIGV4.format("R-credential-1", "R-signature-1"),
        ),
        ("Authorization", DIGEST.format("6629", "5ccc"), DIGEST.format("R-response-1", "R-opaque-1")),
        ("Authorization", 'Token token="abcd1"', 'Token token="R-token-1"'),
        ("Cookie", "a=1; b=two; c=", "a=R-a-1; b=R-b-1; c="),
        ("Cookie", "flag; id=x=y==", "R-cookie-1; id=R-id-1"),
        ("Set-Cookie", f"id=abc; Path=/; Expires={DATE}", f"id=R-id-1; Path=/; Expires={DATE}"),
        ("Set-Cookie", 'id="a b"; HttpOnly', 'id="R-id-1"; HttpOnly'),
        ("Set-Cookie", "id=; Max-Age=0", "id=; Max-Age=0"),
        ("Set-Cookie", "id=deleted; Max-Age=0", "id=deleted; Max-Age=0"),
        ("Set-Cookie", "a=x,y; Path=/, b=z1; Secure", "a=R-a-1; Path=/, b=R-b-1; Secure"),
        ("Set-Cookie", "a=x1; Path=/\nb=z1; Path=/", "a=R-a-1; Path=/\nb=R-b-1; Path=/"),
        ("Set-Cookie", f"a=x1; Expires={DATE} b=z1; Path=/", f"a=R-a-1; Expires={DATE} b=R-b-1; Path=/"),
        ("Cookie", "abcd", "R-cookie-1"),
        ("Cookie", "=abcd; a b=x1", "=R-cookie-1; a b=R-a_b-1"),
        ("Cookie", 'a="x;y=z"; b=1', 'a="R-a-1"; b=R-b-1'),
        ("Cookie", 'a="x; b=y', 'a="R-a-1; b=R-b-1'),
        ("Cookie", f"{'n' * 300}=x1", f"{'n' * 300}=R-{'n' * 40}-1"),
        ("Set-Cookie", "abcd", "R-cookie-1"),
        ("Set-Cookie", "abcd; Path=/; Secure", "R-cookie-1; Path=/; Secure"),
        ("Set-Cookie", "=abcd; Path=/", "=R-cookie-1; Path=/"),
        ("Set-Cookie", 'a="x;y,z=1"; Path=/', 'a="R-a-1"; Path=/'),
        ("Set-Cookie", f"{'n' * 300}=x1; Path=/", f"{'n' * 300}=R-{'n' * 40}-1; Path=/"),
        ("Location", "https://h/cb?code=abcd1&state=s", "https://h/cb?code=R-code-1&state=s"),
        ("X-Secret-Thing", "abcd", "R-x_secret_thing-1"),
        ("X-Auth", "abcd", "R-x_auth-1"),
        ("X-Api-Token-V2", "abcd", "R-x_api_token_v_2-1"),
        ("X-Api-Key", "abcd", "R-x_api_key-1"),
        ("X-Auth-Token", "  abcd ", "R-x_auth_token-1"),
        ("Location", "https://h/cb?code=1&access_token=abcd", "https://h/cb?code=1&access_token=R-access_token-1"),
        ("Referer", "https://me:pw1@h/", "https://me:R-password-1@h/"),
        ("Link", '<https://h/?token=abcd>; rel="next"', '<https://h/?token=R-token-1>; rel="next"'),
        ("X-Debug", '{"password":"x1"}', '{"password":"R-password-1"}'),
    ],
)  # fmt: skip
def test_secrets_in_headers(name: str, value: str, expected: str) -> None:
    before = Headers([("Accept", "*/*"), (name, value), ("X-Last", "1")])
    after = Headers([("Accept", "*/*"), (name, expected.replace("R-", "REDACTED-")), ("X-Last", "1")])
    assert redaction().headers(before) == after
    assert redaction().headers(before.without(["accept", "x-last"])) == after.without(["accept", "x-last"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", ""),
        ("Authorization", "Bearer REDACTED-authorization-1"),
        ("WWW-Authenticate", 'Bearer realm="x", error="invalid_token"'),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Allow-Headers", "Authorization, X-Api-Key, Cookie"),
        ("Vary", "Cookie, Authorization"),
        ("X-Csrf-Token", "undefined"),
        ("Content-Type", "multipart/form-data; boundary=token=abc"),
        ("Set-Cookie", "Secure"),
        ("Location", "https://h/cb?code=abcd1"),
        ("X-Odd", "line\nfeed"),
    ],
)
def test_other_headers_are_the_same_object(name: str, value: str) -> None:
    headers = Headers([("Accept", "*/*"), (name, value)])
    assert redaction().headers(headers) is headers


def test_repeated_headers_stay_apart_and_equal_values_stay_equal() -> None:
    headers = Headers([("Set-Cookie", "a=secret1"), ("X", "y"), ("set-cookie", "b=secret1"), ("Cookie", "c=secret2")])
    assert redaction().headers(headers).fields == (
        ("Set-Cookie", "a=REDACTED-a-1"),
        ("X", "y"),
        ("set-cookie", "b=REDACTED-a-1"),
        ("Cookie", "c=REDACTED-c-1"),
    )


def test_the_password_of_basic_credentials_is_known() -> None:
    ledger = SecretLedger()
    HeaderRedaction(TextRedaction(RedactionRules.default(), ledger)).headers(
        Headers([("Authorization", f"Basic {BASIC}")])
    )
    assert ledger.placeholder_for("hunter2-and-more") == "REDACTED-password-1"


def test_what_is_to_be_kept_is_kept_in_cookies_too() -> None:
    rules = RedactionRules(keep=frozenset([("session", "id")]))
    kept = HeaderRedaction(TextRedaction(rules, SecretLedger()))
    headers = Headers([("Cookie", "sessionId=abcd1; b=two"), ("Set-Cookie", "session_id=abcd1; Path=/")])
    assert kept.headers(headers).fields == (
        ("Cookie", "sessionId=abcd1; b=REDACTED-b-1"),
        ("Set-Cookie", "session_id=abcd1; Path=/"),
    )


@pytest.mark.parametrize("name", ["Cookie", "Set-Cookie"])
@pytest.mark.parametrize("value", ['a="', "a", "a=", ",a", "a ", "; ", 'a=";a', "\n"])
def test_hostile_cookies_cost_linear_time(name: str, value: str) -> None:
    started = time.process_time()
    redaction().headers(Headers([(name, value * 30_000)]))
    assert time.process_time() - started < 10


def test_a_line_feed_in_a_header_does_not_mix_up_the_others() -> None:
    headers = Headers([("A", "x\ny"), ("Location", "/?token=abcd"), ("B", "z")])
    assert redaction().headers(headers).fields == (("A", "x\ny"), ("Location", "/?token=REDACTED-token-1"), ("B", "z"))


SECRET_NAMES = st.sampled_from(["Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "Accept"])


@given(st.lists(st.tuples(SECRET_NAMES, st.text("abcXYZ019-_./+=;: ", max_size=30)), max_size=6))
def test_fields_that_come_again_get_the_same_and_are_counted_again(fields: list[tuple[str, str]]) -> None:
    ledger = SecretLedger()
    redacting = HeaderRedaction(TextRedaction(RedactionRules.default(), ledger))
    first = redacting.headers(Headers(fields))
    once = ledger.counts.copy()
    assert redacting.headers(Headers(fields)) == first
    assert ledger.counts == once + once


def test_many_and_long_secrets_are_still_redacted() -> None:
    redacting = redaction()
    for number in range(3_000):
        assert redacting.headers(Headers([("X-Api-Key", f"key-{number:06}")])).get("x-api-key") == (
            f"REDACTED-x_api_key-{number + 1}"
        )
    for _ in range(2):
        assert redacting.headers(Headers([("X-Api-Key", "k1" * 5_000)])).get("x-api-key") == "REDACTED-x_api_key-3001"
