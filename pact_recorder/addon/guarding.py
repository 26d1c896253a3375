"""Hooks that cannot break the user's traffic: whatever goes wrong in one is logged with its flow and counted."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from mitmproxy import http
from mitmproxy.addonmanager import AddonManager

from pact_recorder.http.visible import visible

logger = logging.getLogger(__name__)
_LONGEST = 300
OF_TRAFFIC = {"of_traffic": True}
"""`extra` of an error that is logged for a request or a connection, not for the start: see `let_the_start_go_on`."""
Hook = TypeVar("Hook", bound=Callable[..., Any])


class Guarded(Protocol):
    """An addon whose hooks are guarded."""

    def failed(self, hook: str, data: object, error: Exception) -> None:
        """Take note of a failure of a hook; `data` is what the hook was called for."""


def guarded(hook: Hook) -> Hook:
    """A hook (of one argument or none, also a coroutine) whose failure is told to `failed`, and goes no further."""
    name = hook.__name__

    @functools.wraps(hook)
    def run(self: Guarded, *data: object) -> None:
        try:
            hook(self, *data)
        except Exception as error:  # noqa: BLE001 (an edge: the user's traffic goes on whatever happens here)
            self.failed(name, data[0] if data else None, error)

    @functools.wraps(hook)
    async def run_async(self: Guarded, *data: object) -> None:
        try:
            await hook(self, *data)
        except Exception as error:  # noqa: BLE001 (as above)
            self.failed(name, data[0] if data else None, error)

    return cast(Hook, run_async if inspect.iscoroutinefunction(hook) else run)


def log_failure(hook: str, data: object, error: Exception, *, seen_before: bool) -> None:
    """Log a failure of a hook, the first of its kind with the stack."""
    stack = None if seen_before else error
    extra = None if data is None else OF_TRAFFIC
    logger.error("%s hook failed%s: %r", hook, _of(data), error, exc_info=stack, extra=extra)


def let_the_start_go_on(addons: AddonManager) -> None:
    """Keep what fails for one request from ending mitmproxy.

    It listens before it has started, and until then its addon `errorcheck` (mitmproxy 10 to 12) takes every error that
    is logged for one of the start, and ends the process while clients wait.
    """
    handler = getattr(addons.get("errorcheck"), "logger", None)
    if isinstance(handler, logging.Handler):
        handler.addFilter(_is_of_the_start)


def _is_of_the_start(record: logging.LogRecord) -> bool:
    return not hasattr(record, "of_traffic")


def _of(data: object) -> str:
    if not isinstance(data, http.HTTPFlow):
        return ""
    try:
        request = data.request
        # Without the query, which may hold secrets.
        return visible(f" for {request.method} {request.pretty_host}{request.path.partition('?')[0]}"[:_LONGEST])
    except Exception as error:  # noqa: BLE001 (a flow may be what is broken)
        return f" for a flow that cannot be shown ({error!r})"
