"""What of a HAR file is used (HAR 1.1 and 1.2), as lenient as its many writers are different.

Whatever may be left out has a default, null stands for it too, and what is not named here is ignored.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


def _or_empty_text(value: object) -> object:
    return "" if value is None else value


def _or_empty_list(value: object) -> object:
    return [] if value is None else value


Text = Annotated[str, BeforeValidator(_or_empty_text)]


class HarPair(_Part):
    """A header, a query parameter, or a parameter of a form (a file has a name of its own)."""

    name: Text = ""
    value: Text = ""
    fileName: str | None = None


Pairs = Annotated[list[HarPair], BeforeValidator(_or_empty_list)]


class HarPostData(_Part):
    """The body of a request, as text or as the parameters of a form."""

    mimeType: Text = ""
    text: Text = ""
    params: Pairs = []
    encoding: str | None = None


class HarContent(_Part):
    """The body of a response; without `text` it is not in the file."""

    size: float | None = None
    mimeType: Text = ""
    text: str | None = None
    encoding: str | None = None


class HarRequest(_Part):
    """A request."""

    method: str
    url: str
    httpVersion: Text = ""
    headers: Pairs = []
    queryString: Pairs = []
    postData: HarPostData | None = None


class HarResponse(_Part):
    """A response; status 0 stands for a request that got none."""

    status: int = 0
    statusText: Text = ""
    httpVersion: Text = ""
    headers: Pairs = []
    content: HarContent | None = None


class HarTimings(_Part):
    """Milliseconds of the phases; -1 for those that did not happen."""

    blocked: float | None = None
    dns: float | None = None
    connect: float | None = None
    send: float | None = None
    wait: float | None = None


class HarEntry(_Part):
    """One request with its response; `time` in milliseconds."""

    startedDateTime: Text = ""
    time: float | None = None
    timings: HarTimings | None = None
    request: HarRequest
    response: HarResponse | None = None
