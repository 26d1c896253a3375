"""Character sets that a message may declare (RFC 9110 §8.3.2), among the many codecs that Python knows.

Whatever is decoded or encoded by a name from outside goes through here: some codecs make no text, or other bytes than
any reader expects, and some take a minute for a megabyte.
"""

from __future__ import annotations

import codecs

from pact_recorder.http.remembering import remembered

# Codecs that are no character set of a text, some of them of quadratic cost.
_NO_CHARSETS = frozenset(
    {"charmap", "idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)


@remembered(256)
def known_charset(name: str) -> str | None:
    """Python's name of a character set, or None when it knows none: `rot13`, `hex` and `zip` are codecs only."""
    try:
        found = codecs.lookup(name).name
        # Decoding refuses codecs that make no text of bytes; of no bytes at all it would not look at the codec.
        b"a".decode(found)
    except UnicodeDecodeError:
        return found
    except (LookupError, ValueError):
        return None
    return None if found.replace("_", "-") in _NO_CHARSETS else found


def charset_or_utf8(name: str | None) -> str:
    """Python's name of a declared character set; of UTF-8 when none is declared or it is not known."""
    return known_charset(name or "utf-8") or "utf-8"


def decoded(content: bytes, charset: str | None) -> str | None:
    """Bytes as text by a declared character set, else UTF-8; None when they are not text in it."""
    try:
        return content.decode(charset_or_utf8(charset))
    except UnicodeDecodeError:
        return None


def encoded(text: str, charset: str | None) -> bytes:
    """A text as bytes by a declared character set; as UTF-8 when it has no such text."""
    try:
        return text.encode(charset_or_utf8(charset))
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
