"""Secret members of JSON: found at any depth and in any nesting of text, everything else untouched."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.capture.redaction_json import redact_members
from pact_recorder.capture.redaction_rules import RedactionRules, Secrecy, is_secret_value

RULES = RedactionRules.default()


def redacted(text: str) -> str:
    return redact_members(text, RULES.member, shown)


def shown(value: str, name: str, secrecy: Secrecy) -> str | None:
    return f"<{value}>" if is_secret_value(value, secrecy) else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"password":"x1"}', '{"password":"<x1>"}'),
        ('{ "a" : 1.50 , "password" :\n "x1" }', '{ "a" : 1.50 , "password" :\n "<x1>" }'),
        ('[{"a":{"b":[{"apiKey":"k-12345"}]}}]', '[{"a":{"b":[{"apiKey":"<k-12345>"}]}}]'),
        ('{"password":"a\\"b\\\\"}', '{"password":"<a"b\\>"}'),
        ('{"password":"\\u00e4\\n"}', '{"password":"<ä\n>"}'),
        ('{"a":"\\u00e9","password":"x1"}', '{"a":"\\u00e9","password":"<x1>"}'),
        ('{"pin":1234,"cvv": 987}', '{"pin":"<1234>","cvv": "<987>"}'),
        ('{"password":"a","password":"b"}', '{"password":"<a>","password":"<b>"}'),
        ('{"password":"cut off', '{"password":"<cut off>'),
        (
            '{"secret":{"a":"x1","b":["y1",2,{"c":"z1"}],"d":true}}',
            '{"secret":{"a":"<x1>","b":["<y1>",2,{"c":"<z1>"}],"d":true}}',
        ),
        ('{"secret":[],"password":{}}', None),
        ('{"secret":["x1","y1"],"b":"c"}', '{"secret":["<x1>","<y1>"],"b":"c"}'),
        (
            '{"password":{"user":{"name":"me","password":"x1"}}}',
            '{"password":{"user":{"name":"me","password":"<x1>"}}}',
        ),
        ('{"token":{"id":"abcdefgh1","user":{"id":"other"}}}', '{"token":{"id":"<abcdefgh1>","user":{"id":"other"}}}'),
        ('{"token":["abcdefghijklmnop1","no"]}', '{"token":["<abcdefghijklmnop1>","no"]}'),
        ('{"name":"DB_PASSWORD","value":"x1"}', '{"name":"DB_PASSWORD","value":"<x1>"}'),
        ('{"name":"me","value":"x1"}', None),
        ('{"password":"x1"}\n{"password":"y1"}\n', '{"password":"<x1>"}\n{"password":"<y1>"}\n'),
        ('data: {"access_token": "abcd1"}\n\n', 'data: {"access_token": "<abcd1>"}\n\n'),
        ('<script>var x = {"csrfToken":"abcd1"};</script>', '<script>var x = {"csrfToken":"<abcd1>"};</script>'),
    ],
)
def test_secret_members(text: str, expected: str | None) -> None:
    assert redacted(text) == (text if expected is None else expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'{"\u0070assword":"x1","api\/password":"y1"}', r'{"\u0070assword":"<x1>","api\/password":"<y1>"}'),
        (r'{"a":"{\"\\u0070assword\":\"x1\"}"}', r'{"a":"{\"\\u0070assword\":\"<x1>\"}"}'),
        ('{"' + "x" * 300 + '_password":"x1"}', '{"' + "x" * 300 + '_password":"<x1>"}'),
        ('{"name":"Authorization","value":"Basic bWU6eDE="}', '{"name":"Authorization","value":"<Basic bWU6eDE=>"}'),
        ('{"value":"x1", "name":"DB_PASSWORD"}', '{"value":"<x1>", "name":"DB_PASSWORD"}'),
        ('{"value":"a\\"b","on":true,"key":"password"}', '{"value":"<a"b>","on":true,"key":"password"}'),
        (
            '{"key":"password","type":"text","on":1,"value":"x1"}',
            '{"key":"password","type":"text","on":1,"value":"<x1>"}',
        ),
        (r'"{\"value\":\"x1\",\"name\":\"password\"}"', r'"{\"value\":\"<x1>\",\"name\":\"password\"}"'),
        ('{"header":"X-Api-Key","value":"abcd1"}', '{"header":"X-Api-Key","value":"<abcd1>"}'),
        ('{"value":"x1","id":"password"}', '{"value":"<x1>","id":"password"}'),
        ('{"name":"Cookie","value":"a=1; b=2; c=3"}', '{"name":"Cookie","value":"<a=1; b=2; c=3>"}'),
        (
            '[["accept","*/*"],["Authorization","Bearer abcdef0123456789"],["cookie" , "a=1; b=2"]]',
            '[["accept","*/*"],["Authorization","<Bearer abcdef0123456789>"],["cookie" , "<a=1; b=2>"]]',
        ),
        (
            '{"headers":{"Cookie":"sid=1; b=2; c=3","X-Plex-Token":"abcd1","X-Secret-Thing":"abcd2"}}',
            '{"headers":{"Cookie":"<sid=1; b=2; c=3>","X-Plex-Token":"<abcd1>","X-Secret-Thing":"<abcd2>"}}',
        ),
        ('{"passwords":["x1","y1"]}', '{"passwords":["<x1>","<y1>"]}'),
        ('{"access_tokens":["abcdefghijklmno1","no"]}', '{"access_tokens":["<abcdefghijklmno1>","no"]}'),
        (
            '{"tokens":{"a":"abcdefghijklmno1","id":"abcdefghijklmno2"}}',
            '{"tokens":{"a":"<abcdefghijklmno1>","id":"abcdefghijklmno2"}}',
        ),
        ('{"secrets":{"A":"x1","url":"/b"},"c":"d"}', '{"secrets":{"A":"<x1>","url":"/b"},"c":"d"}'),
        (
            '{"secrets":[{"name":"A","value":"x1","created_at":"2024"}]}',
            '{"secrets":[{"name":"A","value":"<x1>","created_at":"2024"}]}',
        ),
        (
            '{"credentials":{"user":"me","x":"abcdefghijklmno1"}}',
            '{"credentials":{"user":"me","x":"<abcdefghijklmno1>"}}',
        ),
        (
            '{"credentials":{"a":{"name":"password","value":"x1"},"z":"abcdefghijklmno1"}}',
            '{"credentials":{"a":{"name":"password","value":"<x1>"},"z":"<abcdefghijklmno1>"}}',
        ),
        ('{"cookies":{"sid":"x1"}}', '{"cookies":{"sid":"<x1>"}}'),
        (
            '{"cookies":[{"name":"sid","value":"x1","path":"/"}]}',
            '{"cookies":[{"name":"sid","value":"<x1>","path":"/"}]}',
        ),
    ],
)
def test_secrets_in_the_disguise_of_json(text: str, expected: str | None) -> None:
    assert redacted(text) == (text if expected is None else expected)


@pytest.mark.parametrize(
    "text",
    [
        '{"required":["token","client-id-2"]}', '["Authorization","X-Api-Key"]', '{"secrets":["get","list"]}',
        '{"password_created":"2018-01-02","password_key":"DB_PASSWORD"}',
        '{"tokens":[{"token":"cat","logprob":1}]}', '{"cookie":"accept"}',
        '{"tokens":["Hello"," world",15,"!"]}', '{"secrets":[{"name":"A","created_at":"2024-01-01"}]}',
        '{"tokens":{"created":"2024-01-01T00:00:00Z"}}', '{"value":"x1","name":"me"}',
        '{"value":"x1"},{"name":"token"}',
        '{"cookies":[]}', '{"secret-name":"abcd"}',
        "", "{}", "null", '"password"', '["password","x1"]', '{"a":"password","b":"x1"}', '{"password":null}',
        '{"password":true,"has_password":"x1"}', '{"password":""}', '{"token":12345}', '{"pin":1}',
        '{"token_type":"bearer","expires_in":3600}', '{"password_changed_at":"2024-01-01"}',
        '{"token":"REDACTED-token-1"}', '{"token":" Hello","logprob":-0.1}', '{"token":"world","logprob":-0.1}',
        '{"token":"quick","start_offset":0}', '{"errors":["password: is too short"]}', '{"key":"abcd1234"}',
        '{"signature":"-----BEGIN PGP SIGNATURE-----\\n\\nwsBc x y"}', '{"password"', '{"password":', '{"password":}',
    ],
)  # fmt: skip
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert redacted(text) == text


def nested(value: Any, depth: int) -> str:
    text = json.dumps(value)
    for _ in range(depth):
        text = json.dumps({"payload": text, "after": "same"})
    return text


@pytest.mark.parametrize("depth", range(7))
@pytest.mark.parametrize(
    "secret", ["plain1", 'quo"ted', "back\\slash", "ends in \\", "line\nbreak", "ä€😀", '\\"', "\\\\"]
)
def test_json_inside_json_strings(depth: int, secret: str) -> None:
    seen: list[str] = []

    def note(value: str, name: str, secrecy: Secrecy) -> str:
        seen.append(value)
        return "HIDDEN"

    text = redact_members(nested({"user": "me", "password": secret, "next": "kept"}, depth), RULES.field, note)
    assert seen == [secret]
    assert text == nested({"user": "me", "password": "HIDDEN", "next": "kept"}, depth)


NAMES = st.sampled_from(["id", "name", "token", "apiKey", "a b", 'q"x', "ü"])
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | numbers | st.text(max_size=8)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda members, password: members if password is None else {**members, "password": password},
        st.dictionaries(NAMES, inner, max_size=4),
        st.none() | st.text(max_size=8),
    )


documents = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=12)


def hidden(value: Any) -> Any:
    """What redaction makes of the passwords, on the parsed document."""
    if isinstance(value, list):
        return [hidden(item) for item in value]
    if isinstance(value, dict):
        return {name: "HIDDEN" if name == "password" else hidden(item) for name, item in value.items()}
    return value


@given(documents, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_only_the_values_of_secret_members_change(document: Any, indent: Any, ascii_only: bool) -> None:
    def hide(value: str, name: str, secrecy: Secrecy) -> str | None:
        return "HIDDEN" if name == "password" else None

    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    expected = json.dumps(hidden(document), indent=indent, ensure_ascii=ascii_only)
    assert redact_members(text, RULES.field, hide) == expected


@given(st.text('"\\{}[]:, passwordtoken1\n', max_size=80))
def test_any_text_is_survived_and_left_alone_where_nothing_is_replaced(text: str) -> None:
    found = redacted(text)
    # The alphabet has no "<", so it stands only where something was replaced.
    assert found == text or "<" in found


MANY = 100_000


@pytest.mark.parametrize(
    "text",
    [
        '"' * MANY, '"a' * MANY, "[" * MANY, '{"secret":' * MANY, '{"secret":[' * MANY,
        '{"token":{"id":"abcdefgh' * MANY,
        '{"secret":{"a":"' * MANY, '"password":"' + "\\" * MANY, '\\"password\\":\\"' * MANY, '"a"' + " " * MANY,
        ('"a' + " " * 60) * (MANY // 20), '{"name":"token","value":"' * MANY, '"pin":' + "1" * MANY,
        '\\"password\\":\\"' + "\\" * MANY, '"secret":{\\"' + "\\" * MANY, '{"tokens":[' * MANY,
        '{"cookies":{"a":"x",' * MANY,
        '{"value":"' * MANY, '"value":"a","b":' * MANY + '"name":1', '["token","' * MANY, '"\\u0070' * MANY,
        '{"name":"token","a":"b","c":"d",' * (MANY // 2) + '"value":1', ('"' + "\\" * 1000) * (MANY // 100),
        ('\\"password\\":\\\\\\"' + '"password":\\') * (MANY // 4), '{"password":{"password":"x",' * MANY,
    ],
    ids=range(25),
)  # fmt: skip
def test_hostile_text_costs_linear_time(text: str) -> None:
    started = time.process_time()
    redacted(text)
    # A quadratic pass would take minutes; a linear one takes a second or two even on a busy machine.
    assert time.process_time() - started < 20
