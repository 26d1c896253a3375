"""Secrets in text: those that are named in URLs, forms, JSON and XML, and those that need no name."""

from __future__ import annotations

import re
from urllib.parse import quote_plus, unquote, unquote_plus

from pact_recorder.capture.redaction_json import redact_members
from pact_recorder.capture.redaction_ledger import SecretLedger
from pact_recorder.capture.redaction_lines import redact_arguments, redact_lines
from pact_recorder.capture.redaction_markup import redact_markup
from pact_recorder.capture.redaction_nested import redact_attributes, redact_strings
from pact_recorder.capture.redaction_rules import RedactionRules, Secrecy, is_secret_value
from pact_recorder.capture.redaction_script import redact_script
from pact_recorder.capture.secret_shapes import ShapeSearch, runs_of

_USERINFO = re.compile(r"://([^/?#\s\"'<>@:\\]{0,256}+):([^/?#\s\"'<>@\\]{1,256}+)@")
_NAME = r"([A-Za-z0-9_.$%\[\]-]{1,128}+)"
# In a URL (also in JSON or HTML), a matrix parameter, a connection string. A value of other characters, or one
# that goes on after it, is program code.
_PARAMETER = re.compile(
    rf"[?&#;\\](?:(?<=[?&#])(?:amp;)?|(?<=\\)u0026|(?<=;)(?=[A-Z]|jsessionid=)){_NAME}="
    r"([A-Za-z0-9_.~%+/=:@$,!*{}-]++)(?![^&#;?\s\"'<>\\)\]])"
)
# The same inside a parameter of another URL.
_ENCODED_PARAMETER = re.compile(
    r"%(?:3[Ff]|26|23)([A-Za-z0-9_.$\[\]-]{1,128}+)%3[Dd]((?:[A-Za-z0-9_.~+/:@$,!*-]|%(?!26|23|22|5[Cc]))++)"
)
# A query whose pairs may be split by semicolons, or hold the code of OAuth.
_QUERY = re.compile(
    r"(?<![^A-Za-z0-9_.~%/\n-])[?#]([A-Za-z0-9_.$%\[\]-]{1,128}+=[A-Za-z0-9_.~%+/=:@$,!*&;\[\]-]*+)(?![\s]*+[({])"
)
_MATRIX = re.compile(r"(;)([A-Za-z0-9_.%-]{1,128}+)=([^;/?#]++)")
_MORE_PAIRS = re.compile(r"[^;\"'{}<>]*+(?:;[A-Za-z_][A-Za-z0-9_.%\[\]-]{0,127}+=[^;\"'{}<>]*+)++")
# The code of OAuth (RFC 6749 §4.1) is only told from other codes by what stands beside it.
_BESIDE_CODE = ("state=", "grant_type=", "redirect_uri=")
_ENCODED = re.compile(r"[%+]")
_MOST_DECODINGS = 3
_GRAPHQL = re.compile(r'"(?:query|mutation)\\*+"\s*+:')
# login(password: $given)
_VARIABLE = re.compile(r"(?<![A-Za-z0-9_$])([A-Za-z_][A-Za-z0-9_]{0,127}+)\s*+:\s*+\$([A-Za-z_][A-Za-z0-9_]{0,127}+)")
_SCRIPT = re.compile("<script", re.I)
# Of texts within texts.
_DEEPEST = 3
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
        return self._content(text, 0)

    def script(self, text: str) -> str:
        """The source of a script with the secrets in it replaced."""
        return redact_script(text, self.rules.member, self._script) if self.has_markers(text) else text

    def _content(self, text: str, depth: int) -> str:
        def inner(nested: str) -> str:
            if _MARKUP.match(nested) is None and "<" in nested:
                nested = redact_markup(nested, self.rules.field, self._markup)
            return self._content(nested, depth + 1)

        if _MARKUP.match(text) is None:
            text = redact_members(text, self.rules.member, self._json_member)
            if "query" in text and "(" in text and _GRAPHQL.search(text):
                text = self._variables(self.arguments(text))
            if depth < _DEEPEST:
                text = redact_strings(text, self.has_markers, inner, self._setting)
        elif self.has_markers(text):
            text = redact_members(text, self.rules.member, self._json_member)
            text = redact_markup(text, self.rules.field, self._markup)
            text = redact_script(text, self.rules.member, self._script) if _SCRIPT.search(text) else text
            if depth < _DEEPEST:
                text = redact_attributes(text, self.has_markers, inner)
        return self.urls(text)

    def by_value(self, text: str, place: str) -> str:
        """The text with the secrets that need no name replaced: those of a known shape, and known ones."""
        runs = runs_of(text)
        shaped = self._shapes.replace(text, runs, self._shaped)
        if shaped is not text:
            text, runs = shaped, runs_of(shaped)
        return self.ledger.replace_known(text, runs, place)

    def any_holds_value(self, texts: list[str]) -> bool:
        """Whether `by_value` would find something in one of the texts."""
        if self.rules.patterns:
            # A team's own expression may say where a text begins or ends.
            return any(map(self._holds_value, texts))
        # Like a text's own ends, a quotation mark can stand beside every secret.
        return self._holds_value('"'.join(texts))

    def _holds_value(self, text: str) -> bool:
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
            if ("code=" in text or ";" in text) and ("?" in text or "#" in text):
                text = _QUERY.sub(self._url_query, text)
        return _ENCODED_PARAMETER.sub(self._parameter, text) if "%3" in text else text

    def path(self, text: str) -> str:
        """The path of a request with its secret parameters replaced, those of a segment (`;name=value`) too."""
        text = self.urls(text)
        return _MATRIX.sub(self._matrix, text) if ";" in text else text

    def pairs(self, text: str, place: str) -> str:
        """A query or URL-encoded form with its secret values replaced; all else stays as it is spelled."""
        if "code=" in text or self.has_markers(text) or "%" in text:
            with_code = _has_oauth_code(text)
            text = "&".join(self._pair(piece, place, with_code) for piece in text.split("&"))
        return text

    def lines(self, text: str, *, is_yaml: bool) -> str:
        """Text made of lines, such as YAML and settings, with the values of its secret names replaced."""
        if not self.has_markers(text):
            return text
        return redact_lines(text, self.rules.field, self._line, is_yaml=is_yaml)

    def arguments(self, text: str) -> str:
        """GraphQL, which may stand in JSON, with the texts of its secret arguments replaced."""
        return redact_arguments(text, self.rules.field, self._argument)

    def _variables(self, text: str) -> str:
        """A GraphQL request with the values of the variables that are given to secret arguments replaced."""
        if '"variables"' not in text:
            return text
        given = {name: self.rules.field(argument) for argument, name in _VARIABLE.findall(text)}
        secret = {name: secrecy for name, secrecy in given.items() if secrecy is not Secrecy.NONE}
        if not secret:
            return text
        return redact_members(text, lambda name: secret.get(name, Secrecy.NONE), self._json_member)

    def _setting(self, text: str) -> str:
        """`NAME=value`, or a query, that stands by itself."""
        name, _, value = text.partition("=")
        if "&" in value and all("=" in piece for piece in value.split("&")[1:]):
            return self.pairs(text, "text")
        secrecy = self.rules.field(name)
        placeholder = self.value(value, "text", name, secrecy) if value and secrecy is not Secrecy.NONE else None
        return text if placeholder is None else f"{name}={placeholder}"

    def _pair(self, piece: str, place: str, with_code: bool) -> str:
        name, equals, value = piece.partition("=")
        if not value:
            return piece
        plain = _decoded_name(name) if _ENCODED.search(name) else name
        decoded = unquote_plus(value, errors="surrogateescape") if _ENCODED.search(value) else value
        secrecy = Secrecy.WEAK if with_code and plain == "code" else self.rules.field(plain)
        if secrecy is not Secrecy.NONE:
            placeholder = self.value(decoded, place, plain, secrecy)
            if placeholder is not None:
                return f"{name}={placeholder}"
        if ";" in value and _MORE_PAIRS.fullmatch(value):
            return ";".join(self._pair(part, place, with_code) for part in piece.split(";"))
        # The value may be a URL, JSON or another text with secrets in it.
        changed = self.by_value(self.content(decoded), place)
        if changed == decoded:
            return piece
        return name + equals + quote_plus(changed.encode("utf-8", "surrogateescape"))

    def _url_query(self, match: re.Match[str]) -> str:
        query = match[1]
        with_code = _has_oauth_code(query)
        if not with_code and ";" not in query:
            return match[0]
        pieces = re.split("([&;])", query)
        return match[0][0] + "".join(self._simple_pair(piece, with_code) for piece in pieces)

    def _simple_pair(self, piece: str, with_code: bool) -> str:
        name, _, value = piece.partition("=")
        plain = _decoded_name(name)
        secrecy = Secrecy.WEAK if with_code and plain == "code" else self.rules.field(plain)
        placeholder = (
            self.value(unquote(value), "url", plain, secrecy) if value and secrecy is not Secrecy.NONE else None
        )
        return piece if placeholder is None else f"{name}={placeholder}"

    def _matrix(self, match: re.Match[str]) -> str:
        return match[1] + self._simple_pair(match[0][1:], False)

    def _parameter(self, match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        name = _decoded_name(name) if "%" in name else name
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

    def _line(self, value: str, name: str, secrecy: Secrecy) -> str | None:
        return self.value(value, "text", name, secrecy)

    def _script(self, value: str, name: str, secrecy: Secrecy) -> str | None:
        return self.value(value, "script", name, secrecy)

    def _argument(self, value: str, name: str, secrecy: Secrecy) -> str | None:
        return self.value(value, "graphql", name, secrecy)

    def _shaped(self, secret: str, name: str) -> str | None:
        return self.value(secret, "shape", name, Secrecy.STRONG)


def _decoded_name(name: str) -> str:
    """A name that may have been encoded several times, as in `p%2561ssword`."""
    for _ in range(_MOST_DECODINGS):
        if "%" not in name and "+" not in name:
            break
        name = unquote_plus(name)
    return name


def _has_oauth_code(pairs: str) -> bool:
    return "code=" in pairs and any(name in pairs for name in _BESIDE_CODE)
