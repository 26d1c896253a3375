"""A script for mitmdump that loads the addon, and lets everything within it fail while it is told to."""

from mitmproxy import ctx, http

from pact_recorder.addon import RecorderAddon


class Broken:
    """Whatever is asked of it fails, but for what a test gives it."""

    def __init__(self, **kept: object) -> None:
        self.__dict__.update(kept)

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(f"injected: {name}")


class Faulty:
    """Breaks the addon's parts at `/break`, mends them at `/mend`; both requests still go upstream."""

    def __init__(self) -> None:
        self.whole: dict[str, object] = {}

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        addon = ctx.master.addons.get("pact-recorder")
        path = flow.request.path.partition("?")[0]
        if path == "/break":
            self.whole = {"_intake": addon._intake, "_recorder": addon._recorder}
            addon._intake = Broken()
            addon._recorder = Broken(tally=addon._recorder.tally, mode=addon._recorder.mode)
        elif path == "/mend":
            addon.__dict__.update(self.whole)


addons = [Faulty(), RecorderAddon()]
