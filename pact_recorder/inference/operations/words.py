"""Words in paths that are structure by their meaning: versions, prefixes, actions, views."""

from __future__ import annotations

import re
from typing import Final

VERSION: Final = re.compile(
    r"v\d{1,4}(?:[._]\d+)*(?:(?:alpha|beta|rc|preview)\d*)?|\d{1,2}(?:\.\d{1,2})?", re.IGNORECASE
)
"""An API's version where one is expected: v1, v2.0, v4beta, 1, 2.0."""


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
    """Whether a segment only leads to the resources: `api`, `v2`, `2.0`."""
    return text.lower() in _PREFIXES or VERSION.fullmatch(text) is not None
