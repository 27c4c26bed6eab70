"""The catalogue of failures that only a client sees: no connection, a wrong response.

As in the catalogue of reasons, `what` suggests nothing and `fix` explains nothing.
Codes are stable: added, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FailureKind:
    """One row; without a connection `headline` says so, with {host} and {port}."""

    code: str
    what: str
    fix: str
    #: By default what a client demands of a server.
    rfc: str = "RFC 6455 section 4.1"
    headline: str = ""

    @property
    def reached(self) -> bool:
        """True if there was a connection."""
        return not self.headline


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that happened; `seen` is what may be shown of the evidence.

    `better_fix` replaces the fix of the catalogue where more is known.
    """

    kind: FailureKind
    seen: str | None = None
    better_fix: str | None = None

    @property
    def fix(self) -> str:
        """The change to make."""
        return self.better_fix or self.kind.fix


# On the way to the server.

NAME_UNKNOWN = FailureKind(
    code="name_unknown",
    what="The host's name has no address.",
    fix="Check the name, and which resolver this machine uses.",
    headline="Name not found: {host} has no address.",
)
CONNECTION_REFUSED = FailureKind(
    code="connection_refused",
    what="Nothing is listening on this port.",
    fix="Start the server; check the port, and the address that it listens on.",
    headline="Connection refused: nothing is listening on port {port}.",
)
UNREACHABLE = FailureKind(
    code="unreachable",
    what="The host could not be reached.",
    fix="Check the address, and the firewalls and security groups in between.",
    headline="Not reached: there is no connection to port {port} of {host}.",
)
TLS_ON_PLAIN_PORT = FailureKind(
    code="tls_on_plain_port",
    what="The URL asks for TLS, but the port speaks plain HTTP.",
    fix="Use ws:// for this port, or give the server a certificate.",
    rfc="RFC 6455 section 4.1(5)",
)
PLAIN_ON_TLS_PORT = FailureKind(
    code="plain_on_tls_port",
    what="The URL asks for plain HTTP, but the port speaks TLS.",
    fix="Use wss:// for this port.",
    rfc="RFC 6455 section 4.1(5)",
)
TLS_FAILED = FailureKind(
    code="tls_failed",
    what="The TLS handshake failed.",
    fix="Try openssl s_client -connect HOST:PORT, and read the server's log.",
    rfc="RFC 6455 section 4.1(5)",
)
CERTIFICATE_EXPIRED = FailureKind(
    code="certificate_expired",
    what="The server's certificate has expired, or is not valid yet.",
    fix="Renew the certificate, reload the server, and check this machine's clock.",
    rfc="RFC 5280 section 4.1.2.5",
)
CERTIFICATE_WRONG_NAME = FailureKind(
    code="certificate_wrong_name",
    what="The server's certificate is for other names than the URL's.",
    fix="Use a name in the certificate, or get a certificate for this name.",
    rfc="RFC 9525 section 6",
)
CERTIFICATE_UNTRUSTED = FailureKind(
    code="certificate_untrusted",
    what="The server's certificate is not signed by anyone that this machine trusts.",
    fix="Serve the whole chain; --cacert FILE trusts your own certificate.",
    rfc="RFC 5280 section 6",
)
HTTP2_CHOSEN = FailureKind(
    code="http2_chosen",
    what="The port speaks HTTP/2 only, which has no Upgrade.",
    fix="Let the server offer http/1.1 in ALPN too, or use --http2.",
    rfc="RFC 9113 section 8.6",
)
HTTP2_NOT_CHOSEN = FailureKind(
    code="http2_not_chosen",
    what="The server does not speak HTTP/2 on this port.",
    fix="Use HTTP/1.1, or let the server offer h2 in ALPN.",
    rfc="RFC 9113 section 3.2",
)
EXTENDED_CONNECT_NOT_OFFERED = FailureKind(
    code="extended_connect_not_offered",
    what="The server speaks HTTP/2, but does not accept WebSockets over it.",
    fix="Use HTTP/1.1, or a server with Extended CONNECT, such as Hypercorn.",
    rfc="RFC 8441 section 3",
)

# No response, or none that can be read.

NO_RESPONSE = FailureKind(
    code="no_response",
    what="The server took the request, and did not respond in time.",
    fix="Read the server's log; switch WebSockets on in every proxy in between.",
)
RESPONSE_INCOMPLETE = FailureKind(
    code="response_incomplete",
    what="The server began to respond, and did not finish in time.",
    fix="Read the server's log; --timeout waits longer.",
    rfc="RFC 9112 section 8",
)
CLOSED_WITHOUT_RESPONSE = FailureKind(
    code="closed_without_response",
    what="The server closed the connection without a response.",
    fix="Read the server's log; the application may have failed.",
    rfc="RFC 9112 section 8",
)
RESPONSE_MALFORMED = FailureKind(
    code="response_malformed",
    what="What the server sent is not an HTTP response.",
    fix="Check host and port: this may be a server of another protocol.",
    rfc="RFC 9112 section 4",
)
RESPONSE_TOO_LARGE = FailureKind(
    code="response_too_large",
    what="The head of the response is larger than 64 KiB.",
    fix="Let the server send fewer or smaller headers and cookies.",
    rfc="RFC 9112 section 3",
)

# A response that does not accept the handshake.

REDIRECTED = FailureKind(
    code="redirected",
    what="The server redirects, and WebSocket clients do not follow redirects.",
    fix="Connect to the address in the redirect.",
)
HTML_INSTEAD = FailureKind(
    code="html_instead",
    what="The server responded with a web page.",
    fix="Check the path, and that it is routed to the WebSocket server.",
)
HANDSHAKE_REJECTED = FailureKind(
    code="handshake_rejected",
    what="The server rejected the handshake, and said why.",
    fix="Fix what the response names.",
    rfc="RFC 6455 section 4.2.2",
)
REJECTED_IN_FRONT = FailureKind(
    code="rejected_in_front",
    what="A proxy or gateway responded by itself, and not the server.",
    fix="Read the log of that proxy or gateway.",
)
RESPONSE_NOT_101 = FailureKind(
    code="response_not_101",
    what="The server did not accept the handshake.",
    fix="Check the path and the credentials, and read the server's log.",
)

ORIGIN_DENIED = FailureKind(
    code="origin_denied",
    what="The server accepts the handshake without this Origin, and not with it.",
    fix="Allow this origin on the server: ws-handshake explain origin_denied_by_app.",
    rfc="RFC 6455 section 10.2",
)
ORIGIN_REQUIRED = FailureKind(
    code="origin_required",
    what="The server accepts the handshake only with an Origin.",
    fix="Let the client send an origin that the server allows: --origin ORIGIN.",
    rfc="RFC 6455 section 10.2",
)

# An acceptance that a client must not take.

RESPONSE_VERSION_TOO_OLD = FailureKind(
    code="response_version_too_old",
    what="The server accepts with a version of HTTP older than 1.1.",
    fix="Let the server, or the proxy that responds, speak HTTP/1.1.",
)
RESPONSE_UPGRADE_MISSING = FailureKind(
    code="response_upgrade_missing",
    what="The response has no Upgrade header.",
    fix="Let the server send Upgrade: websocket, and every proxy forward it.",
)
RESPONSE_UPGRADE_NOT_WEBSOCKET = FailureKind(
    code="response_upgrade_not_websocket",
    what="The response's Upgrade header is not websocket.",
    fix="Let the server send Upgrade: websocket.",
)
RESPONSE_CONNECTION_MISSING = FailureKind(
    code="response_connection_missing",
    what="The response has no Connection header.",
    fix="Let the server send Connection: Upgrade, and every proxy forward it.",
)
RESPONSE_CONNECTION_NOT_UPGRADE = FailureKind(
    code="response_connection_not_upgrade",
    what="The response's Connection header does not list upgrade.",
    fix="Let the server send Connection: Upgrade, and every proxy forward it.",
)
ACCEPT_MISSING = FailureKind(
    code="accept_missing",
    what="The response has no Sec-WebSocket-Accept header.",
    fix="Let the server send it: base64 of the SHA-1 of the key and the RFC's GUID.",
    rfc="RFC 6455 section 4.2.2(5)",
)
ACCEPT_WRONG = FailureKind(
    code="accept_wrong",
    what="Sec-WebSocket-Accept does not belong to the key that was sent.",
    fix="Compute it from the key of each request; let no cache respond.",
    rfc="RFC 6455 section 4.2.2(5)",
)
ACCEPT_DUPLICATED = FailureKind(
    code="accept_duplicated",
    what="The response has more than one Sec-WebSocket-Accept header.",
    fix="Send one; let no proxy add another.",
    rfc="RFC 6455 section 11.3.3",
)
SUBPROTOCOL_NOT_OFFERED = FailureKind(
    code="subprotocol_not_offered",
    what="The server chose a subprotocol that was not offered.",
    fix="Let the server choose one that was offered, or none.",
)
SUBPROTOCOL_DUPLICATED = FailureKind(
    code="subprotocol_duplicated",
    what="The server chose more than one subprotocol.",
    fix="Let the server choose one that was offered, or none.",
    rfc="RFC 6455 section 11.3.4",
)
EXTENSION_NOT_OFFERED = FailureKind(
    code="extension_not_offered",
    what="The server uses an extension that was not offered.",
    fix="Let the server use only extensions that the client offers.",
)
RESPONSE_EXTENSIONS_MALFORMED = FailureKind(
    code="response_extensions_malformed",
    what="The response's Sec-WebSocket-Extensions is not a list of extensions.",
    fix="Send a list as in RFC 6455 section 9.1, or leave the header out.",
    rfc="RFC 6455 section 9.1",
)

# Frames.

CLOSED_AT_ONCE = FailureKind(
    code="closed_at_once",
    what="The server accepted the handshake, and closed the WebSocket at once.",
    fix="Read the server's log; the close code and its reason say more.",
    rfc="RFC 6455 section 7.4",
)
FRAME_MALFORMED = FailureKind(
    code="frame_malformed",
    what="The bytes that follow the handshake are not WebSocket frames.",
    fix="Check the proxies in between: something else wrote to the connection.",
    rfc="RFC 6455 section 5.2",
)
COMPRESSION_BLOCKED = FailureKind(
    code="compression_blocked",
    what="Frames get through only without compression (permessage-deflate).",
    fix="Switch compression off: uvicorn --ws-per-message-deflate false.",
    rfc="RFC 7692 section 6",
)
PONG_MISSING = FailureKind(
    code="pong_missing",
    what="The handshake works, but frames do not: a ping got no pong.",
    fix="Let every proxy forward bytes after the 101 without buffering.",
    rfc="RFC 6455 section 5.5.2",
)
CLOSE_MISSING = FailureKind(
    code="close_missing",
    what="The server did not respond to a close frame with one of its own.",
    fix="Let the server finish the closing handshake before it ends the connection.",
    rfc="RFC 6455 section 5.5.1",
)

#: All of them, in the order in which a client meets them, which is that above.
FAILURES: tuple[FailureKind, ...] = tuple(
    row for row in [*vars().values()] if isinstance(row, FailureKind)
)
