"""Which content type a body has, and whether an actual one will do for an expected one."""

from __future__ import annotations

from typing import Final

from pact_recorder.http import Body, Headers, MediaType
from pact_recorder.matching.expected import HeaderValues
from pact_recorder.matching.magic import sniff_text

_STRICT_XML: Final = ("application/xml", "text/xml")


def declared_type(headers: Headers | HeaderValues, body: Body | None) -> MediaType | None:
    """The type that a body or its headers declare, else what its text looks like; None without a body."""
    declared = MediaType.parse(body.media_type if body is not None else None) or MediaType.parse(header_value(headers))
    if declared is not None or body is None or not body.content:
        return declared
    return MediaType.parse(sniff_text(body.content))


def header_value(headers: Headers | HeaderValues) -> str | None:
    """The Content-Type header, None when there is none."""
    if isinstance(headers, Headers):
        return headers.get("content-type")
    for name, values in headers.items():
        if name.lower() == "content-type" and values:
            return values[0]
    return None


def describe_type(media_type: MediaType | None) -> str:
    """A content type as the reference's sentences write it: `application/json;charset=utf-8`."""
    if media_type is None:
        return "*/*"
    parameters = (f";{name}={value}" for name, value in sorted(media_type.parameters.items()))
    return media_type.essence + "".join(parameters)


def type_accepts(expected: MediaType | None, actual: MediaType | None) -> bool:
    """Whether a body of the actual type may be compared with one of the expected type.

    An unknown type accepts and is accepted; parameters count when the expected type has any; `text/xml` is
    `application/xml`, and `application/json` accepts what is built on it (`application/hal+json`).
    """
    if expected is None or actual is None:
        return True
    if expected.parameters and not _same_parameters(expected, actual):
        return False
    if expected.essence == actual.essence or {expected.essence, actual.essence} <= set(_STRICT_XML):
        return True
    return not expected.parameters and expected.essence == f"{actual.main}/{actual.suffix}"


def _same_parameters(expected: MediaType, actual: MediaType) -> bool:
    def comparable(media_type: MediaType) -> dict[str, str]:
        # Only the names of character sets are known to be the same in either case.
        return {name: value.lower() if name == "charset" else value for name, value in media_type.parameters.items()}

    return comparable(expected) == comparable(actual)
