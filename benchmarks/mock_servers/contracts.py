"""The contracts that the servers are given, and the requests that they are asked."""

from __future__ import annotations

import json
from pathlib import Path

KINDS = ("paths", "bodies", "rules")
COUNTS = (1, 100, 1_000, 10_000, 100_000)
ANSWER = {"id": 17, "name": "A thing of some kind", "tags": ["one", "two", "three"], "price": 12.5}


def request_of(kind: str, number: int) -> dict:
    """The expected request of an interaction, as a V3 document has it."""
    as_json = {"Content-Type": "application/json"}
    if kind == "paths":
        return {"method": "GET", "path": f"/items/{number}", "headers": {"Accept": "application/json"}}
    if kind == "bodies":
        body = {"query": f"term {number}", "tags": ["a", "b"]}
        query = {"page": [str(number // 2)], "size": ["10"]}
        return {"method": "POST", "path": "/search", "query": query, "headers": as_json, "body": body}
    return {
        "method": "POST",
        "path": f"/shops/{number}/orders/17",
        "headers": as_json,
        "body": {"id": 1, "name": "x"},
        "matchingRules": {
            "path": {"combine": "AND", "matchers": [{"match": "regex", "regex": f"/shops/{number}/orders/\\d+"}]},
            "body": {"$": {"combine": "AND", "matchers": [{"match": "type"}]}},
        },
    }


def contract(kind: str, count: int) -> dict:
    response = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": ANSWER}
    return {
        "consumer": {"name": "benchmark"},
        "provider": {"name": kind},
        "interactions": [
            {"description": str(number), "request": request_of(kind, number), "response": response}
            for number in range(count)
        ],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }


def file_of(kind: str, count: int, folder: Path) -> Path:
    path = folder / f"{kind}-{count}.json"
    if not path.exists():
        path.write_text(json.dumps(contract(kind, count)))
    return path


LUA = {
    "paths": 'return get("/items/" .. i)',
    "bodies": """
        local body = '{"query":"term ' .. i .. '","tags":["a","b"]}'
        return post("/search?page=" .. math.floor(i / 2) .. "&size=10", body)""",
    "rules": """return post("/shops/" .. i .. "/orders/99", '{"id":7,"name":"other"}')""",
}


def lua(kind: str, count: int, asked: int) -> str:
    """A wrk script that asks for so many interactions in turn, by steps that no cache foresees.

    Its arguments are the step, and how many were asked for before by it, so that one run goes on where another ended.
    Requests are written out, since `wrk.format` puts header fields in another order in each process, as no client does.
    """
    return f"""
local function head(method, target)
  return method .. " " .. target .. " HTTP/1.1\\r\\nHost: " .. wrk.host .. ":" .. wrk.port .. "\\r\\n"
end
local function get(target) return head("GET", target) .. "Accept: application/json\\r\\n\\r\\n" end
local function post(target, body)
  local fields = "Content-Type: application/json\\r\\nContent-Length: " .. #body
  return head("POST", target) .. fields .. "\\r\\n\\r\\n" .. body
end
local requests, n, at, step = {{}}, {asked}, 0, 1
local function make(i) {LUA[kind]} end
function init(args)
  for i = 0, n - 1 do requests[i] = make(i * {count // asked}) end
  step = tonumber(args[1])
  at = (tonumber(args[2]) * step) % n
end
function request() at = (at + step) % n; return requests[at] end
"""


def asked_of(kind: str, number: int) -> tuple[bytes, bytes, list[tuple[bytes, bytes]], bytes]:
    """The same request as a server has it from the wire: method, target, fields and body."""
    host, length = (b"host", b"127.0.0.1:12345"), b"content-length"
    if kind == "paths":
        return b"GET", b"/items/%d" % number, [host, (b"accept", b"application/json")], b""
    as_json = (b"content-type", b"application/json")
    if kind == "bodies":
        target = b"/search?page=%d&size=10" % (number // 2)
        body = b'{"query":"term %d","tags":["a","b"]}' % number
    else:
        target, body = b"/shops/%d/orders/99" % number, b'{"id":7,"name":"other"}'
    return b"POST", target, [host, as_json, (length, b"%d" % len(body))], body
