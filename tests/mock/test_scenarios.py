from pact_recorder.mock.scenarios import STARTED, Scenarios


def test_a_scenario_starts_and_is_moved() -> None:
    scenarios = Scenarios()
    assert scenarios.current("order") == STARTED == "Started"
    scenarios.set("order", "paid")
    scenarios.set("other", "x")
    assert (scenarios.current("order"), scenarios.names()) == ("paid", ["order", "other"])
    scenarios.clear()
    assert (scenarios.current("order"), scenarios.names()) == ("Started", [])
