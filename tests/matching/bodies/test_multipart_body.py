import pytest
from expecting import Rules, typed_request

from pact_recorder.matching import BodyTypeMismatch

TYPE = "multipart/form-data; boundary=XX"


def form(*pieces: tuple[str, str, str]) -> bytes:
    """A body of parts: the disposition's parameters, further header lines, and the content."""
    parts = (f"--XX\r\nContent-Disposition: form-data; {about}\r\n{more}\r\n{text}\r\n" for about, more, text in pieces)
    return ("".join(parts) + "--XX--\r\n").encode()


def texts(expected: bytes, actual: bytes, rules: Rules | None = None) -> list[str]:
    return [str(found) for found in typed_request(TYPE, expected, actual, rules)]


A, B = ('name="a"', "", "1"), ('name="b"', "", "2")
JSON_FILE = ('name="f"; filename="f.json"', "Content-Type: application/json\r\n", '{"x": 1}')


def file(text: str, media_type: str = "application/json", name: str = "g.json") -> tuple[str, str, str]:
    return (f'name="f"; filename="{name}"', f"Content-Type: {media_type}\r\n", text)


@pytest.mark.parametrize(
    ("expected", "actual", "rules", "differences"),
    [
        ([A, B], [B, A], None, []),
        ([A], [A, B], None, []),
        ([A, B], [A], None, ["$ -> Expected a MIME part 'b' but was missing"]),
        ([A], [('name="a"', "", "9")], None, ["$.a -> MIME part 'a': Expected '9' to be equal to '1'"]),
        ([A], [('name="a"', "", "9")], {"$.a": {"match": "integer"}}, []),
        (
            [A],
            [('name="a"', "", "x")],
            {"$.a": {"match": "integer"}},
            ["$.a -> Expected 'x' to match an integer number"],
        ),
        ([JSON_FILE], [file('{"x":1}')], None, []),
        (
            [JSON_FILE],
            [file('{"x":2}')],
            None,
            ["$.x -> MIME part 'f': Expected 2 (Integer) to be equal to 1 (Integer)"],
        ),
        ([JSON_FILE], [file('{"x":2}')], {"$.f.x": {"match": "integer"}}, []),
        ([JSON_FILE], [('name="f"', "", "{}")], None, ["$ -> Expected a MIME file 'f' but was field"]),
        ([('name="f"', "", "{}")], [JSON_FILE], None, ["$ -> Expected a MIME field 'f' but was file"]),
        (
            [('name="a"', "X-A: 1\r\n", "1")],
            [('name="a"', "X-A: 2\r\n", "1")],
            None,
            ["$.a['x-a'] -> MIME part 'a': header 'x-a': Expected '2' to be equal to '1'"],
        ),
        (
            [('name="a"', "X-A: 1\r\n", "1")],
            [('name="a"', "X-A: 2\r\n", "1")],
            {"$.a['x-a']": {"match": "integer"}},
            [],
        ),
        (
            [('name="a"', "X-A: 1\r\n", "1")],
            [A],
            None,
            ["$.a['x-a'] -> MIME part 'a': Expected multipart header 'x-a' with value '1' but was missing"],
        ),
        ([('name="a"', "Content-Type: text/plain\r\n", "1")], [A], None, []),
    ],
)
def test_parts(
    expected: list[tuple[str, str, str]],
    actual: list[tuple[str, str, str]],
    rules: Rules | None,
    differences: list[str],
) -> None:
    assert texts(form(*expected), form(*actual), rules) == differences


def test_a_part_of_another_type() -> None:
    found = typed_request(TYPE, form(JSON_FILE), form(file("<x/>", "application/xml")))
    assert [type(mismatch) for mismatch in found][-1] is BodyTypeMismatch
    assert str(found[-1]) == (
        "MIME part 'f': Expected a body of 'application/json' but the actual content type was 'application/xml'"
    )


def test_what_is_no_multipart_content() -> None:
    assert texts(form(A), b"x") == [
        "$ -> Failed to parse the actual body as a MIME multipart body: 'incomplete multipart stream'"
    ]
    assert texts(b"x", b"x") == []
    assert "Failed to parse the expected body" in texts(b"x", form(A))[0]
