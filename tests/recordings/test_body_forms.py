from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pact_recorder.http import Body, EncodedBody, MediaType
from pact_recorder.http.json_layout import Layout
from pact_recorder.recordings.body_files import BodyFiles, content_digest
from pact_recorder.recordings.body_forms import INLINE_LIMIT, load_body, store_body
from pact_recorder.recordings.documents import BodyPart, EncodedPart
from tests.recordings.strategies import bodies

FILE = "demo.bodies/" + content_digest(b"\x00" * 65)


@pytest.fixture
def files(tmp_path: Path) -> BodyFiles:
    return BodyFiles(tmp_path / "demo.yaml")


@pytest.fixture(scope="module")
def shared_files(tmp_path_factory: pytest.TempPathFactory) -> BodyFiles:
    return BodyFiles(tmp_path_factory.mktemp("forms") / "demo.yaml")


@pytest.mark.parametrize(
    ("content", "media_type", "part"),
    [
        (b"", None, BodyPart(text="")),
        (b"a b", None, BodyPart(text="a b")),
        (b'{"a":1}', "application/json", BodyPart(json_text='{\n  "a": 1\n}\n', layout=Layout.COMPACT)),
        (b'{"a": 1}\n', "text/plain", BodyPart(json_text='{\n  "a": 1\n}\n', layout=Layout.SPACED_LINE)),
        (b'{"a" :1}', "application/json", BodyPart(text='{"a" :1}')),
        (b"\xe9", "text/plain; charset=ISO-8859-1", BodyPart(text="é", charset="iso-8859-1")),
        ('{"a":"é"}'.encode("utf-16-le"), "application/json; charset=utf-16le",
         BodyPart(json_text='{\n  "a": "é"\n}\n', layout=Layout.COMPACT, charset="utf-16le")),
        # What the declared charset does not lead back to exactly is tried as UTF-8, then kept as bytes.
        ("é".encode(), "text/plain; charset=ascii", BodyPart(text="é")),
        (b"\xe9", "text/plain; charset=ascii", BodyPart(base64="6Q==")),
        (b"\xe9", "text/plain; charset=nonsense", BodyPart(base64="6Q==")),
        (b"a", "text/plain; charset=idna", BodyPart(text="a")),
        # Content decides where the type does not say.
        (b"a=b", "application/octet-stream", BodyPart(text="a=b")),
        (b"\x00\x01", "application/octet-stream", BodyPart(base64="AAE=")),
        (b"GIF89a", "image/gif", BodyPart(base64="R0lGODlh")),
        (b"<svg/>", "image/svg+xml", BodyPart(text="<svg/>")),
        (b"\x01", "text/plain", BodyPart(text="\x01")),
        (b"\x00" * 65, "image/png", BodyPart(file=FILE + ".png", size=65)),
    ],
)  # fmt: skip
def test_forms(files: BodyFiles, content: bytes, media_type: str | None, part: BodyPart) -> None:
    assert store_body(Body(content), MediaType.parse(media_type), files) == part
    assert load_body(part, files) == Body(content)


@pytest.mark.parametrize(("size", "in_file"), [(INLINE_LIMIT, False), (INLINE_LIMIT + 1, True)])
def test_large_text_stands_in_a_file(files: BodyFiles, size: int, in_file: bool) -> None:
    part = store_body(Body(b"a" * size), MediaType.parse("text/plain"), files)
    assert (part.file is not None) is in_file


@given(bodies, st.none() | st.sampled_from(["text/plain; charset=utf-16", "text/x; charset=cp1252", "image/png"]))
@example(Body("\ufeffa".encode("utf-16")), "text/plain; charset=utf-16")
@example(Body(b"+AGE-"), "text/plain; charset=utf-7")
@example(Body(b"\\ud800"), "text/plain; charset=unicode_escape")
def test_every_body_comes_back(shared_files: BodyFiles, body: Body, media_type: str | None) -> None:
    assert load_body(store_body(body, MediaType.parse(media_type), shared_files), shared_files) == body


def test_bytes_that_travelled_count_only_for_the_content_they_were_made_of(files: BodyFiles) -> None:
    zipped = b"\x1f\x8b"
    body = Body(b"hello", EncodedBody("gzip", zipped))
    part = store_body(body, MediaType.parse("text/plain"), files)
    assert part.encoded == EncodedPart(
        coding="gzip", file=f"demo.bodies/{content_digest(zipped)}.txt.gz", digest=content_digest(b"hello")
    )
    (files.folder / Path(part.encoded.file).name).unlink()
    assert load_body(part.model_copy(update={"text": "bye"}), files) == Body(b"bye")
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        load_body(part, files)
