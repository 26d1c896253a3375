"""Recordings of other tools as exchanges: HAR files and mitmproxy flow files.

Only who reads a flow file pays for loading mitmproxy.
"""

from pact_recorder.recordings.importers.reading import read_exchanges
from pact_recorder.recordings.importers.source import ConvertFlow, ImportSource

__all__ = ["ConvertFlow", "ImportSource", "read_exchanges"]
