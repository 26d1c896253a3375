"""Expectations, their index, choosing an answer, and explaining a miss. Pure."""

from pact_recorder.mock.contracts import Export, example_request, example_response, expectations_of, literal_contract
from pact_recorder.mock.expectation import (
    Expectation,
    LoadExchange,
    Origin,
    RecordedExpectation,
    Reference,
    RequestPattern,
    RuledExpectation,
)
from pact_recorder.mock.expectations import Expectations
from pact_recorder.mock.interactions import ContractMock
from pact_recorder.mock.miss import Miss, Nearest
from pact_recorder.mock.replay import replayable
from pact_recorder.mock.sequence import Exhausted
from pact_recorder.mock.unmet import MissingRequest, RequestMismatch, RequestNotFound, Unmet

__all__ = [
    "ContractMock",
    "Exhausted",
    "Expectation",
    "Expectations",
    "Export",
    "LoadExchange",
    "Miss",
    "MissingRequest",
    "Nearest",
    "Origin",
    "RecordedExpectation",
    "Reference",
    "RequestMismatch",
    "RequestNotFound",
    "RequestPattern",
    "RuledExpectation",
    "Unmet",
    "example_request",
    "example_response",
    "expectations_of",
    "literal_contract",
    "replayable",
]
