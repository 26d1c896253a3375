"""Secret members of JSON, replaced in the text, so that everything else stays byte for byte as it was sent.

One pass over the member names (`"name":`) of a text finds them at any depth, in JSON lines, event streams and script
elements too, and in JSON inside JSON strings: there a quotation mark is preceded by 1, 3, 7, ... backslashes,
its *escape*. A quotation mark after n backslashes ends a string of escape k when n mod 2(k+1) = k; with a smaller
remainder it ends a string further out. Every character is looked at a fixed number of times, whatever the nesting.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pact_recorder.capture.redaction_rules import Secrecy, is_cookie_name
from pact_recorder.http.names import split_words

ReplaceField = Callable[[str, str, Secrecy], str | None]
"""Given a value, its name and how secret that name is: what takes the value's place, or None to leave it."""

_PLAIN_NAME = re.compile(r'"([^"\\]{1,1000}+)"\s*+:')
# With the backslashes before the closing quotation mark; names are cut out afterwards, so that each character is
# looked at once even where nothing but backslashes stands.
_NAME = re.compile(r'"([^"]++)"\s*+:')
_MEMBER = re.compile(r'"([^"]++)"\s*+:\s*+')
_LONGEST_NAME = 1_000
_COLON = re.compile(r"\s*+:\s*+")
_PLAIN_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_QUOTE = re.compile(r'(?<!\\)(\\*+)"')
_STRUCTURE = re.compile(r'(?<!\\)\\*+"|[\[\]{}]')
_BRACKET = re.compile(r"[\[\]{}]")
_NUMBER = re.compile(r"-?[0-9][0-9.eE+-]{0,400}+")

# {"name": "Authorization", "value": "..."}, in either order and with a few members between: the name of the secret
# is itself a value.
_PAIR_NAMES = frozenset(["name", "key", "id", "field", "header", "path", "Name", "Key"])
_VALUE_NAMES = frozenset(["value", "Value"])
_BETWEEN = r'(?:\\*+"[^"\\]{1,64}+\\*+"\s*+:\s*+(?:\\*+"[^"\\]{0,256}+\\*+"|[\w.-]{1,64}+)\s*+,\s*+){0,4}?'
_PAIR_VALUE = re.compile(rf'([^"]{{1,512}}+)"\s*+,\s*+{_BETWEEN}(\\*+)"[vV]alue(\\*+)"\s*+:\s*+(\\*+)"')
_PAIR_NAME = re.compile(
    rf'\\*+"\s*+,\s*+{_BETWEEN}(\\*+)"(?:[nN]ame|[kK]ey|id|field|header|path)(\\*+)"\s*+:\s*+(\\*+)"([^"]{{1,512}}+)"'
)
# ["Authorization", "..."] as lists of header fields have it.
_LISTED = re.compile(r'\[\s*+(\\*+)"([A-Za-z][A-Za-z0-9-]{2,63}+)\1"\s*+,\s*+\1"')

# {"kind": "Secret", "data": {...}}, alone or in a list
_KUBERNETES = re.compile(r'"kind"\s*+:\s*+"Secret(?:List)?"')
_SECRET_DATA = re.compile(r'"(?:data|stringData)"\s*+:\s*+(?=\{)')

# {"token": {"id": "..."}}: the members that hold the secret of an object under a weak name.
_CORE_MEMBER = re.compile(r'"(?:id|value|key|raw|secret|token)"\s*+:\s*+"([^"\\]*+)"')
_ITEM = re.compile(r'"([^"\\]*+)"')

# The text tokens of a language model or of an analyzer, not credentials.
_TEXT_TOKEN = re.compile(
    r'\s*+,\s*+\\*"(?:logprob|bytes|prob|score|token_id|top_logprobs|start_offset|end_offset|position)\b'
)
# Objects and lists under these names are secret as a whole.
_DEEP_WORDS = frozenset(["password", "passwords", "passwd", "pwd", "passphrase", "secret"])
_CONTAINER_WORDS = frozenset(["credential", "credentials"])
_CONTAINER_MARKER = "credential"
# Every value under these names is secret; under the others it has to look like a secret.
_SURE_WORDS = frozenset(["secrets", "cookie", "cookies"])


# What `secrets` and the like hold beside secrets.
_OPEN_MEMBERS = frozenset(
    """
    at by created date description domain email enabled env environment expiration expires expiry href id key kind
    label login modified name namespace path region role scope scopes state status title type updated uri url user
    username version visibility
    """.split()  # noqa: SIM905
)
_VALUES_INSIDE = frozenset(["", "value", "raw", "plain", "data"])
_RANDOM = re.compile(r"(?=[^0-9]*+[0-9])(?=[^A-Za-z]*+[A-Za-z])(?!\d{4}-\d\d-\d\dT)[\w.~+/=-]{16,}+")
_COOKIES = re.compile(r"[^\s=;]++=\S")


def redact_members(text: str, secrecy_of: Callable[[str], Secrecy], replace: ReplaceField) -> str:
    """The text with the values of its secret JSON members replaced."""
    if '"' not in text:
        return text
    names = _names_of(text)
    judged_names = ((name, secrecy_of(name)) for name in names)
    secret = {name: secrecy for name, secrecy in judged_names if secrecy is not Secrecy.NONE}
    has_pairs = not names.isdisjoint(_PAIR_NAMES) and not names.isdisjoint(_VALUE_NAMES)
    if has_pairs or secret:
        judged = _Judged(names, secret, secrecy_of)
        text = _Pass(text, judged, replace).run()
        # A second pass, as what these hold may have been named by itself.
        if any(_is_container(name, secrecy) for name, secrecy in secret.items()):
            text = _Pass(text, judged, replace).run_containers()
    text = _redact_listed(text, secrecy_of, replace)
    return _redact_kubernetes(text, replace) if '"Secret' in text and _KUBERNETES.search(text) else text


@dataclass(frozen=True, slots=True)
class _Judged:
    """How secret names are, those of a text known from the start: there may be more of them than anybody remembers."""

    names: set[str]
    secret: Mapping[str, Secrecy]
    secrecy_of: Callable[[str], Secrecy]

    def __call__(self, name: str) -> Secrecy:
        return self.secret.get(name, Secrecy.NONE) if name in self.names else self.secrecy_of(name)


def _names_of(text: str) -> set[str]:
    if "\\" not in text:
        return set(_PLAIN_NAME.findall(text))
    return {_name_and_escape(raw)[0] for raw in set(_NAME.findall(text))}


def _name_and_escape(raw: str) -> tuple[str, int]:
    """The name that ends before a quotation mark, its own escapes undone, and the number of backslashes after it."""
    name = raw.rstrip("\\")
    escape = len(raw) - len(name)
    if len(name) > _LONGEST_NAME:
        return "", escape
    return (unescaped(name, escape) if "\\" in name else name), escape


def _pair_name(raw: str) -> tuple[str, int]:
    """A name that is a value; of a path (JSON Patch, RFC 6902: `/user/password`) the last part."""
    name, escape = _name_and_escape(raw)
    return name.rpartition("/")[2], escape


def _redact_listed(text: str, secrecy_of: Callable[[str], Secrecy], replace: ReplaceField) -> str:
    """Lists of a header's name and its value. In `"required": ["token", "user"]` no value looks like a secret."""
    pieces: list[str] = []
    done = 0
    for listed in _LISTED.finditer(text):
        secrecy = secrecy_of(listed[2])
        if secrecy is Secrecy.NONE or listed.start() < done:
            continue
        escape = len(listed[1])
        end = string_end(text, listed.end(), escape)
        value = unescaped(text[listed.end() : end], escape)
        closed = text[end + escape + 1 :][:20].lstrip().startswith("]")
        if closed and (_RANDOM.fullmatch(value.rpartition(" ")[2]) or _COOKIES.match(value)):
            placeholder = replace(value, listed[2], Secrecy.STRONG)
            if placeholder is not None:
                pieces += (text[done : listed.end()], placeholder)
                done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _redact_kubernetes(text: str, replace: ReplaceField) -> str:
    """The values of Kubernetes' Secrets, whose names are the users' own."""
    pieces: list[str] = []
    done = searched = 0
    for member in _SECRET_DATA.finditer(text):
        if member.start() < searched:
            continue
        strings, searched = _strings_within(text, member.end(), 0)
        for name, start, end, _ in strings:
            placeholder = replace(unescaped(text[start:end], 0), name, Secrecy.STRONG)
            if placeholder is not None:
                pieces += (text[done:start], placeholder)
                done = end
    return "".join((*pieces, text[done:])) if pieces else text


@dataclass(slots=True)
class _Pass:
    """One pass over a text.

    `done` is where the output has arrived; objects that end before `closed_until` have been searched whole, and
    `budget` is how many characters such searches may still read, so that nesting does not multiply the work.
    """

    text: str
    secrecy_of: Callable[[str], Secrecy]
    replace: ReplaceField
    done: int = 0
    closed_until: int = 0
    budget: int = 0
    pieces: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.budget = 2 * len(self.text)

    def run(self) -> str:
        secrecy_of = self.secrecy_of
        for member in _MEMBER.finditer(self.text):
            raw = member[1]
            name, escape = _name_and_escape(raw) if "\\" in raw else (raw, 0)
            secrecy = secrecy_of(name)
            if member.start() < self.done:
                continue
            if secrecy is not Secrecy.NONE:
                self._member(member.end(), name, escape, secrecy)
            elif name in _PAIR_NAMES:
                self._pair(member.end(), escape)
            elif name in _VALUE_NAMES:
                self._reversed_pair(member.end(), escape)
        return "".join((*self.pieces, self.text[self.done :])) if self.pieces else self.text

    def run_containers(self) -> str:
        for member in _MEMBER.finditer(self.text):
            name, escape = _name_and_escape(member[1])
            if self.text.startswith(("{", "["), member.end()) and _is_container(name, self.secrecy_of(name)):
                self._held(member.end(), name, escape)
        return "".join((*self.pieces, self.text[self.done :])) if self.pieces else self.text

    def _member(self, at: int, name: str, escape: int, secrecy: Secrecy) -> None:
        text = self.text
        start = at + escape + 1
        if text.startswith("\\" * escape + '"', at):
            self._string(start, name, escape, secrecy)
        elif secrecy is Secrecy.STRONG and (number := _NUMBER.match(text, at)):
            mark = "\\" * escape + '"'
            self._put(at, number.end(), name, secrecy, number[0], mark)
        elif text.startswith(("{", "["), at):
            self._container(at, name, escape, secrecy)

    def _string(self, start: int, name: str, escape: int, secrecy: Secrecy) -> None:
        end = string_end(self.text, start, escape)
        if secrecy is Secrecy.CONTAINER:
            value = unescaped(self.text[start:end], escape) if is_cookie_name(name) else ""
            if _COOKIES.match(value):
                self._put(start, end, name, Secrecy.STRONG, value)
        elif secrecy is Secrecy.STRONG or not _is_text_token(self.text, name, start, end, escape):
            self._put(start, end, name, secrecy, unescaped(self.text[start:end], escape))

    def _put(self, start: int, end: int, name: str, secrecy: Secrecy, value: str, mark: str = "") -> None:
        placeholder = self.replace(value, name, secrecy)
        if placeholder is not None:
            self.pieces += (self.text[self.done : start], mark, placeholder, mark)
            self.done = end

    def _pair(self, at: int, escape: int) -> None:
        pair = _PAIR_VALUE.match(self.text, at + escape + 1)
        if pair is None or any(len(mark) != escape for mark in pair.groups()[1:]):
            return
        name, own = _pair_name(pair[1])
        secrecy = self.secrecy_of(name)
        if own == escape and secrecy is not Secrecy.NONE and self.text.startswith("\\" * escape + '"', at):
            self._string(pair.end(), name, escape, secrecy)

    def _reversed_pair(self, at: int, escape: int) -> None:
        start = at + escape + 1
        if not self.text.startswith("\\" * escape + '"', at):
            return
        pair = _PAIR_NAME.match(self.text, string_end(self.text, start, escape))
        if pair is None or any(len(mark) != escape for mark in pair.groups()[:3]):
            return
        name, own = _pair_name(pair[4])
        secrecy = self.secrecy_of(name)
        if own == escape and secrecy is not Secrecy.NONE:
            self._string(start, name, escape, secrecy)

    def _container(self, at: int, name: str, escape: int, secrecy: Secrecy) -> None:
        words = split_words(name)[-1:]
        if secrecy is Secrecy.WEAK:
            self._core_members(at, name)
        elif secrecy is Secrecy.STRONG and not _DEEP_WORDS.isdisjoint(words):
            self._deep(at, name, escape, secrecy)

    def _held(self, at: int, name: str, escape: int) -> None:
        """What is secret of the strings in an object or list that may hold other things too."""
        if at < self.closed_until or self.budget <= 0:
            return
        strings, end = _strings_within(self.text, at, escape)
        self.budget -= end - at
        is_sure = split_words(name)[-1:][0] in _SURE_WORDS
        for inner, start, stop, depth in strings:
            is_value = inner in _VALUES_INSIDE or (depth == 1 and _OPEN_MEMBERS.isdisjoint(split_words(inner)[-1:]))
            # What has a secret name of its own has been judged by that.
            if start < self.done or not is_value or self.secrecy_of(inner) is not Secrecy.NONE:
                continue
            value = unescaped(self.text[start:stop], escape)
            if _RANDOM.fullmatch(value) or (is_sure and not value.isalpha()):
                self._put(start, stop, inner or name, Secrecy.STRONG, value)

    def _deep(self, at: int, name: str, escape: int, secrecy: Secrecy) -> None:
        """Every string in an object or list, unless a string inside has the same name and is the secret itself."""
        if at >= self.closed_until and self.budget > 0:
            strings, end = _strings_within(self.text, at, escape)
            self.budget -= end - at
            if any(_same_kind(name, inner) for inner, *_ in strings):
                return
            self.closed_until = end
            for _, start, stop, _ in strings:
                self._put(start, stop, name, secrecy, unescaped(self.text[start:stop], escape))

    def _core_members(self, at: int, name: str) -> None:
        """Only up to the next bracket, so that nesting does not make the work grow."""
        bracket = _BRACKET.search(self.text, at + 1)
        stop = bracket.start() if bracket else len(self.text)
        pattern, shortest = (_CORE_MEMBER, 8) if self.text[at] == "{" else (_ITEM, 16)
        for found in pattern.finditer(self.text, at, stop):
            if len(found[1]) >= shortest and " " not in found[1]:
                self._put(found.start(1), found.end(1), name, Secrecy.WEAK, found[1])


def _is_container(name: str, secrecy: Secrecy) -> bool:
    return secrecy is Secrecy.CONTAINER or (
        secrecy is Secrecy.STRONG
        and _CONTAINER_MARKER in name.lower()
        and not _CONTAINER_WORDS.isdisjoint(split_words(name)[-1:])
    )


def _same_kind(outer: str, inner: str) -> bool:
    """{"password": {"user": {"name": "...", "password": "..."}}}, as OpenStack has it."""
    return bool(inner) and split_words(outer)[-1:] == split_words(inner)[-1:]


def string_end(text: str, start: int, escape: int) -> int:
    """Where the string that starts here ends; the end of the text when it is not closed."""
    if escape == 0:
        rest = _PLAIN_STRING.match(text, start)
        return rest.end() if rest else start
    for quote in _QUOTE.finditer(text, start):
        count = len(quote[1])
        remainder = count % (2 * (escape + 1))
        if remainder <= escape:
            return quote.end() - 1 - remainder
    return len(text)


def _strings_within(text: str, at: int, escape: int) -> tuple[list[tuple[str, int, int, int]], int]:
    """Each string value in the object or list that opens here: its member name, start, end and depth; and the end."""
    found: list[tuple[str, int, int, int]] = []
    depth = 0
    position = at
    name = ""
    while token := _STRUCTURE.search(text, position):
        position = token.end()
        if token[0].endswith('"'):
            end = string_end(text, position, escape)
            position = end + escape + 1
            if colon := _COLON.match(text, position):
                name, position = text[token.end() : min(end, token.end() + 64)], colon.end()
            else:
                found.append((name, token.end(), end, depth))
                name = ""
        else:
            depth += 1 if token[0] in "{[" else -1
            name = ""
            if depth == 0:
                break
    return found, position


def _is_text_token(text: str, name: str, start: int, end: int, escape: int) -> bool:
    if split_words(name) != ("token",):
        return False
    return text[start : start + 1].isspace() or _TEXT_TOKEN.match(text, end + escape + 1) is not None


def unescaped(raw: str, escape: int) -> str:
    """The value of a string, its escapes undone once for each level; as it stands when they are wrong."""
    level = escape
    while "\\" in raw:
        try:
            raw = str(json.loads(f'"{raw}"', strict=False))
        except ValueError:
            return raw
        if level == 0:
            return raw
        level = (level - 1) // 2
    return raw
