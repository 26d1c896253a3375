"""English plurals in paths: `repositories` is a collection, and what follows it one `repository`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pact_recorder.inference.operations.words import words

_IRREGULAR: Final = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "indices": "index",
    "vertices": "vertex",
    "matrices": "matrix",
    "statuses": "status",
    "aliases": "alias",
    "viruses": "virus",
    "movies": "movie",
    "cookies": "cookie",
    "ids": "id",
    "ips": "ip",
    "dbs": "db",
    "vms": "vm",
}
_NO_PLURALS: Final = words(
    """
    series species news status address process access progress analysis basis dns https css sms aws gas class pass os
    rss sas is as us this canvas alias bus kubernetes radius cors tls kms ses sns sqs eks lens
    """
)
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SHORTEST: Final = 4
_LONGEST_NAME: Final = 60


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """One of many: `repositories` gives `repository`; a word that is no plural comes back as it is."""
    head, last = _last_word(word)
    lower = last.lower()
    if lower in _IRREGULAR:
        return head + _IRREGULAR[lower]
    if lower in _NO_PLURALS or len(lower) < _SHORTEST or not lower.endswith("s"):
        return word
    if lower.endswith("ies") and len(lower) > _SHORTEST:
        return head + last[:-3] + "y"
    if lower.endswith(("sses", "shes", "ches", "xes", "zzes")) and not lower.endswith("caches"):
        return head + last[:-2]
    return word if lower.endswith(("ss", "us", "is")) else head + last[:-1]


def is_plural(word: str) -> bool:
    """Whether a word names many: what follows it in a path is likely to name one."""
    return singular(word) != word


def parameter_name(text: str) -> str:
    """A text as the name of a path parameter: `security-group` gives `security_group`; empty when nothing is left."""
    name = re.sub(r"[^A-Za-z0-9]+", "_", text[:_LONGEST_NAME]).strip("_")
    return f"_{name}" if name[:1].isdigit() else name


def _last_word(word: str) -> tuple[str, str]:
    found = list(_WORDS.finditer(word[:_LONGEST_NAME]))
    if not found or found[-1].end() != len(word):
        return word, ""
    start = found[-1].start()
    return word[:start], word[start:]
