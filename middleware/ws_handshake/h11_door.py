"""The door into uvicorn's h11 protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http import h11_impl

from ws_handshake.cork import corked, uncorked
from ws_handshake.doorkeeper import Doorkeeper
from ws_handshake.head import EVIDENCE, FIRST_EVIDENCE, RequestHead, build
from ws_handshake.scopes import PLAIN_KEY, VERDICT_KEY

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from uvicorn._types import HTTPScope


# Every request passes through these: a direct call costs less than super().
# (asyncio types the transport of the first one more widely than uvicorn does.)
_connection_made: Callable[[Any, Any], None] = h11_impl.H11Protocol.connection_made
_data_received = h11_impl.H11Protocol.data_received
_response_complete = h11_impl.H11Protocol.on_response_complete


class H11Protocol(h11_impl.H11Protocol):
    """uvicorn's protocol on h11, with the rules at `_should_upgrade`."""

    # Slots: with more attributes in it the instance's dictionary is no longer shared,
    # and reading any attribute, of uvicorn's too, becomes slower.
    __slots__ = ("_keeper", "_more", "_scope_before", "_unread")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with nothing: most connections bring a plain request or none."""
        self._keeper: Doorkeeper | None = None
        self._unread = b""
        self._more = False
        self._scope_before: HTTPScope | None = None
        _connection_made(self, transport)
        self.transport = corked(transport, self.loop)

    @property
    def _door(self) -> Doorkeeper:
        if self._keeper is None:
            self._keeper = Doorkeeper(self.config, self.app_state)
        return self._keeper

    def _should_upgrade(self) -> bool:
        # of the rules a plain request pays for this loop, and for nothing else
        for name, _ in self.headers:
            if name >= FIRST_EVIDENCE and name in EVIDENCE:
                break
        else:
            scope: Any = self.scope  # to uvicorn it is a TypedDict
            scope[PLAIN_KEY] = True
            return False
        state = self.scope.setdefault("state", {})
        opens = self._door.opens(
            self._head(),
            state,
            self._would_upgrade,
            can_upgrade=self.ws_protocol_class is not None,
            client=self.client,
        )
        if VERDICT_KEY in state and self.scope["http_version"] >= "2":
            # h11 reads `GET / HTTP/2.0`, but its answer is HTTP/1.1, and must close
            self.scope["http_version"] = "1.1"
        return opens

    def _would_upgrade(self) -> bool:
        return super()._should_upgrade()

    def _head(self) -> RequestHead:
        scope = self.scope
        path = scope["raw_path"][len(self.root_path) :]
        query = scope["query_string"]
        target = path + b"?" + query if query else path
        version, scheme = scope["http_version"], scope["scheme"]
        return build(
            RequestHead,
            (scope["method"], version, self.headers, target, scheme, False),
        )

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand a sound handshake over in the form that every implementation reads."""
        door = self._door
        handover = door.handover
        if handover is not None and handover.target != self._head().target:
            event = h11.Request(
                method=event.method,
                headers=handover.headers,
                target=handover.target,
                http_version=event.http_version,
            )
        self.headers, self.ws_protocol_class, self.app_state = door.hand_over(
            self.headers, self.ws_protocol_class, self.app_state
        )
        self.transport = uncorked(self.transport)
        super().handle_websocket_upgrade(event)

    def data_received(self, data: bytes) -> None:
        """Remember the bytes of a head: h11 forgets them when it refuses it."""
        if self.conn.their_state is h11.IDLE:
            self._unread += data
            self._scope_before = self.scope
        _data_received(self, data)
        self._look_behind()

    def on_response_complete(self) -> None:
        """Remember the bytes of a head that came with the request before it."""
        if self._more and self.conn.their_state is h11.DONE:
            self._unread = self.conn.trailing_data[0]
            self._scope_before = self.scope
        _response_complete(self)
        self._look_behind()

    def _look_behind(self) -> None:
        if self.scope is not self._scope_before:
            self._unread = b""  # the head is read, and the rest may be long
        # uvicorn reads no more as long as h11 holds what stands behind a request
        self._more = self.flow.read_paused

    def send_400_response(self, msg: str) -> None:
        """Explain the refusal of the parser, if it was a handshake that it refused.

        Behind a refused handshake nothing is said: its answer closes the connection.
        """
        in_head = self.scope is self._scope_before
        answer = self._explanation() if in_head else None
        if answer is not None:
            self.transport.write(answer)
            self.transport.close()
        elif in_head or not self._is_refusing():
            super().send_400_response(msg)

    def _is_refusing(self) -> bool:
        cycle = self.cycle
        return not cycle.response_complete and self._door.is_refusing(dict(cycle.scope))

    def _explanation(self) -> bytes | None:
        return self._door.explanation(
            self._unread,
            scheme=self.scheme or "http",
            client=self.client,
            headers=self.server_state.default_headers,
            waits=True,
        )
