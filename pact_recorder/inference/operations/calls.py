"""What a request calls where method and path do not tell: GraphQL, JSON-RPC, XML-RPC, SOAP, and `Action=…` APIs."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from pact_recorder.http import Request, parse_query
from pact_recorder.inference.operations.graphql import document_call, graphql_call
from pact_recorder.inference.operations.names import GRAPHQL_TYPE
from pact_recorder.inference.operations.place import Missing
from pact_recorder.inference.operations.words import words
from pact_recorder.matching import JsonValue

LONGEST = 160
"""Characters of a call; what is longer is cut."""

_MOST_IN_BATCH = 8
_LOOKED_AT = 65_536
_LONGEST_NAME = 200
_HEADERS = {"x-amz-target": "", "soapaction": "SOAPAction "}
_LENGTHS = frozenset(map(len, _HEADERS))

_ACTION = re.compile(
    r"(?:^|&)(action|act|cmd|command|apicommand|api_command|method|operation|op|func|function|call|rpc|do|_function"
    r"|request)=((?!\d)[\w.:%/-]{2,80})(?=&|$)",
    re.IGNORECASE | re.ASCII,
)
# In a path that names a thing, `action` is one of its fields. An endpoint's path names a program or an interface.
_ENDPOINT = re.compile(
    r"/|.*/(?:[^/]*\.(?:php\d?|f?cgi|jsp|aspx?|ashx|do|pl|dll|exe|response)"
    r"|(?:json|xml)?-?rpc|api|rest|json|xml|ajax|gateway|services?|soap|query|command|control|wms|wfs|ows|[A-Z_]+)/?",
    re.ASCII,
)
# These name what is to be done wherever they stand: `DescribeInstances`, `getRecords`, `track.getInfo`.
_NAMED = re.compile(
    r"(?:get|list|set|add|create|delete|remove|update|describe|modify|put|find|search|run|start|stop)(?:_|-|[A-Z])[\w.-]+"
    r"|(?:Get|List|Set|Add|Create|Delete|Remove|Update|Describe|Modify|Put|Find|Search|Run|Start|Stop|Transaction)[A-Z]\w+"
    r"|[a-z]\w*(?:\.[A-Za-z]\w*)+",
    re.ASCII,
)
_VERBS_OF_HTTP = words("get post put patch delete head options")
_XML_RPC = re.compile(rb"<methodCall>\s*<methodName>\s*([\w.:/-]{1,100})\s*</methodName>")
_SOAP = re.compile(
    rb"<(?:[\w-]+:)?Envelope\b.{0,4000}?<(?:[\w-]+:)?Body\b[^>]*>\s*<(?:[\w-]+:)?([\w.-]{1,100})", re.DOTALL
)
_GRAPHQL_QUERY = re.compile(r"(?:^|&)(?:query=|operationName=|extensions=)")


def call_of(request: Request, body: JsonValue | Missing) -> str:
    """What a request calls, in one short text; empty where method and path say it all.

    `body` is the request's parsed JSON body, `MISSING` when it has none.
    """
    found = _called_by_body(request, body) if request.body is not None else ""
    if not found and request.query:
        found = _called_by_query(request.path, request.query)
    return found if len(found) <= LONGEST else found[: LONGEST - 1] + "…"


def _called_by_body(request: Request, body: JsonValue | Missing) -> str:
    named = next(
        (
            _HEADERS[name.lower()] + value.strip('" ').rpartition("/")[2]
            for name, value in request.headers.fields
            if len(name) in _LENGTHS and name.lower() in _HEADERS
        ),
        "",
    )
    if named.strip() and not named.endswith("SOAPAction "):
        return named
    called = ""
    if isinstance(body, dict):
        called = _called_by_object(body)
    elif isinstance(body, list):
        called = _called_by_batch(body)
    return called or _called_by_content(request)


def _called_by_object(body: dict[str, JsonValue]) -> str:
    if "query" in body or "extensions" in body or "doc_id" in body or "documentId" in body:
        found = graphql_call(body)
        if found:
            return found
    method = body.get("method")
    if isinstance(method, str) and method and ("params" in body or "jsonrpc" in body):
        return f"method {method}"
    action = body.get("action")
    if isinstance(action, str) and action and ("param" in body or "params" in body):
        return f"action {action}"
    return ""


def _called_by_batch(body: list[JsonValue]) -> str:
    """The different calls of a batch; empty when one of its items is none."""
    calls: set[str] = set()
    for item in body[:1000]:
        call = _called_by_object(item) if isinstance(item, dict) else ""
        if not call:
            return ""
        calls.add(call)
    names = sorted(calls)
    return f"batch of {', '.join(names[:_MOST_IN_BATCH])}{' …' if len(names) > _MOST_IN_BATCH else ''}" if names else ""


def _called_by_content(request: Request) -> str:
    content = request.body.content[:_LOOKED_AT] if request.body is not None else b""
    start = content[:512].lstrip()
    if start.startswith(b"<"):
        found = _XML_RPC.search(content, 0, 4096)
        if found:
            return f"method {found[1].decode()}"
        found = _SOAP.search(content, 0, 16_384)
        return f"SOAP {found[1].decode()}" if found else ""
    media_type = request.media_type
    if media_type is not None and media_type.is_form:
        return _action(request.path, content.decode("latin-1"))
    if media_type is not None and media_type.essence == GRAPHQL_TYPE:
        return document_call(content.decode("utf-8", "replace"), "")
    return ""


def _called_by_query(path: str, query: str) -> str:
    text = query[:_LOOKED_AT]
    if _GRAPHQL_QUERY.search(text):
        pairs = {name: value for name, value in parse_query(text) if value is not None}
        found = graphql_call({name: pairs[name] for name in ("query", "operationName") if name in pairs})
        if found:
            return found
        if "operationName" in pairs and ("extensions" in pairs or "variables" in pairs):
            return f"operation {pairs['operationName']}"
    return _action(path, text)


def _action(path: str, pairs: str) -> str:
    """`Action=DescribeInstances` of a query or form; empty when no parameter names an action."""
    found = _ACTION.search(pairs)
    if found is None or found[2].lower() in _VERBS_OF_HTTP:
        return ""
    if not _NAMED.fullmatch(found[2]) and not _ENDPOINT.fullmatch(path[-_LONGEST_NAME:]):
        return ""
    return f"{found[1]}={unquote_plus(found[2])}"
