"""Generators: values made anew for each run in place of a contract's examples (specification V3 and V4).

A mock server generates in consumer mode, a verifier in provider mode. What cannot be generated stays as the example
has it, and is reported to the context.
"""

from pact_recorder.matching.generators.context import (
    GeneratorContext,
    GeneratorMode,
    RandomSource,
)
from pact_recorder.matching.generators.parts import generate_message, generate_request, generate_response
from pact_recorder.matching.generators.table import GENERATORS

__all__ = [
    "GENERATORS",
    "GeneratorContext",
    "GeneratorMode",
    "RandomSource",
    "generate_message",
    "generate_request",
    "generate_response",
]
