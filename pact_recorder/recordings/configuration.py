"""`pact-recorder.yaml`: what a team wants to keep for every run in a folder.

    providers: {api.example.com: Shop}            # names of providers by host
    paths:
      force: ["GET /users/{id}", "/files/{path+}"]  # templates that are so, whatever the traffic shows
      forbid: ["/users/me", "/reports/^"]           # constants, and depths at which nothing is a parameter
    select: "~d example.com"                      # record only flows that match this filter expression
    ignore: "~u /health"                          # neither record nor answer these
    redact: redact.yaml                           # default, none, or a file of rules

The file is only read, never written. What templates mean is said in `inference.operations.hints`; here only their form
is checked, so that a slip is told with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from pact_recorder.errors import DocumentError, SessionError, StorageError
from pact_recorder.recordings.yaml_reading import Document, Place, read_documents

FILE_NAME: Final = "pact-recorder.yaml"

_LARGEST: Final = 1_000_000
_DEEPEST_TEMPLATE: Final = 24
_HOST: Final = re.compile(r"(?:[^\s/:@\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_DEFAULT_PORT: Final = re.compile(r":(?:80|443)\Z")
_PREFIX: Final = re.compile(r"(?:[A-Z][A-Z-]{1,19}\s+)?(?:[^\s/]+\s+)?(?=/)")
_SEGMENT: Final = re.compile(r"[^{}\s]*(?:\{[A-Za-z_][A-Za-z0-9_-]*\+?\}[^{}\s]*)?")
_EXAMPLE: Final = "write it like /users/{id}, GET /users/{id} or api.example.com /users/{id}"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the file says; all empty when there is none.

    `providers` are names by lower-case authority, as `Request.authority` gives it. `force` and `forbid` are path
    templates, `select` and `ignore` filter expressions (not parsed here), empty when not given. `redact` is `default`,
    `none` or the path of a file that exists; empty when not given.
    """

    providers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    force: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    select: str = ""
    ignore: str = ""
    redact: str = ""

    def provider_of(self, authority: str) -> str:
        """The name of the provider behind an authority: the one given, else the authority itself."""
        return self.providers.get(authority.lower(), authority)


def read_configuration(path: Path, wrong_filter: Callable[[str], str] | None = None) -> Configuration:
    """The configuration in a file; an empty one when the file is missing.

    `wrong_filter` tells what is wrong with a filter expression, if anything. Raises DocumentError with the line for
    whatever is wrong in the file, StorageError when it cannot be read.
    """
    document = _document(path)
    if document is None:
        return Configuration()
    try:
        found = _ConfigurationDocument.model_validate(document.content)
    except ValidationError as error:
        raise _explained(error, path, document) from error
    if isinstance(document.content, dict) and len(found.providers) < len(document.content.get("providers", ())):
        reason = "two hosts under providers are one, since the ports 80 and 443 and upper case do not count: keep one"
        raise DocumentError(str(path), reason, f"line {document.line(('providers',))}")
    for name, expression in (("select", found.select), ("ignore", found.ignore)):
        if expression and wrong_filter is not None and (reason := wrong_filter(expression)):
            raise DocumentError(str(path), f'"{name}": {reason}', f"line {document.line((name,))}")
    return Configuration(
        providers=MappingProxyType(found.providers),
        force=tuple(found.paths.force),
        forbid=tuple(found.paths.forbid),
        select=found.select,
        ignore=found.ignore,
        redact=_redaction(found.redact, path, document),
    )


def _document(path: Path) -> Document | None:
    try:
        if path.stat().st_size > _LARGEST:
            raise DocumentError(str(path), f"a configuration is not larger than {_LARGEST:,} bytes")
        documents = list(read_documents(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"The configuration {path} cannot be read: {error.strerror}.") from error
    except StorageError as error:
        raise StorageError(str(error).replace("The session", "The configuration", 1)) from error
    except SessionError as error:
        raise DocumentError(error.source, error.reason, error.location) from error
    if len(documents) > 1:
        raise DocumentError(str(path), "a configuration is one document: remove this", f"line {documents[1].line(())}")
    return documents[0] if documents and documents[0].content != "" else None


def _redaction(value: str, path: Path, document: Document) -> str:
    """The value with a path seen from the folder of the configuration."""
    if value in ("", "default", "none"):
        return value
    rules = path.parent / Path(value).expanduser()
    if not rules.is_file():
        reason = f'"redact" is {value!r}, which is neither default nor none nor a file: choose one of them'
        raise DocumentError(str(path), reason, f"line {document.line(('redact',))}")
    return str(rules)


def check_template(text: str) -> str:
    """The text when it has the form of a path template. Raises ValueError with what to write."""
    found = _PREFIX.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a path template; {_EXAMPLE}")
    segments = text[found.end() + 1 :].split("/")
    if len(segments) > _DEEPEST_TEMPLATE:
        raise ValueError(f"{text!r} has more than {_DEEPEST_TEMPLATE} segments")
    for number, segment in enumerate(segments, 1):
        if not _SEGMENT.fullmatch(segment):
            raise ValueError(f"{segment!r} is not a segment of a path template; {_EXAMPLE}")
        if "+}" in segment and (number < len(segments) or not segment.startswith("{") or not segment.endswith("}")):
            raise ValueError(f"a parameter that takes all that is left stands last and alone, unlike in {text!r}")
    return text


def _forcing(text: str) -> str:
    if "^" in text.split("/"):
        raise ValueError(f"{text!r} stands under force, but ^ forbids parameters: move it to forbid")
    return check_template(text)


def _authority(text: str) -> str:
    """A host as `Request.authority` spells it."""
    if not _HOST.fullmatch(text):
        raise ValueError(f"{text!r} is not a host; write it like api.example.com or api.example.com:8443")
    return _DEFAULT_PORT.sub("", text.lower())


def _name(text: str) -> str:
    if not text.strip():
        raise ValueError("a provider needs a name; write one behind the host, or remove the line")
    return text


def _or_nothing(nothing: Callable[[], object]) -> BeforeValidator:
    """A key without a value, which is read as an empty text, is as good as none."""
    return BeforeValidator(lambda value: nothing() if value == "" else value)


class _PathsPart(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    force: Annotated[list[Annotated[str, AfterValidator(_forcing)]], _or_nothing(list)] = []
    forbid: Annotated[list[Annotated[str, AfterValidator(check_template)]], _or_nothing(list)] = []


_Hosts = dict[Annotated[str, AfterValidator(_authority)], Annotated[str, AfterValidator(_name)]]


class _ConfigurationDocument(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    providers: Annotated[_Hosts, _or_nothing(dict)] = {}
    paths: Annotated[_PathsPart, _or_nothing(dict)] = _PathsPart()
    select: str = ""
    ignore: str = ""
    redact: str = ""


_MODELS: Final[Mapping[Place, type[BaseModel]]] = {(): _ConfigurationDocument, ("paths",): _PathsPart}
_SHAPES: Final = {
    "model_type": "keys with values under it",
    "dict_type": "names by host",
    "list_type": "a list of path templates",
    "string_type": "a text",
}


def _explained(error: ValidationError, path: Path, document: Document) -> DocumentError:
    """The first thing that is wrong, with its line and what to do."""
    findings = error.errors(include_url=False)
    first = min(findings, key=lambda found: document.line(tuple(found["loc"])))
    return DocumentError(str(path), _sentence(first), f"line {document.line(tuple(first['loc']))}")


def _sentence(found: ErrorDetails) -> str:
    place = tuple(found["loc"])
    named = f'"{".".join(map(str, place))}"' if place else "the configuration"
    if found["type"] == "extra_forbidden":
        known = sorted(_MODELS[place[:-1]].model_fields)
        near = get_close_matches(str(place[-1]), known, n=1)
        advice = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
        return f'"{place[-1]}" is not known here; {advice}'
    if found["type"] == "value_error":
        return str(found["ctx"]["error"])
    shape = _SHAPES.get(found["type"])
    return f"{named} must be {shape}" if shape else f"{named}: {found['msg']}"
