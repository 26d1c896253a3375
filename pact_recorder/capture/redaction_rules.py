"""What redaction takes for a secret: the built-in names and shapes, and what a team adds or keeps.

A rules file is YAML with any of four members:

    headers:  [X-Partner-Key]                    # further headers whose value is secret
    fields:   [ssn, customer_number]             # further query, form, JSON and XML fields
    patterns: {customer: 'CU-[0-9]{8}'}          # further secrets by shape, wherever they stand
    keep:     [session_id, X-Session-Id]         # names that are left alone although they look secret
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Self, TypeVar

import yaml

from pact_recorder.capture.secret_shapes import SECRET_SHAPES, SecretShape
from pact_recorder.errors import DocumentError
from pact_recorder.http.names import (
    PLACEHOLDER,
    SECRET_MARKERS,
    are_secret,
    are_strong,
    is_secret_container,
    is_secret_header,
    significant,
    split_words,
)

_T = TypeVar("_T")

_LARGEST_FILE = 1_000_000
_SECTIONS = ("headers", "fields", "patterns", "keep")
_MOST_REMEMBERED = 20_000
_NEVER_SECRET = frozenset(["", "true", "false", "null", "none", "nil", "undefined", "yes", "no"])
_SELDOM_SECRET = frozenset(
    """
    on off required optional enabled disabled default unknown bearer basic digest oauth oauth2 apikey api_key header
    query cookie form deleted hidden anonymous public
    """.split()  # noqa: SIM905
)
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
_MASK = re.compile(r"[*•.xX0-]+|\$?\{{1,2}[\w .-]+\}{1,2}")


class Secrecy(Enum):
    """How sure a name is about its value.

    A weak name (`token`, `signature`) holds a secret when the value can be one; a strong name (`password`, `pin`)
    holds nothing else, also as a number. A container (`tokens`, `cookies`) is none itself but may hold some.
    """

    NONE = 0
    WEAK = 1
    STRONG = 2
    CONTAINER = 3


@dataclass(frozen=True)
class RedactionRules:
    """Which names, and which shapes of values, are secret. Names in `headers`, `fields` and `keep` as words."""

    headers: frozenset[str] = frozenset()
    fields: frozenset[tuple[str, ...]] = frozenset()
    patterns: tuple[SecretShape, ...] = ()
    keep: frozenset[tuple[str, ...]] = frozenset()
    enabled: bool = True
    _fields: dict[str, Secrecy] = field(default_factory=dict, init=False, repr=False, compare=False)
    _members: dict[str, Secrecy] = field(default_factory=dict, init=False, repr=False, compare=False)
    _headers: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def default(cls) -> Self:
        """The built-in rules."""
        return cls()

    @classmethod
    def none(cls) -> Self:
        """No redaction at all."""
        return cls(enabled=False)

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """The built-in rules with the additions and exceptions of a YAML file. Raises DocumentError."""
        added = _read(Path(path))
        return cls(
            headers=frozenset(name.lower() for name in added.headers),
            fields=frozenset(map(split_words, added.fields)),
            patterns=tuple(added.patterns),
            keep=frozenset(map(split_words, added.keep)),
        )

    @property
    def shapes(self) -> tuple[SecretShape, ...]:
        """The team's own shapes, then the built-in ones."""
        return self.patterns + SECRET_SHAPES

    @property
    def markers(self) -> tuple[str, ...]:
        """Lower-case pieces of text one of which is in every secret field name."""
        return SECRET_MARKERS + tuple(words[-1] for words in self.fields)

    def header(self, name: str) -> bool:
        """Whether the whole value of a header of this name is secret."""
        known = self._headers.get(name)
        if known is None:
            lower = name.lower()
            kept = split_words(lower) in self.keep
            known = lower in self.headers or (is_secret_header(lower) and not kept)
            _remember(self._headers, name, known)
        return known

    def keeps(self, name: str) -> bool:
        """Whether a name was said to be harmless."""
        return bool(self.keep) and split_words(name) in self.keep

    def field(self, name: str) -> Secrecy:
        """How secret the value of a field of this name is."""
        known = self._fields.get(name)
        if known is None:
            known = self._judge(name)
            _remember(self._fields, name, known)
        return known

    def member(self, name: str) -> Secrecy:
        """How secret a JSON member of this name is: fields, headers that are told about in JSON, and containers."""
        known = self._members.get(name)
        if known is None:
            known = self.field(name)
            if known is Secrecy.NONE:
                known = self._judge_member(name)
            _remember(self._members, name, known)
        return known

    def _judge_member(self, name: str) -> Secrecy:
        if self.keeps(name):
            return Secrecy.NONE
        if name.lower() in self.headers:
            return Secrecy.STRONG
        if is_secret_container(name) or is_cookie_name(name):
            return Secrecy.CONTAINER
        return Secrecy.WEAK if _HEADER_NAME.fullmatch(name) and is_secret_header(name) else Secrecy.NONE

    def _judge(self, name: str) -> Secrecy:
        words = split_words(name)
        if self.fields and any(words[start:] in self.fields for start in range(len(words))):
            return Secrecy.STRONG
        if name.endswith("[]") and is_secret_container(name) and words not in self.keep:
            return Secrecy.WEAK
        meant = significant(words)
        if not are_secret(meant) or words in self.keep:
            return Secrecy.NONE
        return Secrecy.STRONG if are_strong(meant) else Secrecy.WEAK


def _remember(memory: dict[str, _T], name: str, value: _T) -> None:
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()
    memory[name] = value


def is_cookie_name(name: str) -> bool:
    """Whether a text of this name is a `Cookie` or `Set-Cookie` header."""
    return split_words(name)[-1:] in (("cookie",), ("cookies",))


def is_secret_value(value: str, secrecy: Secrecy) -> bool:
    """Whether the value of a secret name can be one: no common word, mask, variable or placeholder."""
    text = value.strip()
    lower = text.lower()
    if lower in _NEVER_SECRET or _MASK.fullmatch(text) or PLACEHOLDER.fullmatch(text):
        return False
    if secrecy is Secrecy.STRONG:
        return not (text.isdigit() and len(text) < 3)
    if lower in _SELDOM_SECRET or len(text) < 4 or (text.isdigit() and len(text) < 8):
        return False
    return not text.startswith(("http://", "https://")) and len(text.split(None, 2)) < 3


@dataclass(slots=True)
class _Additions:
    headers: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    patterns: list[SecretShape] = field(default_factory=list)
    keep: list[str] = field(default_factory=list)


def _read(path: Path) -> _Additions:
    root = _compose(path)
    additions = _Additions()
    for key, value in root.value if root is not None else ():
        section = str(key.value)
        if section not in _SECTIONS:
            near = get_close_matches(section, _SECTIONS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"use {', '.join(_SECTIONS)}."
            raise _wrong(path, key, f"{section!r} is not a section of redaction rules; {hint}")
        if section == "patterns":
            additions.patterns += _patterns(path, value)
        else:
            getattr(additions, section).extend(_strings(path, value, section))
    return additions


def _compose(path: Path) -> yaml.MappingNode | None:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise DocumentError(str(path), f"redaction rules are larger than {_LARGEST_FILE:,} bytes.")
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise DocumentError(str(path), f"redaction rules cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DocumentError(str(path), "redaction rules are not UTF-8 text.") from error
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise DocumentError(str(path), f"redaction rules are not YAML: {error.problem}.", line) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise DocumentError(str(path), f"redaction rules are not YAML: {error}.") from error
    if root is None or isinstance(root, yaml.MappingNode):
        return root
    raise _wrong(path, root, f"redaction rules are a mapping of {', '.join(_SECTIONS)}.")


def _strings(path: Path, node: yaml.Node, section: str) -> Iterable[str]:
    if not isinstance(node, yaml.SequenceNode):
        raise _wrong(path, node, f"{section!r} is a list of names.")
    for item in node.value:
        if not isinstance(item, yaml.ScalarNode) or not split_words(item.value):
            raise _wrong(path, item, f"{section!r} holds names, such as {section[:-1]}_name.")
        yield item.value


def _patterns(path: Path, node: yaml.Node) -> Iterable[SecretShape]:
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(path, node, "'patterns' is a mapping of a name to a regular expression.")
    for name, expression in node.value:
        if not isinstance(name, yaml.ScalarNode) or not isinstance(expression, yaml.ScalarNode):
            raise _wrong(path, expression, "a pattern is a regular expression, written as one string.")
        try:
            pattern = re.compile(expression.value)
        except (re.error, OverflowError, RecursionError) as error:
            raise _wrong(path, expression, f"{name.value!r} is not a regular expression: {error}.") from error
        if pattern.search("") is not None:
            raise _wrong(path, expression, f"{name.value!r} matches the empty text; ask for one character.")
        yield SecretShape(name.value, pattern)


def _wrong(path: Path, node: yaml.Node, reason: str) -> DocumentError:
    return DocumentError(str(path), reason, f"line {node.start_mark.line + 1}")
