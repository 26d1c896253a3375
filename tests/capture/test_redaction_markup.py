"""Secret elements and attributes of XML and HTML."""

import time

import pytest

from pact_recorder.capture.redaction_markup import redact_markup
from pact_recorder.capture.redaction_rules import RedactionRules, Secrecy, is_secret_value

RULES = RedactionRules.default()


def redacted(text: str) -> str:
    return redact_markup(text, RULES.field, shown)


def shown(value: str, name: str, secrecy: Secrecy) -> str | None:
    return f"[{value}]" if is_secret_value(value, secrecy) else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<password>x1</password>", "<password>[x1]</password>"),
        ("<a:SecretAccessKey>k/1</a:SecretAccessKey>", "<a:SecretAccessKey>[k/1]</a:SecretAccessKey>"),
        ('<SessionToken type="x">\n  abcd \n</SessionToken>', '<SessionToken type="x">\n  [abcd] \n</SessionToken>'),
        ("<password>a&amp;b</password>", "<password>[a&b]</password>"),
        ("<password><![CDATA[x1]]></password>", "<password><![CDATA[[x1]]]></password>"),
        ('<user name="me" password="x1"/>', '<user name="me" password="[x1]"/>'),
        ("<user s:password = 'x1'/>", "<user s:password = '[x1]'/>"),
        (
            '<input type="hidden" name="csrf_token" value="abcd1">',
            '<input type="hidden" name="csrf_token" value="[abcd1]">',
        ),
        ('<meta name="csrf-token" content="abcd1" />', '<meta name="csrf-token" content="[abcd1]" />'),
        (
            "<member><name>password</name>\n<value><string>x1</string></value></member>",
            "<member><name>password</name>\n<value><string>[x1]</string></value></member>",
        ),
        (
            '<key xsi:type="s">password</key><value xsi:type="s">x1</value>',
            '<key xsi:type="s">password</key><value xsi:type="s">[x1]</value>',
        ),
        ("<password><value>x1</value></password>", "<password><value>[x1]</value></password>"),
        ("<a:password>\n<b:string i='1'>x1<", "<a:password>\n<b:string i='1'>[x1]<"),
        ('<field name="password">x1</field>', '<field name="password">[x1]</field>'),
        (
            '<prop type="s" key="db.password"><value>x1</value></prop>',
            '<prop type="s" key="db.password"><value>[x1]</value></prop>',
        ),
        (
            '<input type="text" name="password" class="c" value="x1">',
            '<input type="text" name="password" class="c" value="[x1]">',
        ),
        ('<input value="x1" type="text" name="password">', '<input value="[x1]" type="text" name="password">'),
        ("<INPUT VALUE = x1 NAME = password>", "<INPUT VALUE = [x1] NAME = password>"),
        ('<input value="x1" name="user[password]">', '<input value="[x1]" name="user[password]">'),
        ("<key>password</key> <string>x1</string>", "<key>password</key> <string>[x1]</string>"),
        ("<password>hun<!-- a -->ter2</password>", "<password>[hunter2]</password>"),
        ("<password><!-- a -->x1</password>", "<password><!-- a -->[x1]</password>"),
        ("<password>x<![CDATA[<&1]]></password>", "<password>[x<&1]]]></password>"),
        ("<password><![CDATA[a<b>c]]></password>", "<password><![CDATA[[a<b>c]]]></password>"),
        ("<password><![CDATA[a]]><![CDATA[b]]></password>", "<password><![CDATA[[ab]]]></password>"),
    ],
)
def test_secret_elements_and_attributes(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "<a>x</a>", "<password></password>", "<password/>", "<password>  </password>",
        "<password><b>x</b></password>",
        "<token_type>bearer</token_type>", '<input name="q" value="password">', "<name>user</name><value>x</value>",
        '<user password=""/>', "<!-- password: x -->", "<tokens>12345678</tokens>", "a < b > c",
        "<password>true</password>", '<a name="token">Tokens are used</a>', '<label name="password">Secret</label>',
        '<input name="a" value="password">', '<input value="name=password">', '<field name="password"/>text',
        "<password><!-- x",
    ],
)  # fmt: skip
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert redacted(text) == text


MANY = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "<password" * MANY, "<password>" * MANY, "<password " + "a " * MANY, '<x password="' * MANY,
        '<x name="token" ' * MANY, "<name>token</name><value>" * MANY, ("<token>" + " " * 50) * (MANY // 10),
        "<x " + "password='a\" " * MANY, "<password><![CDATA[" * MANY,
        "<token><![CDATA[ a a a a " * MANY + "]]>", "<password><!--" * MANY + "-->", "<password><value>" * MANY,
        '<x value="1 ' * MANY, '<x value="1" ' * MANY, "<x " + 'value="1" ' * MANY, "<x " + "name='token' " * MANY,
        "<password><!---->" * MANY, "<x " + " " * MANY + "name=", "<password>" + "<!---->a" * MANY,
    ],
    ids=range(19),
)  # fmt: skip
def test_hostile_text_costs_linear_time(text: str) -> None:
    started = time.process_time()
    redacted(text)
    assert time.process_time() - started < 20
