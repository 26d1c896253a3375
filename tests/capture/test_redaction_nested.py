"""Secrets in texts within texts, in scripts and in batches."""

import json
import time

import pytest

from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.http import Body, Exchange, Headers, Request, Response

SECRET = "Zq7Xw2Lm9Pv4Kt8R"
JSON = "application/json"
HTML = "text/html"


def redacted(text: str, media_type: str) -> str:
    fields = Headers([("Content-Type", media_type)])
    exchange = Exchange(Request("GET", "/"), Response(200, headers=fields, body=Body(text.encode())))
    found = Redactor(RedactionRules.default()).exchange(exchange).response.body
    assert found is not None
    return found.content.decode()


@pytest.mark.parametrize("secret", [SECRET, "hunter2"])
@pytest.mark.parametrize(
    ("before", "name"),
    [
        (r'{"next": "https://h/cb?token\u003d{}\u0026a\u003d1"}', "token"),
        (r'{"next":"http:\/\/h\/\u003ftoken\u003D{}"}', "token"),
        (r'{"html": "<form><input name=\"password\" value=\"{}\"></form>"}', "password"),
        (r'{"html": "Hi \u003cinput name=\"password\" value=\"{}\"\u003e é"}', "password"),
        (r'{"soap": "<Password>{}</Password>", "n": 1}', "password"),
        (r'{"soap": "\u003cPassword\u003e{}\u003c/Password\u003e"}', "password"),
        (r'{"a": "{\"html\": \"<b password=\\\"{}\\\">\"}"}', "password"),
        ('{"Config": {"Env": ["PATH=/bin", "POSTGRES_PASSWORD={}"]}}', "postgres_password"),
        ('{"form": "a=1&password={}&b=2"}', "password"),
        ('[{"op": "replace", "path": "/user/password", "value": "{}"}]', "password"),
        ('[{"value": "{}", "op": "add", "path": "/password"}]', "password"),
        ('{"query": "mutation($p: String) {login(password: $p) {a}}", "variables": {"p": "{}"}}', "p"),
        ('{"kind": "Secret", "data": {"x": "{}"}, "metadata": {"name": "data"}}', "x"),
    ],
)
def test_secrets_in_strings_of_json(before: str, name: str, secret: str) -> None:
    assert redacted(before.replace("{}", secret), JSON) == before.replace("{}", f"REDACTED-{name}-1")


@pytest.mark.parametrize(
    "text",
    [
        r'{"a": "x \u003d y", "b": "<b>bold</b>", "c": "a=b", "token_type": "<i class=\"x\">"}',
        r'{"path": "/password", "value": null, "env": ["PASSWORD=", "TOKEN_FILE=/run/token"]}',
        r'{"broken": "<input name=\"password\" value=\"\x\">"}',
        '{"kind": "ConfigMap", "data": {"x": "y"}}',
        '{"query": "{user(id: $p) {password}}", "variables": {"p": "12345"}}',
    ],
)
def test_other_strings_stay_as_they_are_spelled(text: str) -> None:
    assert redacted(text, JSON) == text


@pytest.mark.parametrize("quote", ["&quot;", "&#34;", "&#x22;"])
@pytest.mark.parametrize("secret", [SECRET, "hunter2"])
def test_json_in_attributes(quote: str, secret: str) -> None:
    page = '<div data-a="{"csrfToken":"{}","b":"1 &amp; 2"}"></div>'
    spelled = page.replace('{"csrfToken":"{}","b"', f"{{{quote}csrfToken{quote}:{quote}{{}}{quote},{quote}b{quote}")
    spelled = spelled.replace(':"1 &amp; 2"}', f":{quote}1 &amp; 2{quote}}}")
    expected = spelled.replace("{}", "REDACTED-csrf_token-1")
    assert redacted(spelled.replace("{}", secret), HTML) == expected


@pytest.mark.parametrize(
    "script",
    [
        'window.state = {accessToken: "{}"};', "var a = {'accessToken': '{}', b: 1}", "const accessToken = `{}`;",
        'window.accessToken="{}"', '{"accessToken": "{}"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize(("around", "media_type"), [("{}", "text/javascript"), ("<p><script>{}</script>", HTML)])
def test_scripts(script: str, around: str, media_type: str) -> None:
    text = around.replace("{}", script)
    assert redacted(text.replace("{}", SECRET), media_type) == text.replace("{}", "REDACTED-access_token-1")


@pytest.mark.parametrize(
    "script",
    [
        'labels = {password: "Password", token: "some-token-of-words"}', 'a.token = "#token-field-number-1 b"',
        'tokenName = "abcdefghij0123456789"', "x = {publishedToken: 12345678901234567890}",
        'password = b ? "Zq7Xw2Lm9Pv4Kt8R" : c',
    ],
)  # fmt: skip
def test_what_a_script_works_with_stays(script: str) -> None:
    assert redacted(script, "text/javascript") == script


def test_messages_in_batches() -> None:
    batch = (
        "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: sid={0}; Path=/\r\n"
        'Content-Type: application/json\r\n\r\n{{"password": "{1}"}}\r\n'
        "--b\r\nContent-Type: application/http\r\n\r\nGET /a?token={2} HTTP/1.1\r\nAuthorization: Bearer {3}\r\n\r\n"
        "--b--\r\n"
    )
    secrets = [f"{SECRET}{number}" for number in range(4)]
    names = ["sid", "password", "token", "authorization"]
    expected = batch.format(*(f"REDACTED-{name}-1" for name in names))
    assert redacted(batch.format(*secrets), "multipart/mixed; boundary=b") == expected


@pytest.mark.parametrize(
    "part",
    [
        '"\\', '"<a b=', r"\u003d", r'"\u003ca token=', '"PASSWORD=', "<input name='token' ", '="&quot;token', 
        "'token':'a1",
        '"path":"/password","value":', '"kind":"Secret","data":{', "token: $a ", 'password="', "`",
    ],
)  # fmt: skip
@pytest.mark.parametrize("media_type", [JSON, HTML, "text/javascript"])
def test_half_a_megabyte_of_pieces_takes_seconds(part: str, media_type: str) -> None:
    first = "<script>" if media_type == HTML else json.dumps({"token": "a"})[:-1]
    began = time.process_time()
    redacted(first + part * (500_000 // len(part)), media_type)
    # A few tenths; the rest is for machines that have other work.
    assert time.process_time() - began < 6


def test_what_stands_behind_a_field_is_not_its_value() -> None:
    page = '<form><input type="password" name="password"> Forgot it?<br id="token">Sign in</form>'
    assert redacted(page, HTML) == page
