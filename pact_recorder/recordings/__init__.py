"""Journal, YAML sessions, locks: where recorded exchanges are kept. Imports are in `importers`."""

from pact_recorder.recordings.configuration import Configuration, read_configuration
from pact_recorder.recordings.files import SessionFiles, find_session, session_names
from pact_recorder.recordings.journal import Journal, Reference
from pact_recorder.recordings.lock import SessionLock
from pact_recorder.recordings.session import JournalMark, RecordedExchange, Session, SessionHeader
from pact_recorder.recordings.session_file import (
    iterate_session,
    load_session,
    read_session_header,
    write_session,
)
from pact_recorder.recordings.store import SessionStore, recover_orphans
from pact_recorder.recordings.syncing import Fsync

__all__ = [
    "Configuration",
    "Fsync",
    "Journal",
    "JournalMark",
    "RecordedExchange",
    "Reference",
    "Session",
    "SessionFiles",
    "SessionHeader",
    "SessionLock",
    "SessionStore",
    "find_session",
    "iterate_session",
    "load_session",
    "read_configuration",
    "read_session_header",
    "recover_orphans",
    "session_names",
    "write_session",
]
