"""Character sets that a message may declare (RFC 9110 §8.3.2), among the many codecs that Python knows."""

from __future__ import annotations

import codecs

from pact_recorder.http.remembering import remembered

# Codecs that are no character set of a text, some of them of quadratic cost.
_NO_CHARSETS = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
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


def decoded(content: bytes, charset: str | None) -> str | None:
    """Bytes as text by a declared character set, else UTF-8; None when they are not text in it."""
    try:
        return content.decode(known_charset(charset or "utf-8") or "utf-8")
    except UnicodeDecodeError:
        return None
