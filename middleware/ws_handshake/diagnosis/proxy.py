"""One row of the catalogue of proxies: its marks, its fix, and where they were seen.

A mark is a field's name, or a word in Via or Server. Anyone can write one, so marks
order causes and name a proxy; they never make a cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from http import HTTPStatus

    from ws_handshake.diagnosis.cause import Config

    Fields = tuple[bytes, ...]

#: Where marks were seen: in requests of the real proxy, which the tests run, ...
MEASURED = "measured"
#: ... or in requests that people have published.
PUBLISHED = "published requests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """What is known of a proxy: how it forwards Upgrade, and how it is recognised.

    All marks are in lower case.
    """

    #: How a cause names it, at the beginning of a sentence.
    name: str
    #: What makes it forward Upgrade and Connection, in one sentence.
    fix: str
    #: Where its marks were seen: `MEASURED`, `PUBLISHED`, or a page that has them.
    seen: str
    #: The lines that make it forward both, each with its place.
    config: tuple[Config, ...] = ()
    #: Names of fields that it adds to a request: all of one group.
    request_fields: tuple[Fields, ...] = ()
    #: These stand behind what the client sent; nginx can write the same before it.
    behind_the_clients: bool = False
    #: Names that it adds, and that are its mark where Go has written the request.
    go_fields: Fields = ()
    #: What it writes into Via, of a request or a response: any of them.
    via: Fields = ()
    #: Names of fields that it adds to a response: any of them.
    response_fields: Fields = ()
    #: How Server begins in a response that it has written or passed on.
    server: Fields = ()
    #: It stands on the client's side: no one configures it for this server.
    on_client_side: bool = False
    #: Why it carries no WebSocket, however it is configured.
    carries_none: str = ""
    #: It forwards both fields unless it is configured not to, and neither where the
    #: client left one out; True only where that was measured, or its makers say so.
    forwards_both_or_none: bool = False
    #: It removes both fields unless it is configured to forward them.
    strips_by_default: bool = False
    #: It forwards no Sec-WebSocket-Key unless it is configured to.
    drops_key_by_default: bool = False
    #: Unless it is configured, it speaks HTTP/1.0 to the server.
    http10_by_default: bool = False
    #: The status with which it rejects handshakes itself, unless it is configured.
    rejects_with: HTTPStatus | None = None
