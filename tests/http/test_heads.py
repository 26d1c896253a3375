import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Exchange, Headers, Request, Response
from pact_recorder.http.heads import head_fault, in_one_line, is_field_name, is_field_value

STATUS = "response: the status is not one of 100 to 999"
PORT = "request: the port is not one of 0 to 65535"


def exchange(method: str = "GET", asked: tuple[str, str] = ("A", "b"), given: tuple[str, str] = ("A", "b")) -> Exchange:
    return Exchange(Request(method, "/", headers=Headers([asked])), Response(200, "OK", Headers([("X", "y"), given])))


@pytest.mark.parametrize(
    "sound",
    [
        exchange(),
        exchange("M-SEARCH"),
        exchange("\udcff"),
        exchange(asked=("X Y", "")),
        exchange(given=("A", "goes on\r\n in the next line\n\tand the next")),
        exchange(given=("A", "\x00\x85\u2028")),
        *(Exchange(Request("GET", "/"), Response(status)) for status in (100, 304, 999)),
        *(Exchange(Request("GET", "/", port=port), Response(200)) for port in (0, 65535)),
    ],
)
def test_what_may_be_on_the_wire(sound: Exchange) -> None:
    assert head_fault(sound) == ""


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (exchange(""), "request: the method is empty"),
        (exchange("GET /"), "request: the method has a blank or a control character"),
        (exchange("GET\n"), "request: the method has a blank or a control character"),
        (exchange(asked=("", "b")), "request: a header has no name"),
        (exchange(asked=("A\nB", "b")), "request: the name of a header has a line end"),
        (exchange(given=("A\rB", "b")), "response: the name of a header has a line end"),
        (exchange(given=("A", "b\nC: d")), "response: the value of a header has a line end"),
        (exchange(given=("A", "b\r\n")), "response: the value of a header has a line end"),
        (Exchange(Request("GET", "/"), Response(200, "a\nb")), "response: the reason has a line end"),
        *((Exchange(Request("GET", "/"), Response(status)), STATUS) for status in (-5, 0, 42, 99, 1000, 99999)),
        *((Exchange(Request("GET", "/", port=port), Response(200)), PORT) for port in (-1, 65536, 99999)),
    ],
)
def test_what_would_be_read_as_something_else(wrong: Exchange, fault: str) -> None:
    assert head_fault(wrong) == fault


@pytest.mark.parametrize("name", ["A", "x-a_b.c", "!#$%&'*+.^_`|~09"])
def test_a_name_is_a_token(name: str) -> None:
    assert is_field_name(name)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\n", "\ta", "ü", *'()<>@,;\\[]={}"/?', "\x7f", "٣"])
def test_anything_else_is_no_name(name: str) -> None:
    assert not is_field_name(name)


@given(st.text())
def test_a_value_that_cannot_be_sent_as_it_is_can_be_sent_in_one_line(value: str) -> None:
    line = in_one_line(value)
    assert is_field_value(line)
    assert len(line) == len(value)
    assert (line == value) is is_field_value(value)
