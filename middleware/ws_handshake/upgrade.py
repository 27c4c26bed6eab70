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


class _Telling:
    """Starts an implementation, and then stands before its application.

    One object rather than closures: every open WebSocket keeps it, and the garbage
    collector goes through all that is kept.
    """

    __slots__ = ("_headers", "_implementation", "_inner", "_verdict")

    def __init__(
        self, implementation: object, headers: Sequence[Header], verdict: Verdict
    ) -> None:
        self._implementation: Any = implementation
        self._headers = headers
        self._verdict = verdict
        self._inner: Any = None

    def start(self, **given: Any) -> asyncio.Protocol:  # noqa: ANN401  (uvicorn's own)
        protocol: Any = self._implementation(**given)
        self._inner = protocol.app
        protocol.app = self
        return cast("asyncio.Protocol", protocol)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        scope["headers"] = self._headers
        scope["state"][VERDICT_KEY] = self._verdict
        told: Awaitable[None] = self._inner(scope, receive, send)
        return told


def telling(
    implementation: Implementation, headers: Sequence[Header], verdict: Verdict
) -> Implementation:
    """Return what starts the implementation, and tells the app headers and verdict.

    uvicorn calls it as it would call the class; the application is not to find out
    that its scope was made of fewer lines.
    """
    return cast("Implementation", _Telling(implementation, headers, verdict).start)
