"""uvicorn's protocol class on h11, with the check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http import h11_impl

from ws_handshake.asgi.scope import leave_verdict
from ws_handshake.core.raw_request import LIMIT
from ws_handshake.core.request import EVIDENCE
from ws_handshake.uvicorn.connection import Decision, HandshakeCheck, head_of
from ws_handshake.uvicorn.rejected_head import explanation, note_unfinished

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope


class H11Protocol(h11_impl.H11Protocol):
    """uvicorn's protocol on h11, with the rules at `_should_upgrade`."""

    # defaults of the class: most connections set none of them
    _decision = Decision(upgrade=False)
    _unread = b""
    _holds_more = False
    _scope_before: HTTPScope | None = None

    def _should_upgrade(self) -> bool:
        # all that the check costs a plain request
        for name, _ in self.headers:
            if name in EVIDENCE:
                break
        else:
            return False
        decision = self._decision = HandshakeCheck(self.config).decide(
            head_of(self.scope, self.root_path),
            super()._should_upgrade,
            can_upgrade=self.ws_protocol_class is not None,
            client=self.client,
        )
        if decision.left is not None:
            scope: Any = self.scope  # uvicorn's is a TypedDict
            leave_verdict(scope, decision.left)
        return decision.upgrade

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand a valid handshake over in the form that every implementation reads."""
        handover = self._decision.handover
        if handover is not None:
            self.headers = handover.headers
            if handover.target != event.target:
                event = h11.Request(
                    method=event.method,
                    headers=handover.headers,
                    target=handover.target,
                    http_version=event.http_version,
                )
        self.app_state = self._decision.state_for(self.app_state)
        super().handle_websocket_upgrade(event)

    def data_received(self, data: bytes) -> None:
        """Remember the bytes of a head: h11 forgets them when it rejects it."""
        if self.conn.their_state is h11.IDLE:
            # no more of a head is ever read
            if len(self._unread) < LIMIT:
                self._unread = (self._unread + data)[:LIMIT]
            self._scope_before = self.scope
        super().data_received(data)
        self._forget()

    def on_response_complete(self) -> None:
        """Remember the bytes of a head that came with the request before it."""
        if self._holds_more and self.conn.their_state is h11.DONE:
            self._unread = self.conn.trailing_data[0][:LIMIT]
            self._scope_before = self.scope
        super().on_response_complete()
        self._forget()

    def _forget(self) -> None:
        if self.scope is not self._scope_before:
            self._unread = b""  # the head is read, and the rest may be long
        # uvicorn reads no more as long as h11 holds what stands behind a request
        self._holds_more = self.flow.read_paused

    def send_400_response(self, msg: str) -> None:
        """Explain the rejection of the parser, if it was a handshake that it rejected.

        Behind a rejected handshake nothing follows: its response closes the connection.
        """
        in_head = self.scope is self._scope_before
        response = explanation(self, self._unread, waits=True) if in_head else None
        self._unread = b""  # it has been reported
        if response is not None:
            self.transport.write(response)
            self.transport.close()
        elif in_head or not self._is_rejecting():
            super().send_400_response(msg)
        else:  # an application may be reading the body of what is rejected
            self.cycle.more_body = False
            self.cycle.message_event.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Report a handshake whose head never ended."""
        super().connection_lost(exc)
        if self._unread:
            note_unfinished(self, self._unread)

    def shutdown(self) -> None:
        """Close as uvicorn does; it is not the client then who ended in a head."""
        super().shutdown()
        if self.transport.is_closing():
            self._unread = b""

    def _is_rejecting(self) -> bool:
        cycle = self.cycle
        pending = not cycle.response_complete
        request = head_of(cycle.scope, self.root_path)
        return pending and HandshakeCheck(self.config).is_rejecting(request)
