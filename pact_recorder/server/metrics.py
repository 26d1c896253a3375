"""What a run did, as metrics: Prometheus' text, and MockServer's flat counters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.traffic_log import Kind
from pact_recorder.server.context import ControlContext
from pact_recorder.server.messages import ControlRequest, ControlResponse

PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with its samples: a value for each value of its label, or a single one."""

    name: str
    kind: str
    help: str
    samples: Mapping[str, float]
    label: str = ""


async def show_metrics(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`GET /mockserver/metrics`: what the run did, in Prometheus' text format."""
    text = "".join(_lines(metrics(context.recorder)))
    return ControlResponse(200, text.encode("utf-8", "backslashreplace"), PROMETHEUS_TYPE)


def metrics(recorder: Recorder) -> Iterator[Metric]:
    """Every metric of a run."""
    tally, log = recorder.tally, recorder.log
    outcomes = {kind.value: float(log.counts[kind]) for kind in Kind}
    yield Metric("requests_total", "counter", "Requests by what became of them.", outcomes, "outcome")
    yield _single("matches_total", "counter", "Requests that an expectation answered.", tally.answered)
    yield _single("misses_total", "counter", "Requests that no expectation answered.", tally.missed)
    yield _single("recorded_total", "counter", "Exchanges recorded, repeats included.", tally.recorded)
    yield _single("repeated_total", "counter", "Exchanges recorded that were recorded before.", tally.repeated)
    yield Metric(
        "skipped_total", "counter", "Exchanges not recorded, by reason.", _floats(tally.not_recorded), "reason"
    )
    yield _single("expectations", "gauge", "Active expectations.", len(recorder.expectations))
    yield _single("log_entries", "gauge", "Requests that the log holds in memory.", len(log))
    yield _single("log_evicted_total", "counter", "Requests that the log let go of, recorded ones too.", log.evicted)
    yield _single("log_lost", "gauge", "Requests that the log cannot give back.", log.gone)
    yield _single(
        "refused_connections_total", "counter", "Connections refused in mock mode.", tally.refused_connections
    )
    yield Metric("failures_total", "counter", "Failures in hooks, by hook.", _floats(tally.failures), "hook")
    redacted = sum(recorder.redactor.counts.values())
    yield _single("redacted_total", "counter", "Secrets redacted.", redacted)


def counters(context: ControlContext) -> Iterator[tuple[str, int]]:
    """The counters that MockServer's METRICS have, by its names."""
    tally, log = context.recorder.tally, context.recorder.log
    yield "REQUESTS_RECEIVED_COUNT", sum(log.counts.values())
    yield "EXPECTATIONS_NOT_MATCHED_COUNT", tally.missed
    yield "RESPONSE_EXPECTATIONS_MATCHED_COUNT", tally.answered
    yield "FORWARDED_REQUESTS_COUNT", log.counts[Kind.FORWARDED]
    yield "RECORDED_EXCHANGES_COUNT", tally.recorded
    yield "ACTIVE_EXPECTATIONS_COUNT", len(context.recorder.expectations)
    yield "EVICTED_REQUESTS_COUNT", log.evicted


def _single(name: str, kind: str, text: str, value: float) -> Metric:
    return Metric(name, kind, text, {"": float(value)})


def _floats(counts: Mapping[str, int]) -> dict[str, float]:
    return {name: float(count) for name, count in sorted(counts.items())}


def _lines(found: Iterable[Metric]) -> Iterator[str]:
    for metric in found:
        name = f"pact_recorder_{metric.name}"
        yield f"# HELP {name} {metric.help}\n# TYPE {name} {metric.kind}\n"
        for value, count in metric.samples.items():
            label = f'{{{metric.label}="{_escaped(value)}"}}' if metric.label else ""
            yield f"{name}{label} {count:g}\n" if count < 1e6 else f"{name}{label} {count:.0f}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
