"""Contracts verified: against active expectations, against a provider, and scored against recorded traffic. Pure."""

from pact_recorder.verification.expectations import (
    A_MESSAGE,
    NO_EXPECTATION,
    Candidates,
    ContractReport,
    InteractionReport,
    at_its_place,
    judge,
    matching_expectations,
    verify_contract,
)
from pact_recorder.verification.mutant import Mutant
from pact_recorder.verification.provider import (
    ChangeState,
    Produce,
    ProducedMessage,
    Provider,
    Send,
    StateAction,
    verify_provider,
)
from pact_recorder.verification.provider_report import Failure, ProviderReport, ProviderResult, render_report
from pact_recorder.verification.scoring import Judgement, Scorer, judge_answer
from pact_recorder.verification.scoring_alarms import Alarm, Missed
from pact_recorder.verification.scoring_index import Promise, PromiseIndex
from pact_recorder.verification.scoring_report import (
    SCORED,
    ContractScore,
    MutantTally,
    OperationScore,
    Share,
    Uncovered,
    total,
)
from pact_recorder.verification.scoring_sessions import CHANGED, GivenMutant, Seen, of_provider, score_contract
from pact_recorder.verification.selection import Selection

__all__ = [
    "A_MESSAGE",
    "CHANGED",
    "NO_EXPECTATION",
    "SCORED",
    "Alarm",
    "Candidates",
    "ChangeState",
    "ContractReport",
    "ContractScore",
    "Failure",
    "GivenMutant",
    "InteractionReport",
    "Judgement",
    "Missed",
    "Mutant",
    "MutantTally",
    "OperationScore",
    "Produce",
    "ProducedMessage",
    "Promise",
    "PromiseIndex",
    "Provider",
    "ProviderReport",
    "ProviderResult",
    "Scorer",
    "Seen",
    "Selection",
    "Send",
    "Share",
    "StateAction",
    "Uncovered",
    "at_its_place",
    "judge",
    "judge_answer",
    "matching_expectations",
    "of_provider",
    "render_report",
    "score_contract",
    "total",
    "verify_contract",
    "verify_provider",
]
