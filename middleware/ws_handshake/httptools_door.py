"""The door into uvicorn's httptools protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http import httptools_impl

from ws_handshake.cork import corked, uncorked
from ws_handshake.doorkeeper import Doorkeeper
from ws_handshake.grammar import OWS
from ws_handshake.head import RequestHead, build
from ws_handshake.wire import LIMIT

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from uvicorn._types import HTTPScope


# Every request passes through these: a direct call costs less than super().
# (asyncio types the transport of the first one more widely than uvicorn does.)
_connection_made: Callable[[Any, Any], None] = (
    httptools_impl.HttpToolsProtocol.connection_made
)
_data_received = httptools_impl.HttpToolsProtocol.data_received
_headers_complete = httptools_impl.HttpToolsProtocol.on_headers_complete
_handle_upgrade = httptools_impl.HttpToolsProtocol.handle_websocket_upgrade


class HttpToolsProtocol(httptools_impl.HttpToolsProtocol):
    """uvicorn's protocol on httptools, with the rules at `_should_upgrade`."""

    # Slots: with more attributes in it the instance's dictionary is no longer shared,
    # and reading any attribute, of uvicorn's too, becomes slower.
    __slots__ = ("_ahead", "_asked_for", "_keeper", "_opens", "_unread")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with nothing: most connections bring a plain request or none."""
        self._keeper: Doorkeeper | None = None
        self._unread = b""
        self._asked_for: HTTPScope | None = None
        self._ahead: httptools_impl.RequestResponseCycle | None = None
        _connection_made(self, transport)
        self.transport = corked(transport, self.loop)

    @property
    def _door(self) -> Doorkeeper:
        if self._keeper is None:
            self._keeper = Doorkeeper(self.config, self.app_state, strict=True)
        return self._keeper

    def _should_upgrade(self) -> bool:
        # httptools asks several times for one request
        if self._asked_for is not self.scope:
            self._asked_for = self.scope
            self._opens = self._is_to_upgrade()
        return self._opens

    def _would_upgrade(self) -> bool:
        return super()._should_upgrade()

    def _is_to_upgrade(self) -> bool:
        before: httptools_impl.RequestResponseCycle | None = self.cycle
        if before is not None and self._refused() is not None:
            return False  # nothing behind a refused handshake is served
        return self._door.opens(
            self._head(),
            self.scope.setdefault("state", {}),
            self._would_upgrade,
            can_upgrade=self.ws_protocol_class is not None,
            client=self.client,
        )

    def _head(self) -> RequestHead:
        scope = self.scope
        version, scheme = scope["http_version"], scope["scheme"]
        return build(
            RequestHead,
            (scope["method"], version, self.headers, self.url, scheme, False),
        )

    def _unsupported_upgrade_warning(self) -> None:
        if not self._door.answers(self._head()):
            super()._unsupported_upgrade_warning()

    def handle_websocket_upgrade(self) -> None:
        """Hand a sound handshake over in the form that every implementation reads."""
        door = self._door
        handover = door.handover
        if handover is not None:
            self.url = handover.target
        headers = _stripped(self.headers)
        self.scope["headers"], self.ws_protocol_class, self.app_state = door.hand_over(
            headers, self.ws_protocol_class, self.app_state
        )
        self.transport = uncorked(self.transport)
        _handle_upgrade(self)

    def on_headers_complete(self) -> None:
        """Remember which request is answered first, where more stand behind it."""
        cycle: httptools_impl.RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            ahead = self._ahead
            if ahead is None or ahead.response_complete:
                self._ahead = cycle
        _headers_complete(self)

    def data_received(self, data: bytes) -> None:
        """Remember the bytes of a head: httptools forgets them when it refuses it."""
        unread = self._unread
        self._unread = (unread + data)[:LIMIT] if unread else data
        _data_received(self, data)
        scope: HTTPScope | None = self.scope  # None before the first request
        if scope is not None and "method" in scope:
            self._unread = b""  # the head is read, and the rest may be long

    def send_400_response(self, msg: str) -> None:
        """Explain the refusal of the parser, if it was a handshake that it refused.

        Behind a refused handshake nothing is said: its answer closes the connection.
        """
        refused = self._refused()
        answer = self._explanation() if self._pending() is None else None
        if answer is not None:
            self.transport.write(answer)
            self.transport.close()
        elif refused is None:
            super().send_400_response(msg)

    def _refused(self) -> httptools_impl.RequestResponseCycle | None:
        """Return the handshake whose refusal is on its way."""
        pending = self._pending()
        if pending is None or not self._door.is_refusing(dict(pending.scope)):
            return None
        return pending

    def _pending(self) -> httptools_impl.RequestResponseCycle | None:
        """Return the request that is being answered; others may stand behind it."""
        for cycle in (self._ahead, self.cycle):
            if cycle is not None and not cycle.response_complete:
                return cycle
        return None

    def _explanation(self) -> bytes | None:
        cycle: httptools_impl.RequestResponseCycle | None = self.cycle
        if cycle is not None and cycle.scope is self.scope:
            return None  # it is not in a head that the parser stumbled
        return self._door.explanation(
            self._unread,
            scheme=self.scheme or "http",
            client=self.client,
            headers=self.server_state.default_headers,
            waits=False,
        )


def _stripped(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the lines without the white space that httptools leaves behind a value.

    Hardly any client sends some: one look is cheaper than to make every line anew.
    """
    for _, value in headers:
        if value and value[-1] in OWS:
            return [(name, value.strip(OWS)) for name, value in headers]
    return headers
