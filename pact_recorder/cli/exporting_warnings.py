"""What in `pact-recorder.yaml` has no effect on an export: as likely a slip as not."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pact_recorder.inference.operations.hint_conflicts import conflicts
from pact_recorder.inference.operations.hints import PathHints
from pact_recorder.recordings import Configuration
from pact_recorder.recordings.configuration import FILE_NAME


def configuration_warnings(
    configured: Configuration, hosts: Collection[str], unused_hints: Collection[str]
) -> Iterator[str]:
    """A sentence for each host, and each path template, that changes nothing.

    `hosts` are those that were recorded, `unused_hints` the templates that no recorded path was like.
    """
    for host, name in configured.providers.items():
        if host not in hosts:
            yield f"nothing was recorded of {host}, which {FILE_NAME} calls {name}"
    for hint in unused_hints:
        yield f"no recorded path is like {hint}, which {FILE_NAME} speaks of"
    for weaker, stronger in conflicts(PathHints(configured.force, configured.forbid)):
        if weaker not in unused_hints:
            yield f"{weaker} in {FILE_NAME} never counts: {stronger} under force is stronger wherever it fits"
