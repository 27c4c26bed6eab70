"""Where a request can carry a secret, and how one is known again in what comes out."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.handshakes import Handshake

    Place = Callable[[Handshake, bytes], Handshake]

# Eleven characters of a secret in a row are found wherever they begin.
_WINDOW, _STEP = 8, 4


def _field(name: bytes, before: bytes = b"", after: bytes = b"") -> Place:
    return lambda h, secret: h.plus(name, before + secret + after)


#: Every way in which a request carries a secret.
PLACES: dict[str, Place] = {
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
    """Write it as it stands in base64 behind so many other bytes."""
    return base64.b64encode(b"\0" * shift + secret).decode("ascii")[4:-4]


def _is_in(shape: str, text: str, *, digits: int = 1) -> bool:
    window, step = _WINDOW * digits, _STEP * digits
    places = range(0, max(1, len(shape) - window + 1), step)
    return any(shape[at : at + window] in text for at in places)
