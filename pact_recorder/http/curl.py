"""A request as a `curl` command for a POSIX shell, which sends it again."""

from __future__ import annotations

from base64 import b64encode
from shlex import quote

from pact_recorder.http.messages import Request
from pact_recorder.http.names import FRAMING

_GLOBS = frozenset("[]{}")
_MADE_BY_CURL = FRAMING | {"host"}


def curl_command(request: Request) -> str:
    """The command in one line; a body that is not text is given in base64."""
    # Brackets and braces are patterns of curl's own, unless it is told otherwise.
    globs = [] if _GLOBS.isdisjoint(request.url) else ["-g"]
    words = ["curl", "-v", *globs, quote(request.url), "-X", quote(request.method)]
    for name, value in request.headers:
        # A Host that the URL says is made by curl.
        if name.lower() not in _MADE_BY_CURL or (name.lower() == "host" and value != _host(request)):
            # Without a value curl leaves the header out, but with a semicolon it sends it empty.
            words += ["-H", quote(f"{name}: {value}" if value else f"{name};")]
    body = request.body.content if request.body is not None else b""
    if not body:
        return " ".join(words)
    if "content-type" not in request.headers:
        # curl would make a form of it.
        words += ["-H", "Content-Type:"]
    text = _text(body)
    if text is not None:
        return " ".join([*words, "--data-raw", quote(text)])
    encoded = b64encode(body).decode("ascii")
    return f"printf %s {encoded} | base64 -d | {' '.join([*words, '--data-binary', '@-'])}"


def _host(request: Request) -> str:
    return request.url.partition("://")[2].partition("/")[0]


def _text(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
