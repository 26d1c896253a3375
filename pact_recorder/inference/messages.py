"""Exchanges as evidence: requests and responses as plain documents, and which of them are alike.

Requests are alike when one interaction of a contract can stand for them: Pact takes neither more nor fewer query
parameters, form fields and members of a JSON body than its example has. Responses are alike when they have the same
status and their bodies the same form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct

from pact_recorder.http import Body, MediaType, Request, Response, parse_query
from pact_recorder.inference.operations import Name, is_identifier
from pact_recorder.inference.operations.credentials import credential_header
from pact_recorder.inference.operations.names import GRAPHQL_TYPE, names_in_body, names_in_query, names_in_text
from pact_recorder.inference.operations.operation import literal
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.inference.xml_documents import read_xml
from pact_recorder.matching import JsonValue
from pact_recorder.matching.json_values import JsonError, parse_json
from pact_recorder.matching.magic import sniff_binary, sniff_text
from pact_recorder.mock.selectors import CONDITIONAL, needed_for
from pact_recorder.pact.portable import is_portable, is_portable_text, may_not_be_portable

NONE: Final = "none"
"""No body at all."""
EMPTY: Final = "empty"
"""A body that is there and empty."""
JSON: Final = "JSON"
XML: Final = "XML"
FORM: Final = "form"
TEXT: Final = "text"
BINARY: Final = "binary"
BROKEN: Final = "broken"
"""Not what its type says, or recorded only in part."""

PREFER: Final = "prefer"
"""The header whose value asks for another form of the answer (RFC 7240)."""
ANY_NAME: Final = "{name}"
"""Stands for the names of parameters and members that are identifiers."""
MANY_STRUCTURES: Final = "many"
"""The structure of JSON bodies with so many different members that they are not told apart."""

_ANY_STRUCTURE: Final = "any"
_LARGEST_STRUCTURE: Final = 400
_DEEPEST_STRUCTURE: Final = 12
_CONTAINERS = (dict, list)
_CONDITIONS: Final = CONDITIONAL | {"range", PREFER}
_PAGE = re.compile(r"[ \t\r\n]*<(?:!doctype|html)", re.IGNORECASE)
# What consumers act on; the rest of the headers belongs to the provider's infrastructure.
_PROMISED_HEADERS = frozenset(
    {"content-type", "location", "www-authenticate", "content-disposition", "content-range", "etag", "last-modified"}
)
_PROMISED_OF_STATUS = {405: "allow", 429: "retry-after", 503: "retry-after"}
_MOST_HEADERS = 64

Structure: TypeAlias = "str | tuple[tuple[str, Structure], ...] | frozenset[Structure]"

# Structs, because each exchange makes some and looks them up: a frozen dataclass takes several times as long for both.


class Content(Struct, frozen=True, gc=False):
    """A body as evidence: its form, the essence of its type, and its value where the form has one."""

    form: str
    media_type: str
    value: JsonValue = MISSING


class AskedKind(Struct, frozen=True, cache_hash=True, gc=False):
    """What requests have in common that one interaction can stand for.

    `names` are those of the query parameters, sorted; `structure` is that of the body's members; `credentials` are the
    lower-case names of the headers that carry some, cookies aside; `conditions` those of the headers without which the
    answer would be another, each with its value where that matters, else with an empty text; `called` is what names the
    call.
    """

    names: tuple[str, ...]
    form: str
    media_type: str
    structure: Structure = ""
    credentials: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    called: tuple[Name, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields of a form."""
        if self.form != FORM or not isinstance(self.structure, tuple):
            return ()
        return tuple([name for name, _ in self.structure])

    @property
    def any_names(self) -> bool:
        """Whether names of parameters or fields are not told apart."""
        return ANY_NAME in self.names or ANY_NAME in self.fields


class AnsweredKind(Struct, frozen=True, cache_hash=True, gc=False):
    """What responses have in common that one interaction can stand for.

    `root` is the type of a JSON document, or the name of an XML document's element.
    """

    status: int
    form: str
    media_type: str
    root: str = ""


def content_of(message: Request | Response) -> Content:
    """The body of a message as evidence."""
    return content_as(message.body, declared_type(message))


def declared_type(message: Request | Response) -> str | None:
    """The type of the body as it is written."""
    overruled = message.body.media_type if message.body is not None else None
    return overruled or message.headers.get("content-type")


def content_as(body: Body | None, declared: str | None) -> Content:
    """A body of a type that is declared, as evidence."""
    media_type, essence, form = _reading(declared)
    if body is None or body.cut:
        return Content(NONE if body is None else BROKEN, essence)
    if not body.content:
        return Content(EMPTY, essence)
    if media_type is None:
        return _guessed(body)
    if form == JSON:
        return _json(body, essence)
    return _binary(body, essence) if form == BINARY else _of_text(body, media_type, form)


@lru_cache(maxsize=1024)
def _reading(declared: str | None) -> tuple[MediaType | None, str, str]:
    """The type that is declared, its essence, and the form of bodies of that type."""
    media_type = MediaType.parse(declared)
    if media_type is None:
        return None, "", ""
    if media_type.is_json:
        return media_type, media_type.essence, JSON
    if media_type.is_xml:
        return media_type, media_type.essence, XML
    if media_type.is_form:
        return media_type, media_type.essence, FORM
    return media_type, media_type.essence, TEXT if media_type.is_text else BINARY


def is_plain_json(media_type: str) -> bool:
    """Whether the Pact reference compares bodies of a JSON type as JSON; others, like `x-amz-json-1.1`, as bytes."""
    return media_type in ("", "application/json") or media_type.endswith("+json")


def type_pattern(compared_as: str, media_type: str) -> str:
    """A pattern for a type that the reference does not know for what it is, beside the one that makes it compare so."""
    return rf"{compared_as}|{literal(media_type)}\s*(?:;.*)?"


def asked(
    request: Request, content: Content, status: int = 0
) -> tuple[AskedKind, dict[str, JsonValue], dict[str, str]]:
    """The kind of a request that got an answer of a status, the request as a document, and its credentials by header.

    The members of the document are `query` and `body`.
    """
    query: dict[str, list[JsonValue]] = {}
    for name, value in parse_query(request.query) if request.query else ():
        query.setdefault(name, []).append(value)
    document: dict[str, JsonValue] = {"query": query}
    if content.value is not MISSING:
        document["body"] = content.value
    structure = structure_of(content.value) if content.form in (JSON, XML) else ""
    if content.form == FORM:
        structure = tuple([(name, "") for name in sorted(content.value)])
    if content.value is None:
        # Pact takes the document `null` for no body.
        structure = "null"
    deciding = [(lower, value) for name, value in request.headers.fields if (lower := _deciding(name))]
    credentials = {name: value for name, value in deciding if name not in _CONDITIONS}
    kind = AskedKind(
        tuple(sorted(query)),
        content.form,
        content.media_type,
        structure,
        tuple(sorted(credentials)),
        _conditions(deciding, status) if len(credentials) < len(deciding) else (),
        _called(content, query),
    )
    return kind, document, credentials


def _called(content: Content, query: dict[str, list[JsonValue]]) -> tuple[Name, ...]:
    """What names the call of a request."""
    called: tuple[Name, ...] = ()
    if content.form == JSON:
        called = names_in_body(content.value)
    elif content.form == TEXT and content.media_type == GRAPHQL_TYPE:
        called = names_in_text(str(content.value))
    return called or (names_in_query(query) if query else ())


def can_be_asked(request: Request) -> bool:
    """Whether a contract can have a request as it is."""
    query, body = request.query, request.body
    if not is_portable_text(request.path) or (query and "%" in query and not is_portable(parse_query(query))):
        return False
    if body is None or not _is_suspect(body.content):
        return True
    value = content_of(request).value
    return value is MISSING or is_portable(value)


def _is_suspect(content: bytes) -> bool:
    return b"%" in content or may_not_be_portable(content)


def answered(response: Response, content: Content) -> tuple[AnsweredKind, dict[str, JsonValue]]:
    """The kind of a response and the response as a document: `header` (lower-case names), `body`.

    `page` says of a text whether it is a page of HTML, whatever its type says. Texts without a type are told apart by
    what they look like, as they are when they are matched.
    """
    document: dict[str, JsonValue] = {"header": _promised_headers(response)}
    if content.value is not MISSING:
        document["body"] = content.value
    root = ""
    if content.form == TEXT:
        document["page"] = _PAGE.match(str(content.value)) is not None
        if not content.media_type and response.body is not None:
            root = sniff_text(response.body.content) or ""
    elif content.form == JSON:
        root = type(content.value).__name__
    elif content.form == XML:
        root = next(iter(content.value))
    return AnsweredKind(response.status, content.form, content.media_type, root), document


def structure_of(value: JsonValue, depth: int = _DEEPEST_STRUCTURE) -> Structure:
    """The names of all members of a JSON document, level by level; items of an array count as a set, as do entries."""
    if isinstance(value, dict):
        if depth == 0 or len(value) > _LARGEST_STRUCTURE:
            return _ANY_STRUCTURE
        members = [
            (name, structure_of(value[name], depth - 1) if type(value[name]) in _CONTAINERS else "")
            for name in sorted(value)
        ]
        entries = {structure for name, structure in members if is_identifier(name)}
        if entries:
            members = [member for member in members if not is_identifier(member[0])]
            members.append((ANY_NAME, frozenset(entries)))
        return tuple(members)
    if isinstance(value, list):
        return frozenset(structure_of(item, depth - 1) for item in value[:_LARGEST_STRUCTURE]) if depth else ""
    return ""


def spelled(structure: Structure) -> object:
    """A structure that has the same representation in every process: a set has an order of its own in each."""
    if isinstance(structure, tuple):
        return tuple([(name, spelled(inner)) for name, inner in structure])
    if isinstance(structure, frozenset) and structure:
        return {"any of": sorted(map(spelled, structure), key=repr)}
    return structure


@lru_cache(maxsize=1024)
def _deciding(name: str) -> str:
    """The lower-case name of a header that carries credentials, a condition or a preference; empty for any other."""
    lower = name.lower()
    return lower if lower in _CONDITIONS else credential_header(name)


def _conditions(deciding: Sequence[tuple[str, str]], status: int) -> tuple[tuple[str, str], ...]:
    """What a request asked for an answer of a status on top; a validator makes another one void (RFC 9110 §13.1.3)."""
    found = dict.fromkeys(sorted(needed_for(status).intersection(name for name, _ in deciding)), "")
    if "if-none-match" in found:
        found.pop("if-modified-since", None)
    preferred = ", ".join(value for name, value in deciding if name == PREFER)
    return (*found.items(), *([(PREFER, preferred)] if preferred else ()))


def header_names(response: Response) -> frozenset[str]:
    """The lower-case names of the headers of a response; of very many those that come first in the alphabet."""
    return _names(tuple([name for name, _ in response.headers.fields]))


@lru_cache(maxsize=512)
def _names(written: tuple[str, ...]) -> frozenset[str]:
    names = frozenset(map(str.lower, written))
    return names if len(names) <= _MOST_HEADERS else frozenset(sorted(names)[:_MOST_HEADERS])


def _promised_headers(response: Response) -> dict[str, JsonValue]:
    promised: dict[str, JsonValue] = {
        lower: value for name, value in response.headers.fields if (lower := _promised(name))
    }
    also = _PROMISED_OF_STATUS.get(response.status)
    if also is not None and (value := response.headers.get(also)) is not None:
        promised[also] = value
    return promised


@lru_cache(maxsize=1024)
def _promised(name: str) -> str:
    """The lower-case name of a header that consumers act on; empty for any other."""
    lower = name.lower()
    return lower if lower in _PROMISED_HEADERS else ""


def _json(body: Body, essence: str) -> Content:
    try:
        return Content(JSON, essence, parse_json(body.content))
    except JsonError:
        return Content(BROKEN, essence)


def _binary(body: Body, essence: str) -> Content:
    """Bytes: what can be said of them is the type that their first bytes show."""
    return Content(BINARY, essence, sniff_binary(body.content) or "")


def _guessed(body: Body) -> Content:
    """A body without a declared type, taken for what the engine takes it for: what it looks like."""
    looks = MediaType.parse(sniff_text(body.content))
    if looks is not None and looks.is_json:
        return _json(body, "")
    return _of_text(body, None, XML if looks is not None and looks.is_xml else TEXT)


def _of_text(body: Body, media_type: MediaType | None, form: str) -> Content:
    essence = media_type.essence if media_type is not None else ""
    text = body.text(media_type)
    if text is None:
        return Content(BROKEN, essence) if media_type is not None else _binary(body, essence)
    if form == TEXT:
        return Content(TEXT, essence, text)
    if form == XML:
        document = read_xml(text)
        return Content(BROKEN, essence) if document is None else Content(XML, essence, document)
    fields: dict[str, list[JsonValue]] = {}
    for name, value in parse_query(text):
        fields.setdefault(name, []).append(value)
    return Content(FORM, essence, fields)
