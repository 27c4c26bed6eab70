"""Hosts and serialized origins, on bytes and in linear time, as in the grammar."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

HOST_LIMIT = 255
PORT_LIMIT = 65535
DEFAULT_PORTS = {b"http": 80, b"https": 443, b"ws": 80, b"wss": 443}

# RFC 3986 section 3.2.2: reg-name = *( unreserved / pct-encoded / sub-delims )
_REG_NAME = rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})++"
_IP_LITERAL = (
    rb"\[(?:([0-9A-Fa-f:.]++)|v[0-9A-Fa-f]++\.[A-Za-z0-9\-._~!$&'()*+,;=:]++)\]"
)
_host = re.compile(rb"(" + _IP_LITERAL + rb"|" + _REG_NAME + rb")(?::([0-9]*+))?+")
_origin = re.compile(rb"([A-Za-z][A-Za-z0-9+\-.]*+)://(.++)")


class Origin(NamedTuple):
    """A serialized origin, taken apart (RFC 6454 section 4)."""

    scheme: bytes
    host: bytes
    port: int | None


def is_host(value: bytes) -> bool:
    """Return whether `value` is `uri-host [":" port]` (RFC 9110 section 7.2)."""
    return split_host(value) is not None


def split_host(value: bytes) -> tuple[bytes, int | None] | None:
    """Return the lower-case host and the port of `value`, or None if it is neither."""
    match = _host.fullmatch(value) if len(value) <= HOST_LIMIT else None
    if match is None or not _is_address(match[2]):
        return None
    port = int(match[3]) if match[3] else None
    return None if port and port > PORT_LIMIT else (match[1].lower(), port)


def _is_address(inner: bytes | None) -> bool:
    try:
        return inner is None or bool(ipaddress.IPv6Address(inner.decode("ascii")))
    except ValueError:
        return False


def parse_origin(value: bytes) -> Origin | None:
    """Return the triple of a serialized origin; `null` and anything else is None.

    The host is lower-case and without a trailing dot, the scheme's default port is
    filled in, and an internationalized name stays as it is written (A-labels).
    """
    match = _origin.fullmatch(value)
    authority = split_host(match[2]) if match else None
    if match is None or authority is None or authority[0] == b".":
        return None
    scheme, (host, port) = match[1].lower(), authority
    port = DEFAULT_PORTS.get(scheme) if port is None else port
    return Origin(scheme, host.removesuffix(b"."), port)
