"""What is right to say of a request, given what a server lets an application see."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.support.other_servers import DAPHNE, HYPERCORN, HYPERCORN_OURS, WSPROTO

if TYPE_CHECKING:
    from tests.support.other_cases import Case

#: What a `websocket` scope cannot show: it has no method, servers write 1.1 into it
#: and make up what was absent, and what their parsers fix arrives fixed. The size
#: limits are for what stands behind our protocol class; it is not there.
UNSEEN_IN_WEBSOCKET = frozenset(
    [
        "method_not_get",
        "http_version_too_old",
        "host_missing",
        "upgrade_missing",
        "connection_missing",
        "key_missing",
        "version_missing",
        "head_malformed",
        "headers_too_large",
    ]
)

#: What even our check does not see under hypercorn, which hands a stream on and no
#: request: it has put the method into capitals, and the rest is its parser's.
UNSEEN_BY_OUR_HANDSHAKE = frozenset(
    ["method_not_get", "head_malformed", "headers_too_large"]
)


class Difference(NamedTuple):
    """What is said of a case behind one server, and why not what it earns."""

    codes: tuple[str, ...]
    why: str


_NO_EXTENSIONS = Difference(
    (),
    "uvicorn takes `Sec-WebSocket-Extensions` out of what it hands on",
)

_H2C = Difference(
    ("http1_handshake_over_http2",),
    "hypercorn first changes the connection to HTTP/2 with a 101 of its own; our "
    "response follows over HTTP/2",
)

_BODY = (
    "hypercorn responds to bytes behind the head by itself, with 400, while the "
    "application is asked; the reasons are in the log"
)

DIFFERENCES: dict[tuple[str, str], Difference] = {
    (WSPROTO, "an extension without a name"): _NO_EXTENSIONS,
    (WSPROTO, "extensions empty"): _NO_EXTENSIONS,
    (DAPHNE, "Host twice"): Difference(
        (),
        "daphne joins the two lines with a comma, and a comma may stand in a host name",
    ),
    (HYPERCORN, "Upgrade: h2c"): _H2C,
    (HYPERCORN_OURS, "Upgrade: h2c"): _H2C,
}

#: What a server responds by itself after it has called the application.
OVERTAKEN = {
    (HYPERCORN, "Upgrade: h2c"): _H2C.why,
    (HYPERCORN_OURS, "Upgrade: h2c"): _H2C.why,
    (HYPERCORN, "a body of 5 bytes"): _BODY,
    (HYPERCORN, "a chunked body"): _BODY,
    (DAPHNE, "an extension with a parameter that no one knows"): "daphne rejects it "
    "after the application has accepted",
}


def expected(server: str, case: Case, scope: str) -> tuple[str, ...]:
    """Return the codes with which a request is to be rejected; none, and it passes."""
    if (server, case.name) in DIFFERENCES:
        return DIFFERENCES[server, case.name].codes
    if scope == "websocket":
        ours = server == HYPERCORN_OURS
        unseen = UNSEEN_BY_OUR_HANDSHAKE if ours else UNSEEN_IN_WEBSOCKET
        return tuple(code for code in case.codes if code not in unseen)
    if case.valid:
        return ("server_did_not_upgrade",)
    return case.codes
