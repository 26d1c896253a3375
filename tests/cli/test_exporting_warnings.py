import pytest

from pact_recorder.cli.exporting_warnings import configuration_warnings
from pact_recorder.recordings import Configuration

CONFIGURED = Configuration(providers={"a.test": "A"}, force=("/x/{id}", "/x/{name}"), forbid=("/y/^",))


@pytest.mark.parametrize(
    ("hosts", "unused", "told"),
    [
        (["a.test"], [], ["/x/{name} in pact-recorder.yaml never counts"]),
        (["a.test"], ["/x/{name}"], ["no recorded path is like /x/{name}"]),
        ([], [], ["nothing was recorded of a.test", "/x/{name} in pact-recorder.yaml never counts"]),
    ],
)
def test_each_slip_is_told_once(hosts: list[str], unused: list[str], told: list[str]) -> None:
    sentences = [*configuration_warnings(CONFIGURED, hosts, unused)]
    assert len(sentences) == len(told)
    assert all(sentence.startswith(begin) for sentence, begin in zip(sentences, told, strict=True))


def test_without_a_file_there_is_nothing_to_tell() -> None:
    assert [*configuration_warnings(Configuration(), ["a.test"], [])] == []
