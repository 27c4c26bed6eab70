"""How servers respond to the trials of the demo."""

from __future__ import annotations

from demo_app.inspector.trials.catalogue import TRIALS
from demo_app.inspector.trials.reasons import Never
from ws_handshake.core.reasons import BY_CODE

#: The reasons that can be tried.
REASONS = [code for code in BY_CODE if not isinstance(TRIALS[code].sends, Never)]

_NONE = None  # no response: the client would hang

#: The statuses of uvicorn alone, with wsproto and with websockets; each 101 should have
#: been a rejection.
ALONE: dict[str, tuple[int, int | None]] = {
    "method_not_get": (400, 405),
    "http_version_too_old": (101, 101),
    "host_missing": (400, 101),
    "host_malformed": (101, 101),
    "host_duplicated": (400, 101),
    "upgrade_missing": (404, 404),
    "upgrade_not_websocket": (404, 404),
    "connection_missing": (404, 404),
    "connection_not_upgrade": (404, 404),
    "key_missing": (400, 400),
    "key_malformed": (101, 400),
    "key_duplicated": (101, 400),
    "version_missing": (400, 400),
    "version_unsupported": (426, 400),
    "version_duplicated": (426, 400),
    "subprotocol_malformed": (101, 400),
    "extensions_malformed": (101, 400),
    "origin_not_allowed": (101, 101),
    "origin_duplicated": (101, 400),
    "body_unexpected": (101, _NONE),
    "head_malformed": (400, 400),
    "headers_too_large": (101, _NONE),
    "not_a_handshake": (404, 404),
    "denied_by_app": (403, 403),
    "app_did_not_respond": (500, 500),
}

_STRIPPED = ["http_version_too_old", "upgrade_missing", "connection_not_upgrade"]
_NEITHER = ["key_missing", "version_missing"]
_TWICE = ["key_duplicated", "version_duplicated"]
_ORIGIN = ["origin_not_allowed"]

#: The codes of the violations that each cause is behind.
CODES = {
    "proxy_stripped_upgrade": _STRIPPED,
    "http2_client": ["upgrade_missing", "connection_missing"],
    "proxy_speaks_http10": ["http_version_too_old"],
    "proxy_miswrote_upgrade": ["upgrade_not_websocket"],
    "upgrade_on_every_request": _NEITHER,
    "duplicated_by_proxies": _TWICE,
    "relay_copied_handshake": _TWICE,
    "extension_blanked": ["extensions_malformed"],
    "incomplete_client": ["connection_missing"],
    "browser_tab": ["not_a_handshake"],
    "health_check": ["not_a_handshake"],
    "plain_http_client": ["not_a_handshake"],
    "hand_made_handshake": _NEITHER,
    "bridge_lost_key": ["key_missing"],
    "old_draft": ["version_unsupported"],
    "proxy_rewrote_host": _ORIGIN,
    "proxy_hid_https": _ORIGIN,
    "proxy_dropped_port": _ORIGIN,
    "development_proxy": _ORIGIN,
    "oversized_cookies": ["headers_too_large"],
    "no_route": ["denied_by_app"],
}
