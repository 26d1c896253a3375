"""Secrets by their shape, and text that only resembles them."""

import pytest

from pact_recorder.capture.secret_shapes import ShapeSearch, runs_of

SEARCH = ShapeSearch()
PAYLOAD = "eyJzdWIiOiIxMjM0NTY3ODkwIn0"


def replaced(text: str) -> str:
    return SEARCH.replace(text, runs_of(text), lambda secret, name: f"<{name}>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bearer abcdefghijklmnop1", "Bearer <bearer_token>"),
        ("sk-proj-abcdefghijklmnop1234", "<api_key>"),
        ("sk_live_4eC39HqLyjWDarjtT1", "<stripe_key>"),
        ("AIzaSyA-1234567890abcdefghijklmnopqrstu", "<google_api_key>"),
        ("ya29.a0AfH6SMBx-abcdefghijklmnop", "<google_token>"),
        ("AKIAIOSFODNN7EXAMPLE", "<aws_access_key_id>"),
        ("key=ASIAIOSFODNN7EXAMPLE;", "key=<aws_access_key_id>;"),
        ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "<github_token>"),
        ("github_pat_11ABCDEFG0abcdefghijkl_mnop", "<github_token>"),
        ("glpat-abcdefghij1234567890", "<gitlab_token>"),
        ("xoxb-123456789012-abcdefABCDEF", "<slack_token>"),
        ("SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz", "<sendgrid_key>"),
        ("npm_abcdefghijklmnopqrstuvwxyz0123456789", "<npm_token>"),
        ("whsec_abcdefghijklmnop1234", "<webhook_secret>"),
        (f"(eyJhbGciOiJIUzI1NiJ9.{PAYLOAD}.c2lnbmF0dXJl)", "(<jwt>)"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE+/=\n-----END RSA PRIVATE KEY-----\n", "<private_key>\n"),
        ("-----BEGIN PRIVATE KEY-----\\nMIIE", "<private_key>"),
        ("AKIAIOSFODNN7EXAMPLE, AKIAIOSFODNN8EXAMPLE", "<aws_access_key_id>, <aws_access_key_id>"),
    ],
)
def test_secrets_are_found(text: str, expected: str) -> None:
    assert replaced(text) == expected
    assert SEARCH.occur_in(text, runs_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bearer token",
        "Bearer authentication-is-required-here",
        'Bearer realm="x", authorization_uri="https://login.example.com/1"',
        "Bearer REDACTED-authorization-1",
        "task-1234567890abcdef1234",
        "sk-loading-indicator-animation",
        "AKIAIOSFODNN7EXAMPLEX",
        "xAKIAIOSFODNN7EXAMPLE",
        "high_ghp and ghp_short",
        "eyJhbGciOiJIUzI1NiJ9.only-two",
        "-----BEGIN PUBLIC KEY-----\nMIIE\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert replaced(text) == text
    assert not SEARCH.occur_in(text, runs_of(text))


def test_what_is_to_be_kept_is_kept() -> None:
    text = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
    assert SEARCH.replace(text, runs_of(text), lambda secret, name: None) == text


def test_runs_are_the_letters_and_digits_of_ascii() -> None:
    assert runs_of("ab-c1 é_2\udcff") == [b"ab", b"c1", b"2"]
