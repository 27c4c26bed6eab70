"""Sends one handshake of the catalogue, and keeps what came."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake.cli.client.dial import BlockedError, connect
from ws_handshake.cli.client.http1 import Http1Exchange
from ws_handshake.cli.client.tls import HTTP1, secure
from ws_handshake.core.raw_request import read_head

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ws_handshake.cli.client.deadline import Deadline
    from ws_handshake.cli.client.dial import Address, Wire
    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.request import Offer
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.conformance.case import Case
    from ws_handshake.core.request import RequestHead

#: How a connection ends on which nothing came.
CLOSED = "closed without a response"

# What is on offer where the caller names no subprotocol.
_PROTOCOL = "chat"


@dataclass(frozen=True, slots=True)
class Came:
    """What came back on one handshake.

    `blocked` is why there was no connection to send it over, and `silence` why there
    is no response although it was sent.
    """

    sent: RequestHead
    response: Response | None = None
    silence: str | None = None
    blocked: Failure | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom handshakes are sent to, and what the caller wants in each of them."""

    target: Target
    addresses: tuple[Address, ...]
    offer: Offer
    nonce: Callable[[int], bytes]
    checked: bool = True

    def send(self, case: Case, deadline: Deadline) -> Came:
        """Send one over a connection of its own, which is closed after the response."""
        data = case.filled(self._places())
        request = read_head(data, self.target.scheme).head
        exchange = Http1Exchange(request)
        try:
            silence = self._exchange(data, exchange, deadline)
        except BlockedError as error:
            return Came(request, blocked=error.failure)
        return Came(request, exchange.response, None if exchange.response else silence)

    def _exchange(
        self, data: bytes, exchange: Http1Exchange, deadline: Deadline
    ) -> str | None:
        """Send, and read; return why no response came, as far as none did."""
        with connect(self.addresses, deadline).wire as wire:
            if self.target.secure:
                secure(wire, self.target.host, (HTTP1,), checked=self.checked)
            try:
                wire.send(data)
                _read(wire, exchange, is_head=data.startswith(b"HEAD "))
            except TimeoutError:
                return "no response in time"
        if exchange.trouble is None or exchange.received == 0:
            return CLOSED
        return f"no HTTP response: {exchange.trouble.seen}"

    def _places(self) -> Mapping[str, bytes]:
        """Return what is filled in; the key is fresh each time (RFC 6455 4.1(7))."""
        target, offer = self.target, self.offer
        authorization = (target.credentials or "").encode()
        headers = [*offer.headers, (b"Authorization", authorization)]
        subprotocols = ", ".join(offer.subprotocols).encode()
        return {
            "scheme": b"https" if target.secure else b"http",
            "host": target.authority.encode(),
            "path": target.resource.encode(),
            "key": base64.b64encode(self.nonce(16)),
            "protocol": (*offer.subprotocols, _PROTOCOL)[0].encode(),
            "headers": b"".join(_line(*header) for header in headers),
            "origin": _line(b"Origin", (offer.origin or "").encode()),
            "subprotocols": _line(b"Sec-WebSocket-Protocol", subprotocols),
        }


def _read(wire: Wire, exchange: Http1Exchange, *, is_head: bool) -> None:
    """Read the response; one to HEAD has no body, whatever length it tells."""
    while not (exchange.done or (is_head and exchange.response)):
        exchange.receive(wire.receive())


def _line(name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\r\n" if value else b""
