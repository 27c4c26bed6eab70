"""Where a request can carry a secret, and how one is known again in what comes out."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.handshakes import Handshake

    Place = Callable[[Handshake, bytes], Handshake]

# Eleven characters of a secret in a row are found wherever they begin.
_WINDOW, _STEP = 8, 4


def _field(name: bytes, before: bytes = b"", after: bytes = b"") -> Place:
    return lambda h, secret: h.plus(name, before + secret + after)


def _first(before: str, after: str = "GET") -> Place:
    """Put it before the request line, where a parser takes it for the method."""

    def place(handshake: Handshake, secret: bytes) -> Handshake:
        return handshake.asked(method=before + secret.decode("latin-1") + after)

    return place


def _target(before: bytes, after: bytes = b"") -> Place:
    return lambda h, secret: h.asked(target=before + secret + after)


def _folded(name: bytes, before: bytes) -> Place:
    """Put it into a line that was folded into another one."""
    return lambda h, secret: h.but(name, _FOLDABLE[name] + before + secret)


def _posted(handshake: Handshake, secret: bytes) -> Handshake:
    """Put it into the body of a request that stands before, in the same bytes."""
    body = "user=anna&password=" + secret.decode("latin-1")
    head = f"POST {BEFORE} HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n\r\n"
    return handshake.asked(method=f"{head}{body}{handshake.method}")


def _proxied(handshake: Handshake, secret: bytes) -> Handshake:
    """Put it into the binary header of a proxy, which has room for anything."""
    before = f"\r\n\r\n\0\r\nQUIT\n!\x11\0{chr(len(secret))}"
    return _first(before)(handshake, secret)


#: The path of the request that stands before another one.
BEFORE = "/before"
_FOLDABLE = {
    b"upgrade": b"websocket",
    b"connection": b"Upgrade",
    b"host": b"example.com",
    b"sec-websocket-version": b"13",
    b"user-agent": b"curl/8.5 (a: b)",
    b"origin": b"https://example.com",
    b"sec-websocket-protocol": b"chat",
}
_COOKIE, _BEARER = b"\r\n Cookie: session=", b"\r\n\tAuthorization: Bearer "
_END = " HTTP/1.1\r\nx-y:"

_IN_FRONT: dict[str, Place] = {
    "method": _first("", ""),
    "before the method": _first(""),
    "rest of a form": _first("user=anna&password="),
    "rest of a text": _first("hello ", " GET"),
    "rest with a path": _first("hello /", " GET"),
    "cookie first": _first("Cookie: session=", "\r\nGET"),
    "path in a cookie first": _first("Cookie: /", "\r\nGET"),
    "bearer first": _first("Authorization: Bearer ", "\r\nGET"),
    "no method": _first("/ws?token=", _END),
    "tab in the request line": _first("GET\t/ws?token=", "\tHTTP/1.1\r\nx-y:"),
    "nbsp in the request line": _first("GET\xa0/ws?token=", _END),
    "proxy line": _first("PROXY TCP4 ", " 192.0.2.1 1 2\r\nGET"),
    "proxy header": _proxied,
    "request before": _posted,
}
_IN_TARGETS: dict[str, Place] = {
    "user alone": _target(b"", b"@h:9443/ws"),
    "authority form": _target(b"user:", b"@h:9443/ws"),
    "one slash": _target(b"http:/u:", b"@h/ws"),
    "encoded slashes": _target(b"http:%2F%2Fu:", b"@h/ws"),
    "encoded authority": _target(b"%2F%2fu%3a", b"%40h%2Fws"),
    "backslashes": _target(b"http:\\\\u:", b"@h/ws"),
    "slash in a password": _target(b"http://u:a/", b"@h/ws"),
    "mark in a password": _target(b"//u:", b"?a@h/ws"),
    "twice encoded query": _target(b"/ws%253Ftoken="),
    "encoded fragment": _target(b"/ws%2523"),
    "parameter": _target(b"/ws;jsessionid="),
    "query without a mark": _target(b"/ws&token="),
    "no path": _target(b"session="),
}
_IN_FOLDED_LINES: dict[str, Place] = {
    f"{kind} folded into {name.decode()}": _folded(name, before)
    for name in _FOLDABLE
    for kind, before in {"cookie": _COOKIE, "bearer": _BEARER}.items()
} | {
    "word folded into upgrade": _folded(b"upgrade", b",\r\n "),
    "word folded into connection": _folded(b"connection", b",\r\n "),
    "word folded into a version": _folded(b"sec-websocket-version", b",\r\n "),
}

#: Every way in which a request carries a secret.
PLACES: dict[str, Place] = {
    **_IN_FRONT,
    **_IN_TARGETS,
    **_IN_FOLDED_LINES,
    "query": lambda h, s: h.asked(target=h.target + b"?token=" + s),
    "encoded query": lambda h, s: h.asked(target=h.target + b"%3Ftoken=" + s),
    "fragment": lambda h, s: h.asked(target=h.target + b"#" + s),
    "userinfo": lambda h, s: h.asked(target=b"http://u:" + s + b"@h" + h.target),
    "userinfo in a path": lambda h, s: h.asked(target=b"//u:" + s + b"@h/ws"),
    "cookie": _field(b"cookie", b"session="),
    "authorization": _field(b"authorization", b"Bearer "),
    "proxy": _field(b"proxy-authorization", b"Basic "),
    "api key": _field(b"x-api-key"),
    "name of a field": lambda h, s: h.plus(b"x-" + s, b"1"),
    "key": lambda h, s: h.but(b"sec-websocket-key", s),
    "two keys": _field(b"sec-websocket-key"),
    "hixie key": _field(b"sec-websocket-key1"),
    "protocol": _field(b"sec-websocket-protocol"),
    "bearer": _field(b"sec-websocket-protocol", b"Bearer "),
    "bearer in a token": _field(
        b"sec-websocket-protocol", b"chat, base64url.bearer.authorization.k8s.io."
    ),
    "extensions": _field(b"sec-websocket-extensions", b"x="),
    "quoted extension": _field(b"sec-websocket-extensions", b'x; a="', b'"'),
    "host": lambda h, s: h.but(b"host", b"user:" + s + b"@example.com"),
    "path in host": lambda h, s: h.but(b"host", b"example.com/" + s),
    "encoded user in host": lambda h, s: h.but(b"host", b"u%3A" + s + b"%40h"),
    "cookie in host": lambda h, s: h.but(b"host", b"session=" + s),
    "encoded user in origin": _field(b"origin", b"https://u%3A", b"%40evil.example"),
    "upgrade": lambda h, s: h.but(b"upgrade", s),
    "option of connection": lambda h, s: h.but(b"connection", b"Upgrade, " + s),
    "version": lambda h, s: h.but(b"sec-websocket-version", b"13, " + s),
    "two hosts": _field(b"host", b"example.com/"),
    "origin": _field(b"origin", b"https://u:", b"@evil.example"),
    "path in origin": _field(b"origin", b"https://evil.example/"),
    "no origin": _field(b"origin"),
    "length": _field(b"content-length"),
    "coding": _field(b"transfer-encoding"),
    "referer": _field(b"referer", b"https://example.com/?token="),
    "forwarded host": _field(b"x-forwarded-host"),
    "via": _field(b"via", b"1.1 "),
    "http2 settings": _field(b"http2-settings"),
    "body": lambda h, s: h.plus(b"content-length", b"%d" % len(s)).asked(body=s),
    "odd line": lambda h, s: h.plus(b"x\x00y", s + b"\x00"),
    # on the wire that is a line without a colon, and what continues it
    "no field": lambda h, s: h.plus(b"authorization\r\n Bearer " + s, b"1"),
}


def leaks(text: str, secret: bytes) -> list[str]:
    """Return what of a secret is in a text, plain or encoded."""
    plain = secret.decode("latin-1")
    shapes = {plain, quote(secret), plain.encode("unicode_escape").decode("ascii")}
    shapes |= {_in_base64(secret, shift) for shift in range(3)}
    lowered = text.lower()
    found = [shape for shape in shapes if _is_in(shape.lower(), lowered)]
    # two digits are one character; eight of them are in many a number by chance
    in_hex = [secret.hex()] if _is_in(secret.hex(), lowered, digits=2) else []
    return sorted([*found, *in_hex])


def _in_base64(secret: bytes, shift: int) -> str:
    """Write it as it is in base64 after so many other bytes."""
    return base64.b64encode(b"\0" * shift + secret).decode("ascii")[4:-4]


def _is_in(shape: str, text: str, *, digits: int = 1) -> bool:
    window, step = _WINDOW * digits, _STEP * digits
    places = range(0, max(1, len(shape) - window + 1), step)
    return any(shape[at : at + window] in text for at in places)
