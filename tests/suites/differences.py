"""Where other people's tests come out otherwise with us in place, and why.

A difference is a test that passes without us and fails with us. What it printed must
hold what its reason says, so that one that fails for something else is a new one.
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """Why a test of others fails with us in place, and what its failure shows."""

    why: str
    shows: str


REJECTED = Reason(
    "It sends a broken handshake, and wants the application's page; it gets our 400.",
    "application/problem+json",
)
OUR_WORDS = Reason(
    "It sends a broken handshake, and wants the words of uvicorn's 400; it gets ours.",
    "urn:ws-handshake:",
)
LATER = Reason(
    "It wants the WebSocket implementation's rejection at once; the middleware's comes "
    "from the application's task, which the test does not run.",
    "assert b'HTTP/1.1 426 ' in b''",
)
NO_WARNING = Reason(
    "It wants uvicorn's line `Unsupported upgrade request.`; a rejection is logged "
    "instead.",
    "assert 'Unsupported upgrade request.' in",
)
VERDICT = Reason(
    "It wants a WebSocket's state to hold nothing but what it put there; our verdict "
    "is in it, as documented.",
    "'websocket_handshake': <Verdict",
)
WRAPPED = Reason(
    "It wants the loaded application to be its own object; ours wraps it.",
    "WebSocketHandshakeMiddleware object",
)

_HTTP = "tests/protocols/test_http.py::"
_CONFIG = "tests/test_config.py::"
_UVICORN = {
    f"{_HTTP}test_supported_upgrade_request": (LATER, REJECTED),
    f"{_HTTP}test_unsupported_ws_upgrade_request": (REJECTED,),
    f"{_HTTP}test_unsupported_ws_upgrade_request_warn_on_auto": (REJECTED,),
    f"{_HTTP}test_http2_upgrade_request": (REJECTED,),
    f"{_HTTP}test_header_upgrade_is_not_websocket_depend_installed": (
        NO_WARNING,
        REJECTED,
    ),
    f"{_HTTP}test_header_upgrade_is_websocket_depend_not_installed": (REJECTED,),
    "tests/protocols/test_websocket.py::test_invalid_upgrade": (OUR_WORDS,),
    "tests/protocols/test_websocket.py::test_lifespan_state": (VERDICT,),
    f"{_CONFIG}test_wsgi_app": (WRAPPED,),
    f"{_CONFIG}test_app_factory": (WRAPPED,),
}

#: By package; a test is named without its parameters.
LISTED: dict[str, dict[str, tuple[Reason, ...]]] = {"uvicorn": _UVICORN}


def reason_for(package: str, name: str, shown: str) -> Reason | None:
    """Return why a test differs, or None if that is in no list."""
    bare, _, _ = name.partition("[")
    reasons = LISTED.get(package, {}).get(bare, ())
    return next((reason for reason in reasons if reason.shows in shown), None)
