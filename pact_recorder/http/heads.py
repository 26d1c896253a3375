"""What cannot stand in the head of a message, since it would be read as something else when it is sent again.

A method has no blanks, and no name, value or reason ends its line; a value may go on in the next line (RFC 9112 §5.2).
A status has three digits, and a port is one of TCP's. Servers do answer with other statuses, and files that were edited
by hand, or written by other programs, may have all of it: none of it is recorded or read. A header that is sent has
besides a token for a name, and its value in one line.
"""

from __future__ import annotations

import re

from pact_recorder.http.messages import MAX_PORT, Exchange

_BLANK = re.compile(r"[\x00-\x20\x7f]")
_LINE_END = re.compile(r"\n(?![ \t])")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STATUSES = range(100, 1000)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def is_field_name(name: str) -> bool:
    """Whether a header of this name can be sent: it is a token (RFC 9110 §5.6.2)."""
    return _TOKEN.fullmatch(name) is not None


def is_field_value(value: str) -> bool:
    """Whether a header can be sent with this value as it is: it has no control character but tabs (RFC 9110 §5.5)."""
    return _CONTROL.search(value) is None


def in_one_line(text: str) -> str:
    """A value or a reason as it can be sent, with blanks for control characters: none may begin another header."""
    return _CONTROL.sub(" ", text)


def method_fault(method: str) -> str:
    """What is wrong with a method; empty when nothing is."""
    if not method:
        return "the method is empty"
    return "the method has a blank or a control character" if _BLANK.search(method) else ""


def field_fault(name: str, value: str) -> str:
    """What is wrong with a header field; empty when nothing is."""
    if not name:
        return "a header has no name"
    if "\n" in name or "\r" in name or "\0" in name:
        return "the name of a header has a line end"
    return "the value of a header has a line end" if "\n" in value and _LINE_END.search(value) else ""


def reason_fault(reason: str) -> str:
    """What is wrong with the reason phrase of a status; empty when nothing is."""
    return "the reason has a line end" if "\n" in reason else ""


def status_fault(status: int) -> str:
    """What is wrong with a status (RFC 9110 §15); empty when nothing is."""
    return "" if status in _STATUSES else f"the status is not one of {_STATUSES[0]} to {_STATUSES[-1]}"


def port_fault(port: int) -> str:
    """What is wrong with a port; empty when nothing is."""
    return "" if 0 <= port <= MAX_PORT else f"the port is not one of 0 to {MAX_PORT}"


def head_fault(exchange: Exchange) -> str:
    """The first thing that is wrong in the heads of an exchange, with the side; empty when nothing is.

    A session file can hold, and gives back, every exchange without one.
    """
    request, response = exchange.request, exchange.response
    if fault := method_fault(request.method) or port_fault(request.port):
        return f"request: {fault}"
    if fault := status_fault(response.status) or reason_fault(response.reason):
        return f"response: {fault}"
    for side, message in (("request", request), ("response", response)):
        for name, value in (*message.headers.fields, *message.trailers.fields):
            if fault := field_fault(name, value):
                return f"{side}: {fault}"
    return ""
