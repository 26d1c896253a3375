"""Which kind of file this is: its content says so, not its name."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from pact_recorder.errors import ImportFileError
from pact_recorder.recordings.importers.har import HarFile
from pact_recorder.recordings.importers.source import ConvertFlow, ImportSource

_HEAD = 64
_FLOWS = re.compile(rb"[1-9][0-9]{0,11}:")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_exchanges(path: Path, convert: ConvertFlow) -> ImportSource:
    """The exchanges of a HAR file or a mitmproxy flow file, recognised by its first bytes.

    `convert` makes exchanges of mitmproxy flows. Raises ImportFileError when the file cannot be read or is
    neither; what is wrong further on is found while iterating.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise ImportFileError(str(path), f"it cannot be read: {error.strerror}") from error
    if _FLOWS.match(head):
        # mitmproxy's reader comes with all of mitmproxy, which mock servers do without.
        from pact_recorder.recordings.importers.flows import FlowFile

        return FlowFile(path, convert)
    if head.startswith(_MARKS) or head.lstrip().startswith(b"{"):
        return HarFile(path)
    what = "it begins like neither of the kinds that are read" if head else "it is empty"
    raise ImportFileError(str(path), f"{what}: give a HAR file or a mitmproxy flow file")
