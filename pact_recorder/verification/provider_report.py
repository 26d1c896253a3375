"""What the verification of a provider found: per interaction, failures by what differs, and the report as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pact_recorder.matching import (
    BodyMismatch,
    BodyTypeMismatch,
    HeaderMismatch,
    JsonValue,
    MetadataMismatch,
    Mismatch,
    StatusMismatch,
)
from pact_recorder.pact import AnyInteraction

STATUS = "Response status did not match"
HEADERS = "Headers had differences"
BODY = "Body had differences"
METADATA = "Metadata had differences"
STATE = "State change request failed"
REQUEST = "Request to the provider failed"
PRODUCER = "Message could not be produced"

# The titles are the reference's; its compatibility suite asks for them.
_TITLES: Mapping[type, str] = {
    StatusMismatch: STATUS,
    HeaderMismatch: HEADERS,
    BodyMismatch: BODY,
    BodyTypeMismatch: BODY,
    MetadataMismatch: METADATA,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One reason why an interaction is not verified: a title, and the mismatches or the sentence behind it."""

    title: str
    mismatches: tuple[Mismatch, ...] = ()
    detail: str = ""

    def lines(self) -> Iterator[str]:
        """The title, and what is behind it, indented."""
        yield self.title
        yield from (f"  {line}" for line in (*map(str, self.mismatches), self.detail) if line)

    def to_json(self) -> dict[str, JsonValue]:
        """The title with the sentence or the mismatches, whichever there are."""
        details = {"detail": self.detail} if self.detail else {}
        mismatches = [mismatch.to_json() for mismatch in self.mismatches]
        return {"title": self.title} | details | ({"mismatches": mismatches} if mismatches else {})


@dataclass(frozen=True, slots=True)
class ProviderResult:
    """What became of one interaction. A pending one may fail without failing the run."""

    interaction: AnyInteraction
    failures: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    pending: bool = False

    @property
    def verified(self) -> bool:
        """Whether the provider did what the interaction says."""
        return not self.failures

    def to_json(self) -> dict[str, JsonValue]:
        """The verdict with its reasons."""
        return {
            "description": self.interaction.description,
            "providerStates": [state.name for state in self.interaction.provider_states],
            "verified": self.verified,
            "pending": self.pending,
            "failures": [failure.to_json() for failure in self.failures],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """What became of each interaction of a contract that was to be verified, in its order."""

    consumer: str
    provider: str
    results: tuple[ProviderResult, ...]

    @property
    def verified(self) -> bool:
        """Whether every interaction is verified, but for the pending ones."""
        return all(result.verified or result.pending for result in self.results)

    @property
    def failures(self) -> list[Failure]:
        """The failures that fail the run."""
        return [failure for result in self.results if not result.pending for failure in result.failures]

    @property
    def pending_failures(self) -> list[Failure]:
        """The failures of pending interactions, which do not."""
        return [failure for result in self.results if result.pending for failure in result.failures]

    @property
    def warnings(self) -> list[str]:
        """What the user should know beside the failures."""
        return [warning for result in self.results for warning in result.warnings]


def failures_of(mismatches: Iterable[Mismatch]) -> tuple[Failure, ...]:
    """The mismatches grouped into one failure for each part of the message that differs."""
    groups: dict[str, list[Mismatch]] = {}
    for mismatch in mismatches:
        groups.setdefault(_TITLES[type(mismatch)], []).append(mismatch)
    return tuple(Failure(title, tuple(found)) for title, found in groups.items())


def render_report(report: ProviderReport) -> str:
    """The report as text for people: each interaction with its states, comments, verdict and failures."""
    lines = [f"Verifying a contract between {report.consumer} and {report.provider}"]
    for result in report.results:
        lines += ["", *(f"  {line}" for line in _result_lines(result))]
    return "\n".join(lines) + "\n"


def _result_lines(result: ProviderResult) -> Iterator[str]:
    interaction = result.interaction
    states = ", ".join(f'"{state.name}"' for state in interaction.provider_states)
    yield f"{interaction.description} (given {states})" if states else interaction.description
    yield from (f"  {line}" for line in _comment_lines(interaction.comments))
    yield from (f"  Warning: {warning}" for warning in result.warnings)
    verdict = "OK" if result.verified else "FAILED"
    yield f"  {verdict}, pending" if result.pending else f"  {verdict}"
    for failure in result.failures:
        yield from (f"    {line}" for line in failure.lines())


def _comment_lines(comments: Mapping[str, JsonValue]) -> Iterator[str]:
    """What V4 documents keep under `comments`: the name of the consumer's test, and texts."""
    name, texts = comments.get("testname"), comments.get("text")
    if isinstance(name, str):
        yield f"Test name: {name}"
    if isinstance(texts, list) and texts:
        yield "Comments:"
        yield from (f"  {text}" for text in texts)
