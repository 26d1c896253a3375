"""The addon: mitmproxy's hooks and commands, each a few lines onto the recorder.

A hook that fails never breaks the user's traffic: the failure is logged with its flow, counted, and shown at the end.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime

from mitmproxy import command, ctx, exceptions, http, types
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Client
from mitmproxy.log import ALERT
from mitmproxy.proxy import layer
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from pact_recorder import __version__
from pact_recorder.addon import commands, options
from pact_recorder.addon.acting import break_off, change_answer, send_on
from pact_recorder.addon.addressing import is_behind, is_control, is_for_us, is_from_elsewhere, leads_here
from pact_recorder.addon.answers import (
    miss_response,
    recorded_response,
    refusal,
    reply_response,
    sent_response,
    without_forbidden_body,
)
from pact_recorder.addon.asking import observe
from pact_recorder.addon.guarding import guarded, let_the_start_go_on, log_failure
from pact_recorder.addon.hosting import serve
from pact_recorder.addon.intake import Intake
from pact_recorder.addon.options import Settings
from pact_recorder.addon.report import end_report, unwritten
from pact_recorder.addon.stopping import Closing, hear_signals
from pact_recorder.capture.flow import request_of
from pact_recorder.capture.modes import Mode
from pact_recorder.capture.recorder import Recorder, find_source
from pact_recorder.capture.redaction import Redactor
from pact_recorder.errors import PactRecorderError, UsageError
from pact_recorder.http import Request, Response
from pact_recorder.http.visible import visible
from pact_recorder.mock import Miss
from pact_recorder.mock.actions import Action, Fault, Forward, Reply, ResponseChange
from pact_recorder.recordings import SessionStore, find_session, recover_orphans
from pact_recorder.server import ControlApi, ControlSettings, Exporter, Style, Wanted, is_bare_control
from pact_recorder.server.generating import consumer_values

logger = logging.getLogger(__name__)
_LOOPBACK = "127.0.0.1"
_STOP_SECONDS = 0.1
_LARGEST_REQUEST = "256m"


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
        self._changes: dict[str, ResponseChange] = {}
        self._for_this_machine_only = False
        self._failures: set[tuple[str, type[Exception]]] = set()

    # -- life ------------------------------------------------------------------------------------------------------

    def load(self, loader: Loader) -> None:
        """Declare the options, and take the values that were given on the command line."""
        let_the_start_go_on(ctx.master.addons)
        options.declare(loader)
        for sentence in options.refused_values(ctx.options):
            # mitmproxy would go on without this addon, forwarding everything, and say nothing.
            logger.error(sentence)

    def configure(self, updated: set[str]) -> None:
        """Check the options that changed and act on them. Raises OptionsError; then mitmproxy keeps the old values."""
        if "listen_host" in updated and ctx.options.listen_host not in ("", _LOOPBACK):
            # It may be given after this addon was loaded.
            self._for_this_machine_only = False
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

    @guarded
    def running(self) -> None:
        """Say what this is and what it holds."""
        if not hasattr(ctx.master, "prompt_for_exit"):
            hear_signals(ctx.master.shutdown)
        if ctx.master.addons.get(Closing.name) is None:
            ctx.master.addons.add(Closing())
        recorder = self._recorder
        if recorder is not None:
            # mitmproxy 12 declares its options after it has loaded a script.
            self._bound_what_is_kept(recorder.mode)
            logger.info("pact-recorder %s: mode %s, %s", __version__, recorder.mode, _held(recorder))

    @guarded
    def done(self) -> None:
        """Write the session, with what is under way as far as it came, and report."""
        # mitmproxy breaks connections off only after this; the hooks of that time find nobody.
        intake, self._intake = self._intake, None
        if intake is not None:
            intake.end()
        self._let_go()

    @guarded
    def client_connected(self, client: Client) -> None:
        """Turn other machines away where nobody has let them in."""
        if self._for_this_machine_only and is_from_elsewhere(client):
            client.error = "pact-recorder is for this machine only: --listen-host 0.0.0.0 lets others in"
            logger.warning("turned %s away: --listen-host 0.0.0.0 lets other machines in", client.peername[0])

    @guarded
    def next_layer(self, data: layer.NextLayer) -> None:
        """Have it noted what clients ask for before mitmproxy changes it (`asking.py`)."""
        # A script comes before mitmproxy's own addon, which leaves alone what is decided already.
        chooser = ctx.master.addons.get("nextlayer")
        if chooser is not None:
            chooser.next_layer(data)
        observe(data)

    # -- traffic ---------------------------------------------------------------------------------------------------

    @guarded
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Pass a request body that is too large to record on as it comes."""
        intake = self._intake
        if intake is None or not intake.passes_on(flow.request):
            return
        if not self._answers(flow) and not is_control(flow):
            intake.requestheaders(flow)

    @guarded
    async def request(self, flow: http.HTTPFlow) -> None:
        """Answer what is ours to answer: the control API, and known requests in spy and mock mode."""
        if flow.response is not None or flow.error is not None or not flow.live:
            return
        if is_control(flow) or self._is_bare_control(flow):
            await self._serve_control(flow)
        elif self._answers(flow):
            await self._answer(flow)
        without_forbidden_body(flow)
        if self._intake is not None and flow.id not in self._own:
            self._intake.forwarded(flow)

    @guarded
    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Let an answer that comes in pieces pass without delay, keeping it on the way."""
        if self._intake is None or flow.id in self._own:
            return
        if flow.response is not None and flow.response.raw_content is not None:
            # It is whole before its body could have come: another addon made it, no server sent it.
            self._own.add(flow.id)
            self._intake.made_by_another_addon(flow)
        elif flow.id in self._changes:
            if flow.response is not None:
                # What will be changed has to be whole.
                flow.response.stream = False
        else:
            self._intake.responseheaders(flow)

    @guarded
    def response(self, flow: http.HTTPFlow) -> None:
        """Record a finished exchange, before the client has the end of it."""
        try:
            if flow.id in self._own:
                self._own.discard(flow.id)
            elif self._intake is not None:
                self._intake.response(flow)
        finally:
            # Recorded is what the provider said; changed is what the client gets.
            change = self._changes.pop(flow.id, None)
            if change is not None and self._settings is not None:
                change_answer(flow, change, self._settings.max_body)
                without_forbidden_body(flow)

    @guarded
    def error(self, flow: http.HTTPFlow) -> None:
        """Count an exchange that did not finish."""
        self._changes.pop(flow.id, None)
        if flow.id in self._own:
            self._own.discard(flow.id)
        elif self._intake is not None:
            self._intake.error(flow)

    @guarded
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
        """Forget all active expectations and the log; the session keeps what was recorded."""
        self._running().reset()

    # -- inside ----------------------------------------------------------------------------------------------------

    def failed(self, hook: str, data: object, error: Exception) -> None:
        """Log and count a failure in a hook; a request that may not be forwarded is answered all the same."""
        seen_before = (hook, type(error)) in self._failures
        self._failures.add((hook, type(error)))
        log_failure(hook, data, error, seen_before=seen_before)
        if self._recorder is not None:
            self._recorder.tally.failures[hook] += 1
        if hook == "request" and isinstance(data, http.HTTPFlow) and (self._mocks() or is_control(data)):
            self._own.add(data.id)
            data.response = refusal(500, "pact-recorder failed to answer this request; see its log")
            without_forbidden_body(data)
        elif isinstance(data, ServerConnectionHookData) and self._mocks():
            data.server.error = "pact-recorder failed, and lets no connection leave this machine in mock mode"

    def _apply(self, settings: Settings, updated: set[str]) -> None:
        try:
            recorder = self._recorder_for(settings, updated)
        except PactRecorderError as error:
            raise exceptions.OptionsError(str(error)) from error
        recorder.policy = settings.policy
        recorder.log.bound(settings.max_log, settings.max_log_memory)
        self._bound_what_is_kept(settings.mode)
        self._settings = settings
        if self._intake is None:
            self._intake = Intake(recorder, settings, self.failed)
        self._intake.renew(recorder, settings)
        if self._exporter is None or self._exporter.configuration != settings.configuration:
            self._exporter = Exporter(recorder.expectations, settings.configuration, recorder.redactor)
        self._control = ControlApi(recorder, __version__, _control_settings(settings), self._exporter)

    def _recorder_for(self, settings: Settings, updated: set[str]) -> Recorder:
        recorder = self._recorder
        if recorder is None or updated & _REOPENING:
            self._close_what_mitmproxy_opens()
            # What is under way is recorded by the next.
            self._let_go()
            self._settings = settings
            recorder = self._recorder = _open(settings)
            self._exporter = None
        elif recorder.mode is not settings.mode:
            _warn(recorder.switch(settings.mode))
        return recorder

    def _let_go(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            _close(recorder)

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

    def _bound_what_is_kept(self, mode: Mode) -> None:
        """In mock mode every request is answered from here, so its whole body is taken into memory first."""
        given = ctx.options.body_size_limit if "body_size_limit" in ctx.options else _LARGEST_REQUEST
        if mode is Mode.MOCK and given is None:
            ctx.options.update(body_size_limit=_LARGEST_REQUEST)
        elif mode is not Mode.MOCK and given == _LARGEST_REQUEST:
            ctx.options.update_known(body_size_limit=None)

    def _mocks(self) -> bool:
        """Whether nothing may leave: in mock mode, also while there is no recorder because its start failed."""
        if self._recorder is not None:
            return self._recorder.mode is Mode.MOCK
        return self._settings is not None and self._settings.mode is Mode.MOCK

    def _is_bare_control(self, flow: http.HTTPFlow) -> bool:
        """Whether a request to the proxy itself means the control API without its prefix, and nothing active takes it.

        Behind a reverse proxy such a path is the provider's.
        """
        path = flow.request.path.partition("?")[0]
        if not is_bare_control(flow.request.method, path) or not is_for_us(flow) or self._recorder is None:
            return False
        return not self._recorder.expectations.knows(flow.request.method, path)

    async def _serve_control(self, flow: http.HTTPFlow) -> None:
        if self._control is not None:
            self._own.add(flow.id)
            await serve(self._control, flow)

    async def _answer(self, flow: http.HTTPFlow) -> None:
        recorder, settings = self._recorder, self._settings
        assert recorder is not None
        assert settings is not None
        request = request_of(flow, settings.max_body)
        direct = is_for_us(flow)
        found = recorder.answer(request, None if direct or is_behind(flow) else request.authority)
        if not isinstance(found, Miss):
            await self._act(flow, found, request, settings.max_body)
        elif direct or recorder.mode is Mode.MOCK:
            self._own.add(flow.id)
            logger.warning("%s", found.line())
            flow.response = miss_response(found, settings.unmatched)
            recorder.missed(found, sent_response(flow.response))

    async def _act(self, flow: http.HTTPFlow, action: Action, request: Request, limit: int) -> None:
        """Do what an expectation says."""
        if not isinstance(action, Forward):
            self._own.add(flow.id)
        if not isinstance(action, Response) and action.delay:
            await asyncio.sleep(action.delay)
        assert self._recorder is not None
        now = self._recorder.clock()
        if isinstance(action, Forward):
            if action.response is not None:
                self._changes[flow.id] = action.response
            send_on(flow, action, limit)
        elif isinstance(action, Fault):
            break_off(flow, action)
        elif isinstance(action, Reply):
            flow.response = reply_response(action, request, now)
        else:
            flow.response = recorded_response(action, request, now)

    def _running(self) -> Recorder:
        if self._recorder is None:
            raise exceptions.CommandError("pact-recorder is not running")
        return self._recorder

    def _command(self, act: Callable[[Recorder], str]) -> str:
        try:
            return act(self._running())
        except (PactRecorderError, OSError) as error:
            raise exceptions.CommandError(str(error)) from error


_REOPENING = {"pact_session", "pact_recordings", "pact_redact", "pact_load", "pact_fsync"}


def _control_settings(settings: Settings) -> ControlSettings:
    return ControlSettings(
        token=settings.token,
        max_expectations=settings.max_expectations,
        consumer=settings.consumer,
        provider=settings.provider or "provider",
        switch=_switch,
        stop=_stop,
    )


def _switch(mode: Mode) -> None:
    try:
        ctx.options.update(pact_mode=mode.value)
    except exceptions.OptionsError as error:
        raise error.__cause__ if isinstance(error.__cause__, PactRecorderError) else UsageError(str(error)) from error


def _stop() -> None:
    # The answer is to be on its way before the proxy closes its connections.
    asyncio.get_running_loop().call_later(_STOP_SECONDS, ctx.master.shutdown)


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
    store = SessionStore(settings.recordings, settings.session or _fresh_name(), fsync=settings.fsync)
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
    except Exception as error:
        expected = isinstance(error, (PactRecorderError, OSError))
        logger.error(unwritten(recorder, error), exc_info=None if expected else error)
        session = None
    logger.log(ALERT, end_report(recorder, session))
