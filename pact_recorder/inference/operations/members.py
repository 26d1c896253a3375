"""Names of members that tell what a thing is called: how much a value under such a name says about a path."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pact_recorder.http.names import is_secret_field, split_words
from pact_recorder.inference.operations.words import words

STRONG: Final = 3.0
MEDIUM: Final = 2.0
WEAK: Final = 0.5

_STRONG: Final = words(
    """
    id ids uuid guid ulid gid uid pk login slug username userid handle nickname key sha oid doi isbn issn urn arn number
    symbol identifier ref fullname
    """
)
_MEDIUM: Final = words(
    """
    name code path email domain zone host hostname fqdn file filename version tag sku alias abbreviation label iso
    locale currency region bucket topic queue branch account user owner
    """
)


_IDENTIFIER: Final = re.compile(
    r"[0-9]+|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?=.*[0-9])[0-9a-f]{12,}|[0-9]{4}-[0-9]{2}(?:-[0-9]{2}.*)?"
    r"|[^@\s]+@[^@\s]+\.[a-z]+|https?://.*|(?=(?:.*[0-9]){3})(?=.*[A-Z])(?=.*[a-z])[0-9A-Za-z]{16,}",
    re.DOTALL,
)


@lru_cache(maxsize=8192)
def is_identifier(name: str) -> bool:
    """Whether a member or parameter of this name is named after a thing: its name is data."""
    return _IDENTIFIER.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def identity_strength(name: str) -> float:
    """How surely a value under this member name is what things are called by; 0 when the name says nothing of it.

    The last word counts: `userId`, `full_name`, `api-key`.
    """
    last = split_words(name)[-1:]
    if not _STRONG.isdisjoint(last):
        return STRONG
    return 0.0 if _MEDIUM.isdisjoint(last) else MEDIUM


def tells_identity(name: str) -> bool:
    """Whether values under this member name may be what things are called by."""
    return identity_strength(name) > 0


def tells_value(name: str) -> bool:
    """Whether values under this member name are worth giving to the index: they name a thing, or are a secret."""
    return identity_strength(name) > 0 or is_secret_field(name)
