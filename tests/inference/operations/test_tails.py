from tests.inference.operations.traffic import Sample, gets, names_of, operations_of


def content(path: str) -> Sample:
    return Sample(f"GET /repos/7/contents/{path}", {"path": path, "name": path.rpartition("/")[2]})


def test_a_path_that_answers_hold_as_a_whole_is_one_parameter() -> None:
    samples = [content("README.md"), content("lib/a.rb"), content("lib/b/c/d.rb"), *gets("/repos/7")]
    found = operations_of(samples)
    assert [operation.name for operation in found] == ["GET /repos/{repo}/contents/{path}"] * 3 + ["GET /repos/{repo}"]
    assert found[0].parameters("/repos/9/contents/x/y") == {"repo": "9", "path": "x/y"}
    assert found[0].segments[-1].tail


def test_a_pair_that_an_answer_holds_as_a_name_is_two_parameters() -> None:
    owner = {"login": "ann"}
    samples = [Sample(f"GET /repos/ann/{name}", {"full_name": f"ann/{name}", "owner": owner}) for name in ("ab", "cd")]
    assert set(names_of(samples)) == {"GET /repos/{owner}/{repo}"}


def test_paths_that_no_answer_holds_are_segments() -> None:
    samples = [Sample(f"GET /docs/{path}", {"ok": True}) for path in ("a", "a/b", "a/b/c")]
    assert names_of(samples) == ["GET /docs/a", "GET /docs/a/b", "GET /docs/a/b/c"]
