"""The escapes of Oniguruma's Ruby syntax, as the `regex` library spells them outside and inside of sets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


class PatternError(ValueError):
    """A text is not a regular expression, or one beyond the bounds; the message says why."""


@dataclass(frozen=True, slots=True)
class Escape:
    """What an escape stands for: its spelling outside of sets, and inside (None where it has no meaning there).

    `character` is set when it is one character, which can then begin or end a range.
    """

    outside: str
    inside: str | None
    character: str | None = None

    @classmethod
    def literal(cls, character: str) -> Escape:
        """A character that stands for itself."""
        plain = character.isalnum() or character == "_" or ord(character) > 127
        spelled = character if plain else f"\\x{ord(character):02x}"
        return cls(spelled, spelled, character)


_HEX: Final = "0-9a-fA-F"
_CONTROLS: Final = dict(zip("abefnrtv", "\a\b\x1b\f\n\r\t\v", strict=True))
_FIXED: Final = {
    "h": Escape(f"[{_HEX}]", _HEX),
    "H": Escape(f"[^{_HEX}]", f"[^{_HEX}]"),
    "d": Escape(r"\d", r"\d"),
    "D": Escape(r"\D", r"\D"),
    "w": Escape(r"\w", r"\w"),
    "W": Escape(r"\W", r"\W"),
    "s": Escape(r"\s", r"\s"),
    "S": Escape(r"\S", r"\S"),
    "A": Escape(r"\A", None),
    "z": Escape(r"\Z", None),
    "Z": Escape(r"(?=\n?\Z)", None),
    "G": Escape(r"\G", None),
    "b": Escape(r"\b", r"\x08", "\b"),
    "B": Escape(r"\B", None),
    "R": Escape(r"(?>\r\n|[\n-\r\x85\u2028\u2029])", None),
    "X": Escape(r"\X", None),
    "K": Escape(r"\K", None),
    "N": Escape(r"[^\n]", None),
    "O": Escape(r"(?s:.)", None),
}
_POSIX: Final = {
    name.lower(): name
    for name in [
        "Alnum",
        "Alpha",
        "Blank",
        "Cntrl",
        "Digit",
        "Graph",
        "Lower",
        "Print",
        "Punct",
        "Space",
        "Upper",
        "XDigit",
        "Word",
    ]
}
_CODE = re.compile(
    r"x\{(?P<wide>[0-9a-fA-F]{1,8})\}|x(?P<byte>[0-9a-fA-F]{1,2})|u(?P<unit>[0-9a-fA-F]{4})|"
    r"(?P<octal>[0-7]{1,3})|(?:c|C-)(?P<control>[@-_a-z?])"
)
_PROPERTY = re.compile(r"(?P<not>[pP])\{(?P<caret>\^?)(?P<name>[\w -]+)\}")
_REFERENCE = re.compile(r"(?P<kind>[kg])(?:<(?P<angle>[^>]+)>|'(?P<quote>[^']+)')")


def read_escape(pattern: str, position: int, groups: int) -> tuple[Escape, int]:
    """The escape after the backslash at `position - 1`, and where it ends.

    `groups` is the number of capture groups, which tells back references from octal codes. Raises PatternError.
    """
    if position >= len(pattern):
        raise PatternError("end pattern at escape")
    letter = pattern[position]
    if letter in "123456789":
        return _numbered(pattern, position, groups)
    if found := _CODE.match(pattern, position):
        return Escape.literal(_character(found)), found.end()
    if found := _PROPERTY.match(pattern, position):
        return property_escape(found["name"], (found["not"] == "P") != bool(found["caret"])), found.end()
    if found := _REFERENCE.match(pattern, position):
        return _reference(found), found.end()
    if pattern[position:] in ("c", "C-"):
        raise PatternError("end pattern at control")
    if letter in _FIXED:
        return _FIXED[letter], position + 1
    return Escape.literal(_CONTROLS.get(letter, letter)), position + 1


def property_escape(name: str, negated: bool) -> Escape:
    """A character property: a POSIX name, a general category or a script."""
    plain = name.replace(" ", "").replace("_", "").replace("-", "").lower()
    if plain == "ascii":
        return Escape(*(2 * (r"[^\x00-\x7f]" if negated else r"[\x00-\x7f]",)))
    if plain.startswith(("is", "in")):
        raise PatternError(f"invalid character property name {{{name}}}")
    spelled = rf"\{'P' if negated else 'p'}{{{_POSIX.get(plain, name)}}}"
    return Escape(spelled, spelled)


def _numbered(pattern: str, position: int, groups: int) -> tuple[Escape, int]:
    digits = re.compile(r"[0-9]+").match(pattern, position)
    assert digits is not None
    number = int(digits[0][:6])
    if number <= 9 or number <= groups:
        return Escape(rf"\g<{number}>", None), digits.end()
    if octal := re.compile(r"[0-7]{1,3}").match(pattern, position):
        return Escape.literal(chr(int(octal[0], 8))), octal.end()
    return Escape.literal(pattern[position]), position + 1


def _character(found: re.Match[str]) -> str:
    if octal := found["octal"]:
        return chr(int(octal, 8))
    if control := found["control"]:
        return "\x7f" if control == "?" else chr(ord(control.upper()) & 0x1F)
    code = int(found["wide"] or found["byte"] or found["unit"], 16)
    if code > 0x10FFFF:
        raise PatternError("too big wide-char value")
    return chr(code)


def _reference(found: re.Match[str]) -> Escape:
    name = found["angle"] or found["quote"]
    if not re.fullmatch(r"\w+", name):
        raise PatternError(f"the group reference <{name}> is not supported")
    if found["kind"] == "k":
        return Escape(rf"\g<{name}>", None)
    call = "(?R)" if name == "0" else f"(?{name})" if name.isdecimal() else f"(?&{name})"
    return Escape(call, None)
