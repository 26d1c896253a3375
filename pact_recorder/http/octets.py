"""Text as bytes of the wire."""

from __future__ import annotations

import re

_HALF_PAIR = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")


def octets(text: str) -> bytes:
    """UTF-8, with bytes that are not (surrogate escapes) as they came.

    Half of a surrogate pair, which a contract can write and no encoding has, becomes U+FFFD.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return _HALF_PAIR.sub("\ufffd", text).encode("utf-8", "surrogateescape")


def is_utf8(content: bytes) -> bool:
    """Whether bytes are text in UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
