"""Secrets in text: those that are named in URLs, forms, JSON and XML, and those that need no name."""

from __future__ import annotations

import re
from urllib.parse import quote_plus, unquote, unquote_plus

from pact_recorder.capture.redaction_json import redact_members
from pact_recorder.capture.redaction_ledger import SecretLedger
from pact_recorder.capture.redaction_markup import redact_markup
from pact_recorder.capture.redaction_rules import RedactionRules, Secrecy, is_secret_value
from pact_recorder.capture.secret_shapes import ShapeSearch, runs_of

_USERINFO = re.compile(r"://([^/?#\s\"'<>@:\\]{0,256}+):([^/?#\s\"'<>@\\]{1,256}+)@")
_NAME = r"([A-Za-z0-9_.$\[\]-]{1,64}+)"
# In a URL (also in JSON or HTML), a matrix parameter, a connection string. A value of other characters, or one
# that goes on after it, is program code.
_PARAMETER = re.compile(
    rf"[?&#;\\](?:(?<=[?&#])(?:amp;)?|(?<=\\)u0026|(?<=;)(?=[A-Z]|jsessionid=)){_NAME}="
    r"([A-Za-z0-9_.~%+/=:@$,!*{}-]++)(?![^&#;?\s\"'<>\\)\]])"
)
# The same inside a parameter of another URL.
_ENCODED_PARAMETER = re.compile(rf"%(?:3[Ff]|26|23){_NAME}%3[Dd]((?:[A-Za-z0-9_.~+/:@$,!*-]|%(?!26|23|22|5[Cc]))++)")
_ENCODED = re.compile(r"[%+]")
_MARKUP = re.compile(r"[\ufeff\s]*+<")


class TextRedaction:
    """Finds secrets in text by the rules and replaces them by placeholders from the ledger."""

    def __init__(self, rules: RedactionRules, ledger: SecretLedger) -> None:
        self.rules = rules
        self.ledger = ledger
        self._markers = rules.markers
        self._shapes = ShapeSearch(rules.shapes)

    def has_markers(self, text: str) -> bool:
        """Whether the text may hold the name of a secret field."""
        lower = text.lower()
        return any(marker in lower for marker in self._markers)

    def value(self, value: str, place: str, name: str, secrecy: Secrecy) -> str | None:
        """The placeholder for the value of a field, or None when it is not a secret."""
        return self.ledger.replaced(value, place, name) if is_secret_value(value, secrecy) else None

    def content(self, text: str) -> str:
        """The text with the secrets that are named in it replaced: in JSON, XML or HTML, and URLs."""
        if _MARKUP.match(text) is None:
            text = redact_members(text, self.rules.member, self._json_member)
        elif self.has_markers(text):
            text = redact_members(text, self.rules.member, self._json_member)
            text = redact_markup(text, self.rules.field, self._markup)
        return self.urls(text)

    def by_value(self, text: str, place: str) -> str:
        """The text with the secrets that need no name replaced: those of a known shape, and known ones."""
        runs = runs_of(text)
        shaped = self._shapes.replace(text, runs, self._shaped)
        if shaped is not text:
            text, runs = shaped, runs_of(shaped)
        return self.ledger.replace_known(text, runs, place)

    def holds_value(self, text: str) -> bool:
        """Whether `by_value` would find something."""
        runs = runs_of(text)
        return self._shapes.occur_in(text, runs) or self.ledger.occur_in(text, runs)

    def urls(self, text: str) -> str:
        """The text with the passwords and secret parameters of URLs replaced."""
        if "=" in text or "%3" in text:
            text = self.parameters(text)
        if "@" in text and "://" in text:
            text = _USERINFO.sub(self._userinfo, text)
        return text

    def parameters(self, text: str) -> str:
        """The text with the secret parameters of every URL in it replaced."""
        if "?" in text or "&" in text or ";" in text or "#" in text or "\\u0026" in text:
            text = _PARAMETER.sub(self._parameter, text)
        return _ENCODED_PARAMETER.sub(self._parameter, text) if "%3" in text else text

    def pairs(self, text: str, place: str) -> str:
        """A query or URL-encoded form with its secret values replaced; all else stays as it is spelled."""
        if self.has_markers(text) or "%" in text:
            text = "&".join(self._pair(piece, place) for piece in text.split("&"))
        return text

    def _pair(self, piece: str, place: str) -> str:
        name, equals, value = piece.partition("=")
        if not value:
            return piece
        plain = unquote_plus(name) if _ENCODED.search(name) else name
        decoded = unquote_plus(value, errors="surrogateescape") if _ENCODED.search(value) else value
        secrecy = self.rules.field(plain)
        if secrecy is not Secrecy.NONE:
            placeholder = self.value(decoded, place, plain, secrecy)
            if placeholder is not None:
                return f"{name}={placeholder}"
        # The value may be a URL, JSON or another text with secrets in it.
        changed = self.by_value(self.content(decoded), place)
        if changed == decoded:
            return piece
        return name + equals + quote_plus(changed.encode("utf-8", "surrogateescape"))

    def _parameter(self, match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        secrecy = self.rules.field(name)
        if secrecy is Secrecy.NONE:
            return match[0]
        placeholder = self.value(unquote(value), "url", name, secrecy)
        return match[0] if placeholder is None else match[0].removesuffix(value) + placeholder

    def _userinfo(self, match: re.Match[str]) -> str:
        password = match[2]
        placeholder = self.value(unquote(password), "url", "password", Secrecy.STRONG)
        return match[0] if placeholder is None else f"://{match[1]}:{placeholder}@"

    def _json_member(self, value: str, name: str, secrecy: Secrecy) -> str | None:
        return self.value(value, "json", name, secrecy)

    def _markup(self, value: str, name: str, secrecy: Secrecy) -> str | None:
        return self.value(value, "xml", name, secrecy)

    def _shaped(self, secret: str, name: str) -> str | None:
        return self.value(secret, "shape", name, Secrecy.STRONG)
