"""Rewrites a valid handshake in the one form that every WebSocket implementation reads.

Implementations read lists, several lines and quoted values each in their own way, and
some fail at what the RFC allows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.core.authority import is_host
from ws_handshake.core.grammar import Extension, elements, parse_extensions
from ws_handshake.core.request import (
    CONNECTION,
    CONTENT_LENGTH,
    EXTENSIONS,
    HOST,
    PROTOCOL,
    UPGRADE,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ws_handshake.core.request import RequestHead

    Header = tuple[bytes, bytes]

_absolute = re.compile(
    rb"(?:http|ws)s?://(?:([^/?#@]*+)@)?([^/?#@]*+)((?:[/?#].*+)?)",
    re.IGNORECASE | re.DOTALL,
)
_a_label = re.compile(rb"(xn-)-", re.IGNORECASE)

# RFC 7692 section 7.1.2: 8 to 15, but zlib has no window of 8 bits for what it sends.
_WINDOW_BITS = frozenset(str(bits) for bits in range(9, 16))
_DEFLATE = "permessage-deflate"
_MOST_OFFERS = 16
_FLAGS = frozenset(["server_no_context_takeover", "client_no_context_takeover"])
_WINDOWS = frozenset(["server_max_window_bits", "client_max_window_bits"])


class AbsoluteForm(NamedTuple):
    """A request target that is a whole URI, taken apart (RFC 9112 section 3.2.2)."""

    userinfo: bytes | None
    host: bytes
    rest: bytes


class Handover(NamedTuple):
    """Headers and target for the implementation.

    `host` is the Host that the application sees, where that is neither what the client
    sent nor what the implementation gets.
    """

    headers: list[Header]
    target: bytes
    host: bytes | None


def handed_over(request: RequestHead) -> Handover:
    """Return a valid request as any WebSocket implementation understands it."""
    target, authority = _origin_form(request.target)
    headers = [field for field in request.headers if field[0] != CONTENT_LENGTH]
    for name, canonical in _CANONICAL.items():
        headers = _rewritten(headers, name, canonical)
    if authority is not None:
        headers = with_host(headers, authority)
    safe = [(n, _without_a_labels(v) if n == HOST else v) for n, v in headers]
    changed = authority is not None or safe != headers
    return Handover(safe, target, dict(headers).get(HOST) if changed else None)


def with_host(headers: Sequence[Header], host: bytes) -> list[Header]:
    """Return the header lines with another Host."""
    return [(name, host if name == HOST else value) for name, value in headers]


def absolute_form(target: bytes) -> AbsoluteForm | None:
    """Return the parts of a URI for HTTP or WebSocket, valid or not; else None."""
    match = _absolute.fullmatch(target)
    return AbsoluteForm(*match.groups()) if match else None


def _rewritten(
    headers: list[Header],
    name: bytes,
    canonical: Callable[[Sequence[bytes]], bytes | None],
) -> list[Header]:
    """Put one line in the place of the first of several; no value, no line."""
    values = [value.strip(b" \t") for key, value in headers if key == name]
    value = canonical(values) if values else None
    if [value] == values or not values:
        return headers
    place = next(i for i, (key, _) in enumerate(headers) if key == name)
    rest = [(key, old) for key, old in headers if key != name]
    return rest if value is None else [*rest[:place], (name, value), *rest[place:]]


def _upgrade(values: Sequence[bytes]) -> bytes:
    single = len(values) == 1 and values[0].lower() == b"websocket"
    return values[0] if single else b"websocket"


def _connection(values: Sequence[bytes]) -> bytes:
    return values[0] if len(values) == 1 else b"Upgrade"


def _protocol(values: Sequence[bytes]) -> bytes:
    names = elements(b",".join(values))
    single = len(values) == 1 and values[0].count(b",") + 1 == len(names)
    return values[0] if single else b",".join(names)


def _extensions(values: Sequence[bytes]) -> bytes | None:
    """Keep the offers that can be taken; RFC 7692 section 5: others are declined.

    Of several for compression the first is kept, so that no implementation mixes the
    parameters of two. Of more than 16 offers the first 16 are read.
    """
    offers = parse_extensions(b",".join(values), _MOST_OFFERS + 1)
    deflate = [
        offer for offer in offers if offer.name == _DEFLATE and _can_be_taken(offer)
    ]
    kept = [o for o in offers if o.name != _DEFLATE or any(o is d for d in deflate[:1])]
    del kept[_MOST_OFFERS:]
    if len(kept) == len(offers) and len(values) == 1 and b'"' not in values[0]:
        return values[0]
    return b",".join(map(_serialized, kept)) or None


def _can_be_taken(offer: Extension) -> bool:
    """RFC 7692 section 7.1: known parameters, each once, with a value that fits."""
    names = [name for name, _ in offer.parameters]
    return len(set(names)) == len(names) and all(
        (name in _FLAGS and value is None)
        or (name in _WINDOWS and value in _WINDOW_BITS)
        or (name == "client_max_window_bits" and value is None)
        for name, value in offer.parameters
    )


def _serialized(offer: Extension) -> bytes:
    parameters = [name if v is None else f"{name}={v}" for name, v in offer.parameters]
    return ";".join([offer.name, *parameters]).encode("ascii")


def _origin_form(target: bytes) -> tuple[bytes, bytes | None]:
    """RFC 9112 section 3.2.2: the host of an absolute-form target replaces Host."""
    form = absolute_form(target)
    if form is None:
        return target, None
    rest = form.rest if form.rest.startswith(b"/") else b"/" + form.rest
    return rest, form.host if is_host(form.host) else None


def _without_a_labels(host: bytes) -> bytes:
    """Write `xn--` so that no implementation tries to decode it.

    wsproto decodes by IDNA 2003 and raises for names that IDNA 2008 allows; RFC 3986
    section 2.3: `%2D` is the same as `-`.
    """
    return _a_label.sub(rb"\1%2D", host)


_CANONICAL: dict[bytes, Callable[[Sequence[bytes]], bytes | None]] = {
    UPGRADE: _upgrade,
    CONNECTION: _connection,
    PROTOCOL: _protocol,
    EXTENSIONS: _extensions,
}
