"""Content codings undone and applied (RFC 9110 §8.4): gzip, deflate, br, zstd and stacks of them.

Input is fed to the decoders in small pieces, so that a bomb is noticed while it unfolds, before memory is
taken for it. The size of a piece follows from the most that a decoder can make of it: deflate about 1,000
times the input, a zstd block of 4 bytes 128 KiB, a brotli meta-block of about 10 bytes 16 MiB.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

from pact_recorder.errors import LimitError, PactRecorderError

_MOST_CODINGS = 5
_MOST_STREAMS = 10_000
_LARGEST_ZSTD_WINDOW = 1 << 27
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_DECODER_ERRORS = (zlib.error, brotli.error, zstandard.ZstdError)


class CodingError(PactRecorderError, ValueError):
    """Content is not what its content coding says, or the coding is not known."""


class UnknownCodingError(CodingError):
    """A content coding is not known here."""


class _Decoder(Protocol):
    """One stream being decoded; `unused_data` is what follows its end."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


class _BrotliDecoder:
    """brotli's decoder in the shape of zlib's."""

    __slots__ = ("_stream",)

    unused_data = b""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        finished: bool = self._stream.is_finished()
        return finished

    def decompress(self, data: bytes, /) -> bytes:
        decoded: bytes = self._stream.process(data)
        return decoded


def _zstd_decoder() -> _Decoder:
    return zstandard.ZstdDecompressor(max_window_size=_LARGEST_ZSTD_WINDOW).decompressobj()


def _gzip(content: bytes) -> bytes:
    # No time stamp, so that equal content is equal when encoded.
    encoder = zlib.compressobj(wbits=_GZIP_WINDOW)
    return encoder.compress(content) + encoder.flush()


def _brotli(content: bytes) -> bytes:
    encoded: bytes = brotli.compress(content, quality=5)
    return encoded


def _zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


@dataclass(frozen=True, slots=True)
class _Codec:
    """How a coding is undone and applied.

    `openers` are tried in turn until one understands the content; `piece` is how many bytes are fed at once;
    another stream follows the first when it begins with `next_stream` (gzip members, zstd frames).
    """

    openers: tuple[Callable[[], _Decoder], ...]
    encode: Callable[[bytes], bytes]
    piece: int
    next_stream: bytes = b""


_GZIP = _Codec((lambda: zlib.decompressobj(_GZIP_WINDOW),), _gzip, 2_048, b"\x1f\x8b")
_CODECS = {
    "gzip": _GZIP,
    "x-gzip": _GZIP,
    # "deflate" is the zlib format, but some servers send a raw stream, which every browser accepts.
    "deflate": _Codec((zlib.decompressobj, lambda: zlib.decompressobj(-zlib.MAX_WBITS)), zlib.compress, 2_048),
    "br": _Codec((_BrotliDecoder,), _brotli, 32),
    "zstd": _Codec((_zstd_decoder,), _zstd, 256, zstandard.FRAME_HEADER),
}


def decode_content(content: bytes, coding: str, limit: int, *, partial: bool = False) -> bytes:
    """The content with the codings of a `Content-Encoding` value undone, the last one first.

    `limit` bounds the decoded size in bytes; `partial` accepts content that was cut off and decodes what is
    there. Empty content is empty in every coding. Raises CodingError for an unknown coding or damaged
    content, LimitError when the limit is passed.
    """
    codecs = _codecs(coding)
    if not content:
        return b""
    for name, codec in reversed(codecs):
        content = _decode_one(content, name, codec, limit, partial)
    if len(content) > limit:
        raise LimitError(f"Content of {len(content):,} bytes is larger than {limit:,} bytes.")
    return content


def encode_content(content: bytes, coding: str) -> bytes:
    """The content with the codings of a `Content-Encoding` value applied in order. Raises CodingError."""
    for _, codec in _codecs(coding):
        content = codec.encode(content)
    return content


def _codecs(coding: str) -> list[tuple[str, _Codec]]:
    names = [name for piece in coding.lower().split(",") if (name := piece.strip()) not in ("", "identity")]
    if len(names) > _MOST_CODINGS:
        raise CodingError(f"A stack of {len(names)} content codings is deeper than {_MOST_CODINGS}.")
    unknown = next((name for name in names if name not in _CODECS), None)
    if unknown is not None:
        raise UnknownCodingError(f"The content coding {unknown[:40]!r} is not known; known are {', '.join(_CODECS)}.")
    return [(name, _CODECS[name]) for name in names]


def _decode_one(content: bytes, name: str, codec: _Codec, limit: int, partial: bool) -> bytes:
    reason = ""
    for opener in codec.openers:
        try:
            decoded, complete = _feed(content, opener, codec, limit)
        except _DECODER_ERRORS as error:
            reason = reason or str(error)
            continue
        if complete or partial:
            return decoded
        reason = reason or "it ends too early"
    raise CodingError(f"Content is not valid {name}: {reason}.")


def _feed(content: bytes, opener: Callable[[], _Decoder], codec: _Codec, limit: int) -> tuple[bytes, bool]:
    """What the decoder makes of the content, and whether the stream was complete."""
    decoder = opener()
    pieces: list[bytes] = []
    size = position = 0
    streams = 1
    while position < len(content):
        piece = content[position : position + codec.piece]
        decoded = decoder.decompress(piece)
        position += len(piece)
        size += len(decoded)
        if size > limit:
            raise LimitError(f"Content decodes to more than {limit:,} bytes.")
        pieces.append(decoded)
        if decoder.eof:
            position -= len(decoder.unused_data)
            if not codec.next_stream or not content.startswith(codec.next_stream, position):
                break
            streams += 1
            if streams > _MOST_STREAMS:
                raise LimitError(f"Content consists of more than {_MOST_STREAMS:,} compressed streams.")
            decoder = opener()
    return b"".join(pieces), decoder.eof
