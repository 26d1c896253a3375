"""The form of a text (date layouts, UUID, URL, …), and another text or number of the same form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from pact_recorder.verification.mutants_chance import Chance

_TIME = r"\d\d:\d\d:\d\d(?:\.\d+)?"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("uuid", r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
        ("utc date-time", rf"\d{{4}}-\d\d-\d\dT{_TIME}Z"),
        ("date-time with offset", rf"\d{{4}}-\d\d-\d\dT{_TIME}[+-]\d\d:?\d\d"),
        ("date-time", rf"\d{{4}}-\d\d-\d\dT{_TIME}"),
        ("spaced date-time", rf"\d{{4}}-\d\d-\d\d {_TIME}.*"),
        ("date", r"\d{4}-\d\d-\d\d"),
        ("http date", r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} .*"),
        ("url", r"https?://\S+"),
        ("email", r"[^@\s]+@[^@\s]+\.[a-z]+"),
        ("ipv4", r"\d{1,3}(?:\.\d{1,3}){3}"),
        ("integer in a string", r"-?\d+"),
        ("decimal in a string", r"-?\d+\.\d+"),
        ("hex", r"(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{16,}"),
        ("empty", r""),
        ("word", r"[A-Za-z_][A-Za-z0-9_.-]*"),
    )
)
TEXT = "text"
WORD = "word"
HTTP_DATE = "http date"
DATES = frozenset(name for name, _ in _FORMS if "date" in name)
STRICT = frozenset({"uuid", "url", "email", "ipv4"})
"""Forms that a consumer may parse, besides dates."""
_LARGEST_EXPONENT = 100
_LONGEST_FORM = 4_000
"""Characters; longer texts are text."""
_LOWER, _UPPER, _DIGITS, _HEX = (
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "123456789",
    "0123456789abcdef",
)


def form_of(text: str) -> str:
    """The name of the first form that the whole text has."""
    if len(text) > _LONGEST_FORM:
        return TEXT
    return next((name for name, pattern in _FORMS if pattern.fullmatch(text)), TEXT)


def other_text(text: str, chance: Chance) -> str:
    """Another text of the same form, never the same one."""
    form = form_of(text)
    other = _OTHERS.get(form, _of_same_letters)(text, chance)
    return other if other != text else _changed_end(text)


def other_integer(value: int, chance: Chance) -> int:
    """Another integer of the same sign and about the same size."""
    if value in (0, 1):
        return value + 1 + chance.below(5)
    size = abs(value)
    # Numbers of thousands of digits are no quantities; their size alone is kept.
    other = size + 1 + chance.below(max(2, size // 7)) if size.bit_length() < 1000 else size + 1
    return other if value > 0 else -other


def other_decimal(digits: bytes, chance: Chance) -> bytes:
    """The digits of another decimal of the same sign."""
    try:
        value = Decimal(digits.decode())
    except InvalidOperation:
        return b"1.25"
    sign = "-" if value.is_signed() else ""
    if abs(value.adjusted()) > _LARGEST_EXPONENT:
        return f"{sign}1.25".encode()
    other = f"{abs(value) * (105 + chance.below(40)) / 100 + Decimal('0.125'):f}"
    return f"{sign}{other if '.' in other else f'{other}.5'}".encode()


def _of_same_letters(text: str, chance: Chance) -> str:
    return "".join(_other_letter(letter, chance) for letter in text[:_LONGEST_FORM]) + text[_LONGEST_FORM:]


def _other_letter(letter: str, chance: Chance) -> str:
    for alphabet in (_LOWER, _UPPER):
        if letter in alphabet:
            return chance.choice(alphabet)
    return chance.choice(_DIGITS) if letter.isascii() and letter.isdigit() else letter


def _changed_end(text: str) -> str:
    return text[:-1] + ("b" if text.endswith("a") else "a") if text[-1:].islower() else text + "a"


def _other_hex(text: str, chance: Chance) -> str:
    return "a1" + "".join(chance.choice(_HEX) for _ in text[2:])


def _other_uuid(text: str, chance: Chance) -> str:
    other = "".join(letter if letter == "-" else chance.choice(_HEX) for letter in text)
    # Version and variant stay what a strict reader expects.
    other = f"{other[:14]}4{other[15:19]}a{other[20:]}"
    return other.upper() if text == text.upper() else other


def _other_day(text: str, chance: Chance) -> str:
    year, month = int(text[:4]), text[4:8]
    return f"{max(1, year - 1 - chance.below(3)):04}{month}{10 + chance.below(18)}{text[10:]}"


def _other_http_date(text: str, chance: Chance) -> str:
    return f"{text[:5]}{10 + chance.below(18)}{text[7:]}"


def _other_url(text: str, chance: Chance) -> str:
    address, mark, query = text.partition("?")
    start = address.find("://") + 3
    folders, slash, last = address.rstrip("/").rpartition("/")
    if len(folders) < start or not last:
        return f"{address.rstrip('/')}/{_of_same_letters('abcdef', chance)}{mark}{query}"
    return f"{folders}{slash}{_of_same_letters(last, chance)}{mark}{query}"


def _other_email(text: str, chance: Chance) -> str:
    name, at, domain = text.partition("@")
    return f"{_of_same_letters(name, chance)}a{at}{domain}"


def _other_ipv4(text: str, chance: Chance) -> str:
    return ".".join(str(1 + chance.below(254)) for _ in text.split("."))


_OTHERS: Mapping[str, Callable[[str, Chance], str]] = {
    "uuid": _other_uuid,
    "hex": _other_hex,
    "url": _other_url,
    "email": _other_email,
    "ipv4": _other_ipv4,
    HTTP_DATE: _other_http_date,
    **dict.fromkeys(DATES - {HTTP_DATE}, _other_day),
}
