"""mitmdump with the addon in it, run in this process.

The addon is added to mitmdump directly, not as a script: a script's errors come with a stack and end in exit status 1
a while later, and mitmproxy watches script files for changes. Whatever mitmdump says goes to standard error.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from mitmproxy.options import Options
from mitmproxy.tools import cmdline
from mitmproxy.tools.dump import DumpMaster
from mitmproxy.tools.main import run

from pact_recorder.addon import RecorderAddon
from pact_recorder.cli.arguments import Address

Announce = Callable[[list[Address], Path], None]
"""Told once when the proxy listens: where, and mitmproxy's own folder."""


def run_mitmdump(arguments: list[str], announce: Announce, *, quiet: bool) -> bool:
    """Run until stopped; False when it ended with an error, which it has told by then.

    `quiet` leaves out the lines about each connection and request, unless the arguments ask for them.
    """
    addon = RecorderAddon()

    class RecordingMaster(DumpMaster):
        """mitmdump's master with the recorder."""

        def __init__(self, options: Options) -> None:
            super().__init__(options)
            self.addons.add(addon)
            if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
                asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.shutdown)
            if quiet:
                self.options.update(flow_detail=0, termlog_verbosity="alert")

        async def running(self) -> None:
            await super().running()
            bound = self.addons.get("proxyserver").listen_addrs()
            announce([Address(host, port) for host, port, *_ in bound], Path(self.options.confdir).expanduser())

    # mitmproxy begins its messages with this name.
    sys.argv = ["pact-recorder"]
    try:
        with redirect_stdout(sys.stderr):
            run(RecordingMaster, _parser, arguments, _filters)
    except SystemExit as ended:
        # When mitmdump ends while it starts it does not tell its addons, and nothing is worth telling any more.
        logging.disable()
        addon.done()
        return not ended.code
    return True


def _parser(options: Options) -> ArgumentParser:
    """The parser of mitmdump, under its own name: what it complains of stands after `--`."""
    parser: ArgumentParser = cmdline.mitmdump(options)
    parser.prog = "mitmdump"
    return parser


def _filters(arguments: Namespace) -> dict[str, Any]:
    """The filter expression among mitmdump's arguments, for the options that it stands for."""
    if not arguments.filter_args:
        return {}
    expression = " ".join(arguments.filter_args)
    return dict.fromkeys(("save_stream_filter", "readfile_filter", "dumper_filter"), expression)
