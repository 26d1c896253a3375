"""The matching engine: does a message match what is expected of it, and if not, in what does it differ?

Rules and mismatches follow the Pact specification V1 to V4 as its reference implements it; docs/conformance.md names
the differences. Everything here is pure, and bounded on hostile input.
"""

from pact_recorder.matching.compiled import (
    CompiledMessage,
    CompiledRequest,
    CompiledResponse,
    compile_message,
    compile_request,
    compile_response,
    match_message,
    match_request,
    match_response,
)
from pact_recorder.matching.expected import (
    ExpectedMessage,
    ExpectedRequest,
    ExpectedResponse,
    HeaderValues,
    QueryValues,
)
from pact_recorder.matching.generators import (
    GENERATORS,
    GeneratorContext,
    GeneratorMode,
    RandomSource,
    generate_message,
    generate_request,
    generate_response,
)
from pact_recorder.matching.matchers import MATCHERS
from pact_recorder.matching.mismatch_diff import side_by_side
from pact_recorder.matching.mismatches import (
    BodyMismatch,
    BodyTypeMismatch,
    HeaderMismatch,
    MetadataMismatch,
    MethodMismatch,
    Mismatch,
    PathMismatch,
    QueryMismatch,
    StatusMismatch,
    render_mismatches,
)
from pact_recorder.matching.paths import PathExpression, PathExpressionError
from pact_recorder.matching.pattern_examples import example_of_pattern
from pact_recorder.matching.rules import (
    CATEGORIES,
    ROOT,
    Generator,
    Generators,
    JsonValue,
    MatchingRule,
    MatchingRules,
    RuleList,
)
from pact_recorder.matching.scoring import score_request

__all__ = [
    "CATEGORIES",
    "GENERATORS",
    "MATCHERS",
    "ROOT",
    "BodyMismatch",
    "BodyTypeMismatch",
    "CompiledMessage",
    "CompiledRequest",
    "CompiledResponse",
    "ExpectedMessage",
    "ExpectedRequest",
    "ExpectedResponse",
    "Generator",
    "GeneratorContext",
    "GeneratorMode",
    "Generators",
    "HeaderMismatch",
    "HeaderValues",
    "JsonValue",
    "MatchingRule",
    "MatchingRules",
    "MetadataMismatch",
    "MethodMismatch",
    "Mismatch",
    "PathExpression",
    "PathExpressionError",
    "PathMismatch",
    "QueryMismatch",
    "QueryValues",
    "RandomSource",
    "RuleList",
    "StatusMismatch",
    "compile_message",
    "compile_request",
    "compile_response",
    "example_of_pattern",
    "generate_message",
    "generate_request",
    "generate_response",
    "match_message",
    "match_request",
    "match_response",
    "render_mismatches",
    "score_request",
    "side_by_side",
]
