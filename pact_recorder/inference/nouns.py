"""Names of parameters and members as words of a sentence: `orderId` is an order, `user_id` a user."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pact_recorder.inference.operations.plurals import singular
from pact_recorder.inference.operations.words import words

_GAP: Final = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IDENTIFIERS: Final = words(
    "id ids uuid uuids ulid guid guids uid gid oid pk arn doi isbn issn slug identifier identifiers ref refs"
)
_ENVELOPES: Final = words(
    "attributes body data filter input item items object objects params payload record records request variables where"
)
# The letters are vowels and the sound is none: a user, a unit, a URL, a one-time code.
_NO_VOWEL: Final = re.compile(
    r"eu|ewe|on(?:e|ce)\b|uni(?![nm])|us[aeu]|ut[ei]|ubi|ura|u(?:r[iln]|[ul]?id|p[cn]|tc|sd|sb|dp|v|k|i|x)?s?\b"
)
_VOWEL: Final = re.compile(
    r"[aeiou]|h(?:ours?\b|on(?:est|ou?r)|eir)|(?:html|https?|href|mfa|nft|rss|s[mn]s|s3|sdk|ss[hlo]|s?ftp|xml)\b"
)


def spelled(name: str) -> str:
    """The lower-case words of a name in snake, kebab or camel case, with spaces between."""
    return " ".join(filter(None, _GAP.split(name))).lower()


@lru_cache(maxsize=4096)
def noun_of(name: str) -> str:
    """What the thing is called that a name has the identifier of: `user_id`, `idBoard`."""
    parts = spelled(name).split()
    if len(parts) > 1 and parts[-1] in _IDENTIFIERS:
        parts.pop()
    elif len(parts) > 1 and parts[0] == "id":
        del parts[0]
    return " ".join(parts) or "value"


def thing_of(names: Iterable[str]) -> str:
    """The noun of the first name that says more than that it identifies something; of the first when none does."""
    first = ""
    for noun in map(noun_of, names):
        if noun not in _IDENTIFIERS:
            return noun
        first = first or noun
    return first


def with_article(noun: str) -> str:
    """The noun with `a` or `an`, by how it sounds."""
    return f"{'an' if _VOWEL.match(noun) and not _NO_VOWEL.match(noun) else 'a'} {noun}"


def member_name(path: str) -> str:
    """A name for what stands at a path of a body: `$.account_id` is `account_id`, `$.orders[*].ref` is `order_ref`."""
    *parents, last = ["", *path.replace("[*]", "").split(".")[1:]]
    if path.endswith("[*]"):
        last = singular(last)
    if spelled(last) not in _IDENTIFIERS:
        return last or "value"
    parent = next((each for each in reversed(parents) if each and spelled(each) not in _ENVELOPES), "")
    return f"{singular(parent)}_{last}" if parent else last
