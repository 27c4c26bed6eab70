"""The catalogue: every reason for which an opening handshake is rejected.

`what` says what is wrong and suggests nothing, `fix` names one change and explains
nothing; why it matters is on `docs/reasons/<code>.md`. Codes are added, never renamed.
"""

from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reason:
    """One row of the catalogue: a rule, and what becomes of a request that breaks it.

    Attributes:
        code: its name in the response, the log and the address of its page.
        what: what is wrong, in one sentence.
        expected: what should have been there.
        fix: the one change to make.
        rfc: the section that has the rule.
        responsible: `client`, `client or proxy`, `policy`, `application` or `server`.
        status: the HTTP status of the response.
        header: the header that it is about, if it is about one.
        response_headers: what the RFC wants in the response as well, such as Allow.

    """

    code: str
    what: str
    expected: str
    fix: str
    rfc: str
    responsible: str = "client"
    status: int = 400
    header: str | None = None
    response_headers: tuple[tuple[bytes, bytes], ...] = ()

    def __reduce__(self) -> str:
        """Copy and pickle a row by its name: there is one of each, to ask with `is`."""
        return self.code.upper()


_client_or_proxy = partial(Reason, responsible="client or proxy")

METHOD_NOT_GET = Reason(
    code="method_not_get",
    status=405,
    what="The request method is not GET.",
    expected="GET",
    fix="Send the handshake as a GET request.",
    rfc="RFC 6455 section 4.2.1(1)",
    response_headers=((b"allow", b"GET"),),
)
HTTP_VERSION_TOO_OLD = _client_or_proxy(
    code="http_version_too_old",
    what="The request came over a version of HTTP before 1.1.",
    expected="HTTP/1.1 or later",
    fix="Speak HTTP/1.1; in nginx: proxy_http_version 1.1;",
    rfc="RFC 6455 section 4.2.1(1)",
)
HOST_MISSING = Reason(
    code="host_missing",
    header="Host",
    what="The Host header is missing or empty.",
    expected="the server's host name, with its port if that is not the default",
    fix="Send Host with the name and port from the WebSocket URL.",
    rfc="RFC 6455 section 4.2.1(2)",
)
HOST_MALFORMED = _client_or_proxy(
    code="host_malformed",
    header="Host",
    what="The Host header is not a host name or IP address with an optional port.",
    expected="host or host:port, at most 255 bytes, international names as A-labels",
    fix="Send Host with nothing but the name and port from the WebSocket URL.",
    rfc="RFC 9110 section 7.2",
)
HOST_DUPLICATED = _client_or_proxy(
    code="host_duplicated",
    header="Host",
    what="The Host header appears more than once.",
    expected="exactly one line",
    fix="Send Host once; let a proxy replace it, not add a second one.",
    rfc="RFC 9112 section 3.2",
)
UPGRADE_MISSING = _client_or_proxy(
    code="upgrade_missing",
    header="Upgrade",
    what="The Upgrade header is missing.",
    expected="websocket",
    fix="Send Upgrade: websocket, and let proxies forward it.",
    rfc="RFC 6455 section 4.2.1(3)",
)
UPGRADE_NOT_WEBSOCKET = Reason(
    code="upgrade_not_websocket",
    header="Upgrade",
    what="The Upgrade header does not list websocket.",
    expected="websocket",
    fix="Send Upgrade: websocket.",
    rfc="RFC 6455 section 4.2.1(3)",
)
CONNECTION_MISSING = _client_or_proxy(
    code="connection_missing",
    header="Connection",
    what="The Connection header is missing.",
    expected="Upgrade",
    fix="Send Connection: Upgrade, and let proxies forward it.",
    rfc="RFC 6455 section 4.2.1(4)",
)
CONNECTION_NOT_UPGRADE = _client_or_proxy(
    code="connection_not_upgrade",
    header="Connection",
    what="The Connection header does not list upgrade.",
    expected="Upgrade",
    fix="Send Connection: Upgrade, and let proxies forward it.",
    rfc="RFC 6455 section 4.2.1(4)",
)
KEY_MISSING = Reason(
    code="key_missing",
    header="Sec-WebSocket-Key",
    what="The Sec-WebSocket-Key header is missing.",
    expected="16 random bytes in base64 (24 characters)",
    fix="Send Sec-WebSocket-Key with 16 fresh random bytes in base64.",
    rfc="RFC 6455 section 4.2.1(5)",
)
KEY_MALFORMED = Reason(
    code="key_malformed",
    header="Sec-WebSocket-Key",
    what="The Sec-WebSocket-Key header is not base64 of 16 bytes.",
    expected="16 random bytes in base64 (24 characters)",
    fix="Send 16 random bytes in standard base64, padding included.",
    rfc="RFC 6455 section 4.2.1(5)",
)
KEY_DUPLICATED = _client_or_proxy(
    code="key_duplicated",
    header="Sec-WebSocket-Key",
    what="The Sec-WebSocket-Key header appears more than once.",
    expected="exactly one key",
    fix="Send Sec-WebSocket-Key once; let no proxy add another.",
    rfc="RFC 6455 section 11.3.1",
)
VERSION_MISSING = Reason(
    code="version_missing",
    header="Sec-WebSocket-Version",
    what="The Sec-WebSocket-Version header is missing.",
    expected="13",
    fix="Send Sec-WebSocket-Version: 13.",
    rfc="RFC 6455 section 4.2.1(6)",
    response_headers=((b"sec-websocket-version", b"13"),),
)
VERSION_UNSUPPORTED = Reason(
    code="version_unsupported",
    header="Sec-WebSocket-Version",
    what="The Sec-WebSocket-Version header is not 13.",
    expected="13",
    fix="Send Sec-WebSocket-Version: 13.",
    rfc="RFC 6455 section 4.4",
    response_headers=((b"sec-websocket-version", b"13"),),
)
VERSION_DUPLICATED = _client_or_proxy(
    code="version_duplicated",
    header="Sec-WebSocket-Version",
    what="The Sec-WebSocket-Version header appears more than once.",
    expected="exactly one version, 13",
    fix="Send Sec-WebSocket-Version: 13 once; let no proxy add another.",
    rfc="RFC 6455 section 11.3.5",
    response_headers=((b"sec-websocket-version", b"13"),),
)
SUBPROTOCOL_MALFORMED = Reason(
    code="subprotocol_malformed",
    header="Sec-WebSocket-Protocol",
    what="The Sec-WebSocket-Protocol header is not a list of subprotocol names.",
    expected="names without spaces or separators, such as: chat, superchat",
    fix="Send one or more tokens, separated by commas, or leave the header out.",
    rfc="RFC 6455 section 4.1(10)",
)
EXTENSIONS_MALFORMED = Reason(
    code="extensions_malformed",
    header="Sec-WebSocket-Extensions",
    what="The Sec-WebSocket-Extensions header is not a list of extensions.",
    expected="names with parameters, such as: permessage-deflate",
    fix="Send a list as in RFC 6455 section 9.1, or leave the header out.",
    rfc="RFC 6455 section 9.1",
)
ORIGIN_MISSING = Reason(
    code="origin_missing",
    status=403,
    header="Origin",
    what="The Origin header is missing, and this server requires one.",
    expected="the origin of the page that opens the connection",
    fix="Send Origin, or have the operator set allow_missing_origin=True.",
    responsible="policy",
    rfc="RFC 6455 section 10.2",
)
ORIGIN_NOT_ALLOWED = Reason(
    code="origin_not_allowed",
    status=403,
    header="Origin",
    what="The Origin header names a page that may not connect to this server.",
    expected="an origin that the operator of this server allows",
    fix="Open the page from an allowed origin, or have the operator allow this one.",
    responsible="policy",
    rfc="RFC 6455 section 4.2.2(4)",
)
ORIGIN_DUPLICATED = _client_or_proxy(
    code="origin_duplicated",
    header="Origin",
    what="The Origin header appears more than once.",
    expected="exactly one origin",
    fix="Send Origin once.",
    rfc="RFC 6454 section 7.3",
)
BODY_UNEXPECTED = Reason(
    code="body_unexpected",
    header="Content-Length",
    what="The request announces a body.",
    expected="neither Transfer-Encoding nor a Content-Length other than 0",
    fix="Send the handshake without a body.",
    rfc="RFC 9110 section 9.3.1",
)
HEAD_MALFORMED = Reason(
    code="head_malformed",
    what="The request is not well-formed HTTP.",
    expected="a request line and header lines as RFC 9112 defines them",
    fix="Send plain header lines, without control characters or spaces in names.",
    rfc="RFC 9112 section 2.2",
)
HEADERS_TOO_LARGE = _client_or_proxy(
    code="headers_too_large",
    status=431,
    what="The request line or the headers are larger than this server accepts.",
    expected="by default at most 128 header lines of at most 8,192 bytes each",
    fix="Send fewer or smaller headers; large cookies are the usual cause.",
    rfc="RFC 6585 section 5",
)
HTTP1_HANDSHAKE_OVER_HTTP2 = Reason(
    code="http1_handshake_over_http2",
    what="An HTTP/1.1 handshake came over HTTP/2 or HTTP/3.",
    expected="the handshake over HTTP/1.1, or Extended CONNECT over HTTP/2",
    fix="Let the client offer only HTTP/1.1: reqwest http1_only(), curl --http1.1.",
    rfc="RFC 8441 section 4",
)
NOT_A_HANDSHAKE = Reason(
    code="not_a_handshake",
    status=426,
    header="Upgrade",
    what="This is a WebSocket endpoint, and the request is plain HTTP.",
    expected="a WebSocket opening handshake",
    fix="Open the URL with a WebSocket client, as ws:// or wss://.",
    rfc="RFC 9110 section 15.5.22",
    response_headers=((b"upgrade", b"websocket"),),
)
SERVER_DID_NOT_UPGRADE = Reason(
    code="server_did_not_upgrade",
    status=501,
    what="The handshake is valid, but the server passed it on as plain HTTP.",
    expected="a server that hands the request over as a WebSocket",
    fix="Install a WebSocket library, such as wsproto, where the server runs.",
    responsible="server",
    rfc="RFC 9110 section 15.6.2",
)
DENIED_BY_APP = Reason(
    code="denied_by_app",
    status=403,
    what="The application closed the connection before it accepted it.",
    expected="a path, an Origin and credentials that the application accepts",
    fix="Check the path, the Origin and the credentials; the server's log says more.",
    responsible="application",
    rfc="RFC 6455 section 4.2.2(5)",
)
APP_DID_NOT_RESPOND = Reason(
    code="app_did_not_respond",
    status=500,
    what="The application ended before it accepted or closed the connection.",
    expected="websocket.accept or websocket.close from the application",
    fix="Accept or close every WebSocket; the server's log has what was raised.",
    responsible="application",
    rfc="RFC 9110 section 15.6.1",
)
INTERNAL_ERROR = Reason(
    code="internal_error",
    status=500,
    what="The check of the handshake itself failed.",
    expected="a verdict",
    fix="Tell the operator of this server, and when it happened.",
    responsible="server",
    rfc="RFC 9110 section 15.6.1",
)

CATALOGUE = (  # in the order in which violations are reported
    *(METHOD_NOT_GET, HTTP_VERSION_TOO_OLD, HOST_MISSING, HOST_MALFORMED),
    *(HOST_DUPLICATED, UPGRADE_MISSING, UPGRADE_NOT_WEBSOCKET, CONNECTION_MISSING),
    *(CONNECTION_NOT_UPGRADE, KEY_MISSING, KEY_MALFORMED, KEY_DUPLICATED),
    *(VERSION_MISSING, VERSION_UNSUPPORTED, VERSION_DUPLICATED, SUBPROTOCOL_MALFORMED),
    *(EXTENSIONS_MALFORMED, ORIGIN_MISSING, ORIGIN_NOT_ALLOWED, ORIGIN_DUPLICATED),
    *(BODY_UNEXPECTED, HEAD_MALFORMED, HEADERS_TOO_LARGE, HTTP1_HANDSHAKE_OVER_HTTP2),
    *(NOT_A_HANDSHAKE, SERVER_DID_NOT_UPGRADE, DENIED_BY_APP),
    *(APP_DID_NOT_RESPOND, INTERNAL_ERROR),
)
BY_CODE = {reason.code: reason for reason in CATALOGUE}
