"""Who a request is for."""

import pytest
from mitmproxy import http
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.test import tflow, tutils

from pact_recorder.addon.addressing import is_control, is_for_us


def flow(url: str, mode: str = "regular") -> http.HTTPFlow:
    made = tflow.tflow(req=tutils.treq())
    made.request.url = url
    made.client_conn.sockname = ("127.0.0.1", 8080)
    made.client_conn.proxy_mode = ProxyMode.parse(mode)
    return made


@pytest.mark.parametrize(
    ("url", "ours", "control"),
    [
        ("http://127.0.0.1:8080/mockserver/mode", True, True),
        ("http://localhost:8080/mockserver/mode?mode=spy", True, True),
        ("http://[::1]:8080/mockserver/mode", True, True),
        ("http://pact.recorder/mockserver/mode", True, True),
        ("https://pact.recorder/mockserver/mode", True, True),
        ("http://127.0.0.1:8080/users", True, False),
        ("http://127.0.0.1:8080/mockservers", True, False),
        ("http://127.0.0.1:9090/mockserver/mode", False, False),
        ("http://other.example:8080/mockserver/mode", False, False),
        ("http://other.example/mockserver/mode", False, False),
    ],
)
def test_whose_request_it_is(url: str, ours: bool, control: bool) -> None:
    asked = flow(url)
    assert (is_for_us(asked), is_control(asked)) == (ours, control)


def test_behind_a_reverse_proxy_the_client_knows_only_the_proxy() -> None:
    assert is_control(flow("http://upstream.example/mockserver/mode", "reverse:http://upstream.example"))
    assert not is_control(flow("http://upstream.example/users", "reverse:http://upstream.example"))
