"""Bodies: what is text in which character set, and secrets in forms of several parts."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_bodies import BodyRedaction, BodyText
from pact_recorder.capture.redaction_headers import HeaderRedaction
from pact_recorder.capture.redaction_ledger import SecretLedger
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.redaction_text import TextRedaction
from pact_recorder.http import Body, Exchange, Headers, MediaType, Request, Response


def redacted(content: bytes, media_type: str | None) -> bytes | None:
    kind = MediaType.parse(media_type)
    body = BodyText.of(content, kind)
    if body is None:
        return None
    text = TextRedaction(RedactionRules.default(), SecretLedger())
    redaction = BodyRedaction(text, HeaderRedaction(text))
    return body.encoded(redaction.body(body.text, kind))


@pytest.mark.parametrize(
    ("charset", "declared"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("latin-1", "iso-8859-1"), ("windows-1252", "windows-1252"),
        ("utf-16", "utf-16"), ("utf-16-le", "utf-16le"), ("utf-16-be", "utf-16be"), ("utf-32", "utf-32"),
        ("shift_jis", "shift_jis"),
    ],
)  # fmt: skip
def test_the_character_set_is_kept(charset: str, declared: str) -> None:
    text = (
        '{"név": "Zürich", "password": "titök1"}' if charset != "shift_jis" else '{"名": "東京", "password": "秘密1"}'
    )
    text = text if charset not in ("latin-1", "windows-1252") else text.replace("ő", "o")
    secret = "titök1" if charset != "shift_jis" else "秘密1"
    expected = text.replace(secret, "REDACTED-password-1").encode(charset)
    assert redacted(text.encode(charset), f"application/json; charset={declared}") == expected


def test_a_byte_order_mark_tells_the_character_set() -> None:
    text = '\ufeff{"password": "titok1"}'
    for charset in ("utf-16-le", "utf-16-be", "utf-32-le"):
        expected = text.replace("titok1", "REDACTED-password-1").encode(charset)
        assert redacted(text.encode(charset), "application/json") == expected


def test_bytes_that_are_not_in_the_character_set_stay_as_they_are() -> None:
    content = b'{"a": "\xff\xfe\xe4", "password": "x1"}'
    assert redacted(content, "application/json") == b'{"a": "\xff\xfe\xe4", "password": "REDACTED-password-1"}'
    assert redacted(content, "application/json; charset=no-such") == content.replace(b'"x1"', b'"REDACTED-password-1"')


def test_an_ambiguous_character_set_is_not_used() -> None:
    content = b'\x1b$B\x1b(B{"password": "x1"}'
    assert redacted(content, "application/json; charset=iso-2022-jp") == content.replace(
        b'"x1"', b'"REDACTED-password-1"'
    )


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "application/json"),
        (b'{"password": "x1"}', "image/png"),
        (b'\0{"password": "x1"}', "application/octet-stream"),
        (b'\xff\xfe\xfd{"password": "x1"}', "application/octet-stream"),
        (b'\xe4{"password": "x1"}', None),
    ],
)
def test_binary_bodies_are_left_alone(content: bytes, media_type: str | None) -> None:
    assert redacted(content, media_type) is None


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        (b'\0{"password": "x1"}', "application/json", b'\0{"password": "R-password-1"}'),
        (b'{"a":"\0","password": "x1"}', None, b'{"a":"\0","password": "R-password-1"}'),
        (b'{"a":"\xff","password": "x1"}', None, b'{"a":"\xff","password": "R-password-1"}'),
        (b"a=\0&password=x1", "application/x-www-form-urlencoded", b"a=\0&password=R-password-1"),
        (b"<a>\0</a><password>x1</password>", "text/xml", b"<a>\0</a><password>R-password-1</password>"),
        (b"\0 https://h/?token=abcd1", "text/plain", b"\0 https://h/?token=R-token-1"),
        *(
            (b'{"password": "x1"}', f"application/json; charset={codec}", b'{"password": "R-password-1"}')
            for codec in ("rot13", "hex", "base64", "zip", "idna", "utf-7")
        ),
        *(
            ('{"password": "x1"}'.encode(charset), "application/json", '{"password": "R-password-1"}'.encode(charset))
            for charset in ("utf-16-le", "utf-16-be")
        ),
        (b"password=x1&a=b", None, b"password=R-password-1&a=b"),
        (b"password=x1&a=b", "application/json", b"password=R-password-1&a=b"),
        (b"password=x1", "text/plain", b"password=R-password-1"),
        (b"a=b\npassword=x1\r\nb=c", "text/plain", b"a=b\npassword=R-password-1\r\nb=c"),
        (b"grant_type=x&code=abcd1", "application/x-www-form-urlencoded", b"grant_type=x&code=R-code-1"),
        (b"a: b\npassword: x 1\n", "text/yaml", b"a: b\npassword: R-password-1\n"),
        (b"a: b\npassword: x1\n", "application/vnd.oai+yaml", b"a: b\npassword: R-password-1\n"),
        (b'mutation { a(password: "x1") }', "application/graphql", b'mutation { a(password: "R-password-1") }'),
        (
            "<a><password>x1</password></a>".encode("utf-16-be"),
            "text/xml; charset=utf-16",
            "<a><password>R-password-1</password></a>".encode("utf-16-be"),
        ),
    ],
)
def test_secrets_in_the_disguise_of_a_type(content: bytes, media_type: str | None, expected: bytes) -> None:
    assert redacted(content, media_type) == _spelled(expected)


def _spelled(expected: bytes) -> bytes:
    return (
        expected.replace(b"R-", b"REDACTED-")
        .replace("R-".encode("utf-16-le"), "REDACTED-".encode("utf-16-le"))
        .replace("R-".encode("utf-16-be"), "REDACTED-".encode("utf-16-be"))
    )


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"password=x1;a()", "text/javascript"),
        (b"The password: it is not here\nToken: none of yours, sorry\n", "text/plain"),
        (b"password = getpass()\n", "text/plain"),
    ],
)
def test_other_text_is_left_as_it_is(content: bytes, media_type: str) -> None:
    assert redacted(content, media_type) == content


@pytest.mark.parametrize("media_type", [None, "application/octet-stream", "application/vnd.custom", "text/plain"])
def test_undeclared_text_is_text(media_type: str | None) -> None:
    assert redacted(b'{"password": "x1"}', media_type) == b'{"password": "REDACTED-password-1"}'


def test_a_url_encoded_form() -> None:
    assert redacted(b"a=1&password=x%201", "application/x-www-form-urlencoded") == b"a=1&password=REDACTED-password-1"


FORM = (
    b'--b\r\nContent-Disposition: form-data; name="user"\r\n\r\nme\r\n'
    b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nx1\r\n'
    b"--b\r\nContent-Disposition: form-data; name=api_key\r\nContent-Type: text/plain\r\n\r\nkey-1\r\n"
    b'--b\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"token":"abcd1"}\r\n'
    b'--b\r\nContent-Disposition: form-data; name="more"\r\n'
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\npin=1234\r\n"
    b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n'
    b'Content-Type: image/png\r\n\r\n\x89PNG\0\xff"token":"abcd2"\r\n'
    b"--b--\r\n"
)


def test_a_form_of_several_parts() -> None:
    expected = (
        FORM.replace(b"\r\nx1\r\n", b"\r\nREDACTED-password-1\r\n")
        .replace(b"key-1", b"REDACTED-api_key-1")
        .replace(b"abcd1", b"REDACTED-token-1")
        .replace(b"1234", b"REDACTED-pin-1")
    )
    assert redacted(FORM, "multipart/form-data; boundary=b") == expected


@pytest.mark.parametrize(
    "media_type", ["multipart/form-data", "multipart/form-data; boundary=other", None, "text/plain"]
)
def test_a_form_without_its_boundary(media_type: str | None) -> None:
    form = FORM.replace(b"\x89PNG\0\xff", b"")
    assert redacted(form, media_type) == redacted(form, "multipart/form-data; boundary=b") != form


def test_a_form_whose_boundary_cannot_be_told_is_searched_as_text() -> None:
    assert redacted(b'x\r\n\r\n{"token":"abcd1"}', "multipart/mixed") == b'x\r\n\r\n{"token":"REDACTED-token-1"}'


@pytest.mark.parametrize(
    "name",
    [
        "name*=UTF-8''password",
        "name*=utf-8'en'p%61ssword",
        "name = password",
        'NAME="password"',
        'name="a"; name="password"',
        '\r\n name="password"',
    ],
)
def test_names_of_parts(name: str) -> None:
    form = b"--b\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\nx1\r\n--b--"
    assert redacted(form, "multipart/form-data; boundary=b") == form.replace(b"x1", b"REDACTED-password-1")


def test_parts_with_plain_line_feeds() -> None:
    form = FORM.replace(b"\r\n", b"\n")
    assert b"\nx1\n" not in (redacted(form, "multipart/form-data; boundary=b") or b"")


def test_an_empty_secret_part_stays_empty() -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n\r\n--b--'
    assert redacted(form, "multipart/form-data; boundary=b") == form


MANY: dict[str, Callable[[int], dict[str, Any]]] = {
    "names of their own": lambda count: {f"password{each}": f"hunter2hunter{each}" for each in range(count)},
    "letters and digits": lambda count: {"items": [{"password": f"hunter2hunter{each}"} for each in range(count)]},
    "marks": lambda count: {"items": [{"password": f"hun/ter2 hun+ter-{each}"} for each in range(count)]},
    "escapes": lambda count: {"items": [{"password": f"hun%2Fter2%2B{each}"} for each in range(count)]},
}


@pytest.mark.parametrize("make", MANY.values(), ids=MANY)
def test_a_hundred_thousand_secrets_in_a_body_take_seconds(make: Callable[[int], dict[str, Any]]) -> None:
    body = Body(json.dumps(make(100_000)).encode())
    fields = Headers([("Content-Type", "application/json")])
    exchange = Exchange(Request("POST", "/", headers=fields, body=body), Response(200))
    redactor = Redactor(RedactionRules.default())
    began = time.process_time()
    clean = redactor.exchange(exchange)
    # About two; the rest is for machines that have other work.
    assert time.process_time() - began < 6
    assert clean.request.body is not None
    assert clean.request.body.content.count(b"REDACTED-") == 100_000
    assert b"hun" not in clean.request.body.content
