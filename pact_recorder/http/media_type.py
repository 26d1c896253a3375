"""Media types as the product needs to tell them apart (RFC 9110 §8.3, RFC 6839 suffixes)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pact_recorder.http.remembering import remembered

_TEXT_APPLICATIONS = frozenset(
    {
        "application/json",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/javascript",
        "application/x-javascript",
        "application/ecmascript",
        "application/graphql",
        "application/yaml",
        "application/x-yaml",
        "application/sql",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonlines",
        "application/json-seq",
        "application/http",
        "application/x-sh",
        "application/toml",
    }
)
_TEXT_SUFFIXES = ("json", "xml", "yaml", "text")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A parsed `Content-Type`: lower-case `main` type and `sub` type, and its parameters by lower-case name."""

    main: str
    sub: str
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def parse(cls, text: str | None) -> MediaType | None:
        """The media type of a header value, or None when there is none or it is not one."""
        return _parse(text) if text else None

    @property
    def essence(self) -> str:
        """`main/sub` without parameters."""
        return f"{self.main}/{self.sub}"

    @property
    def suffix(self) -> str:
        """The structured-syntax suffix (`json` of `application/hal+json`), else empty."""
        return self.sub.rpartition("+")[2] if "+" in self.sub else ""

    @property
    def charset(self) -> str | None:
        """The `charset` parameter in lower case."""
        value = self.parameters.get("charset")
        return value.lower() if value else None

    @property
    def is_json(self) -> bool:
        """JSON, or a type built on it (`application/vnd.api+json`, `application/x-amz-json-1.1`)."""
        return self.suffix == "json" or (self.main in ("application", "text") and self._has_word("json"))

    @property
    def is_xml(self) -> bool:
        """XML, or a type built on it (SVG and XHTML included)."""
        return self.suffix == "xml" or self.essence in ("application/xml", "text/xml")

    @property
    def is_form(self) -> bool:
        """A URL-encoded form."""
        return self.essence == "application/x-www-form-urlencoded"

    @property
    def is_multipart(self) -> bool:
        """Any multipart type."""
        return self.main == "multipart"

    @property
    def is_text(self) -> bool:
        """Content that people read and edit as text."""
        return (
            self.main == "text" or self.is_json or self.essence in _TEXT_APPLICATIONS or self.suffix in _TEXT_SUFFIXES
        )

    def _has_word(self, word: str) -> bool:
        plain = self.sub.replace(".", "-")
        words = plain.split("-")
        return word in words and "seq" not in words

    def __str__(self) -> str:
        tail = "".join(f"; {name}={value}" for name, value in self.parameters.items())
        return self.essence + tail


@remembered(1024)
def _parse(text: str) -> MediaType | None:
    essence, _, rest = text.partition(";")
    main, slash, sub = essence.strip().lower().partition("/")
    if not slash or not main or not sub or " " in main or " " in sub:
        return None
    parameters: dict[str, str] = {}
    for piece in rest.split(";"):
        name, equals, value = piece.partition("=")
        if equals:
            parameters.setdefault(name.strip().lower(), value.strip().strip('"'))
    return MediaType(main, sub, MappingProxyType(parameters))
