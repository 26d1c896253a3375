from pathlib import Path

import pytest

from pact_recorder.errors import UsageError
from pact_recorder.server.tokens import TOKEN_VARIABLE, configured_token, read_token


def test_the_file_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(" s3cret ü\n")
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    assert configured_token(None) is None
    monkeypatch.setenv(TOKEN_VARIABLE, " ")
    assert configured_token(None) is None
    monkeypatch.setenv(TOKEN_VARIABLE, "other\n")
    assert configured_token(None) == "other"
    assert configured_token(tmp_path / "token") == "s3cret ü"


@pytest.mark.parametrize("content", [b"", b" \n", b"hidden\nlines", b"hidden\xff\xfe", b"hidden\x00b"])
def test_what_is_no_token_is_told_without_its_content(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(UsageError, match="The token file ") as caught:
        read_token(tmp_path / "token")
    assert "hidden" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_token(tmp_path / "token")
