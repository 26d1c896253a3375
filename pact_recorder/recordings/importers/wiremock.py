"""WireMock stub mappings as MockServer expectations, with a warning for each construct that has no equivalent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pact_recorder.http import parse_query

Document = dict[str, Any]
_USUAL_PRIORITY = 5
_PRIORITIES = range(-(2**31), 2**31)
_REQUEST = {
    "method", "url", "urlPath", "urlPattern", "urlPathPattern", "queryParameters", "headers", "bodyPatterns", "cookies",
}  # fmt: skip
_RESPONSE = {"status", "statusMessage", "headers", "body", "jsonBody", "base64Body"}
_ABOUT = {"id", "uuid", "name", "request", "response", "priority", "persistent", "metadata", "insertionIndex"}


@dataclass(slots=True)
class Mapped:
    """What became of the mappings: expectations, and warnings of an item, a construct and a detail each."""

    expectations: list[Document] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)


def wiremock_expectations(document: Mapping[str, Any]) -> Mapped:
    """The expectations of a file of mappings, or of a single one. Raises ValueError for what is neither."""
    mappings = document.get("mappings", [document])
    if not isinstance(mappings, list) or not all(isinstance(each, Mapping) for each in mappings):
        raise ValueError("its mappings are no list of objects")
    mapped = Mapped()
    for number, mapping in enumerate(mappings):
        name = mapping.get("name") or mapping.get("id") or mapping.get("uuid") or f"mapping {number}"
        _Mapping(str(name), mapping, mapped).map(number)
    return mapped


class _Mapping:
    """One mapping on its way."""

    def __init__(self, name: str, mapping: Mapping[str, Any], into: Mapped) -> None:
        self._name = name
        self._mapping = mapping
        self._into = into
        self._exact = True

    def map(self, number: int) -> None:
        """Add the expectation of the mapping; of one that answers in a way of its own only a warning."""
        request, response = self._mapping.get("request") or {}, self._mapping.get("response") or {}
        if not isinstance(request, Mapping) or not isinstance(response, Mapping):
            raise ValueError(f"{self._name}: request and response must be objects")
        for construct in ("proxyBaseUrl", "fault", "bodyFileName", "transformers"):
            if response.get(construct):
                self._warn(construct, "the mapping is left out")
                return
        self._unknown("", self._mapping.keys() - _ABOUT)
        asked = self._request(request)
        if not self._exact:
            self._warn("request", "the mapping is left out, since without this it would take other requests")
            return
        self._into.expectations.append(
            {
                "id": str(self._mapping.get("id") or self._mapping.get("uuid") or f"wiremock-{number}"),
                # The lower number goes first there.
                "priority": _USUAL_PRIORITY - self._priority(),
                "httpRequest": asked,
                "httpResponse": self._response(response),
            }
        )

    def _priority(self) -> int:
        given = self._mapping.get("priority") or _USUAL_PRIORITY
        try:
            priority = int(given)
        except (ValueError, TypeError, OverflowError):
            priority = _PRIORITIES.stop
        if priority not in _PRIORITIES:
            raise ValueError(f"{self._name}: priority must be a whole number of 32 bits")
        return priority

    def _request(self, request: Mapping[str, Any]) -> Document:
        unknown = self._unknown("request", request.keys() - _REQUEST)
        self._exact = self._exact and not unknown
        document: Document = {}
        method = str(request.get("method") or "ANY")
        if method.upper() != "ANY":
            document["method"] = method.upper()
        document |= self._address(request)
        parameters = self._fields("queryParameters", request.get("queryParameters"))
        if parameters:
            document.setdefault("queryStringParameters", {}).update(parameters)
        headers = self._fields("headers", request.get("headers"))
        if headers:
            document["headers"] = headers
        if request.get("cookies"):
            self._exact = False
            self._warn("request.cookies", "has no equivalent")
        body = self._body(request.get("bodyPatterns") or [])
        return document | ({} if body is None else {"body": body})

    def _address(self, request: Mapping[str, Any]) -> Document:
        if "urlPathPattern" in request:
            return {"path": str(request["urlPathPattern"])}
        if "urlPattern" in request:
            pattern = str(request["urlPattern"])
            path, mark, _ = pattern.partition("\\?")
            if mark:
                self._exact = False
                self._warn("request.urlPattern", "a pattern for path and query together has no equivalent")
            return {"path": path}
        path, _, query = str(request.get("urlPath") or request.get("url") or "").partition("?")
        document: Document = {"path": _literal(path)} if path else {}
        parameters: dict[str, list[str]] = {}
        for name, value in parse_query(query):
            parameters.setdefault(_literal(name), []).append(_literal(value or ""))
        return document | ({"queryStringParameters": parameters} if parameters else {})

    def _fields(self, place: str, patterns: Any) -> Document:
        found: Document = {}
        for name, pattern in (patterns or {}).items():
            text = self._text(f"request.{place}.{name}", pattern)
            if text is None:
                continue
            found[f"!{_literal(name)}" if text == _ABSENT else _literal(name)] = [] if text == _ABSENT else [text]
        return found

    def _text(self, place: str, pattern: Any) -> str | None:
        if isinstance(pattern, Mapping):
            for matcher, write in _TEXTS.items():
                if matcher in pattern and not pattern.keys() - {matcher, "caseInsensitive"}:
                    return write(pattern[matcher])
        self._exact = False
        self._warn(place, "this way of comparing has no equivalent")
        return None

    def _body(self, patterns: list[Any]) -> Any:
        if not patterns:
            return None
        if len(patterns) == 1 and isinstance(patterns[0], Mapping):
            for matcher, write in _BODIES.items():
                if matcher in patterns[0]:
                    return write(patterns[0])
        self._exact = False
        self._warn("request.bodyPatterns", "these ways of comparing have no equivalent")
        return None

    def _response(self, response: Mapping[str, Any]) -> Document:
        self._unknown("response", response.keys() - _RESPONSE)
        document: Document = {"statusCode": response.get("status", 200)}
        if response.get("statusMessage"):
            document["reasonPhrase"] = str(response["statusMessage"])
        headers = {
            name: [str(each) for each in value] if isinstance(value, list) else [str(value)]
            for name, value in (response.get("headers") or {}).items()
        }
        if headers:
            document["headers"] = headers
        if response.get("jsonBody") is not None:
            value = response["jsonBody"]
            document["body"] = {"type": "JSON", "json": json.dumps(value) if isinstance(value, str) else value}
        elif response.get("base64Body"):
            document["body"] = {"type": "BINARY", "base64Bytes": str(response["base64Body"])}
        elif response.get("body"):
            document["body"] = {"type": "STRING", "string": str(response["body"])}
        return document

    def _unknown(self, place: str, names: set[str]) -> list[str]:
        unknown = sorted(names)
        for name in unknown:
            self._warn(f"{place}.{name}".lstrip("."), "has no equivalent and is left out")
        return unknown

    def _warn(self, construct: str, detail: str) -> None:
        self._into.warnings.append({"item": self._name, "construct": construct, "detail": detail})


_ABSENT = "\0absent"
_META = frozenset(r"\.[]{}()*+?^$|")


def _literal(value: str) -> str:
    """A text that takes exactly this value."""
    return value if _META.isdisjoint(value) and not value.startswith("!") else re.escape(value)


_TEXTS: dict[str, Callable[[Any], str]] = {
    "equalTo": lambda value: _literal(str(value)),
    "matches": str,
    "contains": lambda value: f".*{re.escape(str(value))}.*",
    "doesNotMatch": lambda value: f"!{value}",
    "absent": lambda value: _ABSENT,
}


def _json_body(pattern: Mapping[str, Any]) -> Document:
    loose = bool(pattern.get("ignoreExtraElements"))
    value = pattern["equalToJson"]
    return {"type": "JSON", "json": value, "matchType": "ONLY_MATCHING_FIELDS" if loose else "STRICT"}


_BODIES: dict[str, Callable[[Mapping[str, Any]], Document]] = {
    "equalToJson": _json_body,
    "equalTo": lambda pattern: {"type": "STRING", "string": str(pattern["equalTo"])},
    "matches": lambda pattern: {"type": "REGEX", "regex": str(pattern["matches"])},
    "contains": lambda pattern: {"type": "REGEX", "regex": f".*{re.escape(str(pattern['contains']))}.*"},
    "binaryEqualTo": lambda pattern: {"type": "BINARY", "base64Bytes": str(pattern["binaryEqualTo"])},
}


def is_wiremock(document: Mapping[str, Any]) -> bool:
    """Whether a document looks like mappings of WireMock."""
    if isinstance(document.get("mappings"), list):
        return True
    return isinstance(document.get("request"), Mapping) and isinstance(document.get("response"), Mapping)
