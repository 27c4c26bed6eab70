"""What may be shown of a request that we sent, and of the response.

It holds on one's own terminal too: what it shows is recorded, and pasted into reports.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from ws_handshake.cli.text import shown
from ws_handshake.core.grammar import elements
from ws_handshake.core.redaction import counted
from ws_handshake.core.request import PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ws_handshake.core.request import RequestHead

# Of a request we show what we wrote ourselves; a subprotocol may hold a secret.
_OURS = frozenset(
    [
        *(b"host", b"upgrade", b"connection", b"user-agent", b"origin"),
        *(b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-extensions"),
    ]
)
_SECRET_IN_RESPONSES = frozenset([b"set-cookie", b"authorization", b"cookie"])
_ADDRESSES = frozenset([b"location", b"content-location", b"refresh", b"link"])
_LONGEST_NAME = 32
# Some servers encode the "?"; what follows it is a query all the same.
_END = re.compile(r"[?#]|%(?:25)*+(?:3[Ff]|23)")


def shown_protocol(name: bytes) -> str:
    """Return a subprotocol; of a long one, which may hold a secret, the length."""
    if len(name) > _LONGEST_NAME:
        return f"a name of {counted(len(name), 'character')}"
    return shown(name)


def without(secrets: Iterable[str], body: bytes) -> bytes:
    """Return a body without what was sent and is not shown: error pages repeat it."""
    found = {form for secret in secrets for form in (secret, html.escape(secret))}
    for secret in sorted(found, key=len, reverse=True):
        body = body.replace(secret.encode(), b"...")
    return body


def request_lines(request: RequestHead, own: frozenset[bytes]) -> tuple[str, ...]:
    """Return the lines of a request; of the fields in `own` only the length.

    These are the names, in lower case, that the user set by --header.
    """
    target = request.target.partition(b"?")
    path = shown(target[0]) + ("?..." if target[1] else "")
    first = f"{shown(request.method)} {path} HTTP/{request.http_version}"
    return (first, *(_request_line(*pair, own) for pair in request.headers))


def _request_line(name: bytes, value: bytes, own: frozenset[bytes]) -> str:
    known = name.lower() not in own
    if known and name.lower() in _OURS:
        return f"{shown(name)}: {shown(value)}"
    if known and name.lower() == PROTOCOL:
        return f"{shown(name)}: {', '.join(map(shown_protocol, elements(value)))}"
    return f"{shown(name)}: {_length(value)}"


def shown_field(name: bytes, value: bytes) -> str:
    """Return the value of a response header, as it may be shown."""
    if name.lower() in _SECRET_IN_RESPONSES:
        return _length(value)
    if name.lower() in _ADDRESSES:
        return shown_address(value)
    return shown(value)


def shown_address(value: bytes) -> str:
    """Return an address without user, query and fragment."""
    text = value.decode("latin-1")
    bare = _END.split(text, maxsplit=1)[0]
    scheme, separator, rest = bare.partition("//")
    if not separator:
        scheme, rest = "", bare
    host, slash, path = rest.partition("/")
    more = "?..." if "?" in text else ""
    return shown(scheme + separator + host.rpartition("@")[2] + slash + path) + more


def _length(value: bytes) -> str:
    return f"<{counted(len(value), 'byte')}>"
