"""Postman collections (v2.0 and v2.1) as MockServer expectations: one for each saved response of each request.

A variable or a `:name` in a path takes any segment. A request without a saved response is answered with an empty 200.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

Document = dict[str, Any]
_VARIABLE = re.compile(r"\{\{[^}]*\}\}")
_NAMED = re.compile(r":[A-Za-z_][\w.-]*")
_ORIGIN = re.compile(r"^(?:[a-zA-Z][\w+.-]*://)?[^/?#]*")
_MOST_DEPTH = 50
_REMADE = frozenset({"content-length", "transfer-encoding", "connection", "content-encoding"})


def postman_expectations(collection: Mapping[str, Any]) -> Iterator[Document]:
    """The expectations of a collection, in its order, without identifiers. Raises ValueError for what is none."""
    items = collection.get("item")
    if not isinstance(items, list):
        raise ValueError("it has no list of items")
    for item in _requests(items, 0):
        request = item["request"]
        responses = [each for each in item.get("response") or () if isinstance(each, dict)]
        for response in responses or [{}]:
            asked = response.get("originalRequest") or request
            yield {"httpRequest": _request(asked), "httpResponse": _response(response)}


def _requests(items: list[Any], depth: int) -> Iterator[Document]:
    if depth > _MOST_DEPTH:
        raise ValueError("its folders are too deep")
    for item in items:
        if not isinstance(item, dict):
            raise ValueError("an item is no object")
        if isinstance(item.get("item"), list):
            yield from _requests(item["item"], depth + 1)
        elif isinstance(item.get("request"), (dict, str)):
            yield item


def _request(request: Any) -> Document:
    if isinstance(request, str):
        request = {"url": request}
    path, query = _url(request.get("url") or "")
    document: Document = {"method": str(request.get("method") or "GET").upper(), "path": path}
    if query:
        document["queryStringParameters"] = query
    body = _body(request.get("body"))
    if body is not None:
        document["body"] = body
    return document


def _url(url: Any) -> tuple[str, dict[str, list[str]]]:
    raw = url if isinstance(url, str) else str(url.get("raw") or "")
    target, _, text = _ORIGIN.sub("", _VARIABLE.sub("{}", raw), count=1).partition("#")[0].partition("?")
    segments = [segment for segment in target.split("/") if segment]
    pairs = [(unquote(name), unquote(value)) for name, _, value in (part.partition("=") for part in text.split("&"))]
    if isinstance(url, Mapping):
        if isinstance(url.get("path"), list):
            segments = [str(part.get("value", "") if isinstance(part, Mapping) else part) for part in url["path"]]
        if isinstance(url.get("query"), list):
            pairs = [(str(each.get("key") or ""), str(each.get("value") or "")) for each in _enabled(url["query"])]
    query: dict[str, list[str]] = {}
    for name, value in pairs:
        if name:
            query.setdefault(name, []).append(".*" if "{}" in value or _VARIABLE.search(value) else value)
    return "/" + _path(segments), query


def _path(segments: list[str]) -> str:
    open_ones = [bool("{}" in each or _VARIABLE.search(each) or _NAMED.fullmatch(each)) for each in segments]
    plain = [quote(each, safe="!$&'()*+,;=:@%") for each in segments]
    if not any(open_ones):
        return "/".join(plain)
    return "/".join("[^/]+" if is_open else re.escape(each) for is_open, each in zip(open_ones, plain, strict=True))


def _body(body: Any) -> Any:
    if not isinstance(body, Mapping) or body.get("disabled"):
        return None
    raw = body.get("raw")
    if body.get("mode") != "raw" or not isinstance(raw, str) or not raw.strip() or _VARIABLE.search(raw):
        return None
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {"type": "STRING", "string": raw}
    return {"type": "JSON", "json": json.dumps(value) if isinstance(value, str) else value}


def _response(response: Mapping[str, Any]) -> Document:
    document: Document = {"statusCode": response.get("code") if isinstance(response.get("code"), int) else 200}
    headers: dict[str, list[str]] = {}
    for each in _enabled(response.get("header") or []):
        name = str(each.get("key") or "")
        if name and name.lower() not in _REMADE:
            headers.setdefault(name, []).append(str(each.get("value") or ""))
    if headers:
        document["headers"] = headers
    if isinstance(response.get("body"), str) and response["body"]:
        document["body"] = {"type": "STRING", "string": response["body"]}
    return document


def _enabled(entries: Any) -> list[Mapping[str, Any]]:
    if not isinstance(entries, list):
        return []
    return [each for each in entries if isinstance(each, Mapping) and not each.get("disabled")]
