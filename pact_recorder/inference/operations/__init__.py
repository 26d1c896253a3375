"""Which exchanges belong together: operations by provider, method and path template, and the values between them."""

from pact_recorder.inference.operations.flows import Flow
from pact_recorder.inference.operations.hints import PathHints, read_hint
from pact_recorder.inference.operations.index import OperationIndex
from pact_recorder.inference.operations.members import is_identifier, tells_value
from pact_recorder.inference.operations.names import Name
from pact_recorder.inference.operations.operation import Operation, Segment
from pact_recorder.inference.operations.place import MISSING, Missing, Place

__all__ = [
    "MISSING",
    "Flow",
    "Missing",
    "Name",
    "Operation",
    "OperationIndex",
    "PathHints",
    "Place",
    "Segment",
    "is_identifier",
    "read_hint",
    "tells_value",
]
