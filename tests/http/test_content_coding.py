"""Content codings undone and applied, with bombs, damage and cut-off content."""

import gzip
import tracemalloc
import zlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.errors import LimitError
from pact_recorder.http.content_coding import CodingError, decode_content, encode_content

CODINGS = ["gzip", "x-gzip", "deflate", "br", "zstd"]
TEXT = b"".join(b"line %d of a text that is worth compressing: %d\n" % (n, n * n * 7919) for n in range(15_000))
MEGABYTE = 1_000_000


@given(st.binary(max_size=2_000), st.lists(st.sampled_from([*CODINGS, "identity"]), max_size=4))
def test_what_is_encoded_is_decoded_to_the_same(content: bytes, codings: list[str]) -> None:
    coding = ", ".join(codings)
    assert decode_content(encode_content(content, coding), coding, MEGABYTE) == content


@pytest.mark.parametrize("coding", CODINGS)
def test_content_longer_than_a_piece(coding: str) -> None:
    encoded = encode_content(TEXT, coding)
    assert len(encoded) < len(TEXT)
    assert decode_content(encoded, coding, len(TEXT)) == TEXT


@pytest.mark.parametrize("coding", ["GZIP", " gzip ", "identity, gzip", "gzip,", ",gzip"])
def test_names_are_read_without_regard_to_case_and_space(coding: str) -> None:
    assert decode_content(gzip.compress(b"text"), coding, 10) == b"text"


@pytest.mark.parametrize("coding", ["", "identity", "Identity, identity"])
def test_identity_changes_nothing(coding: str) -> None:
    assert decode_content(b"text", coding, 4) == b"text"
    assert encode_content(b"text", coding) == b"text"


def test_the_last_coding_is_undone_first() -> None:
    assert decode_content(encode_content(gzip.compress(TEXT), "br"), "gzip, br", MEGABYTE) == TEXT


def test_deflate_without_the_zlib_frame() -> None:
    encoder = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    raw = encoder.compress(TEXT) + encoder.flush()
    assert decode_content(raw, "deflate", MEGABYTE) == TEXT


@pytest.mark.parametrize(
    ("parts", "coding"),
    [
        ([gzip.compress(b"one "), gzip.compress(b"two")], "gzip"),
        ([zstandard.compress(b"one "), zstandard.compress(b"two")], "zstd"),
    ],
)
def test_concatenated_streams_are_one_content(parts: list[bytes], coding: str) -> None:
    assert decode_content(b"".join(parts), coding, 100) == b"one two"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_what_follows_the_end_is_ignored(coding: str) -> None:
    assert decode_content(encode_content(TEXT, coding) + b"\0\0padding", coding, MEGABYTE) == TEXT


@pytest.mark.parametrize("coding", CODINGS)
def test_empty_content_is_empty(coding: str) -> None:
    assert decode_content(b"", coding, 0) == b""


@pytest.mark.parametrize("coding", CODINGS)
def test_a_cut_body_is_refused_or_decoded_as_far_as_it_goes(coding: str) -> None:
    encoded = encode_content(TEXT, coding)
    cut = encoded[: len(encoded) // 2]
    with pytest.raises(CodingError, match="ends too early"):
        decode_content(cut, coding, MEGABYTE)
    beginning = decode_content(cut, coding, MEGABYTE, partial=True)
    assert beginning and TEXT.startswith(beginning)


def test_a_cut_stack_is_decoded_as_far_as_it_goes() -> None:
    cut = encode_content(TEXT, "gzip, br")[:-20]
    assert TEXT.startswith(decode_content(cut, "gzip, br", MEGABYTE, partial=True))


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("partial", [False, True])
def test_damaged_content_is_refused(coding: str, partial: bool) -> None:
    with pytest.raises(CodingError, match="is not valid"):
        decode_content(b"this was never compressed at all", coding, MEGABYTE, partial=partial)


@pytest.mark.parametrize("coding", ["compress", "aws-chunked", "utf-8", "gzip, what", "x" * 1_000])
def test_an_unknown_coding_is_refused(coding: str) -> None:
    with pytest.raises(CodingError, match="not known") as caught:
        decode_content(b"text", coding, MEGABYTE)
    assert len(str(caught.value)) < 200
    with pytest.raises(CodingError):
        encode_content(b"text", coding)


def test_a_coding_error_is_a_value_error() -> None:
    assert issubclass(CodingError, ValueError)


def test_too_many_codings_are_refused() -> None:
    with pytest.raises(CodingError, match="deeper"):
        decode_content(b"x", ",".join(["gzip"] * 6), MEGABYTE)


def test_the_limit_holds_for_content_that_is_not_encoded() -> None:
    with pytest.raises(LimitError):
        decode_content(b"12345", "identity", 4)


@pytest.mark.parametrize(("coding", "most"), [("gzip", 20), ("deflate", 20), ("br", 60), ("zstd", 20)])
def test_a_bomb_is_stopped_before_it_takes_memory(coding: str, most: int) -> None:
    bomb = encode_content(b"\0" * (200 * MEGABYTE), coding)
    assert len(bomb) < MEGABYTE
    tracemalloc.start()
    try:
        with pytest.raises(LimitError):
            decode_content(bomb, coding, MEGABYTE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < most * MEGABYTE


def test_the_limit_holds_for_every_layer_of_a_stack() -> None:
    bomb = encode_content(b"\0" * (100 * MEGABYTE), "gzip, gzip")
    with pytest.raises(LimitError):
        decode_content(bomb, "gzip, gzip", MEGABYTE // 20)


def test_a_great_number_of_streams_is_refused() -> None:
    with pytest.raises(LimitError, match="streams"):
        decode_content(zstandard.compress(b"") * 20_000, "zstd", MEGABYTE)


def test_equal_content_is_encoded_equally() -> None:
    assert encode_content(TEXT, "gzip") == encode_content(TEXT, "gzip")
