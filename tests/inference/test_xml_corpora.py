"""XML of real traffic: every recorded answer keeps the promise made of its group, here and in the reference."""

from __future__ import annotations

import base64
import importlib.util
from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from corpora import Corpus

from pact_recorder.http import Body, Headers, MediaType, Response
from pact_recorder.http.content_coding import CodingError, decode_content
from pact_recorder.inference.columns import shape_of
from pact_recorder.inference.promises import Promise
from pact_recorder.inference.xml_documents import read_xml
from pact_recorder.inference.xml_promises import xml_promise
from pact_recorder.matching import CompiledResponse, ExpectedResponse, MatchingRules, compile_response
from tests.differential.cases import Case, Message
from tests.differential.reference import verdicts

pytestmark = pytest.mark.corpus

WITH_XML = [
    "aws-manageiq",
    "azure-custodian",
    "crossref-rcrossref",
    "dns-lexicon-a",
    "gbif-rgbif",
    "media-subliminal",
    "payments-pay-a",
    "reddit-praw",
]
FEW = 4
XML = "application/xml"
ERROR_PAGE = b"<html><head><title>Service Unavailable</title></head><body><h1>Oops</h1></body></html>"

Group = Sequence[str]


@pytest.fixture(scope="module", params=WITH_XML)
def groups(request: pytest.FixtureRequest, shared: Path) -> Sequence[Group]:
    """The XML answers of a corpus, by host, method, route, status and root."""
    route = _route(shared)
    found: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for entry in Corpus(request.param, shared).exchanges():
        text, asked = _xml(entry["response"]), entry["request"]
        value = read_xml(text) if text is not None else None
        if text is not None and value is not None:
            [root] = value
            found[asked["host"], asked["method"], route(entry), entry["response"]["status"], root].append(text)
    assert found, "the corpus has no XML any more"
    return list(found.values())


def test_every_answer_keeps_the_promise_of_its_group(groups: Sequence[Group]) -> None:
    for texts in groups:
        for promise in _promises(texts):
            compiled = _compiled(promise)
            assert not compiled.match(_response(promise.example.encode()))
            for text in texts:
                assert not compiled.match(_response(text.encode()))


def test_broken_answers_are_refused(groups: Sequence[Group]) -> None:
    for texts in groups:
        for promise in _promises(texts):
            compiled, content = _compiled(promise), texts[0].encode()
            for broken in (b"", ERROR_PAGE, content[: len(content) * 2 // 3]):
                assert compiled.match(_response(broken))
            assert compiled.match(_response(content, "text/html; charset=utf-8"))


def test_the_reference_agrees(groups: Sequence[Group]) -> None:
    cases = [
        _case(promise, text)
        for texts in groups
        for promise in _promises(texts)[:1]
        for text in [promise.example, *texts[:FEW], texts[-1]]
    ]
    # A byte order mark is no XML to the reference, whatever is promised; ours skips it.
    expected = [not case.actual.body.startswith(BOM_UTF8) for case in cases if case.actual.body is not None]
    assert verdicts(cases) == expected


def _promises(texts: Group) -> list[Promise]:
    """The promises with the first few of the group as examples."""
    shape = shape_of([read_xml(text) for text in texts])
    return [xml_promise(shape, text) for text in texts[:FEW]]


def _compiled(promise: Promise) -> CompiledResponse:
    rules = MatchingRules({"body": promise.rules})
    return compile_response(ExpectedResponse(200, {"Content-Type": (XML,)}, Body(promise.example.encode()), rules))


def _response(content: bytes, media_type: str = XML) -> Response:
    return Response(200, "", Headers([("Content-Type", media_type)]), Body(content))


def _case(promise: Promise, text: str) -> Case:
    rules = {
        place: {"matchers": [{"match": rule.match, **rule.attributes} for rule in each.rules]}
        for place, each in promise.rules.items()
    }
    headers = {"Content-Type": [XML]}
    expected, actual = (Message(headers=headers, body=each.encode()) for each in (promise.example, text))
    return Case("xml", False, expected, {"body": rules} if rules else {}, actual)


def _xml(message: Mapping[str, Any]) -> str | None:
    fields = Headers([(name, value) for name, value in message["headers"]])
    media_type = MediaType.parse(fields.get("content-type"))
    if media_type is None or not media_type.is_xml:
        return None
    if not message.get("body_b64"):
        return message.get("body")
    raw = base64.b64decode(message["body_b64"])
    try:
        return Body(decode_content(raw, fields.get("content-encoding") or "", 10**9)).text(media_type)
    except CodingError:
        return None


def _route(shared: Path) -> Callable[[Mapping[str, Any]], str]:
    """How the corpora's own statistics name the route of an exchange."""
    spec = importlib.util.spec_from_file_location("corpus_stats", shared / "tools" / "stats.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    route: Callable[[Mapping[str, Any]], str] = module.route
    return route
