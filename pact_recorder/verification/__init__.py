"""Contracts verified: against active expectations. Pure."""

from pact_recorder.verification.expectations import (
    A_MESSAGE,
    NO_EXPECTATION,
    ContractReport,
    InteractionReport,
    judge,
    matching_expectations,
    verify_contract,
)

__all__ = [
    "A_MESSAGE",
    "NO_EXPECTATION",
    "ContractReport",
    "InteractionReport",
    "judge",
    "matching_expectations",
    "verify_contract",
]
