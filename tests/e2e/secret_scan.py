"""The secrets that recorded traffic holds, found independently of the product, and the search for them in files.

What counts: credentials of Authorization headers, cookie values, headers named like keys and tokens, and the values of
secret-named query, form and JSON fields at any depth (JSON within strings included). A value is left out when it cannot
be told from harmless text: shorter than eight characters, digits only, ordinary words, a host or an address, a date, or
something that another tool has redacted already.
"""

import json
import re
import zlib
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus

from mitmproxy.net import encoding

Message = dict[str, Any]

SECRET_HEADER = re.compile(
    r"(^|[-_])(api|app|application|access|auth|secret|private|fastly|functions)[-_]?(key|token|secret)$"
    r"|^x-(subject|csrf|xsrf|session|amz-security|auth|refresh|id|vault)[-_]token$"
)
SECRET_FIELD = re.compile(
    r"(password|passwd|passphrase|pwd|rootpass|adminpass|secret|secretkey|secretaccesskey|secretid|apikey|appkey"
    r"|applicationkey|accesskey|accesskeyid|privatekey|masterkey|clientkey|sharedkey|token|jwt|authorization"
    r"|credentials?|sessionid|sessid|authcode|clientassertion|oauthsignature|amzsignature)$"
)
NO_SECRET_FIELD = re.compile(
    r"(next|page|continuation|skip|sync|resume|cursor|marker|pagination|max|min|num|total|prompt|completion|idempotency"
    r"|sku)\w*token$"
    r"|^(has|is|use|enable|disable|force|require)\w+"
)
PARAMETER = re.compile(r"([\w-]+)\s*=\s*\"?([^\",\s]+)\"?")
SECRET_PARAMETER = re.compile(r"^(signature|response|oauth_token|oauth_signature|token|mac|credential)$", re.IGNORECASE)
PLACEHOLDER = re.compile(
    r"redact|filter|sanitiz|scrub|dummy|placeholder|your[ _-]|deadbeef|\*{4}|x{5}|0{8}"
    r"|<[^<>]+>|^\[.*\]$|^\{.*\}$|%3[Cc]\w+%3[Ee]",
    re.IGNORECASE | re.DOTALL,
)
# Words of a language model's output are called tokens too.
WORDS = re.compile(r"▁?(?:[A-Z]?[a-z]{1,15}|[A-Z]{1,15})(?:[ _.,:;/|▁-]+(?:[A-Z]?[a-z]{1,15}|[A-Z]{1,15}))*[.!]?")
HARMLESS = re.compile(
    r"[\d.,:+ -]+|[a-z]+://\S*|[\w.-]+@[\w.-]+|[\w-]+(\.[\w-]+)*\.(com|org|net|io|gov|info|local)|\d{4}-\d\d-\d\d[T ].*"
    r"|(true|false|null|none|deleted|undefined)|(?P<one>.)(?P=one)+"
)
SHORTEST = 8
_LONG_LINE = 24


def secrets_of(exchanges: Iterable[Message]) -> dict[str, str]:
    """Every secret value, with the place where it was first seen."""
    found: dict[str, str] = {}
    for exchange in exchanges:
        request, response = exchange["request"], exchange["response"]
        for place, value in _candidates(request, response):
            # Some tests of other projects use a field's name as its value.
            if is_secret(value) and value != place.rpartition(" ")[2]:
                found.setdefault(value, place)
    return found


def is_secret(value: str) -> bool:
    """Whether the value of a secret name can be told from harmless text."""
    if len(value) < SHORTEST or PLACEHOLDER.search(value):
        return False
    return not (HARMLESS.fullmatch(value) or WORDS.fullmatch(value))


def _candidates(request: Message, response: Message) -> Iterator[tuple[str, str]]:
    yield from _pairs(parse_qsl(request["query"] or "", keep_blank_values=True), "query")
    for message in (request, response):
        for name, value in message["headers"]:
            yield from _header(name.lower(), value)
        yield from _body(message)


def _header(name: str, value: str) -> Iterator[tuple[str, str]]:
    if name in ("authorization", "proxy-authorization"):
        yield from _credentials(name, value)
    elif name == "cookie":
        yield from ((f"cookie {pair.partition('=')[0].strip()}", pair.partition("=")[2]) for pair in value.split(";"))
    elif name == "set-cookie":
        cookie, _, secret = value.partition(";")[0].partition("=")
        yield f"set-cookie {cookie.strip()}", secret.strip().strip('"')
    elif SECRET_HEADER.search(name):
        yield f"header {name}", value.strip()


def _credentials(name: str, value: str) -> Iterator[tuple[str, str]]:
    scheme, _, credentials = value.strip().partition(" ")
    parameters = PARAMETER.findall(credentials) if "," in credentials else []
    if parameters:
        yield from ((f"{name} {key}", secret) for key, secret in parameters if SECRET_PARAMETER.match(key))
        return
    yield f"header {name}", credentials.strip() or scheme
    if scheme.lower() == "basic":
        try:
            yield f"{name} password", b64decode(credentials, validate=True).decode().partition(":")[2]
        except (Base64Error, ValueError):
            return


def _body(message: Message) -> Iterator[tuple[str, str]]:
    text = body_text(message)
    kind = next((value for name, value in message["headers"] if name.lower() == "content-type"), "")
    if text[:1] in ("{", "["):
        try:
            yield from _values(json.loads(text), "json")
        except ValueError:
            return
    elif "form-urlencoded" in kind:
        yield from _pairs(parse_qsl(text, keep_blank_values=True), "form")


def body_text(message: Message) -> str:
    """The decoded text of a body; empty when it is no text."""
    if not message.get("body_b64"):
        return message.get("body") or ""
    raw = b64decode(message["body_b64"])
    coding = next((value for name, value in message["headers"] if name.lower() == "content-encoding"), "identity")
    try:
        decoded = encoding.decode(raw, coding)
    except ValueError:
        return ""
    return decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""


def _pairs(pairs: Iterable[tuple[str, str]], place: str) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        if _names_a_secret(name):
            yield f"{place} {name}", value
        elif value[:1] in ("{", "["):
            yield from _within(value, place)


def _values(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            if isinstance(member, str) and _names_a_secret(name):
                yield f"{place} {name}", member
            else:
                yield from _values(member, place)
    elif isinstance(value, list):
        for member in value:
            yield from _values(member, place)
    elif isinstance(value, str) and value[:1] in ("{", "["):
        yield from _within(value, place)


def _within(text: str, place: str) -> Iterator[tuple[str, str]]:
    try:
        yield from _values(json.loads(text), place)
    except ValueError:
        return


def _names_a_secret(name: str) -> bool:
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return bool(SECRET_FIELD.search(plain)) and not NO_SECRET_FIELD.search(plain)


def leaks(secrets: dict[str, str], texts: Iterable[str]) -> dict[str, str]:
    """The secrets that occur in any of the texts, as they are or in a common encoding, with their places."""
    wanted = {needle: secret for secret in secrets for needle in _needles(secret)}
    leaked: dict[str, str] = {}
    for text in texts:
        leaked.update({secret: secrets[secret] for needle, secret in wanted.items() if needle in text})
    return leaked


def _needles(secret: str) -> set[str]:
    # A text of several lines may be written with an indentation.
    lines = [line.strip() for line in secret.splitlines() if len(line) >= _LONG_LINE and "-----" not in line]
    parts = lines if "\n" in secret else [secret]
    encoded = [json.dumps(part)[1:-1] for part in parts]
    return {
        *parts,
        *encoded,
        *(part.replace("/", "\\/") for part in encoded),
        *(quote(part, safe="") for part in parts),
        *(quote_plus(part) for part in parts),
    }


def texts_in(folder: Path) -> Iterator[str]:
    """Every file under a folder as text, and what is compressed once more unpacked."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            raw = path.read_bytes()
            yield raw.decode("utf-8", "replace")
            if raw[:2] == b"\x1f\x8b":
                yield _unpacked(raw).decode("utf-8", "replace")


def _unpacked(packed: bytes) -> bytes:
    """What can be unpacked of gzip data, which may be damaged."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    found = bytearray()
    with suppress(zlib.error):
        for byte in packed:
            found += unpacking.decompress(bytes((byte,)))
    return bytes(found)
