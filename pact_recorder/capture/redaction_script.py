"""Secrets in the source of scripts: texts that look like a secret and are given to a secret name.

`{accessToken: "..."}`, `'apiKey': '...'`, `window.csrfToken = "..."`. A text that could be a word or a selector stays:
a page whose script is changed there may not work on replay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pact_recorder.capture.redaction_json import ReplaceField
from pact_recorder.capture.redaction_rules import Secrecy

# From the value, since there are few of them and many names.
_VALUE = re.compile(
    r"([\"'`])((?=[^0-9\"'`]{0,511}[0-9])(?=[^A-Za-z\"'`]{0,511}[A-Za-z])(?!\d{4}-\d\d-\d\dT)[\w.~+/=-]{16,512}+)\1"
)
_NAME = re.compile(r"(?<![\w$])([A-Za-z_$][\w$-]{0,63})[\"'`]?\s{0,8}[:=]\s{0,8}\Z")
_LONGEST_BEFORE = 96


def redact_script(text: str, secrecy_of: Callable[[str], Secrecy], replace: ReplaceField) -> str:
    """The text with what its script gives to secret names replaced."""

    def change(match: re.Match[str]) -> str:
        named = _NAME.search(text[max(match.start() - _LONGEST_BEFORE, 0) : match.start()])
        secrecy = secrecy_of(named[1]) if named is not None else Secrecy.NONE
        if named is None or secrecy is Secrecy.NONE:
            return match[0]
        placeholder = replace(match[2], named[1], secrecy)
        return match[0] if placeholder is None else match[1] + placeholder + match[1]

    return _VALUE.sub(change, text)
