"""Secrets in header fields: credentials (RFC 9110 §11), cookies (RFC 6265), and whole values by name."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from pact_recorder.capture.clean_fields import CleanFields, Field, keep
from pact_recorder.capture.redaction_rules import Secrecy, is_secret_value
from pact_recorder.capture.redaction_text import TextRedaction
from pact_recorder.http import Headers
from pact_recorder.http.names import PLACEHOLDER

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9_.-]{0,40}+)(\s+)(\S.*)", re.DOTALL)
_PARAMETER = re.compile(r"([A-Za-z0-9_.-]{1,64}+)(\s*+=\s*+)(\"[^\"]*+\"|[^\s,\"=][^\s,\"]*+)")
_PARAMETERS = re.compile(rf"(?:{_PARAMETER.pattern}[\s,]*+)++")
_OPAQUE_SCHEMES = frozenset(["basic", "bearer", "negotiate", "ntlm", "dpop", "privatetoken"])
# What a list of parameters may keep: it says how the credentials were made, and is none.
_OPEN_PARAMETERS = frozenset(
    """
    realm algorithm qop nc uri version signedheaders headers keyid created expires timestamp ts username user
    oauth_version oauth_signature_method oauth_timestamp oauth_nonce oauth_callback nonce cnonce app ext charset
    client domain error error_description scope
    """.split()  # noqa: SIM905
)
_QUOTED = r"\"[^\"\n]*+\"(?=\s*+(?:[;,\n]|\Z))"
# Several cookies may stand in one value, joined by a comma or, in HAR files, a line feed or a space.
_SET_COOKIE = re.compile(
    r"((?:^|,|(?<=[^;\s])\s)\s*+)([^\s=;,\"]*+)(\s*+=\s*+)"
    rf"({_QUOTED}|(?:[^;,\n]|,(?!\s*+[^\s=;,\"]++=))*+)"
)
_COOKIE = re.compile(rf"((?:^|;)\s*+)([^=;]*+)(=\s*+)({_QUOTED}|[^;]*+)")
# A cookie may have no name (RFC 6265bis §5.6): the first of `Set-Cookie`, any of `Cookie`.
_NAMELESS = re.compile(r"((?:^|;)\s*+)([^\s=;][^=;]*+)(?=;|\Z)")
_NAMELESS_FIRST = re.compile(r"(\A\s*+)([^\s=;,][^=;,\n]*+)(?=;|\Z)")
_FLAGS = frozenset(["secure", "httponly", "partitioned"])
_AUTHORIZATION = frozenset(
    "authorization proxy-authorization x-authorization server-authorization".split()  # noqa: SIM905
)
_MOST_SEEN = 1_024
_LONGEST_SEEN = 4_096


@dataclass(frozen=True, slots=True)
class _Seen:
    """What became of a secret field, and how often something was replaced in it, by place and name."""

    redacted: Field
    counts: Counter[str]


class HeaderRedaction:
    """Replaces the secrets of header fields; other values are searched as text."""

    def __init__(self, text: TextRedaction) -> None:
        self._text = text
        self._ledger = text.ledger
        self._rules = text.rules
        self._clean = CleanFields()
        self._secret: dict[Field, _Seen] = {}
        self._by_name: dict[str, Callable[[str, str], str]] = {
            "cookie": self._cookie,
            "set-cookie": self._set_cookie,
            **dict.fromkeys(_AUTHORIZATION, self._authorization),
        }

    def headers(self, headers: Headers) -> Headers:
        """The same fields with their secrets replaced; the same object when there are none."""
        clean = self._clean.at()
        unknown = [field for field in headers.fields if field not in clean]
        if not unknown:
            return headers
        changes = self._changes(unknown, clean)
        return Headers([changes.get(field, field) for field in headers.fields]) if changes else headers

    def _changes(self, fields: list[Field], clean: set[Field]) -> dict[Field, Field]:
        """What takes the place of the fields with secrets; the others are added to the clean ones."""
        is_secret = self._rules.header
        changes: dict[Field, Field] = {}
        plain: list[Field] = []
        for field in fields:
            if not is_secret(field[0]) or not field[1]:
                plain.append(field)
            elif (redacted := self._redacted(field)) != field:
                changes[field] = redacted
        if plain:
            searched = self._searched([value for _, value in plain])
            changes |= {field: (field[0], new) for field, new in zip(plain, searched, strict=True) if new != field[1]}
            keep(clean, (field for field in plain if field not in changes))
        return changes

    def _redacted(self, field: Field) -> Field:
        """A field of a secret name with its secrets replaced; clients send the same one again and again."""
        seen = self._secret.get(field)
        if seen is not None:
            self._ledger.counts.update(seen.counts)
            return seen.redacted
        name, value = field
        with self._ledger.counting() as counts:
            redacted = (name, self._by_name.get(name.lower(), self._whole)(name, value))
        if len(value) <= _LONGEST_SEEN:
            if len(self._secret) >= _MOST_SEEN:
                self._secret.clear()
            self._secret[field] = _Seen(redacted, counts)
        return redacted

    def _searched(self, values: list[str]) -> list[str]:
        """The values of headers that are not secret as a whole: searched as one text, which is faster."""
        joined = "\n".join(values)
        if joined.count("\n") != len(values) - 1:
            return [self._text.content(value) for value in values]
        found = self._text.content(joined)
        return values if found is joined or found == joined else found.split("\n")

    def _whole(self, name: str, value: str) -> str:
        if not is_secret_value(value, Secrecy.STRONG):
            return value
        return self._ledger.replaced(value.strip(), "header", name)

    def _authorization(self, name: str, value: str) -> str:
        parts = _SCHEME.fullmatch(value)
        if parts is None:
            return self._whole(name, value)
        scheme, space, credentials = parts[1], parts[2], parts[3].strip()
        if scheme.lower() == "basic":
            self._learn_password(credentials)
        elif scheme.lower() not in _OPAQUE_SCHEMES and _PARAMETERS.fullmatch(credentials):
            return f"{scheme}{space}{self._parameters(name, credentials)}"
        return f"{scheme}{space}{self._whole(name, credentials)}"

    def _learn_password(self, credentials: str) -> None:
        try:
            decoded = base64.b64decode(credentials, validate=True).decode("utf-8", "surrogateescape")
        except (binascii.Error, ValueError):
            return
        password = decoded.partition(":")[2]
        if is_secret_value(password, Secrecy.STRONG):
            self._ledger.learn(password, "password")

    def _parameters(self, header: str, credentials: str) -> str:
        """Digest, SigV4, OAuth 1, Hawk: every parameter but those that are known to be harmless."""

        def change(match: re.Match[str]) -> str:
            name, equals, quoted = match[1], match[2], match[3]
            value = quoted.strip('"')
            if name.lower() in _OPEN_PARAMETERS or not is_secret_value(value, Secrecy.STRONG):
                return match[0]
            placeholder = self._ledger.replaced(value, f"header {header}", name)
            return name + equals + (f'"{placeholder}"' if quoted.startswith('"') else placeholder)

        return _PARAMETER.sub(change, credentials)

    def _cookie(self, header: str, value: str) -> str:
        value = _COOKIE.sub(lambda match: self._cookie_value("cookie", match), value)
        return _NAMELESS.sub(lambda match: self._nameless("cookie", match), value)

    def _set_cookie(self, header: str, value: str) -> str:
        value = _SET_COOKIE.sub(lambda match: self._cookie_value("set-cookie", match), value)
        return _NAMELESS_FIRST.sub(lambda match: self._nameless("set-cookie", match), value)

    def _nameless(self, place: str, match: re.Match[str]) -> str:
        value = match[2].strip()
        if value.lower() in _FLAGS or not is_secret_value(value, Secrecy.STRONG):
            return match[0]
        return match[1] + match[2].replace(value, self._ledger.replaced(value, place, "cookie"), 1)

    def _cookie_value(self, place: str, match: re.Match[str]) -> str:
        before, name, equals, raw = match.groups()
        value = raw.strip().strip('"')
        if not value or value == "deleted" or PLACEHOLDER.fullmatch(value) or self._rules.keeps(name):
            return match[0]
        placeholder = self._ledger.replaced(value, place, name.strip() or "cookie", known=not value.isdigit())
        return before + name + equals + raw.replace(value, placeholder, 1)
