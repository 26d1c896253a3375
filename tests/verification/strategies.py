"""Random exchanges as a recorder keeps them: odd, but such as clients and servers send."""

from __future__ import annotations

from hypothesis import strategies as st

from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.pact import format_json

words = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=8)
secrets = st.sampled_from(["REDACTED-token-1", "REDACTED-token-2", "REDACTED-password-10"])
texts = st.one_of(words, secrets, secrets.map(lambda secret: f"Bearer {secret}!"), st.sampled_from(["1.0", "+", "a b"]))
numbers = st.one_of(
    st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.integers(2**70, 2**80), st.just(0.1)
)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
json_contents = st.one_of(
    json_values.map(lambda value: format_json(value).encode()),
    json_values.map(lambda value: format_json(value, indent=2).encode() + b"\n"),
    st.sampled_from(
        [
            b"1.50",
            b"1e2",
            b"-0",
            b"12345678901234567890123",
            b'"5"',
            b'"{}"',
            b'"[1]"',
            b"null",
            b'""',
            b'{"a":1,"a":2}',
        ]
    ),
    st.sampled_from([b"", b"{bad", b"200 OK", b"true story", b"\xff\xfe", b" "]),
)
like_json = st.sampled_from(
    [b"200 OK", b"true", b"5", b'{"a": 1}', b"[1]", b"'x' y", b'"quoted"', b"null", b"NaN", b" "]
)
xml_contents = st.sampled_from([b"<a><b>1</b></a>", b"<a x='1'/>", b"<a>REDACTED-token-1</a>", b"not xml", b""])
form_contents = st.sampled_from(
    [b"a=1&b=2", b"a=1&a=2", b"password=REDACTED-password-10&x=%20+", b"a", b"=", b"", b"%ff=1"]
)
multipart_contents = st.sampled_from(
    [b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n', b"--x--", b"nonsense", b""]
)
CONTENTS = {
    "application/json": json_contents,
    "application/vnd.api+json; charset=utf-8": json_contents,
    "application/json; charset=utf-16": json_values.map(lambda value: format_json(value).encode("utf-16", "replace")),
    "text/plain": texts.map(str.encode) | like_json | st.binary(max_size=8),
    "text/plain; charset=ISO-8859-1": st.binary(max_size=8) | like_json,
    "text/html": texts.map(str.encode) | st.just(b"<!doctype html><p>"),
    "application/xml": xml_contents,
    "application/x-www-form-urlencoded": form_contents,
    "multipart/form-data; boundary=x": multipart_contents,
    "image/png": st.binary(max_size=8) | st.just(b"\x89PNG\r\n\x1a\n") | like_json,
    "application/octet-stream": st.binary(max_size=8) | like_json,
    "text/event-stream": st.just(b"data: 1\n\n"),
    "nonsense": texts.map(str.encode),
    None: st.binary(max_size=8) | json_contents | like_json | texts.map(str.encode),
}


@st.composite
def typed_bodies(draw: st.DrawFn) -> tuple[list[tuple[str, str]], Body | None]:
    """The Content-Type field, if any, and a body, an empty one, or none."""
    media_type = draw(st.sampled_from(list(CONTENTS)))
    fields = [("Content-Type", media_type)] if media_type else []
    return fields, draw(st.none() | st.just(Body(b"")) | CONTENTS[media_type].map(Body))


targets = st.tuples(
    st.sampled_from(["/", "/a", "/a%20b", "/%C3%A9", "/l%6fw", "/a/REDACTED-token-1", "/v1.2/x+y", "/A", "*"]),
    st.none()
    | st.sampled_from(
        ["", "a=1", "a=1&a=2", "a=2&b=1&a=1", "q=a+b", "q=a%2Bb", "q=%C3%A9", "flag", "flag=", "&&", "=x"]
    )
    | st.sampled_from(
        ["token=REDACTED-token-1", "token=REDACTED-token-2&a=1", "filter[x]=1.5", "q=%ff", "é=ü", "$a.b=c"]
    ),
)
request_fields = st.lists(
    st.sampled_from(
        [
            ("Accept", "*/*"),
            ("Accept", "application/json, text/plain;q=0.5"),
            ("accept", "text/html"),
            ("Accept-Language", "de, en"),
            ("Cookie", "sid=REDACTED-token-1"),
            ("Cookie", "sid=REDACTED-token-2"),
            ("Authorization", "Bearer REDACTED-token-1"),
            ("Authorization", "Bearer REDACTED-token-2"),
            ("X-Tenant", "a"),
            ("X-Tenant", "b, c"),
            ("If-None-Match", '"abc"'),
            ("Range", "bytes=0-1"),
        ]
    ),
    max_size=4,
)
response_fields = st.lists(
    st.sampled_from(
        [
            ("Vary", "Accept, X-Tenant"),
            ("Vary", "Authorization"),
            ("Vary", "Cookie"),
            ("Vary", "Accept-Language, Range"),
            ("Set-Cookie", "a=REDACTED-token-1; Path=/"),
            ("Set-Cookie", "b=2"),
            ("Link", '<https://a.example/?page=2>; rel="next", <https://a.example/>; rel="last"'),
            ("X-Many", "1"),
            ("X-Many", "2"),
            ("x-many", "3"),
            ("Cache-Control", "no-cache, max-age=0"),
            ("Date", "Tue, 01 Jan 2030 00:00:00 GMT"),
            ("ETag", '"abc"'),
            ("X-Empty", ""),
            ("X-Token", "REDACTED-token-1"),
            ("X-Text", "ü, ö"),
        ]
    ),
    max_size=5,
)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A recorded request, at one of two hosts."""
    path, query = draw(targets)
    typed, body = draw(typed_bodies())
    return Request(
        method=draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "get", "M-SEARCH"])),
        path=path,
        query=query,
        headers=Headers([*typed, *draw(request_fields)]),
        body=body,
        host=draw(st.sampled_from(["a.example", "b.example"])),
    )


@st.composite
def responses(draw: st.DrawFn) -> Response:
    """A recorded response."""
    typed, body = draw(typed_bodies())
    status = draw(st.sampled_from([200, 201, 204, 206, 304, 404, 500]))
    return Response(status, "", Headers([*typed, *draw(response_fields)]), body)


@st.composite
def exchange_lists(draw: st.DrawFn) -> list[Exchange]:
    """A recording: few requests, so that the same one often has several answers, at one host or at two."""
    asked = draw(st.lists(requests(), min_size=1, max_size=3))
    answered = draw(st.lists(responses(), min_size=1, max_size=3))
    pairs = st.tuples(st.sampled_from(asked), st.sampled_from(answered), st.sampled_from(["a.example", "b.example"]))
    drawn = draw(st.lists(pairs, min_size=1, max_size=6))
    return [Exchange(Request(**{**_fields(request), "host": host}), response) for request, response, host in drawn]


def _fields(request: Request) -> dict[str, object]:
    return {name: getattr(request, name) for name in Request.__slots__}
