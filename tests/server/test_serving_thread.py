"""The thread that mock servers share."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from pact_recorder.server.serving_thread import ServingThread, run_on


async def name() -> str:
    return threading.current_thread().name


def names() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_it_is_there_while_someone_uses_it() -> None:
    thread = ServingThread()
    one, other = thread.acquire(), thread.acquire()
    assert one is other
    assert run_on(one, name()) == "pact-recorder-serving"
    thread.release()
    assert run_on(one, name()) == "pact-recorder-serving"
    thread.release()
    assert "pact-recorder-serving" not in names()
    assert one.is_closed()
    again = thread.acquire()
    assert again is not one
    thread.release()


def test_many_threads_may_come_and_go() -> None:
    thread = ServingThread()

    def use(_: int) -> str:
        loop = thread.acquire()
        try:
            return run_on(loop, name())
        finally:
            thread.release()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(use, range(200))) == {"pact-recorder-serving"}
    assert "pact-recorder-serving" not in names()


def test_an_error_comes_back() -> None:
    thread = ServingThread()

    async def fail() -> None:
        await asyncio.sleep(0)
        raise KeyError("a")

    try:
        run_on(thread.acquire(), fail())
    except KeyError as error:
        assert error.args == ("a",)
    finally:
        thread.release()
