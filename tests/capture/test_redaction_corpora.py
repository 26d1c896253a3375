"""Redaction of real traffic: nothing that is a secret by its place is left anywhere in the session."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from recorded_traffic import exchanges_of

from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.http import Exchange

TRAFFIC = Path(__file__).parents[2] / "../shared/data/traffic"
CORPORA = sorted(TRAFFIC.glob("*.jsonl.gz"))

# Whoever published the recordings put stand-ins for credentials into a few member names.
CREDENTIAL_IN_NAME = re.compile(r"<[A-Z_]+>|REDACTED-\w+-\d+")

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPORA, reason="the shared corpora are not beside the repository"),
]

# Deliberately not the tables of the product.
SECRET_NAME = re.compile(
    r"(?:pass(?:word|wd)|pwd|secret|(?:access|refresh|auth|login|share|security|session|csrf)[_-]?token"
    r"|^token|(?:api|private|master|access|secret|signing)[_-]?key|x-amz-signature|^sig|session[_-]?id)\d?$",
    re.I,
)
SECRET_HEADER = re.compile(r"^(?:x-)?(?:.*-)?(?:api-key|auth-token|csrf-token|access-token|security-token)$", re.I)
# Stand-ins of those who published the recordings, dates, words that are ordinary text elsewhere, masks, and the
# text tokens of a language model.
NOT_SECRET = re.compile(r"[a-zA-Z_ -]*|[\d.:/-]*|.*(?:\s.*){2,}|https?://.*|.*[<>\[\]].*|\*+|▁.*", re.DOTALL)


def secrets_of(exchange: Exchange) -> Iterator[str]:
    for name, value in (*exchange.request.headers, *exchange.response.headers):
        yield from header_secrets(name.lower(), value)
    yield from (v for n, v in parse_qsl(exchange.request.query or "", True) if SECRET_NAME.search(n))
    for message in (exchange.request, exchange.response):
        text = message.body.content.decode("utf-8", "replace") if message.body else ""
        if message.media_type is not None and message.media_type.is_form:
            yield from (v for n, v in parse_qsl(text, True) if SECRET_NAME.search(n))
        try:
            yield from json_secrets(json.loads(text))
        except ValueError:
            continue


def header_secrets(name: str, value: str) -> Iterator[str]:
    if name == "authorization":
        scheme, _, credentials = value.partition(" ")
        parameters = re.findall(r"(?:Credential|Signature)=([^,\s]+)", credentials)
        yield from parameters or [credentials]
        if scheme.lower() == "basic" and "<" not in credentials:
            yield base64.b64decode(credentials + "==").decode("latin-1").partition(":")[2]
    elif name == "cookie":
        yield from (pair.partition("=")[2].strip() for pair in value.split(";"))
    elif name == "set-cookie":
        yield value.partition(";")[0].partition("=")[2].strip()
    elif SECRET_HEADER.match(name):
        yield value


def json_secrets(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from json_secrets(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and SECRET_NAME.search(name):
                yield item
            yield from json_secrets(item)


def everything(exchange: Exchange) -> str:
    request, response = exchange.request, exchange.response
    bodies = (message.body.content.decode("utf-8", "replace") for message in (request, response) if message.body)
    values = (value for _, value in (*request.headers, *response.headers))
    return "\n".join((request.path, request.query or "", *values, *bodies))


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.name.removesuffix(".jsonl.gz"))
def test_no_secret_of_a_corpus_is_left(path: Path) -> None:
    redactor = Redactor(RedactionRules.default())
    recorded = list(exchanges_of(path))
    redacted = [redactor.exchange(exchange) for exchange in recorded]
    text = "\n".join(everything(redactor.scrub(exchange)) for exchange in redacted)
    runs = set(re.findall(r"[A-Za-z0-9]+", text))
    secrets = {
        secret
        for exchange in recorded
        for value in secrets_of(exchange)
        for secret in (value, unquote(value))
        if len(secret) >= 8 and not NOT_SECRET.fullmatch(secret)
    }
    # A secret can only be there when all its runs of letters and digits but the outermost are.
    left = sorted(s for s in secrets if runs.issuperset(re.findall(r"[A-Za-z0-9]+", s)[1:-1]) and s in text)
    assert not left


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.name.removesuffix(".jsonl.gz"))
def test_redacted_traffic_is_still_what_it_was(path: Path) -> None:
    redactor = Redactor(RedactionRules.default())
    for exchange in exchanges_of(path):
        redacted = redactor.exchange(exchange)
        assert redactor.exchange(redacted) is redacted
        for before, after in ((exchange.request, redacted.request), (exchange.response, redacted.response)):
            assert [name for name, _ in before.headers] == [name for name, _ in after.headers]
            if before.body is not None and before.media_type is not None and before.media_type.is_json:
                assert shape(before.body.content) == shape(after.body.content if after.body else b"")


def shape(content: bytes) -> Any:
    """JSON with its strings left out: names, nesting, numbers and order; None when it is not JSON."""
    try:
        return outline(json.loads(content))
    except (ValueError, RecursionError):
        return None


def outline(value: Any) -> Any:
    if isinstance(value, dict):
        return [(CREDENTIAL_IN_NAME.sub("*", name), outline(item)) for name, item in value.items()]
    if isinstance(value, list):
        return [outline(item) for item in value]
    return "" if isinstance(value, str) else value
