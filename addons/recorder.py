"""Load this file with mitmproxy: `mitmdump -s addons/recorder.py`."""

from pact_recorder.addon import RecorderAddon

addons = [RecorderAddon()]
