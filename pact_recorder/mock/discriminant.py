"""What tells expected requests of one method and path apart before the matching engine looks: query and body.

An expected query or body without rules is literal: only a request with an equal one can match. The key of either is
equal whenever the engine would call the two equal (a law in the tests), so that looking it up never misses a match;
where it says more than it should, the engine, which judges whatever is found, says no.

Where a request may always have more than is expected (MockServer's matchers) there is no key of the whole. There each
literal that a request must have is a need, and a request that lacks one cannot match.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from pact_recorder.errors import LimitError
from pact_recorder.http import MediaType, Request, format_query, parse_query
from pact_recorder.matching import ExpectedRequest, JsonValue
from pact_recorder.matching.content_types import declared_type
from pact_recorder.matching.json_values import JsonError, parse_json
from pact_recorder.matching.parameters import group_values, query_values
from pact_recorder.pact import format_json
from pact_recorder.pact import parse_json as parse_document

_DIGEST_BYTES = 16
_NO_PARAMETERS = b"none"


def _number(digits: JsonValue) -> float:
    # 1.0 is 1.00, and 0.0 is -0.0.
    return float(digits) + 0.0


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_number)


Need = tuple[str, str, str]
"""One literal that a request must have: of which part, under which name, and its text as it is looked up."""

BodyForm = Literal["json", "form", "bytes"]
"""How a literal body is compared. (Words, since an enumeration's members cost much to look up.)"""


@dataclass(frozen=True, slots=True)
class Discriminant:
    """The key of a literal query, and of a literal body with its form; None for what rules leave open.

    `spelling` and `content` are how the contract itself spells the two; most clients spell them so too. `needs` are
    literals that a request must have beside other things.
    """

    query: bytes | None = None
    form: BodyForm | None = None
    body: bytes | None = None
    spelling: str | None = field(default=None, compare=False)
    content: bytes | None = field(default=None, compare=False)
    needs: tuple[Need, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it tells nothing apart."""
        return self.query is None and self.form is None and not self.needs


OPEN = Discriminant()


def discriminant_of(expected: ExpectedRequest) -> Discriminant:
    """What a request must have to match the expected one."""
    rules = expected.rules
    query, spelling = (None, None) if rules.category("query") else _expected_query(expected)
    body = expected.body
    if body is None or not body.content or rules.category("body"):
        return Discriminant(query, spelling=spelling)
    form = _form(declared_type(expected.headers, body))
    key = None if form is None else _KEYS[form](body.content)
    if form == "json" and key is None:
        # What is no JSON matches the very same bytes only.
        form, key = "bytes", _digest(body.content)
    return Discriminant(query, form if key is not None else None, key, spelling, body.content)


class Spellings:
    """The keys of queries and bodies by how they are spelled: what is spelled as in a contract needs no reading."""

    __slots__ = ("bodies", "queries")

    def __init__(self) -> None:
        self.queries: dict[str, bytes] = {}
        self.bodies: dict[tuple[BodyForm, bytes], bytes] = {}

    def add(self, found: Discriminant) -> None:
        """Note how something is spelled."""
        if found.query is not None and found.spelling is not None:
            self.queries[found.spelling] = found.query
        if found.form is not None and found.body is not None and found.content is not None:
            self.bodies[found.form, found.content] = found.body

    def __len__(self) -> int:
        return len(self.queries) + len(self.bodies)

    def clear(self) -> None:
        """Forget everything; keys are then made by reading."""
        self.queries.clear()
        self.bodies.clear()


class RequestKeys:
    """The keys of a request, each made when it is first asked for."""

    __slots__ = ("_bodies", "_needs", "_query", "_request")

    def __init__(self, request: Request) -> None:
        self._request = request
        self._query: bytes | None = None
        self._bodies: dict[BodyForm, bytes | None] = {}
        self._needs: dict[str, list[Need]] = {}

    def query(self, known: Spellings) -> bytes:
        """The key of its query."""
        if self._query is None:
            text = self._request.query
            self._query = (known.queries.get(text) or _query_key(query_values(text))) if text else _NO_PARAMETERS
        return self._query

    def body(self, form: BodyForm, known: Spellings) -> bytes | None:
        """The key of its body taken for one of the form; None when it cannot be one."""
        if form not in self._bodies:
            content = self._request.body.content if self._request.body is not None else b""
            self._bodies[form] = (known.bodies.get((form, content)) or _KEYS[form](content)) if content else None
        return self._bodies[form]

    def needs(self, kind: str) -> list[Need]:
        """Everything of one part of the request that could be needed."""
        if kind not in self._needs:
            self._needs[kind] = list(_NEEDS[kind](self._request))
        return self._needs[kind]


def text_need(text: str) -> Need:
    """The need of a body that is exactly this text."""
    return "text", "", text


def json_needs(value: JsonValue) -> Iterator[Need]:
    """The needs of a body that holds a JSON value: its scalars, but for those in lists, which may stand anywhere."""
    pending: list[tuple[str, JsonValue]] = [("", value)]
    while pending:
        place, each = pending.pop()
        if isinstance(each, Mapping):
            pending += [(f"{place}\0{name}", member) for name, member in each.items()]
        elif not isinstance(each, list):
            yield "json", place, _scalar(each)


def _scalar(value: JsonValue) -> str:
    if isinstance(value, (str, bool, type(None))):
        return f"{type(value).__name__} {value}"
    return repr(_number(format_json(value)))


def _text_needs(request: Request) -> Iterator[Need]:
    text = request.body.text(request.media_type) if request.body is not None else None
    if text is not None:
        yield text_need(text)


def _json_needs(request: Request) -> Iterator[Need]:
    text = request.body.text(request.media_type) if request.body is not None else None
    try:
        yield from json_needs(parse_document((text or "").removeprefix("\ufeff")))
    except (ValueError, LimitError):
        # What is no JSON has none of what JSON needs.
        return


_NEEDS: Mapping[str, Callable[[Request], Iterator[Need]]] = {
    "query": lambda request: (
        ("query", name.lower(), (value or "").lower()) for name, value in parse_query(request.query or "")
    ),
    "header": lambda request: (("header", name.lower(), value.lower()) for name, value in request.headers),
    "text": _text_needs,
    "json": _json_needs,
}


def _expected_query(expected: ExpectedRequest) -> tuple[bytes, str | None]:
    """The key of an expected query, and how it is spelled."""
    if expected.query is None:
        return _query_key(query_values(expected.query_text)), expected.query_text
    values = {name: [value or "" for value in of_name] for name, of_name in expected.query.items()}
    spelling = format_query((name, value) for name, of_name in values.items() for value in of_name)
    return _query_key(values), spelling


def _query_key(values: dict[str, list[str]]) -> bytes:
    """A digest, since with many keys it counts how much memory comparing two of them touches."""
    return _digest(repr(sorted(values.items())).encode("utf-8", "surrogatepass")) if values else _NO_PARAMETERS


def _form(media_type: MediaType | None) -> BodyForm | None:
    if media_type is None:
        return "bytes"
    if media_type.is_json or media_type.essence == "application/graphql":
        return "json"
    if media_type.is_xml or media_type.is_multipart:
        # These are equal in more ways than a key can tell.
        return None
    return "form" if media_type.is_form else "bytes"


def _json_key(content: bytes) -> bytes | None:
    try:
        text = _ENCODER.encode(parse_json(content))
    except (JsonError, RecursionError):
        return None
    return _digest(text.encode())


def _form_key(content: bytes) -> bytes:
    fields = group_values(parse_query(content.decode("utf-8", "surrogateescape")))
    return _query_key(fields)


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST_BYTES).digest()


_KEYS: Mapping[BodyForm, Callable[[bytes], bytes | None]] = {"json": _json_key, "form": _form_key, "bytes": _digest}
