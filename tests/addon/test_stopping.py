"""A signal whose byte for asyncio was dropped, because hundreds of others came in the same turn of the loop."""

import subprocess
import sys

import pytest

LOOP = """
import asyncio, os, signal
from pact_recorder.addon.stopping import hear_signals

async def main():
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, lambda: None)
    hear_signals(stopped.set)
    for _ in range(5000):
        loop.call_soon_threadsafe(lambda: None)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(stopped.wait(), 10)
    print("heard", signal.getsignal(signal.SIGINT) is signal.default_int_handler)

asyncio.run(main(), debug=False)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_signal_is_heard_and_others_are_left_alone() -> None:
    done = subprocess.run([sys.executable, "-c", LOOP], capture_output=True, text=True, timeout=30)
    assert done.stdout.split()[0] == "heard", done.stderr
