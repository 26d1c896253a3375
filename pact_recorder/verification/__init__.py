"""Contracts verified: against active expectations, and against a provider. Pure."""

from pact_recorder.verification.expectations import (
    A_MESSAGE,
    NO_EXPECTATION,
    ContractReport,
    InteractionReport,
    judge,
    matching_expectations,
    verify_contract,
)
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
from pact_recorder.verification.selection import Selection

__all__ = [
    "A_MESSAGE",
    "NO_EXPECTATION",
    "ChangeState",
    "ContractReport",
    "Failure",
    "InteractionReport",
    "Produce",
    "ProducedMessage",
    "Provider",
    "ProviderReport",
    "ProviderResult",
    "Selection",
    "Send",
    "StateAction",
    "judge",
    "matching_expectations",
    "render_report",
    "verify_contract",
    "verify_provider",
]
