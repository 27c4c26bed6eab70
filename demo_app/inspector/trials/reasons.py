"""For every reason of the catalogue, the request that brings it about here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from demo_app.inspector.trials.request import VALID, Request

if TYPE_CHECKING:
    from starlette.websockets import WebSocket


@dataclass(frozen=True, slots=True)
class Never:
    """What cannot happen on this server, and why."""

    why: str


#: Where a WebSocket raises before it decides.
RAISING_PATH = "/raises"

_LONG = ",".join(map(str, range(1, 2001)))

#: By code; a test proves that none is missing.
REQUESTS: dict[str, Request | Never] = {
    "method_not_get": replace(VALID, method="POST"),
    "http_version_too_old": replace(VALID, version="HTTP/1.0"),
    "host_missing": replace(VALID, hosts=()),
    "host_malformed": replace(VALID, hosts=("two words",)),
    "host_duplicated": replace(
        VALID, hosts=("{host}", "elsewhere.example"), exact=True
    ),
    "upgrade_missing": VALID.without("Upgrade"),
    "upgrade_not_websocket": VALID.but("Upgrade: h2c"),
    "connection_missing": VALID.without("Connection"),
    "connection_not_upgrade": VALID.but("Connection: keep-alive"),
    "key_missing": VALID.without("Sec-WebSocket-Key"),
    "key_malformed": VALID.but("Sec-WebSocket-Key: AAAA"),
    "key_duplicated": VALID.plus("Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=="),
    "version_missing": VALID.without("Sec-WebSocket-Version"),
    "version_unsupported": VALID.but("Sec-WebSocket-Version: 8"),
    "version_duplicated": VALID.plus("Sec-WebSocket-Version: 8"),
    "subprotocol_malformed": VALID.plus("Sec-WebSocket-Protocol: chat room"),
    "extensions_malformed": VALID.plus(
        "Sec-WebSocket-Extensions: permessage-deflate; ="
    ),
    "origin_missing": Never(
        "Clients other than browsers send no Origin, and this server accepts them; "
        "allow_missing_origin=False would reject them."
    ),
    "origin_not_allowed": VALID.plus("Origin: https://elsewhere.example"),
    "origin_duplicated": VALID.plus(
        "Origin: https://one.example", "Origin: https://two.example"
    ),
    "body_unexpected": replace(VALID.plus("Content-Length: 5"), body="hello"),
    "head_malformed": VALID.plus("Odd Name: a header name with a space in it"),
    "headers_too_large": replace(
        VALID.plus(f"X-Long: {_LONG}"), typed='-H "X-Long: $(seq -s, 2000)"'
    ),
    "http1_handshake_over_http2": Never(
        "This server does not speak HTTP/2; with hypercorn it can happen."
    ),
    "not_a_handshake": replace(VALID, headers=()),
    "server_did_not_upgrade": Never(
        "This server upgrades every valid handshake; one that was started with "
        "--ws none would not."
    ),
    "denied_by_app": replace(VALID, path="/nowhere"),
    "app_did_not_respond": replace(VALID, path=RAISING_PATH),
    "internal_error": Never("It takes a bug in ws-handshake itself. None is known."),
}


async def raise_before_deciding(_websocket: WebSocket) -> NoReturn:
    """Raise, so that the server responds by itself and the log has the exception."""
    raise LookupError("This endpoint raises on purpose, to show what comes of it.")
