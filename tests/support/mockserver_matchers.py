"""Request matchers of MockServer's JSON, each with a request that it takes and one that it refuses, for httpx."""

from typing import Any

Row = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
MATCHED: list[Row] = [
    ({"body": {"jsonSchema": {"type": "object", "required": ["id"]}}}, {"json": {"id": 1}}, {"json": {"no": 1}}),
    ({"body": {"jsonPath": "$.items[?(@.price < 10)]"}}, {"json": {"items": [{"price": 9}]}}, {"json": {"items": []}}),
    ({"body": {"xpath": "//book[@id='1']"}}, {"content": "<a><book id='1'/></a>"}, {"content": "<a/>"}),
    ({"body": {"xml": "<a b='1' c='2'/>"}}, {"content": "<a c='2' b='1'></a>"}, {"content": "<a c='2'/>"}),
    ({"body": {"parameters": {"a": "[0-9]+"}}}, {"data": {"a": "12", "b": "x"}}, {"data": {"a": "x"}}),
    ({"body": {"base64Bytes": "AAEC"}}, {"content": b"\0\1\2"}, {"content": b"\0\1"}),
    ({"body": {"string": "need", "subString": True}}, {"content": "a needle"}, {"content": "hay"}),
    ({"body": {"regex": "a+"}}, {"content": "aaa"}, {"content": "aab"}),
    ({"body": {"json": {"a": 1}, "matchType": "STRICT"}}, {"json": {"a": 1}}, {"json": {"a": 1, "b": 2}}),
    ({"body": {"type": "GRAPHQL", "query": "{a b}"}}, {"json": {"query": "{ a, b }"}}, {"json": {"query": "{a}"}}),
    ({"body": {"not": True, "string": "a"}}, {"content": "b"}, {"content": "a"}),
    ({"body": {"optional": True, "string": "a"}}, {}, {"content": "b"}),
    ({"cookies": {"session": "[a-z]+"}}, {"headers": {"Cookie": "x=1; session=abc"}}, {"headers": {"Cookie": "x=1"}}),
    ({"headers": {"X-Id": {"schema": {"type": "integer"}}}}, {"headers": {"X-Id": "5"}}, {"headers": {"X-Id": "a"}}),
    ({"queryStringParameters": {"q": ["?1"]}}, {}, {"params": {"q": "2"}}),
    ({"queryStringParameters": {"keyMatchStyle": "MATCHING_KEY", "q": "1"}}, {"params": {"q": "1"}},
     {"params": {"q": ["1", "2"]}}),
    ({"secure": False, "keepAlive": True}, {}, {"headers": {"Connection": "close"}}),
]  # fmt: skip
