"""Secrets in text made of lines (`password: x`, `TOKEN=x`), as YAML, TOML and settings have it, and in GraphQL."""

from __future__ import annotations

import re
from collections.abc import Callable

from pact_recorder.capture.redaction_json import ReplaceField, string_end, unescaped
from pact_recorder.capture.redaction_rules import Secrecy

_NAME = r"([A-Za-z_][A-Za-z0-9_.-]{0,127}+)"
_QUOTED = r"\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'"
_START = rf"^([ \t]*+)(?:-[ \t]++)*+(?:(?:export|set)[ \t]++)?+[\"']?+{_NAME}[\"']?+[ \t]*+[:=][ \t]*+"
# In other text than YAML a value of several words is a sentence, and one with brackets is a piece of a program.
_PLAIN_LINE = re.compile(rf"{_START}({_QUOTED}|[^\s(){{}}<>;,\[\]]++)[ \t]*+\r?$", re.M)
_YAML_LINE = re.compile(rf"{_START}({_QUOTED}|[^\s#](?:[^\n\r#]|(?<![ \t])#)*+)", re.M)
_FLOW_ITEM = re.compile(rf"([{{,])[ \t]*+{_NAME}:[ \t]++({_QUOTED}|[^\s,}}\]\[{{\"'][^\n,}}]*+)")
_BLOCK = re.compile(r"[|>][+-]?[0-9]?[+-]?[ \t]*+")
_BLOCK_LINE = re.compile(r"\r?\n([ \t]*+)([^\r\n]*+)")

# login(password: "x"), also as the default of a variable; in JSON the quotation mark is escaped.
_ARGUMENT = re.compile(
    r"(?<![A-Za-z0-9_\"\\])([A-Za-z_][A-Za-z0-9_]{0,127}+)\s*+:\s*+(?:\[?[A-Za-z_]\w{0,127}+[\]!]*+\s*+=\s*+)?(\\*+)\""
)


def redact_lines(text: str, secrecy_of: Callable[[str], Secrecy], replace: ReplaceField, *, is_yaml: bool) -> str:
    """The text with the values of its secret settings replaced."""
    for pattern in (_YAML_LINE, _FLOW_ITEM) if is_yaml else (_PLAIN_LINE,):
        text = _redact_settings(text, pattern, secrecy_of, replace)
    return text


def _redact_settings(
    text: str, pattern: re.Pattern[str], secrecy_of: Callable[[str], Secrecy], replace: ReplaceField
) -> str:
    pieces: list[str] = []
    done = 0
    for setting in pattern.finditer(text):
        before, name, raw = setting.groups()
        secrecy = secrecy_of(name)
        if secrecy is Secrecy.NONE or setting.start() < done:
            continue
        start, end, value = setting.start(3), setting.end(3), raw.strip()
        if pattern is _YAML_LINE and _BLOCK.fullmatch(value):
            start, end = _block(text, setting.end(), len(before))
            value = text[start:end]
        elif value[:1] in ('"', "'") and value[-1:] == value[:1] and len(value) > 1:
            start, end, value = start + 1, start + len(value) - 1, value[1:-1]
        else:
            end = start + len(value)
        placeholder = replace(value, name, secrecy)
        if placeholder is not None:
            pieces += (text[done:start], placeholder)
            done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _block(text: str, at: int, indentation: int) -> tuple[int, int]:
    """Where the lines that are indented further begin (after the indentation of the first) and end."""
    start = end = at
    while line := _BLOCK_LINE.match(text, end):
        if line[2] and len(line[1]) <= indentation:
            break
        if line[2] and start == at:
            start = line.start(2)
        end = line.end()
    return start, end


def redact_arguments(text: str, secrecy_of: Callable[[str], Secrecy], replace: ReplaceField) -> str:
    """The text with the texts given to secret arguments of GraphQL replaced."""
    pieces: list[str] = []
    done = 0
    for argument in _ARGUMENT.finditer(text):
        secrecy = secrecy_of(argument[1])
        if secrecy is Secrecy.NONE or argument.start() < done:
            continue
        mark = argument[2] + '"'
        start = argument.end()
        if text.startswith(mark * 2, start):
            start += 2 * len(mark)
        end = string_end(text, start, len(argument[2]))
        placeholder = replace(unescaped(text[start:end], len(argument[2])), argument[1], secrecy)
        if placeholder is not None:
            pieces += (text[done:start], placeholder)
            done = end
    return "".join((*pieces, text[done:])) if pieces else text
