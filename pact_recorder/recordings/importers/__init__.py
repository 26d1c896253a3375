"""Recordings of other tools as exchanges: HAR files and mitmproxy flow files.

Not imported by `pact_recorder.recordings`, so that only who imports files pays for loading mitmproxy.
"""

from pact_recorder.recordings.importers.reading import read_exchanges
from pact_recorder.recordings.importers.source import ConvertFlow, ImportSource

__all__ = ["ConvertFlow", "ImportSource", "read_exchanges"]
