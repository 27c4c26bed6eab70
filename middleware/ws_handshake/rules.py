"""The rules: one function per requirement on the opening handshake.

Each takes the request, its fields and the owner's policy, and yields what it finds.
What is absent is no finding once the server has decided to upgrade; what is present
must be sound. Over HTTP/2 there is no Upgrade, Connection or Key (RFC 8441 section 5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake import grammar, reasons
from ws_handshake import head as at
from ws_handshake.redaction import SHORT, counted, measured, printable, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.head import Fields, RequestHead
    from ws_handshake.policy import Policy
    from ws_handshake.reasons import Reason

    Rule = Callable[[RequestHead, Fields, Policy], Iterator["Finding"]]

_old_version = re.compile(r"0(?:\.[0-9]+)?|1(?:\.0)?")

# ": " and CRLF around every field, " HTTP/1.1" and CRLF after the target.
_FIELD_FRAME = 4
_REQUEST_LINE_FRAME = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason that was met in a request, with what may be shown of what was there."""

    reason: Reason
    received: str | None = None


def method(head: RequestHead, _fields: Fields, _policy: Policy) -> Iterator[Finding]:
    """RFC 6455 section 4.2.1(1): a GET request; HTTP/2 has CONNECT instead."""
    expected = "CONNECT" if head.is_http2() and head.method == "CONNECT" else "GET"
    if head.method != expected and not head.upgraded:
        yield Finding(reasons.METHOD_NOT_GET, printable(head.method, SHORT))


def http_version(
    head: RequestHead, _fields: Fields, _policy: Policy
) -> Iterator[Finding]:
    """RFC 6455 section 4.2.1(1): HTTP/1.1 or higher.

    RFC 9110 section 7.8: a server MUST ignore Upgrade in an HTTP/1.0 request. Servers
    write 1.1 into `websocket` scopes whatever came, so it counts only before.
    """
    if not head.upgraded and _old_version.fullmatch(head.http_version):
        yield Finding(reasons.HTTP_VERSION_TOO_OLD, _shown_version(head))


def host(head: RequestHead, fields: Fields, _policy: Policy) -> Iterator[Finding]:
    """RFC 6455 section 4.2.1(2), RFC 9112 section 3.2: exactly one sound Host."""
    values = fields.get(at.HOST, [])
    if len(values) > 1:
        yield Finding(reasons.HOST_DUPLICATED, measured(values))
    elif not values or not values[0]:
        # hypercorn and granian make up an empty Host where there is none
        if not head.upgraded and not head.is_http2():
            yield Finding(reasons.HOST_MISSING, "empty" if values else None)
    elif not grammar.is_host(values[0]):
        yield Finding(reasons.HOST_MALFORMED, measured(values))


def upgrade(head: RequestHead, fields: Fields, policy: Policy) -> Iterator[Finding]:
    """RFC 6455 section 4.2.1(3): `websocket` among the protocols of Upgrade."""
    values = fields.get(at.UPGRADE)
    if head.is_http2():
        return
    if values is None:
        if not head.upgraded:
            yield Finding(reasons.UPGRADE_MISSING)
        return
    value = b",".join(values)
    if _is_read(head, value, policy) and not (
        grammar.is_protocol_list(value) and grammar.has_element(value, b"websocket")
    ):
        yield Finding(reasons.UPGRADE_NOT_WEBSOCKET, shown(b", ".join(values)))


def connection(head: RequestHead, fields: Fields, policy: Policy) -> Iterator[Finding]:
    """RFC 6455 section 4.2.1(4): `upgrade` among the tokens of Connection."""
    values = fields.get(at.CONNECTION)
    if head.is_http2():
        return
    if values is None:
        if not head.upgraded:
            yield Finding(reasons.CONNECTION_MISSING)
        return
    value = b",".join(values)
    if _is_read(head, value, policy) and not (
        grammar.is_token_list(value) and grammar.has_element(value, b"upgrade")
    ):
        yield Finding(reasons.CONNECTION_NOT_UPGRADE, shown(b", ".join(values)))


def key(head: RequestHead, fields: Fields, _policy: Policy) -> Iterator[Finding]:
    """RFC 6455 section 4.2.1(5): one key, base64 of 16 bytes.

    RFC 8441 section 5: over HTTP/2 the key is not processed.
    """
    values = fields.get(at.KEY)
    if head.is_http2():
        return
    if values is None:
        if not head.upgraded:
            yield Finding(reasons.KEY_MISSING)
    elif len(values) > 1 or grammar.has_several_elements(values[0]):
        yield Finding(reasons.KEY_DUPLICATED, _how_often(values))
    elif not grammar.is_nonce(values[0]):
        yield Finding(reasons.KEY_MALFORMED, measured(values))


def version(head: RequestHead, fields: Fields, _policy: Policy) -> Iterator[Finding]:
    """RFC 6455 section 4.2.1(6): Sec-WebSocket-Version is 13, and there once."""
    values = fields.get(at.VERSION)
    if values is None:
        if not head.upgraded:
            yield Finding(reasons.VERSION_MISSING)
    elif len(values) > 1 or grammar.has_several_elements(values[0]):
        yield Finding(reasons.VERSION_DUPLICATED, shown(b", ".join(values)))
    elif values[0] != b"13":
        yield Finding(reasons.VERSION_UNSUPPORTED, shown(values[0]))


def subprotocol(head: RequestHead, fields: Fields, policy: Policy) -> Iterator[Finding]:
    """RFC 6455 section 4.1(10): a list of tokens, one at least."""
    values = fields.get(at.PROTOCOL, [])
    value = b",".join(values)
    if values and _is_read(head, value, policy) and not grammar.is_token_list(value):
        yield Finding(reasons.SUBPROTOCOL_MALFORMED, measured(values))


def extensions(head: RequestHead, fields: Fields, policy: Policy) -> Iterator[Finding]:
    """RFC 6455 section 9.1: an `extension-list`; else the connection MUST fail."""
    values = fields.get(at.EXTENSIONS, [])
    value = b",".join(values)
    unread = not values or not _is_read(head, value, policy)
    if not unread and not grammar.is_extension_list(value):
        yield Finding(reasons.EXTENSIONS_MALFORMED, measured(values))


def origin(head: RequestHead, fields: Fields, policy: Policy) -> Iterator[Finding]:
    """RFC 6455 section 10.2, RFC 6454 section 7.3: at most one, and one we trust."""
    values = fields.get(at.ORIGIN, [])
    if not values:
        if not policy.allow_missing_origin:
            yield Finding(reasons.ORIGIN_MISSING)
    elif len(values) > 1 or grammar.has_several_elements(values[0]):
        yield Finding(reasons.ORIGIN_DUPLICATED, _how_often(values))
    elif policy.allowed_origins is not None:
        ours = b"".join(fields.get(at.HOST, [])[:1])
        if not policy.allows(values[0], host=ours, scheme=head.scheme):
            yield Finding(reasons.ORIGIN_NOT_ALLOWED, measured(values))


def body(_head: RequestHead, fields: Fields, _policy: Policy) -> Iterator[Finding]:
    """RFC 9110 section 9.3.1: content in a GET request has no meaning."""
    lengths = fields.get(at.CONTENT_LENGTH, [])
    if at.TRANSFER_ENCODING in fields:
        yield Finding(reasons.BODY_UNEXPECTED, "Transfer-Encoding")
    elif any(not length or length.strip(b"0") for length in lengths):
        yield Finding(reasons.BODY_UNEXPECTED, "Content-Length other than 0")


def size(head: RequestHead, fields: Fields, policy: Policy) -> Iterator[Finding]:
    """RFC 6585 section 5: no more than the implementation behind us takes.

    Lines of one list are one field, so they count together.
    """
    number = len(head.headers)
    if head.upgraded:
        return
    if number > policy.limits.lines:
        yield Finding(reasons.HEADERS_TOO_LARGE, counted(number, "header line"))
    elif (longest := _longest_line(head, fields)) > policy.limits.line_bytes:
        told = f"a line of {counted(longest, 'byte')}"
        yield Finding(reasons.HEADERS_TOO_LARGE, told)


def _longest_line(head: RequestHead, fields: Fields) -> int:
    first = len(head.method) + len(head.target) + _REQUEST_LINE_FRAME
    field = max(map(len, map(b"".join, head.headers)), default=0)
    listed = max(
        len(name) + len(b",".join(fields.get(name, ())))
        for name in (at.UPGRADE, at.CONNECTION, at.PROTOCOL, at.EXTENSIONS)
    )
    return max(first, field + _FIELD_FRAME, listed + _FIELD_FRAME)


def transport(head: RequestHead, fields: Fields, _policy: Policy) -> Iterator[Finding]:
    """RFC 8441 section 4, RFC 9113 section 8.2.2: no HTTP/1.1 handshake over HTTP/2."""
    if not head.is_http2():
        return
    if (
        at.UPGRADE in fields
        or at.CONNECTION in fields
        or (at.KEY in fields and not head.upgraded and head.method != "CONNECT")
    ):
        yield Finding(reasons.HTTP1_HANDSHAKE_OVER_HTTP2, _shown_version(head))


def _is_read(head: RequestHead, value: bytes, policy: Policy) -> bool:
    """Leave a list to `size` that is too long for one line, where that rule looks."""
    return head.upgraded or len(value) <= policy.limits.line_bytes


def _shown_version(head: RequestHead) -> str:
    return printable(f"HTTP/{head.http_version}", SHORT)


def _how_often(values: list[bytes]) -> str:
    return measured(values) if len(values) > 1 else "a list"


#: The rules, in the order of the catalogue.
RULES: tuple[Rule, ...] = (
    method,
    http_version,
    host,
    upgrade,
    connection,
    key,
    version,
    subprotocol,
    extensions,
    origin,
    body,
    size,
    transport,
)
