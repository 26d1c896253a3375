"""The errors of pact-recorder, one tree.

    PactRecorderError
    ├── UsageError            what was asked for cannot be done: an option, argument or combination is wrong
    ├── DocumentError         a file or document from outside is wrong: says which, where and why
    │   ├── PactDocumentError     a Pact contract
    │   ├── SessionError          a recorded session or its journal
    │   └── ImportFileError       a HAR or mitmproxy flow file
    ├── MergeError            two contracts that cannot be one
    ├── SessionLockedError    another process is recording this session
    ├── StateChangeError      a provider could not be put into a state, or out of it
    ├── StorageError          the disk refused: full, read-only, no permission
    └── LimitError            an input is larger or deeper than the stated bound

Every message is one sentence that says what happened, where, and what to do about it.
"""

from __future__ import annotations


class PactRecorderError(Exception):
    """Root of everything that pact-recorder raises on purpose."""


class UsageError(PactRecorderError):
    """What was asked for cannot be done; the message names the valid choices."""


class DocumentError(PactRecorderError):
    """A document from outside is wrong.

    `source` names it (a file path, or what the user called it), `location` is the place inside it
    (`line 12`, `interaction 3 ("get a user"), request.method`), empty when it is the whole.
    """

    def __init__(self, source: str, reason: str, location: str = "") -> None:
        self.source = source
        self.location = location
        self.reason = reason
        where = f"{source}, {location}" if location else source
        super().__init__(f"{where}: {reason}")


class PactDocumentError(DocumentError):
    """A document is not a Pact contract that can be read."""


class SessionError(DocumentError):
    """A recorded session or its journal cannot be read."""


class ImportFileError(DocumentError):
    """A HAR or mitmproxy flow file cannot be read."""


class MergeError(PactRecorderError):
    """Two contracts cannot be merged: other consumer or provider, or conflicting interactions."""


class SessionLockedError(PactRecorderError):
    """Another process is recording into the session of this name."""


class StateChangeError(PactRecorderError):
    """A provider could not be put into a state that an interaction needs, or out of it again."""


class StorageError(PactRecorderError):
    """The disk refused a write or a read of a recording."""


class LimitError(PactRecorderError):
    """An input exceeds a stated bound of size, depth or time."""
