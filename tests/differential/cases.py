"""Random messages with random rules, and actual ones mutated from them.

Two things are left out because the reference itself answers them at random: path expressions of equal weight at one
node, and rules in an order that it keeps in hash maps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from urllib.parse import quote_plus
from xml.sax.saxutils import escape, quoteattr

from pact_recorder.matching import PathExpression

Json = Any
Values = dict[str, list[str]]
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Message:
    """One side of a case; `status` is that of a response, the other fields are those of both or of a request."""

    method: str = "GET"
    path: str = "/x"
    status: int = 200
    query: Values = field(default_factory=dict)
    headers: Values = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An expected message with its rules in their V4 document form, and an actual one."""

    kind: str
    is_request: bool
    expected: Message
    rules: Mapping[str, Json]
    actual: Message

    def __str__(self) -> str:
        side = "request" if self.is_request else "response"
        return (
            f"{self.kind} {side}\n  expected {self.expected}\n  rules {json.dumps(self.rules)}\n  actual {self.actual}"
        )


SCALARS: Sequence[Json] = [
    *("a", "b", "abc", "", "12", "-5", "true", "null", "1.5", "2020-01-01", "2020-13-01", "1.0.0", "1.0.0-rc.1+b"),
    *("10:20:30", "2020-01-01T10:20:30Z", "x y", "é", "日本", "A", "a\nb"),
    *(0, 1, 2, 100, -5, 12345678901, 1.5, 1.0, -0.5, 1e3, True, False, None),
]
BIG_NUMBERS = [2**64, -(2**63) - 1, 12345678901234567890123]
TEXTS = [
    "a",
    "b",
    "abc",
    "12",
    "-5",
    "1.5",
    "1.0",
    "true",
    "",
    "1e3",
    "x y",
    "é",
    "2020-01-01",
    "10:20:30",
    "1.2.3",
    "A",
]
PATTERNS = [
    *("[a-z]+", "\\d+", ".*", "a|ab|abc", "", "(?i)A.*", "[^0-9]*", "true|null", "-?\\d+(\\.\\d+)?", "^a", "b$", "\\w"),
    *("(", "[[:alpha:]]*", "(?m).+", "\\h+", "a{1,3}", "\\p{L}+", "x y", "{.*}|\\[.*\\]"),
]
FORMATS = {
    "date": ["yyyy-MM-dd", "dd/MM/yyyy", "yyyy", "MMM d"],
    "time": ["HH:mm:ss", "HH:mm", "hh:mm a"],
    "timestamp": ["yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd"],
    "datetime": ["yyyy-MM-dd'T'HH:mm:ssX", "yyyy-MM-dd'T'HH:mm:ss"],
}
FOR_SCALARS = [
    *("type", "regex", "integer", "decimal", "number", "min", "max", "include", "equality", "boolean"),
    *("date", "time", "timestamp", "datetime", "notEmpty", "semver", "null"),
]
FOR_NODES = [
    *FOR_SCALARS,
    *("type", "type", "type", "minmax", "values", "eachKey", "eachValue", "arrayContains", "statusCode"),
]
STATUSES = ["info", "success", "redirect", "clientError", "serverError", "nonError", "error"]


class CaseMaker:
    """Makes cases from one seeded source."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._kinds: Mapping[str, Callable[[], Case]] = {
            "path": self.path_case,
            "query": self.query_case,
            "header": self.header_case,
            "json": self.json_case,
            "form": self.form_case,
            "xml": self.xml_case,
            "text": self.text_case,
            "status": self.status_case,
            "whole": self.whole_case,
        }

    def cases(self, count: int, kinds: Sequence[str] = ()) -> Iterator[Case]:
        """Cases of all kinds, or of those named, in turn; JSON, the usual body, twice as often."""
        wanted = list(kinds) or [*self._kinds, "json"]
        for number in range(count):
            yield self._kinds[wanted[number % len(wanted)]]()

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, names: Sequence[str], most: int) -> list[str]:
        return self.random.sample(names, self.random.randint(0, most))

    # Rules

    def rule(self, scalar: bool) -> dict[str, Json]:
        choice = self.random.choice
        name = choice(FOR_SCALARS if scalar else FOR_NODES)
        match name:
            case "regex":
                return {"match": "regex", "regex": choice(PATTERNS)}
            case "min":
                return {"match": "type", "min": choice([0, 1, 2, 3])}
            case "max":
                return {"match": "type", "max": choice([1, 2, 3])}
            case "minmax":
                return {"match": "type", "min": 1, "max": choice([1, 2, 3])}
            case "include":
                return {"match": "include", "value": choice(["a", "1", "", "x"])}
            case "date" | "time" | "timestamp" | "datetime":
                return {"match": name, **({"format": choice(FORMATS[name])} if self.chance(0.8) else {})}
            case "eachKey" | "eachValue":
                return {"match": name, "rules": [self.rule(True)]}
            case "arrayContains":
                return {"match": name, "variants": [self._variant()]}
            case "statusCode":
                return {"match": name, "status": "success"}
            case _:
                return {"match": name}

    def _variant(self) -> dict[str, Json]:
        path = self.random.choice(["$", "$.a", "$.*", "$[*]"])
        return {"index": 0, "rules": {path: {"matchers": [self.rule(True)]}}}

    def rules(self, scalar: bool = False) -> dict[str, Json]:
        count = self.random.choice([1, 1, 1, 1, 2])
        combine = self.random.choice(["AND", "AND", "OR"])
        return {"matchers": [self.rule(scalar) for _ in range(count)], "combine": combine}

    def placed(self, paths: Sequence[str], most: int, scalar: bool = False) -> dict[str, Json]:
        placed: dict[str, Json] = {}
        for _ in range(self.random.randint(0, most)):
            path = self.random.choice(paths)
            if all(_weight(path) != _weight(other) for other in placed):
                placed[path] = self.rules(scalar)
        return placed

    # Parts

    def path_case(self) -> Case:
        expected = "/" + self.random.choice(["a", "b", "1", "a/b", "a%20b", "", "A"])
        actual = self.random.choice([expected, "/" + self.random.choice(["a", "1", "x", "a/", "%61"])])
        rules = {"path": self.rules(True)} if self.chance(0.7) else {}
        return Case("path", True, Message(path=expected), rules, Message(path=actual))

    def query_case(self) -> Case:
        expected = self.values(["a", "b", "c[]", "d.e"], TEXTS)
        rules = {name: self.rules(True) for name in expected if self.chance(0.5)}
        actual = self.changed_values(expected, TEXTS)
        return Case("query", True, Message(query=expected), {"query": rules}, Message(query=actual))

    def values(self, names: Sequence[str], texts: Sequence[str]) -> Values:
        return {name: self._texts(texts, self.random.choice([1, 1, 2])) for name in self.some(names, 3)}

    def _texts(self, texts: Sequence[str], count: int) -> list[str]:
        return [self.random.choice(texts) for _ in range(count)]

    def changed_values(self, values: Values, texts: Sequence[str]) -> Values:
        changed = {name: list(each) for name, each in values.items()}
        for name in list(changed):
            if self.chance(0.3):
                changed[name][self.random.randrange(len(changed[name]))] = self.random.choice(texts)
            if self.chance(0.15):
                changed[name].append(self.random.choice(texts))
            if self.chance(0.1):
                del changed[name]
        return changed | ({"z": ["1"]} if self.chance(0.1) else {})

    def header_case(self) -> Case:
        names = ["X-A", "X-B", "Accept", "Vary", "Cache-Control", "ETag"]
        texts = ["a", "b", "12", "a, b", "a,b", "text/html;q=1", "text/html", "A", "true", "x  y", '"e"']
        expected = self.values(names, texts)
        rules = {name: self.rules(True) for name in expected if self.chance(0.5)}
        actual = {
            self.random.choice([name, name.lower()]): values
            for name, values in self.changed_values(expected, texts).items()
            if values
        }
        return Case("header", self.chance(0.5), Message(headers=expected), {"header": rules}, Message(headers=actual))

    def status_case(self) -> Case:
        expected = self.random.choice([200, 201, 204, 301, 404, 500])
        actual = self.random.choice([expected, 200, 201, 202, 302, 400, 404, 500, 503])
        matcher = self.random.choice(
            [
                {"match": "statusCode", "status": self.random.choice(STATUSES)},
                {"match": "statusCode", "status": [200, actual, 404]},
                {"match": "regex", "regex": "2\\d\\d"},
                {"match": "integer"},
                {"match": "type"},
            ]
        )
        rules = {"status": {"$": {"matchers": [matcher]}}} if self.chance(0.7) else {}
        return Case("status", False, Message(status=expected), rules, Message(status=actual))

    # Bodies

    def body_case(self, kind: str, media_type: str, expected: bytes, rules: Json, actual: bytes) -> Case:
        is_request = self.chance(0.5)
        method = "POST" if is_request else "GET"
        typed = self.random.choice([media_type] * 12 + _variants(media_type))
        given = self.random.choice([typed] * 20 + [media_type, "text/plain", "", *_variants(media_type)])
        all_rules = {"body": rules} if rules else {}
        if self.chance(0.03):
            all_rules["header"] = {"Content-Type": {"matchers": [{"match": "regex", "regex": "application/.*"}]}}
        fields = {"Content-Type": [given]} if given else {}
        content = self.random.choice([actual] * 50 + [b"", None])
        return Case(
            kind,
            is_request,
            Message(method, headers={"Content-Type": [typed]}, body=expected),
            all_rules,
            Message(method, headers=fields, body=content),
        )

    def json_case(self) -> Case:
        expected = self.value(3)
        if not isinstance(expected, dict | list):
            expected = [expected]
        actual = self.mutated(expected)
        rules = self.placed(list(self.json_paths(expected)), 3)
        return self.body_case("json", "application/json", _json(expected), rules, _json(actual))

    def value(self, depth: int) -> Json:
        draw = self.random.random()
        if depth <= 0 or draw < 0.5:
            return self.random.choice(SCALARS if self.chance(0.999) else BIG_NUMBERS)
        if draw < 0.75:
            return [self.value(depth - 1) for _ in range(self.random.choice([0, 1, 1, 2, 3]))]
        return {
            self.random.choice(["a", "b", "c", "d", "1", "x y"]): self.value(depth - 1)
            for _ in range(self.random.randint(0, 3))
        }

    def mutated(self, value: Json) -> Json:
        if self.chance(0.1):
            return self.value(1)
        if isinstance(value, list):
            items = [self.mutated(item) for item in value]
            if self.chance(0.35):
                items.append(self.mutated(self.random.choice(value)) if value else self.value(1))
            return items[:-1] if items and self.chance(0.2) else items
        if isinstance(value, dict):
            members = {key: self.mutated(member) for key, member in value.items()}
            if self.chance(0.15):
                members[self.random.choice(["a", "b", "c", "x"])] = self.value(1)
            if members and self.chance(0.12):
                members.pop(self.random.choice(list(members)))
            return members
        return self.random.choice(SCALARS) if self.chance(0.3) else value

    def json_paths(self, value: Json, path: str = "$") -> Iterator[str]:
        yield path
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.json_paths(item, f"{path}[{index}]")
                if index == 0:
                    yield from self.json_paths(item, f"{path}[*]")
        if isinstance(value, dict):
            for key, member in value.items():
                yield from self.json_paths(member, f"{path}.{key}" if key.isalpha() else f"{path}['{key}']")
                if self.chance(0.3):
                    yield from self.json_paths(member, f"{path}.*")

    def form_case(self) -> Case:
        expected = self.values(["a", "b", "c[]"], TEXTS) or {"a": ["1"]}
        actual = self.changed_values(expected, TEXTS) or {"a": ["1"]}
        rules = {
            (f"$.{name}" if name.isalpha() else f"$['{name}']"): self.rules(True)
            for name in expected
            if self.chance(0.5)
        }
        return self.body_case("form", FORM, query_text(expected).encode(), rules, query_text(actual).encode())

    def text_case(self) -> Case:
        texts = ["a", "abc", "12", "1.5", "true", "x y", "é", "2020-01-01", "hello", "1.2.3"]
        expected = self.random.choice(texts)
        actual = self.random.choice([expected, self.random.choice(texts)])
        rules = {"$": self.rules(True)} if self.chance(0.7) else {}
        return self.body_case("text", "text/plain", expected.encode(), rules, actual.encode())

    def xml_case(self) -> Case:
        expected = self.element(2)
        actual = expected.mutated(self)
        rules: dict[str, Json] = {}
        paths = list(expected.paths())
        for _ in range(self.random.randint(0, 2)):
            path = self.random.choice(paths)
            if all(_weight(path) != _weight(other) for other in rules):
                rules[path] = self._xml_rules(path)
        declared = b'<?xml version="1.0" encoding="UTF-8"?>' if self.chance(0.5) else b""
        texts = declared + str(expected).encode(), declared + str(actual).encode()
        return self.body_case("xml", "application/xml", texts[0], rules, texts[1])

    def _xml_rules(self, path: str) -> dict[str, Json]:
        if "@" in path or "#" in path:
            return self.rules(True)
        matchers = [{"match": "type"}, {"match": "type"}, {"match": "type", "min": 1}, {"match": "type", "max": 2}]
        return {"matchers": [self.random.choice([*matchers, {"match": "equality"}, {"match": "notEmpty"}])]}

    def element(self, depth: int) -> Element:
        choice = self.random.choice
        attributes = {name: choice(["1", "x", "22", "a<b"]) for name in self.some(["p", "q", "n:r"], 2)}
        children = [self.element(depth - 1) for _ in range(self.random.randint(0, 2))] if depth else []
        text = "" if children else choice(["", "t", "12", "x y", " t ", "a&b", "é"])
        layout = choice([""] * 8 + ["\n  ", "<!-- c -->"])
        return Element(choice(["a", "b", "c", "n:d"]), attributes, text, children, layout)

    # Everything at once

    def whole_case(self) -> Case:
        """A message of all parts, from the cases of single parts."""
        body, header = self.json_case(), self.header_case()
        expected = replace(body.expected, headers={**header.expected.headers, **body.expected.headers})
        actual = replace(body.actual, headers={**header.actual.headers, **body.actual.headers})
        rules = {**body.rules, **header.rules}
        if body.is_request:
            query, path = self.query_case(), self.path_case()
            expected = replace(expected, query=query.expected.query, path=path.expected.path)
            actual = replace(actual, query=query.actual.query, path=path.actual.path)
            rules |= {**query.rules, **path.rules}
        return Case("whole", body.is_request, expected, rules, actual)


@dataclass(frozen=True, slots=True)
class Element:
    """An XML element; the prefix `n` is declared wherever it stands, `layout` stands around its children."""

    name: str
    attributes: Mapping[str, str]
    text: str
    children: Sequence[Element]
    layout: str = ""

    def __str__(self) -> str:
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        prefixed = any(name.startswith("n:") for name in (self.name, *self.attributes))
        declared = ' xmlns:n="urn:n"' if prefixed else ""
        inner = escape(self.text) + self.layout.join(["", *map(str, self.children), ""])
        return f"<{self.name}{declared}{attributes}>{inner}</{self.name}>"

    def mutated(self, maker: CaseMaker) -> Element:
        attributes, text = dict(self.attributes), self.text
        if attributes and maker.chance(0.15):
            attributes[maker.random.choice(list(attributes))] = maker.random.choice(["1", "y", "33"])
        if maker.chance(0.05):
            attributes["s"] = "1"
        if maker.chance(0.2) and not self.children:
            text = maker.random.choice(["t", "u", "12", "9", " t", ""])
        children = [child.mutated(maker) for child in self.children]
        if children and maker.chance(0.2):
            children.append(maker.random.choice(children).mutated(maker))
        if children and maker.chance(0.1):
            children.pop()
        if maker.chance(0.1):
            children.reverse()
        return Element(self.name, attributes, text, children, self.layout)

    def paths(self, above: str = "$") -> Iterator[str]:
        path = f"{above}.{self.name}" if self.name.isalpha() else f"{above}['{self.name}']"
        yield path
        yield from (f"{path}['@{name}']" for name in self.attributes)
        if self.text:
            yield f"{path}['#text']"
        for child in self.children:
            yield from child.paths(path)


def query_text(values: Values) -> str:
    """Values as a query string or form."""
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, each in values.items() for value in each)


def _variants(media_type: str) -> list[str]:
    return [f"{media_type};charset=utf-8", f"{media_type}; charset=UTF-8"]


def _json(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _weight(path: str) -> int:
    return PathExpression.parse(path).rank[0]
