"""What a contract document can say: an export holds only interactions that mean the same when they are read again.

Documents are Unicode, so bytes that are not UTF-8 in a path, query or header have no place in one. Before V4 a body is
written by its Content-Type, so one that is not what its type says (a PNG under `text/plain`, broken JSON) has none
either, and in no version has JSON that other tools do not read. An interaction whose request cannot be said is left
out; of a response, what cannot be said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pact_recorder.http import Body, MediaType, Request, Response
from pact_recorder.http.octets import is_utf8
from pact_recorder.matching import ExpectedRequest, ExpectedResponse, HeaderValues, match_request, match_response
from pact_recorder.matching.magic import sniff_text
from pact_recorder.matching.xml_values import XmlError, parse_xml
from pact_recorder.pact import AnyInteraction, Contract, Interaction, SpecVersion, contract_to_json
from pact_recorder.pact.bodies import is_misread, is_unreadable, read_body, write_body
from pact_recorder.pact.portable import NOT_PORTABLE, is_portable, is_portable_text

_UNSAID = Body(b"")


def representable(
    interactions: Iterable[AnyInteraction], version: SpecVersion
) -> tuple[tuple[AnyInteraction, ...], tuple[str, ...]]:
    """The interactions as a document of the version can hold them, and one sentence for each thing left out."""
    kept: list[AnyInteraction] = []
    sentences: list[str] = []
    for interaction in interactions:
        if not isinstance(interaction, Interaction):
            kept.append(interaction)
            continue
        lacking = _lacking(interaction.request, version)
        if lacking:
            sentences.append(f"{interaction.description}: {lacking}, so a contract cannot describe it")
            continue
        response, lost = _response(interaction.response, version)
        said = interaction if not lost else replace(interaction, response=response)
        if not is_portable(contract_to_json(Contract("", "", (said,)), version)[0]):
            sentences.append(f"{interaction.description}: it {NOT_PORTABLE}, so a contract cannot describe it")
            continue
        kept.append(said)
        sentences += [f"{interaction.description}: {each}, so it is not part of the contract" for each in lost]
    return tuple(kept), tuple(sentences)


def _lacking(request: ExpectedRequest, version: SpecVersion) -> str | None:
    """What of a request cannot be said, as the beginning of a sentence."""
    texts: dict[str, list[str | None]] = {
        "path": [request.method, request.path],
        "query": [text for name, values in (request.query or {}).items() for text in (name, *values)],
        "headers": [text for name, values in request.headers.items() for text in (name, *values)],
    }
    for part, said in texts.items():
        if any(map(_is_not_unicode, said)):
            return f"the request's {part} holds bytes that are not UTF-8"
    if _is_unreadable(request.body, request.headers):
        return f"the request's body {NOT_PORTABLE}"
    read = _read_again(request.body, request.headers, version)
    if read is _UNSAID or (
        read is not request.body
        and match_request(replace(request, query=None, headers={}), Request(request.method, request.path, body=read))
    ):
        return f"the request's body {_why_unsaid(request.body)}"
    return None


def _response(response: ExpectedResponse, version: SpecVersion) -> tuple[ExpectedResponse, list[str]]:
    lost = [
        f"the response header {name!r} holds bytes that are not UTF-8"
        for name, values in response.headers.items()
        if any(map(_is_not_unicode, (name, *values)))
    ]
    headers = {
        name: values for name, values in response.headers.items() if not any(map(_is_not_unicode, (name, *values)))
    }
    body = response.body
    if _is_unreadable(body, headers):
        lost.append(f"the response's body {NOT_PORTABLE}")
        return replace(response, headers=headers, body=None), lost
    read = _read_again(body, response.headers, version)
    if read is _UNSAID or (
        read is not body
        and match_response(ExpectedResponse(response.status, body=read), Response(response.status, body=body))
    ):
        body = None
        lost.append(f"the response's body {_why_unsaid(response.body)}")
    return replace(response, headers=headers, body=body), lost


def _is_not_unicode(text: str | None) -> bool:
    return text is not None and not is_portable_text(text)


def _is_unreadable(body: Body | None, headers: HeaderValues) -> bool:
    return body is not None and is_unreadable(body.content, _media_type(body, headers))


def _read_again(body: Body | None, headers: HeaderValues, version: SpecVersion) -> Body | None:
    """What a document's form of a body is read as; the body itself where that is the same by its declared type.

    Before V4 it is `_UNSAID` where no form is read as the body, here and by the reference, which besides never matches
    XML that it cannot parse.

    Without a type the matching engine looks at the content to tell which it is, and may call it text whose white space
    a document has not kept.
    """
    if body is None:
        return body
    media_type = _media_type(body, headers)
    if version >= 4 and (body.media_type or any(_content_types(headers))):
        return body
    form, same = write_body(body, media_type)
    if not same or is_misread(form, body.content, media_type) or _is_broken_xml(body, media_type):
        return _UNSAID
    return body if media_type is not None else read_body(form, media_type)


def _why_unsaid(body: Body | None) -> str:
    content = b"" if body is None else body.content
    if content.strip() == b"null":
        return "is the JSON null, which is no body to other tools"
    if not is_utf8(content):
        return "holds bytes that are not UTF-8"
    return "is not what its Content-Type says"


def _is_broken_xml(body: Body, media_type: MediaType | None) -> bool:
    kind = media_type or MediaType.parse(sniff_text(body.content))
    if kind is None or not kind.is_xml or not body.content:
        return False
    try:
        parse_xml(body.content)
    except XmlError:
        return True
    return False


def _media_type(body: Body, headers: HeaderValues) -> MediaType | None:
    return MediaType.parse(body.media_type or next(_content_types(headers), None))


def _content_types(headers: HeaderValues) -> Iterator[str]:
    return (values[0] for name, values in headers.items() if name.lower() == "content-type" and values)
