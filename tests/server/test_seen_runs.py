from pact_recorder.server.seen_runs import SeenRuns


def test_what_was_added_is_held_and_hardly_anything_else() -> None:
    seen = SeenRuns()
    added = [b"run%07d" % number for number in range(20_000)]
    seen.add(added)
    assert all(map(seen.may_hold, added))
    assert sum(seen.may_hold(b"other%07d" % number) for number in range(20_000)) < 20
