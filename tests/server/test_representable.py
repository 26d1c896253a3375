import pytest

from pact_recorder.http import Body
from pact_recorder.matching import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.pact import Interaction, MessageInteraction, SpecVersion
from pact_recorder.server.representable import representable

TEXT = {"Content-Type": ("text/plain",)}
JSON = {"Content-Type": ("application/json",)}
KEPT = [
    ExpectedRequest("GET", "/é", {"ü": ("日本", None)}, {"X": ("é",)}),
    ExpectedRequest("PUT", "/", None, JSON, Body(b'{ "a": 1.50 }')),
    ExpectedRequest("PUT", "/", None, {"Content-Type": ("image/png",)}, Body(b"\x89PNG")),
    ExpectedRequest("PUT", "/", None, {}, Body(b'{"a":1}')),
    ExpectedRequest("PUT", "/", None, {}, Body(b"")),
    *(
        ExpectedRequest("GET", "/", None, {"Content-Type": (declared,)}, Body(b""))
        for declared in ("application/json", "application/vnd.api+json", "application/graphql", "text/xml", "image/png")
    ),
]


@pytest.mark.parametrize("request_", KEPT)
def test_what_can_be_said_is_kept(request_: ExpectedRequest) -> None:
    interaction = Interaction("it", request_, ExpectedResponse())
    assert representable([interaction], 3) == ((interaction,), ())


LEFT_OUT = [
    (ExpectedRequest("GET", "/\udcff"), "path"),
    (ExpectedRequest("GET", "/", {"q": ("\udcff",)}), "query"),
    (ExpectedRequest("GET", "/", {"\udcff": ("",)}), "query"),
    (ExpectedRequest("GET", "/", None, {"X": ("\udcff",)}), "headers"),
    (ExpectedRequest("PUT", "/", None, TEXT, Body(b"\xff")), "body"),
    (ExpectedRequest("PUT", "/", None, JSON, Body(b"\xff\xfe")), "body"),
]


@pytest.mark.parametrize(("request_", "part"), LEFT_OUT)
def test_a_request_that_cannot_be_said_is_left_out(request_: ExpectedRequest, part: str) -> None:
    kept, sentences = representable([Interaction("it", request_, ExpectedResponse())], 3)
    assert kept == ()
    assert len(sentences) == 1
    assert sentences[0].startswith(f"it: the request's {part} ")


LOST = [
    (ExpectedResponse(200, {"X": ("\udcff",), "Y": ("1",)}), ExpectedResponse(200, {"Y": ("1",)}), "'X'"),
    (ExpectedResponse(200, TEXT, Body(b"\xff")), ExpectedResponse(200, TEXT), "body"),
    (ExpectedResponse(200, {}, Body(b"12 monkeys")), ExpectedResponse(200, {}), "body"),
]


@pytest.mark.parametrize(("response", "rest", "named"), LOST)
def test_what_cannot_be_said_of_a_response_is_left_out(
    response: ExpectedResponse, rest: ExpectedResponse, named: str
) -> None:
    kept, sentences = representable([Interaction("it", ExpectedRequest(), response)], 3)
    assert kept == (Interaction("it", ExpectedRequest(), rest),)
    assert len(sentences) == 1
    assert named in sentences[0]


@pytest.mark.parametrize(("version", "kept"), [(2, 0), (3, 0), (4, 1)])
def test_version_4_can_say_every_body(version: SpecVersion, kept: int) -> None:
    request = ExpectedRequest("PUT", "/", None, TEXT, Body(b"\xff"))
    assert len(representable([Interaction("it", request, ExpectedResponse())], version)[0]) == kept


def test_messages_pass() -> None:
    message = MessageInteraction("told", ExpectedMessage())
    assert representable([message], 3) == ((message,), ())
