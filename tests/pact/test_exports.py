import pact_recorder.pact


def test_every_exported_name_is_there_once() -> None:
    exported = pact_recorder.pact.__all__
    assert len(set(exported)) == len(exported)
    assert all(hasattr(pact_recorder.pact, name) for name in exported)
