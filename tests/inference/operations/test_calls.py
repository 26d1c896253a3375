import json

import pytest

from pact_recorder.inference.operations.calls import LONGEST
from tests.inference.operations.traffic import Sample, names_of, operations_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
XML = {"Content-Type": "text/xml"}
RPC = {"jsonrpc": "2.0", "id": 1, "params": []}


def call(sample: Sample) -> str:
    return operations_of([sample])[0].call


def post(path: str, body: object, headers: dict[str, str] | None = None) -> Sample:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Sample(f"POST {path}", sent=content, headers=headers or {"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (post("/", b"Action=DescribeInstances&Version=2016", FORM), "Action=DescribeInstances"),
        (post("/", b"Version=2016&Action=DescribeInstances", FORM), "Action=DescribeInstances"),
        (Sample("GET /?Action=ListUsers&Version=1"), "Action=ListUsers"),
        (Sample("GET /w/api.php?action=query&format=json"), "action=query"),
        (Sample("GET /2.0/?method=track.getInfo"), "method=track.getInfo"),
        (Sample("GET /special?command=getRecords"), "command=getRecords"),
        (Sample("GET /geoserver/wms?service=WMS&request=GetMap"), "request=GetMap"),
        (Sample("GET /app/dyndns.jsp?action=SET"), "action=SET"),
        (post("/rpc", {**RPC, "method": "eth_call"}), "method eth_call"),
        (post("/api/1/", {"method": "list-records", "params": {}}), "method list-records"),
        (post("/", {"action": "infoZone", "param": {}}), "action infoZone"),
        (
            post("/rpc", [{**RPC, "method": "b"}, {**RPC, "method": "a"}, {**RPC, "method": "b"}]),
            "batch of method a, method b",
        ),
        (post("/graphql", {"query": "query GetUser { user { id } }"}), "query GetUser"),
        (post("/graphql", [{"query": "{ a }"}, {"query": "{ b }"}]), "batch of query a, query b"),
        (Sample("GET /graphql?query=%7B%20user%20%7B%20id%20%7D%20%7D"), "query user"),
        (Sample("GET /graphql?operationName=GetUser&extensions=%7B%7D"), "operation GetUser"),
        (post("/graphql", b"{ user { id } }", {"Content-Type": "application/graphql"}), "query user"),
        (post("/", {}, {"X-Amz-Target": "AWS242ServiceCatalogService.ListPortfolios"}), None),
        (post("/x", b"<methodCall><methodName>LogIn</methodName></methodCall>", XML), "method LogIn"),
        (post("/x", b"<a/>", {**XML, "SOAPAction": '"urn:demo/GetPrice"'}), "SOAPAction GetPrice"),
        (
            post("/x", b'<s:Envelope xmlns:s="x"><s:Body><m:GetPrice xmlns:m="y"/></s:Body></s:Envelope>', XML),
            "SOAP GetPrice",
        ),
    ],
    ids=str,
)
def test_calls_are_told_apart(sample: Sample, expected: str | None) -> None:
    assert call(sample) == (expected or "AWS242ServiceCatalogService.ListPortfolios")


@pytest.mark.parametrize(
    "sample",
    [
        post("/header", b"action=append&name=x", FORM),
        post("/api/subscribe/", b"action=sub&name=x", FORM),
        post("/users", {"action": "created", "name": "x"}),
        post("/users", {"method": "email"}),
        post("/search", {"query": "shoes"}),
        post("/rpc", [{"a": 1}, {**RPC, "method": "a"}]),
        post("/rpc", []),
        post("/rpc", "text"),
        post("/x", b"<methodCall/>", XML),
        Sample("GET /items?_method=delete&op=eq"),
        Sample("GET /api?method=GET"),
        Sample("GET /api?action="),
        Sample("GET /search?query=shoes&operationName"),
    ],
    ids=str,
)
def test_fields_of_a_thing_are_no_calls(sample: Sample) -> None:
    assert call(sample) == ""


def test_a_long_call_is_cut() -> None:
    assert len(call(post("/rpc", {**RPC, "method": "m" * 10_000}))) == LONGEST


def test_the_call_is_part_of_the_name() -> None:
    assert names_of([post("/rpc", {**RPC, "method": "a"}), post("/rpc", {**RPC, "method": "b"})]) == [
        "POST /rpc method a",
        "POST /rpc method b",
    ]


def test_too_many_calls_are_not_told_apart_in_any_order() -> None:
    samples = [post("/rpc", {**RPC, "method": f"m{number}"}) for number in range(400)]
    for order in (samples, samples[::-1]):
        assert set(names_of([*order, *order])) == {"POST /rpc"}


def test_a_body_that_was_read_as_something_else_is_looked_at_all_the_same() -> None:
    from pact_recorder.inference.operations import OperationIndex

    index = OperationIndex()
    place = index.place(post("/", b"Action=DescribeVpcs", FORM).request, {"Action": ["DescribeVpcs"]})
    assert place.call == "Action=DescribeVpcs"
