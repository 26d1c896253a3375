"""The addon: mitmproxy's hooks and commands, each a few lines onto the recorder.

A hook that fails never breaks the user's traffic: the failure is logged with its flow, counted, and shown at the end.
"""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from mitmproxy import command, ctx, exceptions, http, types
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Client
from mitmproxy.log import ALERT
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from pact_recorder import __version__
from pact_recorder.addon import commands, options
from pact_recorder.addon.addressing import is_behind, is_control, is_for_us, is_from_elsewhere, leads_here
from pact_recorder.addon.answers import miss_response, recorded_response, refusal
from pact_recorder.addon.hosting import serve
from pact_recorder.addon.intake import Intake
from pact_recorder.addon.options import Settings
from pact_recorder.addon.report import end_report
from pact_recorder.capture.flow import request_of
from pact_recorder.capture.modes import Mode
from pact_recorder.capture.recorder import Recorder, find_source
from pact_recorder.capture.redaction import Redactor
from pact_recorder.errors import PactRecorderError, UsageError
from pact_recorder.http.visible import visible
from pact_recorder.mock import Miss
from pact_recorder.recordings import SessionStore, find_session, recover_orphans
from pact_recorder.server import ControlApi, ControlSettings, Exporter, Style, Wanted
from pact_recorder.server.generating import consumer_values

logger = logging.getLogger(__name__)
Hook = TypeVar("Hook", bound=Callable[..., Any])
_LOOPBACK = "127.0.0.1"


def guarded(hook: Hook) -> Hook:
    """A hook whose failure is logged and counted, and changes nothing for the flow."""

    @functools.wraps(hook)
    def run(self: RecorderAddon, flow: http.HTTPFlow) -> None:
        try:
            hook(self, flow)
        except Exception as error:  # noqa: BLE001 (an edge: the user's traffic goes on whatever happens here)
            self.failed(hook.__name__, flow, error)

    return cast(Hook, run)


class RecorderAddon:
    """Records, replays and serves the control API inside mitmproxy."""

    name = "pact-recorder"

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._recorder: Recorder | None = None
        self._exporter: Exporter | None = None
        self._control: ControlApi | None = None
        self._intake: Intake | None = None
        self._own: set[str] = set()
        self._for_this_machine_only = False

    # -- life ------------------------------------------------------------------------------------------------------

    def load(self, loader: Loader) -> None:
        """Declare the options, and take the values that were given on the command line."""
        options.declare(loader)
        for sentence in options.refused_values(ctx.options):
            # mitmproxy would go on without this addon, forwarding everything, and say nothing.
            logger.error(sentence)

    def configure(self, updated: set[str]) -> None:
        """Check the options that changed and act on them. Raises OptionsError; then mitmproxy keeps the old values."""
        if not any(name.startswith("pact_") for name in updated):
            return
        try:
            self._apply(Settings.read(ctx.options), updated)
        except exceptions.OptionsError as error:
            if "scripts" not in updated:
                raise
            # While it loads a script mitmproxy prints errors with a stack trace; logged like this one ends the start
            # just the same, with the sentence alone.
            logger.error("%s", error)

    def running(self) -> None:
        """Say what this is and what it holds."""
        recorder = self._recorder
        if recorder is not None:
            logger.info("pact-recorder %s: mode %s, %s", __version__, recorder.mode, _held(recorder))

    def done(self) -> None:
        """Write the session and report."""
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            _close(recorder)

    def client_connected(self, client: Client) -> None:
        """Turn other machines away where nobody has let them in."""
        if self._for_this_machine_only and is_from_elsewhere(client):
            client.error = "pact-recorder is for this machine only: --listen-host 0.0.0.0 lets others in"
            logger.warning("turned %s away: --listen-host 0.0.0.0 lets other machines in", client.peername[0])

    # -- traffic ---------------------------------------------------------------------------------------------------

    @guarded
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Pass a request body that is too large to record on as it comes."""
        intake = self._intake
        if intake is None or not intake.passes_on(flow.request):
            return
        if not self._answers(flow) and not is_control(flow):
            intake.requestheaders(flow)

    async def request(self, flow: http.HTTPFlow) -> None:
        """Answer what is ours to answer: the control API, and known requests in spy and mock mode."""
        if flow.response is not None or flow.error is not None or not flow.live:
            return
        try:
            if is_control(flow):
                await self._serve_control(flow)
            elif self._answers(flow):
                self._answer(flow)
        except Exception as error:  # noqa: BLE001 (an edge: see `guarded`)
            self.failed("request", flow, error)
            if is_control(flow) or self._mocks():
                self._own.add(flow.id)
                flow.response = refusal(500, "pact-recorder failed to answer this request; see its log")

    @guarded
    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Let an answer that comes in pieces pass without delay, keeping it on the way."""
        if self._intake is None or flow.id in self._own:
            return
        if flow.response is not None and flow.response.raw_content is not None:
            # It is whole before its body could have come: another addon made it, no server sent it.
            self._own.add(flow.id)
            self._intake.made_by_another_addon()
        else:
            self._intake.responseheaders(flow)

    @guarded
    def response(self, flow: http.HTTPFlow) -> None:
        """Record a finished exchange, before the client has the end of it."""
        if flow.id in self._own:
            self._own.discard(flow.id)
        elif self._intake is not None:
            self._intake.response(flow)

    @guarded
    def error(self, flow: http.HTTPFlow) -> None:
        """Count an exchange that did not finish."""
        if flow.id in self._own:
            self._own.discard(flow.id)
        elif self._intake is not None:
            self._intake.error(flow)

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """In mock mode nothing leaves the machine: refuse every connection that anything would open.

        A connection to this proxy's own listener is refused in every mode: a request that comes back through it would
        look like one of this machine.
        """
        if self._mocks():
            if self._recorder is not None:
                self._recorder.tally.refused_connections += 1
            data.server.error = "pact-recorder is in mock mode: no connection leaves this machine"
            logger.warning("mock mode: refused a connection to %s", visible(str(data.server.address)))
        elif data.server.address is not None and leads_here(data.server.address, _listeners()):
            data.server.error = "pact-recorder does not connect to itself"

    # -- commands --------------------------------------------------------------------------------------------------

    @command.command("pact.mode")
    def mode_command(self, mode: str = "") -> str:
        """Show the mode, or change it: capture, spy or mock."""
        if mode:
            ctx.options.update(pact_mode=mode)
        return self._running().mode.value

    @command.command("pact.export")
    def export_command(self, directory: types.Path, consumer: str = "", provider: str = "", style: str = "") -> str:
        """Write one contract per provider into a directory, inferred or literal; the paths, one a line."""
        consumer = consumer or ctx.options.pact_consumer
        provider = provider or ctx.options.pact_provider

        def export(recorder: Recorder) -> str:
            assert self._exporter is not None
            wanted = Wanted(consumer, Style.parse(style))
            return commands.export(recorder, self._exporter, directory, wanted, provider)

        return self._command(export)

    @command.command("pact.verify")
    def verify_command(self, contract: types.Path) -> str:
        """Say whether the active expectations satisfy a contract."""
        return self._command(lambda recorder: commands.verify(recorder, contract))

    @command.command("pact.save")
    def save_command(self) -> str:
        """Write the session file now; recording goes on."""
        return self._command(lambda recorder: str(recorder.save() or "nothing was recorded yet"))

    @command.command("pact.clear")
    def clear_command(self) -> None:
        """Forget all active expectations; the session keeps what was recorded."""
        self._running().reset()

    # -- inside ----------------------------------------------------------------------------------------------------

    def failed(self, hook: str, flow: http.HTTPFlow, error: Exception) -> None:
        """Log and count a failure in a hook."""
        request = flow.request
        # Without the query, which may hold secrets.
        shown = f"{request.method} {request.pretty_host}{request.path.partition('?')[0]}"
        logger.error("%s hook failed for %s: %r", hook, visible(shown), error, exc_info=error)
        if self._recorder is not None:
            self._recorder.tally.failures[hook] += 1

    def _apply(self, settings: Settings, updated: set[str]) -> None:
        try:
            recorder = self._recorder_for(settings, updated)
        except PactRecorderError as error:
            raise exceptions.OptionsError(str(error)) from error
        recorder.policy = settings.policy
        self._settings = settings
        if self._intake is None:
            self._intake = Intake(recorder, settings)
        self._intake.renew(recorder, settings)
        if self._exporter is None or self._exporter.configuration != settings.configuration:
            self._exporter = Exporter(recorder.expectations, settings.configuration, recorder.redactor)
        self._control = ControlApi(recorder, __version__, _control_settings(settings), self._exporter)

    def _recorder_for(self, settings: Settings, updated: set[str]) -> Recorder:
        recorder = self._recorder
        if recorder is None or updated & _REOPENING:
            self._close_what_mitmproxy_opens()
            self.done()
            self._settings = settings
            recorder = self._recorder = _open(settings)
            self._exporter = None
        elif recorder.mode is not settings.mode:
            _warn(recorder.switch(settings.mode))
        return recorder

    def _answers(self, flow: http.HTTPFlow) -> bool:
        recorder = self._recorder
        if recorder is None:
            return False
        if is_for_us(flow):
            return True
        if recorder.mode is Mode.CAPTURE:
            return False
        return recorder.mode is Mode.MOCK or self._intake is None or not self._intake.ignores(flow)

    def _close_what_mitmproxy_opens(self) -> None:
        """Other machines do not get in unless told so, and no upstream connection is made before it must."""
        # Known wherever there is a proxy to configure.
        ctx.options.update_known(connection_strategy="lazy")
        if not ctx.options.listen_host:
            # mitmproxy 12 listens before it loads a script: see `client_connected`.
            self._for_this_machine_only = True
            ctx.options.update_known(listen_host=_LOOPBACK)
            logger.info("for this machine only; --listen-host 0.0.0.0 lets other machines in")

    def _mocks(self) -> bool:
        """Whether nothing may leave: in mock mode, also while there is no recorder because its start failed."""
        if self._recorder is not None:
            return self._recorder.mode is Mode.MOCK
        return self._settings is not None and self._settings.mode is Mode.MOCK

    async def _serve_control(self, flow: http.HTTPFlow) -> None:
        if self._control is not None:
            self._own.add(flow.id)
            await serve(self._control, flow)

    def _answer(self, flow: http.HTTPFlow) -> None:
        recorder, settings = self._recorder, self._settings
        assert recorder is not None
        assert settings is not None
        request = request_of(flow, settings.max_body)
        direct = is_for_us(flow)
        found = recorder.answer(request, None if direct or is_behind(flow) else request.authority)
        if not isinstance(found, Miss):
            self._own.add(flow.id)
            flow.response = recorded_response(found, request, recorder.clock())
        elif direct or recorder.mode is Mode.MOCK:
            self._own.add(flow.id)
            logger.warning("%s", found.line())
            flow.response = miss_response(found, settings.unmatched)

    def _running(self) -> Recorder:
        if self._recorder is None:
            raise exceptions.CommandError("pact-recorder is not running")
        return self._recorder

    def _command(self, act: Callable[[Recorder], str]) -> str:
        try:
            return act(self._running())
        except (PactRecorderError, OSError) as error:
            raise exceptions.CommandError(str(error)) from error


_REOPENING = {"pact_session", "pact_recordings", "pact_redact", "pact_load"}


def _control_settings(settings: Settings) -> ControlSettings:
    return ControlSettings(
        token=settings.token,
        consumer=settings.consumer,
        provider=settings.provider or "provider",
        switch=_switch,
    )


def _switch(mode: Mode) -> None:
    try:
        ctx.options.update(pact_mode=mode.value)
    except exceptions.OptionsError as error:
        raise error.__cause__ if isinstance(error.__cause__, PactRecorderError) else UsageError(str(error)) from error


def _listeners() -> set[int]:
    """The ports that this proxy listens on."""
    proxyserver = ctx.master.addons.get("proxyserver")
    return {address[1] for address in proxyserver.listen_addrs()} if proxyserver is not None else set()


def _own_url() -> str:
    """The base URL by which a client on this machine asks the proxy itself."""
    port = min(_listeners(), default=0)
    return f"http://127.0.0.1:{port}"


def _open(settings: Settings) -> Recorder:
    _warn(recover_orphans(settings.recordings))
    if settings.mode is Mode.MOCK and settings.session:
        find_session(settings.recordings, settings.session)
    store = SessionStore(settings.recordings, settings.session or _fresh_name())
    generate = consumer_values(_own_url)
    recorder = Recorder(store, Redactor(settings.redaction), settings.mode, settings.policy, generate=generate)
    if settings.session:
        # A session without a name of its own is made when there is something to record.
        _warn(recorder.open_session())
    elif settings.mode is not Mode.MOCK:
        store.probe()
    for source in settings.load:
        recorder.load(find_source(source, settings.recordings))
    return recorder


def _fresh_name() -> str:
    return f"session-{datetime.now(UTC).astimezone():%Y%m%d-%H%M%S}-{os.getpid()}"


def _warn(warnings: list[str]) -> None:
    for warning in warnings:
        logger.warning("%s", visible(warning))


def _held(recorder: Recorder) -> str:
    count = len(recorder.expectations)
    return f"session {recorder.store.files.name}, {count} active expectation{'s' * (count != 1)}"


def _close(recorder: Recorder) -> None:
    try:
        session = recorder.close()
    except PactRecorderError as error:
        logger.error("the session could not be written; its journal stays for the next start: %s", error)
        session = None
    logger.log(ALERT, end_report(recorder, session))
