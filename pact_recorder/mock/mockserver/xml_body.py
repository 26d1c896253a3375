"""XML bodies: compared by the matching engine, as XML in a contract is, without document types or entities."""

from __future__ import annotations

from dataclasses import dataclass

from pact_recorder.http import Body, MediaType
from pact_recorder.matching import ExpectedRequest, MatchingRules, match_request
from pact_recorder.matching.xml_values import XmlError, parse_xml
from pact_recorder.mock.mockserver.body_reading import as_declared

_PLACEHOLDER = "${xmlunit."


@dataclass(frozen=True, slots=True)
class XmlBody:
    """An XML document: what the matching engine calls equal."""

    text: str
    rules = MatchingRules()

    @property
    def example(self) -> Body:
        """The document, declared as XML."""
        return Body(self.text.encode("utf-8", "surrogatepass"), media_type="application/xml")

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body, the first difference; None when it is the expected document."""
        actual = as_declared(body, media_type, "application/xml")
        found = match_request(ExpectedRequest(body=self.example), actual)
        return found[0].sentence if found else None


def read_xml(text: str) -> XmlBody:
    """The pattern of an XML document. Raises ValueError for what is none."""
    if _PLACEHOLDER in text:
        raise ValueError(f"xmlunit placeholders ({_PLACEHOLDER}…}}) in a body are not supported")
    try:
        parse_xml(text)
    except XmlError as error:
        raise ValueError(f"it is no XML: {error}") from None
    return XmlBody(text)
