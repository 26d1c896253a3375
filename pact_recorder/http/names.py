"""Names of headers and fields by what they mean: hop-by-hop, volatile, secret.

Tables of whole names (lower case) and a few families by prefix. There is no test for a substring: `date` in
`X-Candidate-Id` says nothing. Secret names are recognised by their last *words*, so that `githubToken`,
`AWS_SECRET_ACCESS_KEY` and `x-vault-token` are, and `max_tokens`, `token_type` and `keyboard` are not.
"""

from __future__ import annotations

import re

from pact_recorder.http.remembering import remembered

PLACEHOLDER = re.compile(r"REDACTED-[A-Za-z0-9_]+-[0-9]{1,9}")
"""What redaction leaves in the place of a secret: `REDACTED-<name>-<number>`."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _endings(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(ending.split("_")) for ending in text.split())


HOP_BY_HOP = _names(
    """
    connection keep-alive proxy-connection proxy-authenticate proxy-authorization
    proxy-authentication-info te trailer trailers transfer-encoding upgrade http2-settings
    """
)
"""Fields of one connection only, never forwarded or stored (RFC 9110 §7.6.1, RFC 7540 §3.2.1)."""

FRAMING = HOP_BY_HOP | {"content-length"}
"""Fields that are made anew for each message, or belong to one connection."""

_TRACING = """
    traceparent tracestate baggage b3 uber-trace-id x-ot-span-context x-cloud-trace-context
    grpc-trace-bin x-trace-id x-span-id trace-id sentry-trace x-amzn-trace-id newrelic x-newrelic-id
    x-newrelic-transaction request-id x-request-id x-requestid x-correlation-id x-correlationid
    correlation-id correlation-context request-context x-transaction-id x-ms-client-request-id
    x-ms-request-id x-ms-correlation-request-id client-request-id x-client-trace-id
    x-global-transaction-id x-instana-t x-instana-s x-instana-l
    """

VOLATILE_REQUEST_HEADERS = _names(
    f"""
    {_TRACING} date content-length content-md5 digest content-digest signature-input accept-encoding
    host via forwarded x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto
    x-forwarded-server x-real-ip true-client-ip cf-connecting-ip cf-ipcountry cf-ray cf-visitor cdn-loop
    x-envoy-attempt-count x-envoy-expected-rq-timeout-ms user-agent x-user-agent x-amz-user-agent
    x-goog-api-client x-client-user-agent x-contentful-user-agent x-stripe-client-user-agent
    x-stripe-client-telemetry x-together-client-user-agent referer dnt save-data priority device-memory
    downlink ect rtt viewport-width width dpr chrome-proxy x-client-data upgrade-insecure-requests
    x-amz-date x-amz-content-sha256 x-amz-signature amz-sdk-invocation-id amz-sdk-request x-goog-date
    x-ms-date x-goog-content-sha256 x-ovh-timestamp x-ovh-signature x-auroradns-date api-request-date
    api-hmac x-nfsn-authentication x-timestamp x-request-timestamp x-request-time x-request-start
    x-queue-start x-nonce x-hub-signature x-hub-signature-256 x-signature stripe-signature
    x-slack-signature x-slack-request-timestamp x-twilio-signature x-shopify-hmac-sha256
    x-github-delivery webhook-id webhook-timestamp webhook-signature svix-id svix-timestamp
    svix-signature idempotency-key x-idempotency-key x-csrf-token x-csrftoken x-xsrf-token x-csrf
    x-amz-security-token
    """
)
"""Request headers that say nothing about which answer is wanted: clocks, ids, tracing, signatures, client."""

VOLATILE_RESPONSE_HEADERS = _names(
    f"""
    {_TRACING} date age expires last-modified etag content-md5 digest content-digest repr-digest
    content-length server-timing timing-allow-origin x-runtime x-runtime-rack x-response-time
    x-process-time x-request-time x-request-duration x-server-time x-time-taken x-elapsed-time
    elapsed-time duration x-timer x-timestamp x-envoy-upstream-service-time x-kong-proxy-latency
    x-kong-upstream-latency x-kong-request-id x-proxy-upstream-service-time openai-processing-ms
    x-compute-time x-inference-time x-queue-time x-total-time x-time-per-token x-validation-time
    contentful-origin-time x-amzn-bedrock-invocation-latency x-ms-request-duration-ms x-ovh-queryid
    x-contentful-request-id x-github-request-id x-amzn-requestid x-amz-request-id x-amz-id-2 x-amz-cf-id
    x-amz-cf-pop x-amzn-actiontrace x-ms-routing-request-id x-ms-arm-service-request-id
    x-ms-original-request-ids x-ms-operation-identifier x-ms-activity-id x-ms-transport-request-id
    x-ms-correlation-id x-msedge-ref x-azure-ref x-openstack-request-id x-compute-request-id
    openstack-request-id x-trans-id x-openstack-trans-id apim-request-id apigw-requestid
    x-fastly-request-id fastly-trace-id x-debug-trace-id paypal-debug-id mistral-correlation-id audit-id
    cf-request-id cf-ray cf-cache-status cf-auditlog-id cf-bgj cf-polished x-vercel-id x-vercel-cache
    x-nf-request-id sb-request-id fly-request-id x-railway-request-id x-render-origin-server x-served-by
    x-cache x-cache-hits x-cache-lookup x-cache-status
    x-varnish via x-via x-backend x-backend-id x-backend-server x-server-name x-hostname x-node-id
    x-rp-server-mvid x-iinfo x-fb-debug x-fb-trip-id akamai-grn akamai-request-bc x-akamai-request-id
    x-akamai-staging x-newrelic-app-data an-x-request-uuid x-connection-hash x-transaction x-logging-id
    x-task-id x-tid x-rid retry-after nel report-to reporting-endpoints alt-svc
    idempotency-key original-request requestsremainingheader x-ms-request-charge lsn x-ms-lamport-ts
    x-ms-quorum-acked-lsn x-ms-cosmos-quorum-acked-llsn x-ms-session-token
    """
)
"""Response headers whose value differs from one answer to the next without any meaning for the consumer."""

_CLIENT_HINTS = ("sec-ch-", "sec-fetch-", "x-stainless-")
_TRACING_FAMILIES = ("x-b3-", "x-datadog-", "x-instana-", "uberctx-", "ot-tracer-")
_COUNTERS = (
    "ratelimit", "x-ratelimit-", "x-rate-limit-", "fastly-ratelimit-", "anthropic-ratelimit-",
    "x-ms-ratelimit-", "x-contentful-ratelimit-",
)  # fmt: skip
_REQUEST_FAMILIES = _CLIENT_HINTS + _TRACING_FAMILIES
_RESPONSE_FAMILIES = _TRACING_FAMILIES + _COUNTERS

_SECRET_HEADERS = _names(
    """
    authorization proxy-authorization x-authorization server-authorization x-ms-authorization-auxiliary
    cookie cookie2 set-cookie set-cookie2 dpop x-wsse x-ovh-consumer x-ovh-application x-honeycomb-team
    api-hmac x-rapidapi-key x-mashape-key x-functions-key fastly-key aeg-sas-key aeg-sas-token
    x-instana-key x-auth-key ocp-apim-subscription-key x-nfsn-authentication x-client-cert
    x-forwarded-client-cert ssl-client-cert x-amzn-oidc-data x-amzn-oidc-accesstoken
    x-ms-client-principal x-goog-iap-jwt-assertion cf-access-jwt-assertion x-xsrf-token x-csrftoken
    x-csrf x-auth x-plex-token x-ha-access x-shopify-hmac-sha256
    """
)
_HARMLESS_HEADERS = _names("x-ms-session-token access-control-allow-credentials signature-input accept-signature")

# A name is secret when it ends in one of these words or word sequences.
_STRONG_ENDINGS = _endings(
    """
    password passwords passwd passwort pwd passphrase passcode pass_word pass_phrase secret pin cvv cvc
    otp totp credential credentials private_key privatekey secret_key secretkey secret_access_key card_number cardnumber
    security_code root_pass admin_pass user_pass db_pass client_secret clientsecret appsecret app_secret
    password_hash password_digest password_salt password_hash_salt password_confirmation
    password_confirm password_repeat secret_value secret_text secret_string secret_binary secret_data
    pin_code pincode otp_code mfa_code totp_code verification_code backup_code recovery_code
    recovery_key seed_phrase authorization_code auth_code
    """
)
_ENDINGS = _STRONG_ENDINGS | _endings(
    """
    token accesstoken refreshtoken idtoken authtoken usertoken sessiontoken securitytoken apitoken csrftoken
    xsrftoken bearer jwt authorization api_key apikey app_key appkey application_key access_key accesskey
    auth_key authkey account_key master_key shared_key shared_access_key access_key_secret signing_key
    encryption_key decryption_key subscription_key license_key consumer_key customer_key session_key sas_key
    saskey service_key integration_key management_key host_key function_key project_api_key write_key hmac_key
    api_secret session_id sessionid jsessionid phpsessid aspsessionid session_cookie cookie_value signature sig
    hmac oauth_verifier code_verifier client_assertion assertion saml_response samlresponse appsecret_proof
    secret_id client_key access_key_id accesskeyid csrf xsrf magic_link token_value token_secret api_key_value
    """
)
# What may follow these without making it another thing: `passwordNew`, `user[plainPassword][first]`.
_PASSWORDS = _endings("password passwd passwort pwd passphrase passcode pass_word pass_phrase secret")
_FOLLOWERS = _names(
    """
    new old current previous plain plaintext clear cleartext raw first second again retype retyped repeated verify
    verification encrypted encoded base64 b64 hashed input field user admin
    """
)
# Names that are secret only when they are the whole name.
_WHOLE_NAMES = _endings("pass auth session sas")

# Last words of cookies' names, beside those of secrets.
_SESSION_WORDS = _endings("session sess sid auth login identity")

# `next_page_token` is a cursor and `bos_token` a piece of text: the word before the last says so.
_HARMLESS_QUALIFIERS = {
    "token": _names(
        """
        next page continuation continue skip cursor sync delta last first prev previous start end
        pagination paging resume resumption marker change scroll idempotency sku max min num total count
        input output completion prompt cached reasoning generated unk bos eos pad sep cls mask special
        stop per budget
        """
    ),
    "signature": _names("method function type definition call return accept"),
    "credential": frozenset({"verifiable"}),
    "pin": _names("gpio map board"),
    "secret": frozenset({"top"}),
    "assertion": frozenset({"test"}),
}
_QUESTIONS = _names(
    """
    has have is are was require requires required force enable enables enabled disable disables disabled
    allow allows allowed use uses need needs support supports can should must show hide without no
    """
)

# A header with one of these words anywhere is secret, unless it ends in a word that says it is about the secret.
_HEADER_WORDS = _names("secret secrets password passwd passphrase")
_ABOUT = _names(
    """
    age algorithm at changed count date expires expiration expiry id length max min name names policy protection
    required reset status supported type ttl uri url version
    """
)

# Last words that say too little to look for in a text; the word before them does.
_VAGUE_WORDS = _names(
    """
    id code number hash digest salt confirm confirmation repeat phrase word link value data text string binary
    response
    """
)


def _markers() -> tuple[str, ...]:
    """Pieces of text one of which is in the lower-case spelling of every secret name, none within another."""
    words = {next(word for word in reversed(ending) if word not in _VAGUE_WORDS) for ending in _ENDINGS | _WHOLE_NAMES}
    return tuple(sorted(word for word in words if not any(other != word and other in word for other in words)))


SECRET_MARKERS = _markers()
"""A text whose lower case holds none of these names no secret field: a quick test before a closer look."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LONGEST = max(len(ending) for ending in _ENDINGS)
_LONGEST_NAME = 128  # of a longer name the end decides


def is_volatile_request_header(name: str) -> bool:
    """Whether a request header never helps to tell which answer is wanted."""
    lower = name.lower()
    return lower in VOLATILE_REQUEST_HEADERS or lower.startswith(_REQUEST_FAMILIES)


def is_volatile_response_header(name: str) -> bool:
    """Whether a response header changes from one answer to the next without a meaning for the consumer."""
    lower = name.lower()
    return lower in VOLATILE_RESPONSE_HEADERS or lower.startswith(_RESPONSE_FAMILIES)


@remembered(4096)
def is_secret_header(name: str) -> bool:
    """Whether a header's value is a credential or another secret."""
    lower = name.lower()
    if lower in _SECRET_HEADERS:
        return True
    return lower not in _HARMLESS_HEADERS and (is_secret_field(lower) or _speaks_of_secret(lower))


@remembered(8192)
def is_secret_field(name: str) -> bool:
    """Whether the value of a query, form, JSON or XML field of this name is a secret.

    Snake, kebab, camel and Pascal case are understood; the last words decide: `aws_secret_access_key`.
    """
    return are_secret(significant(split_words(name)))


@remembered(4096)
def is_session_cookie(name: str) -> bool:
    """Whether a cookie of this name says who asks: `PHPSESSID`, `connect.sid`, `_shop_session`, `remember_token`.

    One against forged requests is renewed again and again and says nothing.
    """
    words = significant(split_words(name))
    if any(marker in word for word in words for marker in ("csrf", "xsrf")):
        return False
    return words[-1:] in _SESSION_WORDS or is_secret_field(name)


@remembered(8192)
def is_strong_secret_field(name: str) -> bool:
    """Whether a field of this name holds nothing but a secret, so that even a number there is one."""
    words = significant(split_words(name))
    return are_secret(words) and are_strong(words)


def are_secret(words: tuple[str, ...]) -> bool:
    """`is_secret_field` for the significant words of a name."""
    return bool(words) and (words in _WHOLE_NAMES or (_ends_in(words, _ENDINGS) and not _is_harmless(words)))


def are_strong(words: tuple[str, ...]) -> bool:
    """`is_strong_secret_field` for the significant words of a secret name."""
    return _ends_in(words, _STRONG_ENDINGS)


@remembered(8192)
def is_secret_container(name: str) -> bool:
    """Whether an object or list of this name holds secrets: `tokens`, `apiKeys`, `secrets`, `cookies`."""
    words = significant(split_words(name))
    if not words or not words[-1].endswith("s"):
        return False
    one = (*words[:-1], words[-1][:-1])
    return one[-1] == "cookie" or (_ends_in(one, _ENDINGS) and not _is_harmless(one))


@remembered(8192)
def split_words(name: str) -> tuple[str, ...]:
    """The lower-case words of a name: `AWSAccessKeyId` gives `aws`, `access`, `key`, `id`."""
    return tuple(map(str.lower, _WORD.findall(name[-_LONGEST_NAME:])))


def significant(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without what may follow a name: `password2`, `x-hub-signature-256`, `api_token_v2`, `passwordNew`."""
    while words and words[-1].isdigit():
        words = words[:-2] if words[-2:-1] == ("v",) else words[:-1]
    if words and words[-1] in _FOLLOWERS and _ends_in(words[:-1], _PASSWORDS):
        return words[:-1]
    return words


def _speaks_of_secret(name: str) -> bool:
    words = significant(split_words(name))
    return not _HEADER_WORDS.isdisjoint(words) and words[0] not in _QUESTIONS and words[-1] not in _ABOUT


def _ends_in(words: tuple[str, ...], endings: frozenset[tuple[str, ...]]) -> bool:
    return any(words[start:] in endings for start in range(max(0, len(words) - _LONGEST), len(words)))


def _is_harmless(words: tuple[str, ...]) -> bool:
    if len(words) < 2:
        return False
    return words[0] in _QUESTIONS or words[-2] in _HARMLESS_QUALIFIERS.get(words[-1], ())
