import zlib

import pytest

from pact_recorder.cli.demo_library import TOKEN, USER, Asked, Library, cover


def test_covers_are_images_of_different_colours() -> None:
    assert cover(1) != cover(2)
    image = cover(1)
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    pixels = zlib.decompress(image[image.index(b"IDAT") + 4 : image.index(b"IEND") - 8])
    assert len(pixels) == 24 * (1 + 16 * 3)


def asked(*segments: str, body: object = None, allowed: bool = True, **query: list[str]) -> Asked:
    return Asked(segments, query, body, allowed)


@pytest.mark.parametrize("body", [None, [], "text", 7, {}, {"user": USER}, {"user": USER, "password": TOKEN}])
def test_nobody_gets_a_token_by_anything_but_the_password(body: object) -> None:
    assert Library().answer("POST", asked("login", body=body)).status == 401


@pytest.mark.parametrize("body", [None, [], "text", 7])
@pytest.mark.parametrize(
    ("method", "segments"), [("POST", ("books",)), ("PUT", ("books", "1")), ("POST", ("books", "1", "loans"))]
)
def test_a_body_of_the_wrong_shape_is_answered_all_the_same(
    method: str, segments: tuple[str, ...], body: object
) -> None:
    assert Library().answer(method, asked(*segments, body=body)).status in (404, 422)


def test_two_libraries_give_the_same_answers() -> None:
    questions = [("POST", asked("books", body={"title": "x"})), ("GET", asked("books")), ("GET", asked("newest"))]
    first, second = Library(), Library()
    assert [first.answer(*each) for each in questions] == [second.answer(*each) for each in questions]
