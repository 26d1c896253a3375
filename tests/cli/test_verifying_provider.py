"""`verify --provider-url` as a real process, against real providers over sockets."""

import gzip
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from provider_contracts import answered, interaction, json_body
from upstream import Handler, Upstream


def seen(upstream: Upstream, body: bytes = b"{}", status: int = 200) -> list[Handler]:
    """The requests to come, whatever they ask for."""
    handlers: list[Handler] = []

    def answer(handler: Handler) -> None:
        handlers.append(handler)
        handler.reply(status, body)

    upstream.answers["*"] = answer
    return handlers


def test_each_interaction_has_a_line_and_its_differences(verify, provider: Upstream) -> None:
    provider.says("GET /a", body=b'{"id":1,"more":true}')
    provider.says("GET /b", 404, b'{"id":"one"}')
    ran = verify(
        provider.url,
        interaction("good", response=answered({"id": 1})),
        interaction("bad", {"path": "/b"}, answered({"id": 2}), providerStates=[{"name": "a pet exists"}]),
    )
    assert ran.status == 1
    assert ran.err == ""
    assert ran.out == (
        "pact.json (web → pets): 1 of 2 interactions verified\n"
        "  ok      good\n"
        '  failed  bad (given "a pet exists")\n'
        '          warning: no provider state callback is configured, so the state "a pet exists" was not set up\n'
        "          Response status did not match\n"
        "            status: expected 200 but was 404\n"
        "          Body had differences\n"
        "            $.id -> Expected 'one' (String) to be equal to 2 (Integer)\n"
    )


def test_the_result_as_json(verify, provider: Upstream) -> None:
    provider.says("GET /b", 404)
    ran = verify(provider.url, interaction("good"), interaction("bad", {"path": "/b"}), options=("--json",))
    assert ran.status == 1
    (contract,) = ran.document["contracts"]
    assert (ran.document["verified"], contract["consumer"], contract["source"]) == (False, "web", "pact.json")
    good, bad = contract["interactions"]
    assert (good["verified"], good["failures"]) == (True, [])
    (failure,) = bad["failures"]
    assert failure["title"] == "Response status did not match"
    assert failure["mismatches"][0]["actual"] == 404


def test_what_is_asked_is_what_the_contract_says(verify, provider: Upstream) -> None:
    requests = seen(provider)
    ran = verify(
        f"{provider.url}/base/",
        interaction("root", {"path": "/"}),
        interaction("dots", {"path": "/a%20b/../c%2F//d"}),
        interaction("letters", {"path": "/ü x"}),
        interaction("query", {"query": {"b": ["1 2", "&"], "a": [""]}}),
        interaction("fields", {"headers": {"X-B": ["2", "1"], "x-a": ["3"], "Content-Length": ["99"]}}),
        interaction("body", {"method": "put", "body": json_body({"b": [1.0], "a": "ü"})}),
        interaction("none", {"method": "POST"}),
    )
    assert ran.status == 0, ran.out
    assert [f"{each.command} {each.path}" for each in requests] == [
        "GET /base",
        "GET /base/a%20b/../c%2F//d",
        "GET /base/%C3%BC%20x",
        "GET /base/a?b=1+2&b=%26&a=",
        "GET /base/a",
        "PUT /base/a",
        "POST /base/a",
    ]
    host = ("Host", provider.url.removeprefix("http://"))
    assert requests[0].headers.items() == [host, ("Accept", "*/*")]
    assert requests[4].headers.items() == [host, ("X-B", "2"), ("X-B", "1"), ("x-a", "3"), ("Accept", "*/*")]
    assert requests[5].headers["Content-Type"] == "application/json"
    assert requests[5].body == '{"b":[1.0],"a":"ü"}'.encode()
    assert requests[6].headers["Content-Length"] == "0"


@pytest.mark.parametrize("coding", ["gzip", "mystery"])
def test_a_coding_is_undone_when_it_is_known(verify, provider: Upstream, coding: str) -> None:
    content = b'{"id":1}'
    sent = gzip.compress(content) if coding == "gzip" else content
    provider.says("GET /a", body=sent, Content_Encoding=coding)
    assert verify(provider.url, interaction(response=answered({"id": 1}))).status == 0


def test_a_coding_that_is_damaged(verify, provider: Upstream) -> None:
    provider.says("GET /a", body=b"no gzip", Content_Encoding="gzip")
    ran = verify(provider.url, interaction())
    assert ran.status == 1
    assert "GET /a: the answer cannot be decoded: Content is not valid gzip" in ran.out


def test_a_redirect_is_an_answer(verify, provider: Upstream) -> None:
    provider.says("GET /a", 302, b"", Location="/b")
    ran = verify(provider.url, interaction(response={"status": 302, "headers": {"Location": ["/b"]}}))
    assert ran.status == 0
    assert provider.requests == ["GET /a"]


def test_answers_without_content_binary_ones_and_repeated_fields(verify, provider: Upstream) -> None:
    content = bytes(range(256))

    def cookies(handler: Handler) -> None:
        handler.send_response(200)
        for value in ("a=1", "b=2"):
            handler.send_header("Set-Cookie", value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    provider.says("HEAD /a", body=b"12345")
    provider.says("DELETE /a", 204)
    provider.says("GET /png", body=content, content_type="image/png")
    provider.answers["GET /cookies"] = cookies
    binary = {"content": b64encode(content).decode(), "contentType": "image/png", "encoded": "base64"}
    ran = verify(
        provider.url,
        interaction("head", {"method": "HEAD"}, {"headers": {"Content-Length": ["5"]}}),
        interaction("no content", {"method": "DELETE"}, {"status": 204}),
        interaction("binary", {"path": "/png"}, {"headers": {"Content-Type": ["image/png"]}, "body": binary}),
        interaction("cookies", {"path": "/cookies"}, {"headers": {"Set-Cookie": ["a=1", "b=2"]}}),
        interaction("other cookies", {"path": "/cookies"}, {"headers": {"Set-Cookie": ["a=1", "b=3"]}}),
    )
    assert [line[:8].strip() for line in ran.out.splitlines()[1:6]] == ["ok", "ok", "ok", "ok", "failed"], ran.out


@pytest.mark.parametrize("separator", [": ", "="])
def test_given_headers_replace_and_are_not_shown(verify, provider: Upstream, separator: str) -> None:
    asked = interaction(
        request={"headers": {"authorization": ["Bearer old"], "X-A": ["1"]}}, response=answered({"token": "x"})
    )
    requests = seen(provider)
    options = ("-H", f"Authorization{separator}Bearer s3cr3t-t0ken", "--header", "X-A: 2", "-H", "X-A: 3")
    assert verify(provider.url, asked, options=options).status == 1
    assert requests[0].headers.items()[1:4] == [
        ("Authorization", "Bearer s3cr3t-t0ken"),
        ("X-A", "2"),
        ("X-A", "3"),
    ]
    provider.answers["*"] = lambda handler: handler.reply(
        200, json.dumps({"token": handler.headers["Authorization"]}).encode()
    )
    for more in ((), ("--json",)):
        ran = verify(provider.url, asked, options=(*options, *more))
        assert ran.status == 1
        assert "s3cr3t" not in ran.out + ran.err
        assert "…" in ran.out or "\\u2026" in ran.out


def test_placeholders_of_redaction_are_told_once(verify, provider: Upstream) -> None:
    redacted = {"Authorization": ["Bearer REDACTED-authorization-1"], "X-Api-Key": ["REDACTED-x_api_key-1"]}
    asked = [interaction(name, {"headers": redacted, "query": {"token": ["REDACTED-token-1"]}}) for name in "ab"]
    ran = verify(provider.url, *asked)
    assert ran.status == 0
    assert ran.err == (
        "pact-recorder: requests have placeholders of redacted values in Authorization, X-Api-Key, which a provider is "
        "likely to refuse: give real ones with --header 'Authorization: …'; placeholders of redacted values in the "
        "path, query or body of 2 requests are sent as they are\n"
    )
    options = ("-H", "authorization: Bearer real", "-H", "X-Api-Key: real")
    assert "--header" not in verify(provider.url, *asked, options=options).err


def test_messages_have_no_producer(verify, provider: Upstream) -> None:
    ran = verify(provider.url, {"type": "Asynchronous/Messages", "description": "an event", "contents": json_body({})})
    assert ran.status == 1
    assert "no producer of messages is configured" in ran.out


def test_what_is_pending_fails_nothing(verify, provider: Upstream) -> None:
    provider.says("GET /a", 404)
    ran = verify(provider.url, interaction("soon", pending=True))
    assert ran.status == 0
    assert "  pending soon\n          Response status did not match\n" in ran.out


def named(ran: Any) -> list[str]:
    return [each["description"] for each in ran.document["contracts"][0]["interactions"]]


FILTERED = (
    interaction("get a pet", providerStates=[{"name": "a pet exists"}]),
    interaction("get a shop", providerStates=[{"name": "a shop exists"}]),
    interaction("get nothing"),
)


@pytest.mark.parametrize(
    ("options", "variables", "expected"),
    [
        (("--filter-description", "get a"), {}, ["get a pet", "get a shop"]),
        (("--filter-state", "^a shop"), {}, ["get a shop"]),
        (("--filter-no-state",), {}, ["get nothing"]),
        ((), {"PACT_DESCRIPTION": "pet$"}, ["get a pet"]),
        ((), {"PACT_PROVIDER_STATE": "shop"}, ["get a shop"]),
        ((), {"PACT_PROVIDER_NO_STATE": "true"}, ["get nothing"]),
        ((), {"PACT_PROVIDER_NO_STATE": "false", "PACT_DESCRIPTION": ""}, ["get a pet", "get a shop", "get nothing"]),
        (("--filter-state", "pet"), {"PACT_PROVIDER_NO_STATE": "1"}, ["get a pet"]),
    ],
)
def test_filters(
    verify, provider: Upstream, environment: dict[str, str], options: Any, variables: Any, expected: list[str]
) -> None:
    environment |= variables
    ran = verify(provider.url, *FILTERED, options=(*options, "--json"))
    assert (ran.status, named(ran)) == (0, expected)


def test_nothing_to_verify(verify, provider: Upstream) -> None:
    ran = verify(provider.url)
    assert (ran.status, ran.out) == (2, "")
    assert "the contracts have no interactions" in ran.err
    ran = verify(provider.url, interaction(), options=("--filter-description", "other"))
    assert (ran.status, ran.out) == (2, "")
    assert "leave none of the interactions" in ran.err
    assert provider.connections == 0


URL = "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "What to check against is missing: give --session NAME or --provider-url URL."),
        (["--provider-url", URL, "--session", "pets"], "exclude each other: leave one out"),
        (["--session", "pets", "--state-url", URL], "--state-url goes with --provider-url"),
        (["--session", "pets", "--filter-no-state"], "--filter-no-state goes with --provider-url"),
        (["--provider-url", URL, "--redact", "none"], "--redact goes with --session"),
        (["--provider-url", "localhost:3000"], "'localhost:3000' is no URL of a service; give http://HOST:PORT"),
        (["--provider-url", "ftp://localhost"], "is no URL of a service"),
        (["--provider-url", "http://"], "is no URL of a service"),
        (["--provider-url", "http://h:99999"], "is no URL"),
        (["--provider-url", f"{URL}/?a=1"], "has a query, which requests bring themselves"),
        (["--provider-url", f"{URL}/#a"], "has a fragment"),
        (["--provider-url", "http://a..b/"], "has no host name"),
        (["--provider-url", "http://u:s3cr3t@h/"], "a URL takes no user and password here"),
        (["--provider-url", URL, "--state-url", "/states"], "is no URL of a service"),
        (["--provider-url", URL, "--header", "s3cr3t"], "a header is given as 'Name: value'"),
        (["--provider-url", URL, "--header", "X A: s3cr3t"], "a header is given as 'Name: value'"),
        (["--provider-url", URL, "--header", "X-A: s3cr3t\nB: c"], "the value of X-A has a character"),
        (["--provider-url", URL, "--header", "Content-Length: 1"], "cannot be given"),
        (["--provider-url", URL, "--timeout", "0"], "is no number of seconds"),
        (["--provider-url", URL, "--timeout", "nan"], "is no number of seconds"),
        (["--provider-url", URL, "--filter-state", "("], "it is no regular expression"),
        (["--provider-url", URL, "--filter-state", "a", "--filter-no-state"], "not both"),
        (["--provider-url", URL, "--ca", "nothing.pem"], "--ca: nothing.pem cannot be read"),
        (["--provider-url", URL, "--ca", "recordings/pets.yaml"], "holds no certificates in PEM format"),
    ],
)
def test_wrong_usage(run, pets: Path, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    document = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [interaction()]}
    (tmp_path / "pact.json").write_text(json.dumps(document))
    ran = run("verify", "pact.json", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert "s3cr3t" not in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("name", ["pact.json", "nothing.json"])
def test_a_contract_that_cannot_be_read(run, tmp_path: Path, name: str) -> None:
    (tmp_path / "pact.json").write_text("{")
    ran = run("verify", name, "--provider-url", URL)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"pact-recorder: {name}")
