"""mitmproxy glue: options, hooks and commands of the recorder."""

from pact_recorder.addon.recorder import RecorderAddon

__all__ = ["RecorderAddon"]
