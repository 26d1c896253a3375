"""Secrets in URLs, queries and forms."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.capture.redaction_ledger import SecretLedger
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.redaction_text import TextRedaction
from pact_recorder.http import format_query, parse_query


def redaction() -> TextRedaction:
    return TextRedaction(RedactionRules.default(), SecretLedger())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://h/a?token=abcd1&b=2", "https://h/a?token=R-token-1&b=2"),
        ('{"u":"https://h/?a=1\\u0026sig=abcd1"}', '{"u":"https://h/?a=1\\u0026sig=R-sig-1"}'),
        ("<a href='/x?a=1&amp;api_key=abcd1'>", "<a href='/x?a=1&amp;api_key=R-api_key-1'>"),
        ("/cb#access_token=abcd1", "/cb#access_token=R-access_token-1"),
        ("<https://h/x?token=abcd1>; rel=next", "<https://h/x?token=R-token-1>; rel=next"),
        ("/a;jsessionid=ABCD1?b", "/a;jsessionid=R-jsessionid-1?b"),
        ("Name=x;AccountKey=ab/c==;Suffix=y", "Name=x;AccountKey=R-account_key-1;Suffix=y"),
        ("/login?next=%2Fcb%3Ftoken%3Dabcd1%26a%3D1", "/login?next=%2Fcb%3Ftoken%3DR-token-1%26a%3D1"),
        ("postgres://me:s3cr%40t@db/x", "postgres://me:R-password-1@db/x"),
        ("https://:pw1@h/", "https://:R-password-1@h/"),
        ("?X-Amz-Signature=abcd&X-Amz-Date=1", "?X-Amz-Signature=R-x_amz_signature-1&X-Amz-Date=1"),
        ("https://h/?a=1;password=x1;b=2", "https://h/?a=1;password=R-password-1;b=2"),
        ("?a=1;password=x1", "?a=1;password=R-password-1"),
        ("https://h/?p%61ssword=x1&p%2561sswd=y1", "https://h/?p%61ssword=R-password-1&p%2561sswd=R-passwd-1"),
        ("https://h/cb?state=s&code=abcd1#x", "https://h/cb?state=s&code=R-code-1#x"),
    ],
)
def test_secrets_in_urls(text: str, expected: str) -> None:
    assert redaction().urls(text) == expected.replace("R-", "REDACTED-")


@pytest.mark.parametrize(
    "text",
    [
        "https://h/?code=abcd1&country=x", "f(a?b=1;password=c(d):e)", "https://h/?a=1;b=2", "/%zz?%=a",
        "https://h/a?page_token=abcd1&max_tokens=5", "https://h/a?token=", "https://me@h/", "https://h:8080/x@y",
        "a@b.c",
        "a;this.password=r[4]||n,b", "x?token=f(a):g",
        "?redirect={CHECKOUT_SESSION_ID}&session_id={CHECKOUT_SESSION_ID}",
        "?auth=1", "time://12:30", "?tokens=abcd1234", "",
    ],
)  # fmt: skip
def test_other_urls_and_program_text_are_left_alone(text: str) -> None:
    assert redaction().urls(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user=me&password=x1", "user=me&password=R-password-1"),
        ("user%5Bpassword%5D=a%26b&x=%20", "user%5Bpassword%5D=R-user_password-1&x=%20"),
        ("token=abcd1&token=abcd2&token=abcd1", "token=R-token-1&token=R-token-2&token=R-token-1"),
        ("pin=1234", "pin=R-pin-1"),
        (
            "client_key=-----BEGIN+PRIVATE+KEY-----%0AMIIE%0Aab%2F%3D%0A-----END+PRIVATE+KEY-----&x=1",
            "client_key=R-private_key-1&x=1",
        ),
        ("payload=%7B%22password%22%3A%22x1%22%7D", "payload=%7B%22password%22%3A%22R-password-1%22%7D"),
        ("next=%2Fcb%3Ftoken%3Dabcd1", "next=%2Fcb%3Ftoken%3DR-token-1"),
        ("p%2561ssword=x1", "p%2561ssword=R-password-1"),
        ("a=1;password=x1;b=2", "a=1;password=R-password-1;b=2"),
        ("code=abcd1&grant_type=authorization_code", "code=R-code-1&grant_type=authorization_code"),
        ("tokens[]=abcd1&x[]=abcd2", "tokens[]=R-tokens-1&x[]=abcd2"),
        ("redirect_uri=u&code=abcd1", "redirect_uri=u&code=R-code-1"),
        ("user%5BplainPassword%5D%5Bfirst%5D=x1", "user%5BplainPassword%5D%5Bfirst%5D=R-user_plain_password_first-1"),
    ],
)
def test_secrets_in_queries_and_forms(text: str, expected: str) -> None:
    assert redaction().pairs(text, "query") == expected.replace("R-", "REDACTED-")


@pytest.mark.parametrize(
    "text",
    [
        "a=1&b", "password", "password=", "=x", "&&", "a=%7B%22b%22%3A1%7D", "key=abcd1234", "auth=1", "code=abcd1",
        "code=abcd1&country=x", "a=b;c=d", 'a={"b":"c;d=e"}',
    ],
)  # fmt: skip
def test_other_pairs_are_left_as_they_are_spelled(text: str) -> None:
    assert redaction().pairs(text, "query") == text


def test_arguments_of_graphql_in_json() -> None:
    text = r'{"query":"mutation { login(user: \"me\", password: \"x1\") { token } }"}'
    assert redaction().content(text) == text.replace("x1", "REDACTED-password-1")


def test_a_password_is_the_same_secret_however_it_is_encoded() -> None:
    redactor = redaction()
    redactor.pairs("password=a%2Fb+c%21", "form")
    redactor.content('{"password": "a\\/b c!"}')
    assert redactor.ledger.placeholder_for("a/b c!") == "REDACTED-password-1"
    assert set(redactor.ledger.counts) == {"form password", "json password"}


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b c", "password", "ü", "x&y"]), st.none() | st.text(max_size=10)), max_size=6
    )
)
def test_only_secret_pairs_change(pairs: list[tuple[str, str | None]]) -> None:
    text = format_query(pairs)
    before, after = parse_query(text), parse_query(redaction().pairs(text, "form"))
    assert len(before) == len(after)
    for (name, old), (same_name, new) in zip(before, after, strict=True):
        assert same_name == name
        assert new == old or (name == "password" and (new or "").startswith("REDACTED-password-"))


@given(st.text("?&;#=%3Dtokenabcd1:/@\\u0026 \"'", max_size=80))
def test_urls_are_redacted_once_for_all(text: str) -> None:
    redactor = redaction()
    once = redactor.urls(text)
    assert redactor.urls(once) == once


MANY = 200_000


@pytest.mark.parametrize(
    "text",
    [
        "/?a=b;" * MANY, "?code=state=" * MANY, ";a=b" * MANY, "/a?" + "a=b;" * MANY + "(", "%2561" * MANY + "=a",
        '"query":(' + "a:" * MANY, "a " * MANY + '"query":(', "query(a:" * MANY,
        "?token=" * MANY, "&a=" * MANY, "://a:" * MANY, "://" + "a" * MANY, "%3Ftoken%3D" * MANY,
        "%25" * MANY, "eyJ" * MANY,
        "eyJaaaaaaaa." * MANY, "-----BEGIN RSA PRIVATE KEY-----\n" * (MANY // 20), "Bearer aaaa" * MANY, "sk-" * MANY,
    ],
    ids=range(19),
)  # fmt: skip
def test_hostile_text_costs_linear_time(text: str) -> None:
    started = time.process_time()
    redactor = redaction()
    redactor.by_value(redactor.content(text), "body")
    redactor.pairs(text, "query")
    assert time.process_time() - started < 20
