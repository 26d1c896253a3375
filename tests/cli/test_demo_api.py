import gzip
import http.client
import json

import pytest

from pact_recorder.cli.demo_api import DemoApi
from pact_recorder.cli.demo_library import PASSWORD, TOKEN, USER


def ask(api: DemoApi, method: str, path: str, body=None, token=False, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=5)
    if token:
        headers["Authorization"] = f"Bearer {TOKEN}"
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


@pytest.fixture
def api():
    with DemoApi() as running:
        yield running


@pytest.mark.parametrize(
    ("method", "path", "body", "token", "status"),
    [
        ("GET", "/books", None, False, 200),
        ("GET", "/books/1", None, False, 200),
        ("GET", "/books/99", None, False, 404),
        ("GET", "/nothing", None, False, 404),
        ("POST", "/books", {"title": "x"}, False, 401),
        ("POST", "/books", {"title": "x"}, True, 201),
        ("POST", "/books", {}, True, 422),
        ("PUT", "/books/1", {"pages": 1}, True, 200),
        ("PUT", "/books/99", {"pages": 1}, True, 404),
        ("DELETE", "/books/1", None, True, 204),
        ("DELETE", "/books/99", None, True, 404),
        ("POST", "/login", {"user": USER, "password": PASSWORD}, False, 200),
        ("POST", "/login", {"user": USER, "password": "no"}, False, 401),
        ("GET", "/newest", None, False, 302),
        ("PATCH", "/books/1", None, False, 501),
    ],
)
def test_statuses(api: DemoApi, method: str, path: str, body, token: bool, status: int) -> None:
    assert ask(api, method, path, body, token)[0].status == status


def test_a_list_is_compressed_for_who_accepts_that(api: DemoApi) -> None:
    _, plain = ask(api, "GET", "/books?genre=essay")
    answer, compressed = ask(api, "GET", "/books?genre=essay", **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed) == plain
    assert json.loads(plain)["total"] == 1


def test_a_head_request_has_the_length_and_no_content(api: DemoApi) -> None:
    answer, content = ask(api, "HEAD", "/books/1")
    assert content == b""
    assert int(answer.headers["Content-Length"]) == len(ask(api, "GET", "/books/1")[1])


def test_a_book_is_lent_once(api: DemoApi) -> None:
    statuses = [ask(api, "POST", "/books/1/loans", {"reader": "x"}, True)[0].status for _ in range(2)]
    assert statuses == [201, 409]


def test_each_api_has_its_own_books(api: DemoApi) -> None:
    ask(api, "DELETE", "/books/1", token=True)
    with DemoApi() as other:
        assert ask(other, "GET", "/books/1")[0].status == 200


def test_a_stopped_api_refuses_connections() -> None:
    with DemoApi() as api:
        api.stop()
        with pytest.raises(ConnectionRefusedError):
            ask(api, "GET", "/books")
