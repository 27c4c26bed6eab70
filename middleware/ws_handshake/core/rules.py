"""The rules: one function per requirement on the opening handshake.

Each takes the request, its fields and the operator's policy, and returns a Violation or
None. What is absent is no violation once the server has decided to upgrade; what is
present must be valid. Over HTTP/2 there is no Upgrade, Connection or Key (RFC 8441
section 5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.core import authority, field_flaws, flaws, grammar, reasons
from ws_handshake.core.authority_flaws import of_host, of_origin
from ws_handshake.core.redaction import (
    counted,
    measured,
    method_only,
    numbers_only,
    tokens_only,
    version_only,
)
from ws_handshake.core.request import (
    CONNECTION,
    CONTENT_LENGTH,
    EXTENSIONS,
    HOST,
    KEY,
    ORIGIN,
    PROTOCOL,
    TRANSFER_ENCODING,
    UPGRADE,
    VERSION,
)
from ws_handshake.core.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.core.flaws import Flaw
    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import Fields, RequestHead

    Rule = Callable[[RequestHead, Fields, Policy], Violation | None]

_old_version = re.compile(r"0(?:\.[0-9]+)?|1(?:\.0)?")

_LISTS = (UPGRADE, CONNECTION, PROTOCOL, EXTENSIONS)

# ": " and CRLF around every field, " HTTP/1.1" and CRLF after the target.
_FIELD_FRAME = 4
_REQUEST_LINE_FRAME = 12


def method(request: RequestHead, _fields: Fields, _policy: Policy) -> Violation | None:
    """RFC 6455 section 4.2.1(1): a GET request; HTTP/2 has CONNECT instead."""
    expected = (
        "CONNECT" if request.is_http2() and request.method == "CONNECT" else "GET"
    )
    if request.method == expected or request.upgraded:
        return None
    length = counted(len(request.method), "character")
    flaw = flaws.METHOD_CASE if request.method.upper() == "GET" else None
    shown = method_only(request.method) or length
    return Violation(reasons.METHOD_NOT_GET, shown, flaw)


def http_version(
    request: RequestHead, _fields: Fields, _policy: Policy
) -> Violation | None:
    """RFC 6455 section 4.2.1(1): HTTP/1.1 or higher.

    RFC 9110 section 7.8: a server MUST ignore Upgrade in an HTTP/1.0 request. Servers
    write 1.1 into `websocket` scopes whatever came, so it counts only before.
    """
    if request.upgraded or not _old_version.fullmatch(request.http_version):
        return None
    return Violation(reasons.HTTP_VERSION_TOO_OLD, _shown_version(request))


def host(request: RequestHead, fields: Fields, _policy: Policy) -> Violation | None:
    """RFC 6455 section 4.2.1(2), RFC 9112 section 3.2: exactly one valid Host."""
    values = fields.get(HOST) or []
    if len(values) > 1:
        return Violation(reasons.HOST_DUPLICATED, measured(values))
    if not values or not values[0]:
        # hypercorn and granian make up an empty Host where there is none
        excused = request.upgraded or request.is_http2()
        received = "empty" if values else None
        return None if excused else Violation(reasons.HOST_MISSING, received)
    if authority.is_host(values[0]):
        return None
    return _malformed(reasons.HOST_MALFORMED, values, of_host(values[0]))


def upgrade(request: RequestHead, fields: Fields, policy: Policy) -> Violation | None:
    """RFC 6455 section 4.2.1(3): `websocket` among the protocols of Upgrade."""
    values = fields.get(UPGRADE)
    if request.is_http2():
        return None
    if values is None:
        return None if request.upgraded else Violation(reasons.UPGRADE_MISSING)
    value = b",".join(values)
    if not _is_read(request, value, policy) or (
        grammar.is_protocol_list(value) and grammar.has_element(value, b"websocket")
    ):
        return None
    return Violation(
        reasons.UPGRADE_NOT_WEBSOCKET, tokens_only(values) or measured(values)
    )


def connection(
    request: RequestHead, fields: Fields, policy: Policy
) -> Violation | None:
    """RFC 6455 section 4.2.1(4): `upgrade` among the tokens of Connection."""
    values = fields.get(CONNECTION)
    if request.is_http2():
        return None
    if values is None:
        return None if request.upgraded else Violation(reasons.CONNECTION_MISSING)
    value = b",".join(values)
    if not _is_read(request, value, policy) or (
        grammar.is_token_list(value) and grammar.has_element(value, b"upgrade")
    ):
        return None
    return Violation(
        reasons.CONNECTION_NOT_UPGRADE, tokens_only(values) or measured(values)
    )


def key(request: RequestHead, fields: Fields, _policy: Policy) -> Violation | None:
    """RFC 6455 section 4.2.1(5): one key, base64 of 16 bytes.

    RFC 8441 section 5: over HTTP/2 the key is not processed.
    """
    values = fields.get(KEY)
    if request.is_http2():
        return None
    if values is None:
        return None if request.upgraded else Violation(reasons.KEY_MISSING)
    if len(values) > 1 or grammar.has_several_elements(values[0]):
        return Violation(reasons.KEY_DUPLICATED, _how_often(values))
    if grammar.is_nonce(values[0]):
        return None
    return _malformed(reasons.KEY_MALFORMED, values, field_flaws.of_key(values[0]))


def version(request: RequestHead, fields: Fields, _policy: Policy) -> Violation | None:
    """RFC 6455 section 4.2.1(6): Sec-WebSocket-Version is 13, and there once."""
    values = fields.get(VERSION)
    if values is None:
        return None if request.upgraded else Violation(reasons.VERSION_MISSING)
    if len(values) > 1 or grammar.has_several_elements(values[0]):
        reason = reasons.VERSION_DUPLICATED
    elif values[0] == b"13":
        return None
    else:
        reason = reasons.VERSION_UNSUPPORTED
    flaw = field_flaws.of_version(b",".join(values))
    return _malformed(reason, values, flaw, numbers_only(values))


def subprotocol(
    request: RequestHead, fields: Fields, policy: Policy
) -> Violation | None:
    """RFC 6455 section 4.1(10): a list of tokens, one at least."""
    values = fields.get(PROTOCOL) or []
    value = b",".join(values)
    unread = not values or not _is_read(request, value, policy)
    if unread or grammar.is_token_list(value):
        return None
    flaw = field_flaws.of_protocols(value)
    return _malformed(reasons.SUBPROTOCOL_MALFORMED, values, flaw)


def extensions(
    request: RequestHead, fields: Fields, policy: Policy
) -> Violation | None:
    """RFC 6455 section 9.1: an `extension-list`; else the connection MUST fail."""
    values = fields.get(EXTENSIONS) or []
    value = b",".join(values)
    unread = not values or not _is_read(request, value, policy)
    if unread or grammar.is_extension_list(value):
        return None
    flaw = field_flaws.of_extensions(value)
    return _malformed(reasons.EXTENSIONS_MALFORMED, values, flaw)


def origin(request: RequestHead, fields: Fields, policy: Policy) -> Violation | None:
    """RFC 6455 section 10.2, RFC 6454 section 7.3: at most one, and one we trust."""
    values = fields.get(ORIGIN) or []
    if not values:
        missed = not policy.allow_missing_origin
        return Violation(reasons.ORIGIN_MISSING) if missed else None
    if len(values) > 1 or grammar.has_several_elements(values[0]):
        return Violation(reasons.ORIGIN_DUPLICATED, _how_often(values))
    ours = b"".join((fields.get(HOST) or [])[:1])
    if policy.allowed_origins is None or policy.allows(
        values[0], host=ours, scheme=request.scheme
    ):
        return None
    flaw = of_origin(values[0], ours, same_origin=policy.same_origin)
    return _malformed(reasons.ORIGIN_NOT_ALLOWED, values, flaw)


def body(_request: RequestHead, fields: Fields, _policy: Policy) -> Violation | None:
    """RFC 9110 section 9.3.1: content in a GET request has no meaning."""
    lengths = fields.get(CONTENT_LENGTH) or []
    if fields.get(TRANSFER_ENCODING) is not None:
        return Violation(reasons.BODY_UNEXPECTED, "Transfer-Encoding")
    if any(not length or length.strip(b"0") for length in lengths):
        return Violation(reasons.BODY_UNEXPECTED, "Content-Length other than 0")
    return None


def size(request: RequestHead, fields: Fields, policy: Policy) -> Violation | None:
    """RFC 6585 section 5: no more than the implementation behind us takes.

    Lines of one list are one field, so they count together.
    """
    number = len(request.headers)
    if request.upgraded:
        return None
    if number > policy.limits.lines:
        return Violation(reasons.HEADERS_TOO_LARGE, counted(number, "header line"))
    longest = _longest_line(request, fields)
    if longest <= policy.limits.line_bytes:
        return None
    received = f"a line of {counted(longest, 'byte')}"
    return Violation(reasons.HEADERS_TOO_LARGE, received)


def _longest_line(request: RequestHead, fields: Fields) -> int:
    first = len(request.method) + len(request.target) + _REQUEST_LINE_FRAME
    field = max(map(len, map(b"".join, request.headers)), default=0)
    longest = max(first, field + _FIELD_FRAME)
    for name in _LISTS:
        values = fields.get(name)
        if values is not None and len(values) > 1:
            listed = len(name) + len(b",".join(values)) + _FIELD_FRAME
            longest = max(longest, listed)
    return longest


def transport(
    request: RequestHead, fields: Fields, _policy: Policy
) -> Violation | None:
    """RFC 8441 section 4, RFC 9113 section 8.2.2: no HTTP/1.1 handshake over HTTP/2."""
    if not request.is_http2():
        return None
    upgrade, connection, key = map(fields.get, (UPGRADE, CONNECTION, KEY))
    keyed = key is not None and not request.upgraded and request.method != "CONNECT"
    if upgrade is not None or connection is not None or keyed:
        return Violation(reasons.HTTP1_HANDSHAKE_OVER_HTTP2, _shown_version(request))
    return None


def _is_read(request: RequestHead, value: bytes, policy: Policy) -> bool:
    """Leave a list to `size` that is too long for one line, where that rule looks."""
    return request.upgraded or len(value) <= policy.limits.line_bytes


def _shown_version(request: RequestHead) -> str:
    version = version_only(request.http_version)
    length = counted(len(request.http_version), "character")
    return f"HTTP/{version}" if version else length


def _malformed(
    reason: Reason, values: list[bytes], flaw: Flaw | None, shown: str | None = None
) -> Violation:
    size = measured(values)
    return Violation(reason, shown or (f"{size}, {flaw.what}" if flaw else size), flaw)


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
