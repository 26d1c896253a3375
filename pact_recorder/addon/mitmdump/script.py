"""Load this file with mitmproxy: `mitmdump -s …/pact_recorder/addon/mitmdump/script.py`."""

from pact_recorder.addon import RecorderAddon

addons = [RecorderAddon()]
