"""What is answered ends where it says, on every kind of connection: a connection that goes on is the proof."""

import gzip
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from hosts import Host, hosted
from proxy import Proxy, client_tls, running
from upstream import Upstream

STATUSES = [200, 201, 204, 205, 206, 299, 304, 399, 400, 407, 418, 426, 499, 500, 599, 600, 700, 999]
BODILESS = (204, 205, 304)
NEXT = {"httpRequest": {"path": "/next"}, "httpResponse": {"body": "next"}}


@pytest.fixture(scope="module", params=["proxy", "serve"])
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, confdir: Path) -> Iterator[Host]:
    with hosted(request.param, tmp_path_factory.mktemp(request.param), confdir) as host:
        yield host
        assert host.proxy is None or "hook failed" not in host.proxy.output


@pytest.fixture(params=["at once", "after a delay"])
def host(request: pytest.FixtureRequest, started: Host) -> Host:
    """A program without expectations but one; with a delay somewhere `serve` answers in another way."""
    assert started.send("PUT", "/mockserver/reset").status_code == 200
    waiting = {"httpRequest": {"path": "/slow"}, "httpResponse": {"delay": {"value": 1}}}
    put(started, NEXT, *([waiting] if request.param == "after a delay" else []))
    return started


def put(host: Host, *documents: Any) -> httpx.Response:
    answer = host.send("PUT", "/mockserver/expectation", content=json.dumps(documents))
    assert answer.status_code == 201, answer.text
    return answer


def test_every_status_leaves_the_connection_to_the_next_answer(host: Host) -> None:
    put(
        host,
        *(
            {"httpRequest": {"path": f"/{status}"}, "httpResponse": {"statusCode": status, "body": "ab"}}
            for status in STATUSES
        ),
    )
    with closing(HTTPConnection("127.0.0.1", host.port, timeout=20)) as connection:
        for method, status in product(("GET", "HEAD", "POST"), STATUSES):
            connection.request(method, f"/{status}")
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status == status
            assert content == (b"" if status in BODILESS or method == "HEAD" else b"ab"), (method, status)
            own = connection.sock
            connection.request("GET", "/next")
            assert connection.getresponse().read() == b"next", (method, status)
            assert connection.sock is own


def test_every_status_goes_over_http2(confdir: Path, tmp_path: Path) -> None:
    with running(f"pact_recordings={tmp_path}", "pact_mode=mock", confdir=confdir) as proxy:
        documents = [
            {"httpRequest": {"path": f"/{status}"}, "httpResponse": {"statusCode": status, "body": "ab"}}
            for status in STATUSES
        ]
        assert proxy.control("PUT", "expectation", content=json.dumps(documents)).status_code == 201
        assert_over_http2(proxy)


def assert_over_http2(proxy: Proxy) -> None:
    with proxy.client(http2=True, verify=client_tls(http2=True)) as client:
        for status in STATUSES:
            answer = client.get(f"https://nowhere.example/{status}")
            assert (answer.http_version, answer.status_code) == ("HTTP/2", status)
            assert answer.content == (b"" if status in BODILESS else b"ab")
    assert "hook failed" not in proxy.output


def ask(host: Host, method: str, path: str, *fields: str) -> tuple[HTTPResponse, bytes]:
    """An answer as it is on the wire, with its content."""
    with closing(HTTPConnection("127.0.0.1", host.port, timeout=20)) as connection:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for field in fields:
            connection.putheader(*field.split(": "))
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read()


def test_a_body_goes_out_under_its_coding(host: Host) -> None:
    packed = gzip.compress(b"packed before", mtime=0)
    put(
        host,
        {"httpRequest": {"path": "/text"}, "httpResponse": {"headers": {"Content-Encoding": "gzip"}, "body": "plain"}},
        {
            "httpRequest": {"path": "/bytes"},
            "httpResponse": {
                "headers": {"Content-Encoding": ["gzip"], "Content-Length": [str(len(packed))]},
                "body": {"type": "BINARY", "base64Bytes": b64encode(packed).decode()},
            },
        },
    )
    for fields in ((), ("Accept-Encoding: gzip",), ("Accept-Encoding: identity",)):
        text, content = ask(host, "GET", "/text", *fields)
        assert (text.headers["content-encoding"], gzip.decompress(content)) == ("gzip", b"plain")
        answer, content = ask(host, "GET", "/bytes", *fields)
        assert (answer.headers["content-encoding"], content) == ("gzip", packed)


def test_an_answer_to_head_tells_the_length_that_was_set(host: Host) -> None:
    put(
        host,
        {
            "httpRequest": {"method": "HEAD", "path": "/file"},
            "httpResponse": {"headers": {"Content-Length": "12345"}},
        },
    )
    with closing(HTTPConnection("127.0.0.1", host.port, timeout=20)) as connection:
        connection.request("HEAD", "/file")
        answer = connection.getresponse()
        assert (answer.headers.get_all("content-length"), answer.read()) == (["12345"], b"")
        connection.request("GET", "/next")
        assert connection.getresponse().read() == b"next"


def test_a_connection_ends_when_the_answer_says_so(host: Host) -> None:
    put(host, {"httpRequest": {"path": "/last"}, "httpResponse": {"headers": {"Connection": "close"}, "body": "ab"}})
    with closing(HTTPConnection("127.0.0.1", host.port, timeout=20)) as connection:
        connection.request("GET", "/last")
        answer = connection.getresponse()
        assert (answer.read(), answer.will_close, answer.headers.get_all("connection")) == (b"ab", True, ["close"])


def test_a_length_that_would_break_the_connection_is_refused(host: Host) -> None:
    body = json.dumps({"httpResponse": {"headers": {"Content-Length": "1"}, "body": "ab"}})
    answer = host.send("PUT", "/mockserver/expectation", content=body)
    assert (answer.status_code, "Content-Length is 1, but the body has 2 bytes" in answer.text) == (400, True)


def test_an_overridden_status_without_a_body_leaves_the_connection_whole(
    confdir: Path, tmp_path: Path, upstream: Upstream
) -> None:
    upstream.answers["*"] = lambda handler: handler.reply(200, b"from the provider")
    address = {"host": "127.0.0.1", "port": upstream.port, "scheme": "HTTP"}
    override = {"requestOverride": {"socketAddress": address}, "responseOverride": {"statusCode": 204}}
    with running(f"pact_recordings={tmp_path}", "pact_mode=spy", confdir=confdir) as proxy:
        documents = [{"httpRequest": {"path": "/over"}, "httpOverrideForwardedRequest": override}, NEXT]
        assert proxy.control("PUT", "expectation", content=json.dumps(documents)).status_code == 201
        with closing(HTTPConnection("127.0.0.1", proxy.port, timeout=20)) as connection:
            connection.request("GET", "/over")
            answer = connection.getresponse()
            assert (answer.status, answer.read(), answer.headers["content-length"]) == (204, b"", None)
            connection.request("GET", "/next")
            assert connection.getresponse().read() == b"next"


@pytest.mark.parametrize("status", [-1, 0, 1, 99, 100, 101, 102, 103, 199, 1000, 99_999, 10**30])
def test_what_is_no_status_of_an_answer_is_refused(started: Host, status: int) -> None:
    body = json.dumps({"httpResponse": {"statusCode": status}})
    answer = started.send("PUT", "/mockserver/expectation", content=body)
    assert answer.status_code == 400
    assert '"/httpResponse/statusCode" must be a whole number from 200 to 999' in answer.text
