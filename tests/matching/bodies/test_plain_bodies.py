import time

import pytest
from expecting import Rules, body_texts, typed_request, typed_response

TEXT, FORM, BYTES = "text/plain", "application/x-www-form-urlencoded", "application/octet-stream"


@pytest.mark.parametrize(
    ("expected", "actual", "rules", "differences"),
    [
        (b"Hello", b"Hello", None, []),
        (
            b"Hello World!",
            b"Hello Mars!",
            None,
            ["$ -> Expected body 'Hello World!' to match 'Hello Mars!' using equality but did not match"],
        ),
        (b"a", b"12", {"$": {"match": "regex", "regex": r"\d+"}}, []),
        (b"a", b"x", {"$": {"match": "regex", "regex": r"\d+"}}, [r"$ -> Expected 'x' to match '\d+'"]),
        (b"a", b"\xff", {"$": {"match": "type"}}, ["$ -> Could not parse actual value as text of its character set"]),
        (b"\xff", b"a", {"$": {"match": "type"}}, ["$ -> Could not parse expected value as text of its character set"]),
        (b"a", b'{"a":1}', {"$": {"match": "contentType", "value": "application/json"}}, []),
    ],
)
def test_text(expected: bytes, actual: bytes, rules: Rules | None, differences: list[str]) -> None:
    assert body_texts(typed_response(TEXT, expected, actual, rules)) == differences


def test_text_is_decoded_by_its_character_set() -> None:
    rules = {"$": {"match": "regex", "regex": "é"}}
    assert typed_response("text/plain; charset=iso-8859-1", b"x", b"\xe9", rules) == []


@pytest.mark.parametrize(
    ("expected", "actual", "rules", "differences"),
    [
        (b"a=1&b=2", b"b=2&a=1", None, []),
        (b"c=3", b"c=33", None, ["$.c -> Expected form post parameter 'c' with value '3' but was '33'"]),
        (b"a=1", b"a=1&b=2", None, ["$.b -> Unexpected form post parameter 'b' received"]),
        (b"a=1", b"a=22", {"$.a": {"match": "integer"}}, []),
        (b"a=1", b"a=x", {"$.a": {"match": "integer"}}, ["$.a -> Expected 'x' to match an integer number"]),
        (b"a=1&b=2", b"a=x&b=y", {"$": {"match": "type"}}, []),
        (b"a+b=1", b"a%20b=2", None, ["$['a b'] -> Expected form post parameter 'a b' with value '1' but was '2'"]),
    ],
)
def test_forms(expected: bytes, actual: bytes, rules: Rules | None, differences: list[str]) -> None:
    assert body_texts(typed_request(FORM, expected, actual, rules)) == differences
    assert body_texts(typed_response(FORM, expected, actual, rules)) == differences


@pytest.mark.parametrize(
    ("expected", "actual", "rules", "differences"),
    [
        (b"\x00\x01", b"\x00\x01", None, []),
        (
            b"\x00\x01",
            b"\x00" * 40,
            None,
            [
                "$ -> Actual body [application/octet-stream, 40 bytes, starting with " + "00" * 32 + "] is not equal "
                "to the expected body [application/octet-stream, 2 bytes, starting with 0001]"
            ],
        ),
        (b"x", b"%PDF-1", {"$": {"match": "contentType", "value": "application/pdf"}}, []),
        (b"x", b"yy", {"$": {"match": "type"}}, []),
        (b"x", b"yy", {"$": {"match": "regex", "regex": "y+"}}, []),
        (
            b"x",
            b"yy",
            {"$": {"match": "integer"}},
            ["$ -> Unable to match '7979...' (2 bytes) using the integer matcher"],
        ),
    ],
)
def test_bytes(expected: bytes, actual: bytes, rules: Rules | None, differences: list[str]) -> None:
    assert body_texts(typed_response(BYTES, expected, actual, rules)) == differences


def test_big_bodies_are_compared_quickly_and_quoted_briefly() -> None:
    big = b"lorem ipsum " * 4_000_000
    started = time.perf_counter()
    assert typed_response(TEXT, big, big) == []
    (found,) = typed_response(TEXT, big, big + b"!")
    assert len(str(found)) < 20_000
    (found,) = typed_response(TEXT, b"x", big, {"$": {"match": "regex", "regex": "(?:[a-z]+ )*!"}})
    assert time.perf_counter() - started < 10
