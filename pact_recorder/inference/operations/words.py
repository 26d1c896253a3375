"""Words in paths that are structure by their meaning: versions, prefixes, actions, views."""

from __future__ import annotations

import re
from typing import Final

VERSION: Final = re.compile(
    r"v\d{1,4}(?:[._]\d+)*(?:(?:alpha|beta|rc|preview)\d*)?|\d{1,2}(?:\.\d{1,2})?", re.IGNORECASE
)
"""An API's version where one is expected: v1, v2.0, v4beta, 1, 2.0."""

_DATED: Final = re.compile(r"\d{4}-\d{2}(?:-\d{2})?(?:-preview)?")


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as text."""
    return frozenset(text.split())


_PREFIXES: Final = words("api apis rest rpc services service-api public-api gateway internal json")

RESERVED: Final = words(
    """
    me self current mine myself whoami ~ new edit search find lookup query filter autocomplete suggest suggestions
    count counts all list latest recent random popular top trending featured default bulk batch import export
    login logout signin signout signup register token tokens auth authorize callback session refresh revoke
    status state stats statistics metrics info about settings config configuration options preferences prefs health
    ping version versions schema metadata detail details summary preview validate verify test enable disable activate
    deactivate start stop restart cancel close open approve reject publish unpublish archive unarchive lock unlock
    restore clone copy move rename merge sync upload download attach detach subscribe unsubscribe follow unfollow
    delete remove create update add get set put post read unread enabled disabled active inactive public private
    starred watched liked saved hidden upvoted downvoted index root page feed rss atom sitemap robots graphql admin
    help docs favicon.ico robots.txt sitemap.xml
    """
)
"""Words that name an action, a view or a singleton wherever they stand, so that one beside identifiers is none."""


def is_prefix(text: str) -> bool:
    """Whether a constant segment only leads to the resources: `api`, `v2`, `2.0`, `2024-01-01`."""
    return is_undated_prefix(text) or _DATED.fullmatch(text) is not None


def is_undated_prefix(text: str) -> bool:
    """Whether a segment only leads to the resources by its own word, unlike a date."""
    return text.lower() in _PREFIXES or VERSION.fullmatch(text) is not None


def is_version(text: str) -> bool:
    """Whether a constant segment is an API's version, which may be a date."""
    return VERSION.fullmatch(text) is not None or _DATED.fullmatch(text) is not None


def is_dated_version(text: str, before: str) -> bool:
    """Whether a segment is the date of an API's version, by the one before: `2024-01` behind `api`."""
    return before.lower() in _PREFIXES and _DATED.fullmatch(text) is not None
