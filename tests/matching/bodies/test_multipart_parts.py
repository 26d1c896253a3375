import pytest

from pact_recorder.http import MediaType
from pact_recorder.matching.bodies.multipart_parts import MultipartError, parse_parts

TYPE = MediaType.parse("multipart/form-data; boundary=XX")


def parts(*pieces: str) -> bytes:
    return ("".join(f"--XX\r\n{piece}\r\n" for piece in pieces) + "--XX--\r\n").encode()


def test_fields_and_files() -> None:
    body = parts(
        'Content-Disposition: form-data; name="a"\r\n\r\none',
        'Content-Disposition: form-data; name="f"; filename="x;y.json"\r\nContent-Type: application/json\r\n\r\n{}',
        "\r\nbare",
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=",
        'Content-Disposition: form-data;\r\n name="q\\"uote"\r\n\r\n',
    )
    found = parse_parts(b"preamble\r\n" + body + b"epilogue", TYPE)
    assert [(part.index, part.name, part.is_file, part.content) for part in found] == [
        (0, "a", False, b"one"),
        (1, "f", True, b"{}"),
        (2, "", True, b"bare"),
        (3, "", True, b"hi"),
        (4, 'q"uote', False, b""),
    ]
    assert str(found[1].media_type) == "application/json"
    assert [part.key for part in found] == ["a", "f", 2, 3, 'q"uote']


def test_bad_base64_is_left_as_it_is() -> None:
    (part,) = parse_parts(parts("Content-Transfer-Encoding: base64\r\n\r\na"), TYPE)
    assert part.content == b"a"


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (b"", TYPE, "incomplete"),
        (b"hello", TYPE, "incomplete"),
        (b"--XX\r\n\r\nopen", TYPE, "incomplete"),
        (parts("no end of headers"), TYPE, "do not end"),
        (b"--XX\r\n\r\na\r\n--XXno header\r\n--XX--", TYPE, "part 1 has no header"),
        (parts("\r\na"), MediaType.parse("multipart/form-data"), "no boundary"),
        (parts("\r\na"), None, "no boundary"),
        (b"--XX\r\n\r\n\r\n" * 20_000, TYPE, "more than"),
    ],
)
def test_what_is_no_multipart_content(content: bytes, media_type: MediaType | None, reason: str) -> None:
    with pytest.raises(MultipartError, match=reason):
        parse_parts(content, media_type)
