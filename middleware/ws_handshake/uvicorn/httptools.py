"""uvicorn's protocol class on httptools, with the check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http import httptools_impl

from ws_handshake.asgi.scope import leave_verdict
from ws_handshake.core.raw_request import LIMIT, read_head
from ws_handshake.core.request import RequestHead
from ws_handshake.uvicorn.connection import Decision, HandshakeCheck, head_of
from ws_handshake.uvicorn.httptools_messages import last_head
from ws_handshake.uvicorn.rejected_head import explanation, note_unfinished

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn._types import HTTPScope


class HttpToolsProtocol(httptools_impl.HttpToolsProtocol):
    """uvicorn's protocol on httptools, with the rules at `_should_upgrade`."""

    # defaults of the class: most connections set none of them
    _decision = Decision(upgrade=False)
    _decided: HTTPScope | None = None
    _unread = b""
    _from_start = True
    _before: httptools_impl.RequestResponseCycle | None = None
    _waiting: Callable[[], None] | None = None
    _early = b""

    def _should_upgrade(self) -> bool:
        # httptools asks several times for one request
        if self._decided is not self.scope:
            self._decided = self.scope
            self._decision = self._check().decide(
                self._head(),
                super()._should_upgrade,
                can_upgrade=self.ws_protocol_class is not None,
                client=self.client,
            )
            if self._decision.left is not None:
                scope: Any = self.scope  # uvicorn's is a TypedDict
                leave_verdict(scope, self._decision.left)
        return self._decision.upgrade

    def _check(self) -> HandshakeCheck:
        return HandshakeCheck(self.config, strict=True)

    def _head(self) -> RequestHead:
        scope = self.scope
        version, scheme = scope["http_version"], scope["scheme"]
        return RequestHead(scope["method"], version, self.headers, self.url, scheme)

    def _unsupported_upgrade_warning(self) -> None:
        lacks_library = self.ws_protocol_class is None
        if lacks_library or not self._check().is_rejecting(self._head()):
            super()._unsupported_upgrade_warning()

    def handle_websocket_upgrade(self) -> None:
        """Hand a valid handshake over in the form that every implementation reads.

        It waits for the response to the request before it, which comes first, and may
        close the connection (RFC 9112 section 9.3.2).
        """
        decision = self._decision
        if decision.handover is not None:
            self.url = decision.handover.target
            self.scope["headers"] = decision.handover.headers
        self.app_state = decision.state_for(self.app_state)
        self._after_response(self._upgrade)

    def _upgrade(self) -> None:
        super().handle_websocket_upgrade()
        if self._early:
            protocol: Any = self.transport.get_protocol()
            protocol.data_received(self._early)

    def _after_response(self, act: Callable[[], None]) -> None:
        """Act once all responses have been sent, unless that has closed."""
        cycle: httptools_impl.RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            act()
            return
        self._waiting = act
        self.flow.pause_reading()
        cycle.on_response = self._responded

    def _responded(self) -> None:
        act, self._waiting = self._waiting, None
        self.on_response_complete()
        if act is not None and not self.transport.is_closing():
            self._unset_keepalive_if_required()
            act()

    def data_received(self, data: bytes) -> None:
        """Remember the bytes of a head: httptools forgets them when it rejects it."""
        if self._waiting is not None:  # an application that receives resumes reading
            self._early += data
            self.flow.pause_reading()
            return
        if self._unread:
            self._unread = (self._unread + data)[:LIMIT]
        else:
            cycle: httptools_impl.RequestResponseCycle | None = self.cycle
            self._before = cycle
            self._from_start = cycle is None or not cycle.more_body
            self._unread = data
        super().data_received(data)
        scope: HTTPScope | None = self.scope  # None before the first request
        if scope is not None and "method" in scope:
            self._unread = b""  # the head is read, and the rest may be long

    def send_400_response(self, msg: str) -> None:
        """Explain the rejection of the parser, if it was a handshake that it rejected.

        It waits for the responses to the requests before it; behind a rejected
        handshake nothing follows, for that response closes the connection.
        """
        cycle: httptools_impl.RequestResponseCycle | None = self.cycle
        in_head = cycle is None or cycle.scope is not self.scope
        head = last_head(self._unread) if in_head and self._from_start else None
        if cycle is None or cycle.response_complete:
            self._respond_400(msg, head)
        elif self._is_behind_a_rejection(cycle):
            if not in_head:  # an application may be reading the body
                cycle.more_body = False
                cycle.message_event.set()
            self._after_response(lambda: self._respond_400(msg, head))
        elif head is not None and read_head(head).head.is_attempt():
            self._after_response(lambda: self._respond_400(msg, head))
        else:
            super().send_400_response(msg)
        self._unread = b""  # it has been reported

    def connection_lost(self, exc: Exception | None) -> None:
        """Report a handshake whose head never ended."""
        super().connection_lost(exc)
        head = last_head(self._unread) if self._unread and self._from_start else None
        if head:
            note_unfinished(self, head)

    def shutdown(self) -> None:
        """Close as uvicorn does; it is not the client then who ended in a head."""
        super().shutdown()
        if self.transport.is_closing():
            self._unread = b""

    def _is_behind_a_rejection(self, last: httptools_impl.RequestResponseCycle) -> bool:
        """Return whether one of the requests that wait for a response will be rejected.

        uvicorn keeps the last of them, and those that wait; the one that runs was there
        before these bytes, or is the first in them.
        """
        scopes = [last.scope, *(cycle.scope for cycle, _ in self.pipeline)]
        before = self._before
        if before is not None and not before.response_complete:
            scopes.append(before.scope)
        heads = [head_of(scope, self.root_path) for scope in scopes]
        if self.pipeline and self._from_start:
            heads.append(read_head(self._unread).head)
        return any(map(self._check().is_rejecting, heads))

    def _respond_400(self, msg: str, head: bytes | None) -> None:
        response = None if head is None else explanation(self, head)
        if response is None:
            super().send_400_response(msg)
        else:
            self.transport.write(response)
            self.transport.close()
