"""The secrets of a session: placeholders, and finding them again wherever and however they are written."""

import html
import json
import re
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pact_recorder.capture.redaction_ledger import SecretLedger, is_distinctive
from pact_recorder.capture.secret_shapes import runs_of
from pact_recorder.http.names import PLACEHOLDER

SECRET = "s3cret/VALUE+99=="


def replaced(ledger: SecretLedger, text: str) -> str:
    return ledger.replace_known(text, runs_of(text), "body")


def knowing(*secrets: str) -> SecretLedger:
    ledger = SecretLedger()
    for secret in secrets:
        ledger.learn(secret, "token")
    return ledger


def test_equal_secrets_have_equal_placeholders_numbered_by_name() -> None:
    ledger = SecretLedger()
    first = ledger.replaced("aaaa1111", "json", "accessToken")
    second = ledger.replaced("bbbb2222", "query", "access_token")
    third = ledger.replaced("aaaa1111", "header", "Authorization")
    assert (first, second, third) == ("REDACTED-access_token-1", "REDACTED-access_token-2", first)
    assert ledger.placeholder_for("aaaa1111") == first
    assert ledger.placeholder_for("cccc3333") is None
    assert ledger.counts == {"json accessToken": 1, "query access_token": 1, "header Authorization": 1}


@given(st.text(max_size=200))
@example("")
@example("π")
@example("-" * 50)
def test_a_placeholder_is_recognised_whatever_the_name(name: str) -> None:
    assert PLACEHOLDER.fullmatch(SecretLedger().learn("secret", name))


def test_reserved_placeholders_are_not_given_again() -> None:
    ledger = SecretLedger()
    ledger.reserve(["REDACTED-token-7", "REDACTED-token-3", "something else"])
    assert ledger.learn("abc", "token") == "REDACTED-token-8"


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower().replace("s3cret", "s3cret").replace("value", "VALUE"),
        quote(SECRET),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        SECRET.replace("/", r"\/"),
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", '"{}"', "a={}&b=1", "/x/{}/y", r"\n{}", "%20{}", "%253D{}", r"\u0020{}", "é{}"]
)
def test_a_known_secret_is_found_in_every_spelling(spelling: str, around: str) -> None:
    assert replaced(knowing(SECRET), around.format(spelling)) == around.format("REDACTED-token-1")


def test_a_secret_learnt_from_a_url_is_found_in_plain_text() -> None:
    ledger = knowing(quote(SECRET, safe=""))
    assert replaced(ledger, f"<{SECRET}>") == "<REDACTED-token-1>"
    assert ledger.placeholder_for(SECRET) == "REDACTED-token-1"


@pytest.mark.parametrize("text", ["xabcd1234", "abcd1234x", "abcd123", "ABCD1234", "abcd-1234", ""])
def test_a_part_of_a_longer_word_is_another_word(text: str) -> None:
    assert replaced(knowing("abcd1234"), text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1234567890}', None),
        ("[1234567890, 1]", None),
        ('{"a": "1234567890"}', '{"a": "REDACTED-token-1"}'),
        ("/users/1234567890", "/users/REDACTED-token-1"),
        ("?id=1234567890&a", "?id=REDACTED-token-1&a"),
        ("<id>1234567890</id>", "<id>REDACTED-token-1</id>"),
    ],
)
def test_a_number_is_replaced_only_where_a_word_can_stand(text: str, expected: str | None) -> None:
    assert replaced(knowing("1234567890"), text) == (expected or text)


def test_the_longer_of_two_secrets_wins() -> None:
    ledger = knowing("abcdefg1", "abcdefg1.hijklmn2")
    assert replaced(ledger, "abcdefg1.hijklmn2 abcdefg1") == "REDACTED-token-2 REDACTED-token-1"


def test_many_known_secrets_in_one_text() -> None:
    secrets = [f"AAAAAAAA-{number:06}!x" for number in range(2_000)]
    text = " ".join(secrets)
    found = replaced(knowing(*secrets), text)
    assert found == " ".join(f"REDACTED-token-{number + 1}" for number in range(2_000))


def encoded(text: str) -> str:
    return quote(text, safe="")


def spellings(secret: str) -> tuple[str, ...]:
    url = (encoded(secret), encoded(encoded(secret)), quote_plus(secret))
    in_json = json.dumps(secret)[1:-1]
    nested = [encoded(in_json), json.dumps(in_json)[1:-1]]
    if "\\" not in secret:
        # With one at its end, the quotation mark behind it could belong to it as well.
        nested += [html.escape(in_json), in_json.replace("/", r"\/"), *map(_spelled_by(secret), WAYS)]
    return secret, *url, in_json, *nested, escape(secret), html.escape(secret)


# How writers of JSON, scripts and pages spell a character that is neither a letter nor a digit.
WAYS: tuple[Callable[[int], str], ...] = (
    lambda code: f"&#{code};",
    lambda code: f"&#x{code:x};",
    lambda code: f"&#X{code:04X};",
    lambda code: f"&amp;#{code};",
    lambda code: f"\\u{code:04x}",
    lambda code: f"\\u{code:04X}",
    lambda code: f"\\\\u{code:04x}",
    lambda code: f"\\x{code:02x}",
    lambda code: encoded(chr(code)).lower(),
    lambda code: encoded(chr(code)) if code % 2 else chr(code),
)


def _spelled_by(secret: str) -> Callable[[Callable[[int], str]], str]:
    return lambda way: re.sub("[^A-Za-z0-9]", lambda match: way(ord(match[0])), secret)


def among_many_of_one_anchor(secret: str) -> SecretLedger:
    run = max(runs_of(secret), key=len).decode()
    return knowing(*(f"{run}!{number:08}" for number in range(20)), secret)


@given(st.text('abXY0125FD-_./+=&%<\\"é\n ', min_size=8, max_size=20).filter(is_distinctive), st.booleans())
@example("4%2F0AX4XfWhQx7", False)
@example("s%3AxY12abcd.kj3%2F5", True)
@example("ab25%25252Fcdef01", True)
def test_a_secret_alone_or_among_many_is_found_in_every_spelling(secret: str, among_many: bool) -> None:
    if not any(len(run) >= 3 for run in runs_of(secret)):
        return
    ledger = among_many_of_one_anchor(secret) if among_many else knowing(secret)
    placeholder = ledger.placeholder_for(secret)
    for spelled in spellings(secret):
        assert replaced(ledger, f'x "{spelled}"') == f'x "{placeholder}"'
        assert ledger.placeholder_for(spelled) == placeholder


@given(st.text("abXY0125FD-_./+=&%é ", min_size=8, max_size=20).filter(is_distinctive), st.booleans())
@example("ab/+c-2F=", False)
def test_a_secret_learnt_from_a_url_is_found_in_every_other_spelling(secret: str, among_many: bool) -> None:
    learnt = encoded(secret)
    if not any(len(run) >= 3 for run in runs_of(secret)) or not is_distinctive(learnt):
        return
    ledger = among_many_of_one_anchor(learnt) if among_many else knowing(learnt)
    placeholder = ledger.placeholder_for(learnt)
    for spelled in (*spellings(secret), *spellings(learnt)):
        assert replaced(ledger, f'x "{spelled}"') == f'x "{placeholder}"'


@pytest.mark.parametrize("spelled", [quote_plus(SECRET), json.dumps('a"b/c1234')[1:-1], "a&amp;b1234567"])
def test_a_secret_has_the_same_placeholder_in_every_spelling(spelled: str) -> None:
    ledger = knowing(SECRET, 'a"b/c1234', "a&b1234567")
    before = len(ledger.hints())
    ledger.learn(spelled, "token")
    assert len(ledger.hints()) == before


def test_the_number_of_a_placeholder_is_no_secret() -> None:
    ledger = knowing(*(f"ab!cd-{number:04}" for number in range(1_000, 1_100)))
    assert replaced(ledger, "REDACTED-token-1007 ab!cd-1007") == "REDACTED-token-1007 REDACTED-token-8"


def test_a_secret_that_is_not_to_be_known_is_replaced_only_in_its_place() -> None:
    ledger = SecretLedger()
    assert ledger.replaced("abcd1234", "cookie", "a", known=False) == "REDACTED-a-1"
    assert replaced(ledger, "abcd1234") == "abcd1234"


@given(
    st.lists(st.text("abcXYZ019-_./+=%\\é ", min_size=8, max_size=20), max_size=5),
    st.text('abcXYZ019-_./+=%\\é "', max_size=60),
)
def test_replacing_twice_is_replacing_once(secrets: list[str], text: str) -> None:
    ledger = knowing(*secrets)
    once = replaced(ledger, " ".join([text, *secrets]))
    assert replaced(ledger, once) == once


@given(st.text("abcXYZ019-_./+=\\é", min_size=8, max_size=40).filter(is_distinctive))
def test_a_distinctive_secret_is_always_found_again(secret: str) -> None:
    text = f'["{secret}"]'
    expected = text if not any(len(run) >= 3 for run in runs_of(secret)) else '["REDACTED-token-1"]'
    assert replaced(knowing(secret), text) == expected


@pytest.mark.parametrize("secret", ["abcd1234", "hUnter2!", "MEMBER_TOKEN", "a" * 40, "12345678", SECRET])
def test_distinctive_secrets(secret: str) -> None:
    assert is_distinctive(secret)


@pytest.mark.parametrize(
    "secret",
    [
        "short1", "password", "Password", "REQUIRED", "undefined", "client-secret", "clientSecret", "my password",
        "api.example.com", "1234567", "2024-01-02", "2024-01-02T10:00:00Z", "2024-01-02 10:00", "10.20.30.40",
        "00000000-0000-0000", "Europe/Berlin",
        "/products/shoes1", "%2Fproducts%2Fshoes1", "https://example.com/a1", "x" * 70_000, "REDACTED-token-1",
        "********",
    ],
)  # fmt: skip
def test_words_dates_hosts_and_numbers_are_not_looked_for_elsewhere(secret: str) -> None:
    assert not is_distinctive(secret)


def test_what_is_replaced_inside_is_counted_apart_and_in_all() -> None:
    ledger = SecretLedger()
    ledger.replaced("first-secret", "json", "a")
    with pytest.raises(ValueError, match="stop"), ledger.counting() as counts:
        ledger.replaced("first-secret", "json", "a")
        ledger.replaced("other-secret", "json", "b")
        raise ValueError("stop")
    assert counts == {"json a": 1, "json b": 1}
    assert ledger.counts == {"json a": 2, "json b": 1}
    with ledger.counting(in_all=False) as counts:
        ledger.replaced("first-secret", "json", "a")
    assert counts == {"json a": 1}
    assert ledger.counts == {"json a": 2, "json b": 1}


def test_what_an_answer_gave_out_is_known_again_as_credentials_in_a_later_recording() -> None:
    hints = knowing(SECRET, "another-s3cret").hints()
    later = SecretLedger()
    later.remember(hints)
    assert later.learn(SECRET, "Authorization") == "REDACTED-token-1"
    assert later.learn(SECRET, "token") == "REDACTED-token-1"
    assert later.learn("another-s3cret", "password") == "REDACTED-password-1"
    assert later.learn("another-s3cret", "token") == "REDACTED-password-1"
    reverse = SecretLedger()
    reverse.remember({"REDACTED-authorization-1": hints["REDACTED-token-1"]})
    assert reverse.learn(SECRET, "access_token") == "REDACTED-authorization-1"


HOSTILE: dict[str, tuple[list[str], str]] = {
    "almost a secret of equal parts": (["abcdef/" * 9_000], ("abcdef/" * 8_999 + "x") * 16),
    "the same with escapes": (["abcdef/" * 585], ("abcdef%2F" * 584 + "x") * 250),
    "many secrets with one anchor": ([f"abcdef/{number:03}!" for number in range(256)], "abcdef%2F" * 110_000),
    "anchors of many secrets": (
        [f"abcdef{number:04}/x/yz" for number in range(2_000)],
        "".join(f"abcdef{number % 2_000:04}%2Fx%2F " for number in range(60_000)),
    ),
    "almost a secret of escapes": (["%25" * 20_000 + "abcdef"], ("%25" * 19_999 + "abcdef") * 20),
    "escapes within escapes": (["s3cret/VALUE+99=="], ("s3cret%" + "25" * 20 + "2FVALUE+99==&amp;\\u0026") * 20_000),
}


@pytest.mark.parametrize(("secrets", "text"), HOSTILE.values(), ids=HOSTILE)
def test_a_megabyte_that_looks_like_secrets_takes_seconds(secrets: list[str], text: str) -> None:
    ledger = knowing(*secrets)
    began = time.process_time()
    assert replaced(ledger, text) == text
    # Less than one; the rest is for machines that have other work.
    assert time.process_time() - began < 6
