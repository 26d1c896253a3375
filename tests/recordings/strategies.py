"""Random exchanges, from plain to hostile, for the laws of this layer."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from pact_recorder.http import Body, EncodedBody, Exchange, Headers, Request, Response

BYTE_ESCAPES = "".join(map(chr, range(0xDC80, 0xDD00)))
"""The surrogate escapes that stand for bytes 0x80 to 0xFF."""

wire_text = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(BYTE_ESCAPES))).map(
    # Only what decoding bytes can give: neighbouring escapes that form a valid sequence are that character.
    lambda text: text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
)
one_line = wire_text.map(lambda text: text.replace("\n", " "))
names = one_line.map(lambda text: text.replace("\r", " ").replace("\0", " ") or "x")
methods = names.map(lambda text: "".join(each for each in text if each > " " and each != "\x7f") or "X")
_awkward = st.sampled_from(
    [
        "",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\x85",
        "\u2028",
        "\ufeff",
        "\x00",
        "---",
        "...",
        "# ",
        ": ",
        "- ",
        "|",
        "~",
    ]
)
awkward_text = st.lists(st.one_of(_awkward, st.text(max_size=8)), max_size=8).map("".join)
json_texts = st.sampled_from(
    [
        '{"a":1,"b":[true,null,{}]}',
        '{"a": 1, "b": [1, 2]}\n',
        "[ ]",
        '{"a" :1}',
        '{"a":"\\u00e9é","a":1.0}',
        "3",
    ]
)
contents = st.one_of(st.binary(max_size=200), awkward_text.map(str.encode), json_texts.map(str.encode))
times = st.integers(0, 4_000_000_000_000_000).map(lambda micros: micros / 1_000_000)

bodies = st.builds(
    Body,
    content=contents,
    encoded=st.none() | st.builds(EncodedBody, st.sampled_from(["gzip", "br", "x-odd"]), st.binary(max_size=40)),
    cut=st.booleans(),
    size=st.none() | st.integers(0, 2**40),
    media_type=st.none() | st.sampled_from(["application/json", "image/png", "text/plain; charset=utf-16"]),
)
_types = st.sampled_from(
    [
        "application/json",
        "text/plain; charset=iso-8859-1",
        "text/html; charset=utf-16",
        "text/plain; charset=shift_jis",
        "image/png",
        "text/plain; charset=idna",
        "application/octet-stream",
    ]
)
_fields = st.one_of(
    st.tuples(st.sampled_from(["Content-Type", "content-type"]), _types),
    st.tuples(st.sampled_from(["Accept", "Set-Cookie", "set-cookie", "on", "1", "X: y", "#"]), one_line),
    st.tuples(names, one_line),
)
header_lists = st.lists(_fields, max_size=5).map(Headers)
_paths = st.one_of(
    st.sampled_from(["/", "/a/b%20c", "*", "", "//x", "/a#b", "/é", "/ü:8"]),
    wire_text.map(lambda text: "/" + text.replace("?", "")),
)
requests = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST", "M-SEARCH", "get"]) | methods,
    path=_paths,
    query=st.none() | wire_text,
    headers=header_lists,
    body=st.none() | bodies,
    scheme=st.sampled_from(["http", "https", "HTTP", ""]),
    host=st.sampled_from(["a.example", "A.Example", "::1", "127.0.0.1", "", "a b", "a/b", "x:1", "ü.example"]),
    port=st.sampled_from([80, 443, 8080, 0, 65535]),
    http_version=st.sampled_from(["HTTP/1.1", "HTTP/2.0", "HTTP/1.0"]),
    trailers=header_lists,
)
responses = st.builds(
    Response,
    status=st.integers(100, 599),
    reason=one_line,
    headers=header_lists,
    body=st.none() | bodies,
    http_version=st.sampled_from(["HTTP/1.1", "HTTP/2.0"]),
    trailers=header_lists,
)
exchanges = st.builds(
    Exchange,
    request=requests,
    response=responses,
    started=times,
    duration=st.floats(0, 1e6),
    first_byte=st.none() | st.floats(0, 1e6),
)
_any_fields = st.lists(st.tuples(wire_text, wire_text) | _fields, max_size=3).map(Headers)
any_exchanges = st.builds(
    lambda exchange, method, port, asked, status, reason, given: replace(
        exchange,
        request=replace(exchange.request, method=method, port=port, headers=asked),
        response=replace(exchange.response, status=status, reason=reason, headers=given),
    ),
    exchanges,
    st.sampled_from(["GET", ""]) | wire_text,
    st.sampled_from([80, 443, -1, 65536, 99999]) | st.integers(),
    _any_fields,
    st.sampled_from([200, -5, 0, 42, 99, 1000]) | st.integers(),
    st.just("OK") | wire_text,
    _any_fields,
)
"""Exchanges that no session may be able to hold."""
