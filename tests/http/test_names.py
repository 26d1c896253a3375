"""Names of headers and fields: what is volatile, what is secret, and above all what is not.listed("""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import names
from pact_recorder.http.names import (
    HOP_BY_HOP,
    PLACEHOLDER,
    SECRET_MARKERS,
    VOLATILE_REQUEST_HEADERS,
    VOLATILE_RESPONSE_HEADERS,
    is_secret_container,
    is_secret_field,
    is_secret_header,
    is_session_cookie,
    is_strong_secret_field,
    is_volatile_request_header,
    is_volatile_response_header,
    split_words,
)


def listed(text: str) -> list[str]:
    return text.split()


SECRET_FIELDS = listed("""
password passwd pwd secret client_secret token access_token refresh_token id_token api_key apikey APIKey app_key
private_key authorization sessionId session-id signature sig otp pin cvv credential aws_secret_access_key githubToken
AWSSecretAccessKey SecretAccessKey SessionToken password2 X-Amz-Signature x-hub-signature-256 DD-API-KEY clientSecret
oauth_token X-Amz-Security-Token X-Amz-Credential user[password] root_pass adminPass new_password token_secret auth
__RequestVerificationToken authenticity_token primaryMasterKey sas_token SharedAccessKey code_verifier jwt JSESSIONID
passwordHash password_confirmation card_number cvc cvv2 Ocp-Apim-Subscription-Key secretText pass signing_key
secret_id AWSAccessKeyId passWord PassWord pass_word passwords passwordNew password_plain plainPassword
new_password_again user[plainPassword][first] apiTokenV2 X-Api-Token-V2
""")
HARMLESS_FIELDS = listed("""
token_type tokenizer max_tokens next_token page_token nextPageToken continuationToken $skiptoken $skipToken NextToken
public_key keyboard key secretary passwordless password_changed_at has_password ssh_key keys idempotency_key page[token]
primary_key partitionKey tokens secretName spinner pinned cookie hasPassword code requires_password author authority
design shipping typing passed bypass compass monkey keywords tokenization author_association sessions session_count
secretsCollection keyVault is_secret bos_token total_tokens signature_algorithm method_signature two_factor_auth_enabled
password_expires_at refresh_token_expiration access_tokens_url private_key_id api_key_id datasetKey 1 _ -
""")


@pytest.mark.parametrize("name", SECRET_FIELDS)
def test_secret_fields(name: str) -> None:
    assert is_secret_field(name)


@pytest.mark.parametrize("name", [*HARMLESS_FIELDS, "", "Ω", "password_" + "x" * 500])
def test_harmless_fields(name: str) -> None:
    assert not is_secret_field(name)


def test_of_a_long_name_the_end_decides() -> None:
    assert is_secret_field("x" * 500 + "_token")


@pytest.mark.parametrize(
    "name", ["tokens", "access_tokens", "apiKeys", "secrets", "credentials", "cookies", "PASSWORDS", "client_secrets"]
)
def test_names_of_several_secrets(name: str) -> None:
    assert is_secret_container(name)


@pytest.mark.parametrize("name", ["", "keys", "max_tokens", "totalTokens", "sessions", "token", "words", "has_tokens"])
def test_names_of_several_other_things(name: str) -> None:
    assert not is_secret_container(name)


@pytest.mark.parametrize("name", ["password", "userPin", "cvv", "client-secret", "otp_code", "auth_code"])
def test_fields_whose_numbers_are_secret(name: str) -> None:
    assert is_strong_secret_field(name)


@pytest.mark.parametrize("name", ["token", "signature", "session_id", "api_key", "has_password", "spin"])
def test_fields_whose_numbers_may_be_anything(name: str) -> None:
    assert not is_strong_secret_field(name)


@pytest.mark.parametrize(
    "name",
    listed("""
    Authorization proxy-authorization Cookie SET-COOKIE X-Api-Key api-key X-Auth-Token Fastly-Key DD-API-KEY
    dd-application-key x-goog-api-key Ocp-Apim-Subscription-Key X-Vault-Token PRIVATE-TOKEN X-Amz-Security-Token
    X-CSRF-Token X-Subject-Token X-Client-Secret X-Shopify-Access-Token X-Hub-Signature-256 Mcp-Session-Id
    X-Secret-Thing X-Api-Token-V2 X-Password-Plain
    """),
)
def test_secret_headers(name: str) -> None:
    assert is_secret_header(name)


@pytest.mark.parametrize(
    "name",
    listed("""
    Accept Content-Type ETag Access-Control-Allow-Credentials WWW-Authenticate X-Ms-Session-Token Sec-WebSocket-Key
    Surrogate-Key Idempotency-Key X-RateLimit-Remaining-Tokens X-OAuth-Scopes Public-Key-Pins X-Rate-Limit-Api-Token-Max
    Github-Authentication-Token-Expiration Server-Timing X-Password-Expires X-Secret-Name
    """),
)
def test_harmless_headers(name: str) -> None:
    assert not is_secret_header(name)


@pytest.mark.parametrize(
    "name",
    listed("""
    Date X-Request-Id traceparent X-B3-TraceId x-datadog-trace-id sentry-trace X-Amzn-Trace-Id X-Amz-Date User-Agent
    sec-ch-ua sec-ch-ua-platform Sec-Fetch-Mode Accept-Encoding X-Stainless-Retry-Count Via Content-Length
    """),
)
def test_volatile_request_headers(name: str) -> None:
    assert is_volatile_request_header(name)


@pytest.mark.parametrize(
    "name",
    listed("""
    Date Age X-Request-Id CF-RAY Server-Timing X-Runtime Via X-RateLimit-Remaining RateLimit-Reset RateLimit ETag
    anthropic-ratelimit-tokens-reset x-ms-ratelimit-remaining-subscription-reads X-Served-By x-amz-id-2
    """),
)
def test_volatile_response_headers(name: str) -> None:
    assert is_volatile_response_header(name)


@pytest.mark.parametrize(
    "name",
    listed("""
    X-Candidate-Id Candidate-Date Update-Id X-Api-Version Accept Content-Type Accept-Language X-Amz-Target
    If-None-Match Stripe-Version Authorization Cookie Location Content-Language Set-Cookie Link X-Total-Count
    """),
)
def test_headers_that_say_something(name: str) -> None:
    assert not is_volatile_request_header(name)
    assert not is_volatile_response_header(name)


def test_a_request_id_is_volatile_either_way_but_a_rate_limit_only_in_a_response() -> None:
    assert is_volatile_request_header("x-correlation-id") and is_volatile_response_header("x-correlation-id")
    assert is_volatile_response_header("x-ratelimit-limit") and not is_volatile_request_header("x-ratelimit-limit")


def test_the_tables_are_lower_case_header_names() -> None:
    for table in (HOP_BY_HOP, VOLATILE_REQUEST_HEADERS, VOLATILE_RESPONSE_HEADERS):
        assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in table)


def test_hop_by_hop_fields_of_the_specification() -> None:
    assert {"connection", "proxy-connection", "keep-alive", "te", "transfer-encoding", "upgrade"} <= HOP_BY_HOP


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("access_token", ("access", "token")),
        ("AWSAccessKeyId", ("aws", "access", "key", "id")),
        ("X-Api-Key", ("x", "api", "key")),
        ("user[password]", ("user", "password")),
        ("APIKey", ("api", "key")),
        ("password2", ("password", "2")),
        ("", ()),
    ],
)
def test_names_are_split_into_words(name: str, words: tuple[str, ...]) -> None:
    assert split_words(name) == words


endings = st.sampled_from(sorted(names._ENDINGS))
spellings = st.sampled_from(
    [
        "_".join,
        "-".join,
        lambda words: "".join(word.capitalize() for word in words),
        lambda words: words[0] + "".join(word.capitalize() for word in words[1:]),
        lambda words: "_".join(words).upper(),
    ]
)


@given(st.sampled_from(["my", "github", "aws", "account"]), endings, spellings)
def test_a_secret_ending_is_secret_in_every_spelling_and_has_a_marker(prefix, ending, spelling) -> None:
    name = spelling([prefix, *ending])
    assert is_secret_field(name)
    assert any(marker in name.lower() for marker in SECRET_MARKERS)


@pytest.mark.parametrize("text", ["REDACTED-access_token-1", "REDACTED-Key-42"])
def test_placeholders_are_recognised(text: str) -> None:
    assert PLACEHOLDER.fullmatch(text)


@pytest.mark.parametrize("text", ["REDACTED", "REDACTED-token", "REDACTED--1", "redacted-token-1", "REDACTED-a b-1"])
def test_other_words_are_no_placeholders(text: str) -> None:
    assert not PLACEHOLDER.fullmatch(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (name, True)
            for name in listed("sid connect.sid _shop_session PHPSESSID ASP.NET_SessionId koa.sess auth jwt")
        ),
        *((name, False) for name in listed("_ga theme csrftoken XSRF-TOKEN lang visitor side")),
    ],
)
def test_cookies_that_say_who_asks(name: str, expected: bool) -> None:
    assert is_session_cookie(name) is expected
