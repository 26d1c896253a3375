"""The interactions of one operation: one for each kind of request with each kind of response that it got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from pact_recorder.http import Exchange
from pact_recorder.http.identity import exchange_identity
from pact_recorder.http.octets import is_utf8
from pact_recorder.inference import thresholds
from pact_recorder.inference.evidence import MOST_BROKEN, Documents, PlaceEvidence
from pact_recorder.inference.findings import Finding, counted
from pact_recorder.inference.kin import Kin
from pact_recorder.inference.kinds import MOST_KINDS
from pact_recorder.inference.messages import BROKEN, EMPTY, NONE, AnsweredKind, AskedKind
from pact_recorder.inference.naming import Subject, describe, plainest_first
from pact_recorder.inference.operations import Operation
from pact_recorder.inference.requests import expected_request, left_out_credentials, literal_request
from pact_recorder.inference.response_headers import left_out_headers
from pact_recorder.inference.responses import expected_response
from pact_recorder.inference.shapes import Shape
from pact_recorder.inference.states import States
from pact_recorder.inference.switches import AnsweredForm, Selected, Selecting, Settings
from pact_recorder.matching import ExpectedRequest
from pact_recorder.pact import Interaction


class Gathered:
    """The evidence of one operation: its requests and responses by kind, and which went together.

    `selecting` says what of its requests selects the form of the answer.
    `succeeding` are the kinds of requests that got what they asked for.
    """

    def __init__(self, evidence: PlaceEvidence) -> None:
        self.pairs = evidence.pairs
        self.requests = evidence.requests
        self.left_out = evidence.left_out
        answers: dict[AnsweredKind, list[Documents]] = {}
        for (_, answered), pair in evidence.pairs.items():
            answers.setdefault(answered, []).append(pair.answers)
        self.responses = {answered: Documents.of(each) for answered, each in answers.items()}
        settings: dict[AnsweredForm, list[Settings]] = {}
        for (_, answered), pair in evidence.pairs.items():
            if answered.status < 400 and answered.form not in (NONE, EMPTY, BROKEN):
                form = answered.form, answered.media_type, answered.root
                settings.setdefault(form, []).append(pair.settings)
        self.selecting = Selecting.of(settings)
        self.succeeding = {asked for asked, answered in evidence.pairs if answered.status < 400}

    @property
    def count(self) -> int:
        """How many exchanges."""
        return sum(pair.answers.count for pair in self.pairs.values())

    @property
    def succeeds(self) -> bool:
        """Whether some request got what it asked for."""
        return bool(self.succeeding)

    def selected(self, asked: AskedKind, answered: AnsweredKind) -> Selected:
        """What of the requests of a kind selected answers of a kind; a failure has its own form, whatever was asked."""
        return self.selecting.of_all(self.pairs[asked, answered].settings) if answered.status < 400 else Selected()

    def answer(self, asked: AskedKind, answered: AnsweredKind) -> Shape:
        """The shape of the answers of a kind.

        Of those to requests of the kind alone, when they are enough to speak for themselves; otherwise of all.
        """
        own = self.pairs[asked, answered].answers
        return (own if own.count >= thresholds.OWN else self.responses[answered]).shape


@dataclass(frozen=True, slots=True)
class Context:
    """What interactions take from beyond their own operation; `explain` asks for findings."""

    kin: Kin
    states: States
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """An interaction with what it rests on: samples, the findings about request and response, and a note.

    `example` is the sample that it was made after.
    """

    interaction: Interaction
    example: Exchange
    status: int
    samples: int
    request: tuple[Finding, ...] = ()
    response: tuple[Finding, ...] = ()
    note: str = ""


def interactions_of(operation: Operation, gathered: Gathered, context: Context) -> list[Explained]:
    """The interactions of an operation, the plainest success first."""
    subjects = plainest_first(Subject(*kinds) for kinds in gathered.pairs if not _cannot_be_said(*kinds))
    shown = [(subject, example) for subject in subjects for example in _examples(gathered, subject)]
    told = [subject for subject, _ in shown]
    if len(shown) > len(subjects):
        counts = Counter(told)
        told = [_only(subject, example) if counts[subject] > 1 else subject for subject, example in shown]
    descriptions = describe(operation.name, told)
    return [
        _explained(operation, gathered, context, subject, example, description)
        for (subject, example), description in zip(shown, descriptions, strict=True)
    ]


def left_out(operation: Operation, gathered: Gathered) -> Iterator[str]:
    """A sentence for each kind of exchange that no interaction of the operation stands for."""
    for kinds in plainest_first(Subject(*kinds) for kinds in gathered.pairs if _cannot_be_said(*kinds)):
        status, media_type = kinds.answered.status, kinds.asked.media_type
        yield f"{operation.name} ({status}): a body that is not what its type ({media_type}) says cannot be asked for"
    named = sum(each.count for asked, each in gathered.requests.items() if asked.any_names)
    if named:
        yield (
            f"{operation.name}: names of parameters are data in {counted(named, 'request')}, and Pact has no rule for "
            "them; only requests with the names of an example are covered"
        )
    if gathered.left_out:
        yield (
            f"{operation.name}: {counted(gathered.left_out, 'exchange')} left out, with names of parameters or members "
            f"that vary too much; the {MOST_KINDS} most frequent kinds of requests are covered"
        )


def _cannot_be_said(asked: AskedKind, answered: AnsweredKind) -> bool:
    """Whether a request failed by a body that a contract cannot describe: without it, it would stand for others."""
    return answered.status >= 400 and asked.form == BROKEN


def _explained(
    operation: Operation, gathered: Gathered, context: Context, subject: Subject, example: Exchange, description: str
) -> Explained:
    request, asked_findings = _request(operation, gathered, context, subject, example)
    shape = gathered.answer(subject.asked, subject.answered)
    response = expected_response(subject.answered, shape, example.response, explain=context.explain, kin=context.kin)
    credentials = gathered.pairs[subject.asked, subject.answered].credentials
    states = context.states.of(operation, example.request, subject.answered, credentials, gathered.succeeds)
    return Explained(
        Interaction(description, request, response.expected, provider_states=states),
        example,
        subject.answered.status,
        gathered.pairs[subject.asked, subject.answered].answers.count,
        tuple(asked_findings),
        (*response.findings, *_left_out_headers(gathered, context, subject, example, response.expected.headers)),
        _note(gathered, subject, example) if context.explain else "",
    )


def _left_out_headers(
    gathered: Gathered, context: Context, subject: Subject, example: Exchange, promised: Collection[str]
) -> list[Finding]:
    if not context.explain:
        return []
    pair = gathered.pairs[subject.asked, subject.answered]
    return left_out_headers(
        subject.answered, example.response, pair.headers or frozenset(), promised, pair.answers.count
    )


def _request(
    operation: Operation, gathered: Gathered, context: Context, subject: Subject, example: Exchange
) -> tuple[ExpectedRequest, list[Finding]]:
    if _stands_for_itself(gathered, subject):
        return literal_request(subject.asked, example.request), []
    shape = gathered.requests[subject.asked].shape
    selected = gathered.selected(subject.asked, subject.answered)
    made = expected_request(operation, subject.asked, shape, example.request, selected, explain=context.explain)
    if context.explain:
        made.findings += left_out_credentials(
            subject.asked, gathered.pairs[subject.asked, subject.answered].credentials, example.request, shape.seen
        )
    return made.expected, made.findings


def _examples(gathered: Gathered, subject: Subject) -> Iterator[Exchange]:
    examples = gathered.pairs[subject.asked, subject.answered].examples
    shown = examples if _stands_for_itself(gathered, subject) else examples[:1]
    return (each.exchange for each in shown)


def _only(subject: Subject, example: Exchange) -> Subject:
    return replace(subject, only=exchange_identity(example))


def _stands_for_itself(gathered: Gathered, subject: Subject) -> bool:
    """Whether what was answered is an accident of this very request: a broken body, or a single failure."""
    asked, answered = subject.asked, subject.answered
    if answered.form == BROKEN:
        few = gathered.pairs[asked, answered].answers.count <= MOST_BROKEN
        return few and any(other.status == answered.status and other.form != BROKEN for other in gathered.responses)
    if answered.status < 400 or gathered.pairs[asked, answered].answers.count > 1:
        return False
    return asked not in gathered.succeeding


def _note(gathered: Gathered, subject: Subject, example: Exchange) -> str:
    if example.cut:
        return "the body was recorded only in part, so the contract says nothing of it"
    body = example.response.body
    if subject.answered.form == BROKEN and body is not None and not is_utf8(body.content):
        return "the body holds bytes that are not UTF-8, which Pact does not read, so the contract says nothing of it"
    if subject.answered.form == BROKEN:
        return f"the body is not what its type ({subject.answered.media_type}) says, so the contract says nothing of it"
    if _stands_for_itself(gathered, subject):
        return "a single failure: the contract promises it for this very request only"
    rivals = sorted({f"{each.status} {each.media_type or each.root}".strip() for each in _rivals(gathered, subject)})
    if rivals:
        return f"requests like these also got {' or '.join(rivals)}, and nothing in them says which: it needs a state"
    return ""


def _rivals(gathered: Gathered, subject: Subject) -> Iterator[AnsweredKind]:
    """Other successes of requests that nothing tells from these; failures have states of their own."""
    own, selected = subject.answered, gathered.selected(subject.asked, subject.answered)
    for asked, answered in gathered.pairs:
        rivals = asked == subject.asked and answered != own and max(own.status, answered.status) < 400
        if rivals and gathered.selected(asked, answered) == selected:
            yield answered
