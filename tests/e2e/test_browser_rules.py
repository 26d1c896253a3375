"""What browsers need of a mock: preflights answered offline, and origins that differ from the recorded one."""

from proxy import Proxy
from upstream import Upstream

PREFLIGHT = {
    "Origin": "http://localhost:5173",
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "content-type, x-trace",
}


def test_a_preflight_of_a_recorded_call_is_answered_offline(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("PUT /users/1")
    with proxy.client() as client:
        client.put(f"{upstream.url}/users/1", json={"name": "Ada"})
        proxy.switch("mock")
        answer = client.options(f"{upstream.url}/users/1", headers=PREFLIGHT)
        other = client.options(f"{upstream.url}/users/2", headers=PREFLIGHT)
        deleting = client.options(
            f"{upstream.url}/users/1", headers={**PREFLIGHT, "Access-Control-Request-Method": "DELETE"}
        )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert answer.headers["access-control-allow-methods"] == "PUT"
    assert answer.headers["access-control-allow-headers"] == "content-type, x-trace"
    assert (other.status_code, deleting.status_code) == (404, 404)
    assert upstream.requests == ["PUT /users/1"]


def test_an_answer_that_allowed_one_origin_allows_the_one_that_asks(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("GET /x", Access_Control_Allow_Origin="http://recorded.example", Vary="Origin")
    with proxy.client() as client:
        client.get(f"{upstream.url}/x", headers={"Origin": "http://recorded.example"})
        proxy.switch("mock")
        answer = client.get(f"{upstream.url}/x", headers={"Origin": "http://other.example"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "http://other.example"


def test_only_not_modified_was_recorded(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("GET /style.css", 304, b"", content_type=None, ETag='"1"')
    with proxy.client() as client:
        client.get(f"{upstream.url}/style.css", headers={"If-None-Match": '"1"'})
        proxy.switch("mock")
        cached = client.get(f"{upstream.url}/style.css", headers={"If-None-Match": '"1"'})
        fresh = client.get(f"{upstream.url}/style.css")
    assert cached.status_code == 304
    assert fresh.status_code == 404
    assert fresh.json()["reason"] == "not-modified-only"
