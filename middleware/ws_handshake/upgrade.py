"""The upgrade behind a door: the implementation reads seven fields, the app all.

uvicorn hands a head that it has parsed to a WebSocket implementation, which parses it
again. Of a sound handshake uvicorn's own implementations read but these fields, and so
they get no others; the scope that the application sees has all that the client sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ws_handshake import head as at
from ws_handshake.scopes import VERDICT_KEY

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Sequence

    from ws_handshake.scopes import Receive, Scope, Send
    from ws_handshake.verdict import Verdict

    Header = tuple[bytes, bytes]
    Implementation = type[asyncio.Protocol]

#: What an implementation reads: RFC 6455 section 4.2.1, but for Origin, our policy's.
READ = frozenset(
    [
        *(at.HOST, at.UPGRADE, at.CONNECTION),
        *(at.KEY, at.VERSION, at.PROTOCOL, at.EXTENSIONS),
    ]
)

_UVICORNS = frozenset(
    [
        "uvicorn.protocols.websockets.websockets_sansio_impl",
        "uvicorn.protocols.websockets.wsproto_impl",
    ]
)


def reads_no_more(implementation: Implementation) -> bool:
    """Say whether it is one of uvicorn's own; nobody knows what others read.

    And whether it keeps the application in `app`, as all versions of uvicorn have done.
    """
    if implementation.__module__ not in _UVICORNS:
        return False
    code = getattr(implementation.__init__, "__code__", None)
    return "app" in getattr(code, "co_names", ())


def only_read(headers: Sequence[Header]) -> list[Header]:
    """Return the header lines that an implementation reads."""
    return [field for field in headers if field[0] in READ]


def telling(
    implementation: Implementation, headers: Sequence[Header], verdict: Verdict
) -> Implementation:
    """Return what starts the implementation, and tells the app headers and verdict.

    uvicorn calls it as it would call the class; the application is not to find out
    that its scope was made of fewer lines.
    """

    def start(**given: Any) -> asyncio.Protocol:  # noqa: ANN401  (uvicorn's own)
        protocol: Any = implementation(**given)
        inner = protocol.app

        def app(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            scope["headers"] = headers
            scope["state"][VERDICT_KEY] = verdict
            told: Awaitable[None] = inner(scope, receive, send)
            return told

        protocol.app = app
        return cast("asyncio.Protocol", protocol)

    return cast("Implementation", start)
