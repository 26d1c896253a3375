"""What a `retrieve` asks for: a kind, a format, and a part of the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from pact_recorder.errors import UsageError
from pact_recorder.server.messages import ControlRequest

TYPES = ("LOGS", "REQUESTS", "REQUEST_RESPONSES", "RECORDED_EXPECTATIONS", "ACTIVE_EXPECTATIONS", "METRICS")
FORMATS = (
    "JAVA", "JSON", "LOG_ENTRIES", "JAVASCRIPT", "PYTHON", "GO", "CSHARP", "RUBY", "RUST", "PHP", "OPENAPI", "POSTMAN",
    "BRUNO", "HAR", "CURL",
)  # fmt: skip
"""MockServer's formats. Those that are not supported get a sentence of their own, as its clients expect."""

SUPPORTED_FORMATS = ("JSON", "LOG_ENTRIES", "HAR", "CURL")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What is asked for. `only_headers` are those to be kept in recorded requests, None for all."""

    kind: str
    form: str = "JSON"
    consolidate: bool = False
    parameterize: bool = False
    offset: int = 0
    limit: int | None = None
    only_headers: frozenset[str] | None = None
    correlation: str = ""

    @classmethod
    def of(cls, request: ControlRequest) -> Retrieval:
        """What the parameters of a request ask for. Raises UsageError in MockServer's words."""
        parameterize = flag(request, "parameterize")
        headers = request.parameters.get("captureHeaders")
        return cls(
            kind=one_of(request, "type", TYPES, "REQUESTS"),
            form=one_of(request, "format", FORMATS, "JSON", SUPPORTED_FORMATS),
            consolidate=parameterize or flag(request, "consolidate"),
            parameterize=parameterize,
            offset=_count(request, "offset") or 0,
            limit=_count(request, "limit"),
            only_headers=None if headers is None else frozenset(name.strip().lower() for name in headers.split(",")),
            correlation=request.parameter("correlationId"),
        )

    def page(self, found: Iterable[Item]) -> Iterator[Item]:
        """The part of a list that is asked for; what lies behind it is not looked at."""
        return islice(found, self.offset, None if self.limit is None else self.offset + self.limit)


def one_of(
    request: ControlRequest, name: str, valid: Sequence[str], default: str, supported: Sequence[str] = ()
) -> str:
    """The value of a parameter in capitals. Raises UsageError with those that are supported."""
    given = request.parameter(name)
    if given and given.upper() not in valid:
        raise UsageError(
            f'"{request.parameters[name]}" is not a valid value for "{name}" parameter, '
            f"only the following values are supported [{', '.join(supported or valid).lower()}]"
        )
    return given.upper() or default


def flag(request: ControlRequest, name: str, default: bool = False) -> bool:
    """Whether a parameter says true. Raises UsageError for anything but true and false."""
    given = request.parameter(name).lower()
    if given not in ("", "true", "false"):
        raise UsageError(f'the parameter "{name}" must be true or false')
    return given == "true" if given else default


def _count(request: ControlRequest, name: str) -> int | None:
    given = request.parameter(name)
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise UsageError(f'the parameter "{name}" must be a whole number, 0 or more')
    return int(given)
