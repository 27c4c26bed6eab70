"""Second looks: short connections that find out why the first one failed.

None of them carries anything of what the user wants to be sent.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake.cli.client.dial import BlockedError, connect
from ws_handshake.cli.client.tls import (
    HTTP1,
    HTTP2,
    certificate_of,
    context_for,
    secure,
)
from ws_handshake.cli.probe.http2 import Http2Exchange

if TYPE_CHECKING:
    from ws_handshake.cli.client.deadline import Deadline
    from ws_handshake.cli.client.dial import Address, Wire
    from ws_handshake.cli.client.target import Target

#: A look may not take long, whatever time is left: a person waits.
LOOK_SECONDS = 3.0

_START = b"HTTP/"


@dataclass(frozen=True, slots=True)
class Looker:
    """Where to look, and until when; what does not come in time was not seen."""

    target: Target
    address: Address
    deadline: Deadline

    def sees_tls(self) -> bool:
        """Return whether the port speaks TLS."""
        try:
            with self._dial() as wire:
                secure(wire, self.target.host, (HTTP1,), checked=False)
        except (BlockedError, OSError):
            return False
        return True

    def sees_http(self) -> bool:
        """Return whether the port speaks HTTP in plain text."""
        authority = self.target.authority.encode()
        try:
            with self._dial() as wire:
                wire.send(b"HEAD / HTTP/1.1\r\nHost: %s\r\n\r\n" % authority)
                start = b""
                while len(start) < len(_START) and (more := wire.receive()):
                    start += more
        except (BlockedError, OSError):
            return False
        return start.startswith(_START)

    def sees_names(self) -> str | None:
        """Return for which names a certificate is whose signatures are in order."""
        context = context_for((HTTP1,), named=False)
        try:
            with self._dial() as wire:
                reported = wire.secure(context, self.target.host).getpeercert()
        except (BlockedError, OSError, ssl.CertificateError):
            return None
        certificate = certificate_of(reported)
        return certificate.some_names() if certificate else None

    def sees_http2(self, *, checked: bool) -> bool | None:
        """Return what a client finds that offers h2 and http/1.1.

        None where HTTP/1.1 is chosen, else whether WebSockets are taken over HTTP/2.
        """
        try:
            with self._dial() as wire:
                host = self.target.host
                agreed = secure(wire, host, (HTTP2, HTTP1), checked=checked)
                if agreed.chosen != HTTP2:
                    return None
                return _takes_websockets(wire)
        except (BlockedError, OSError):
            return None

    def _dial(self) -> Wire:
        return connect((self.address,), self.deadline).wire


def _takes_websockets(wire: Wire) -> bool | None:
    exchange = Http2Exchange(None)
    while not exchange.done:
        wire.send(exchange.to_send())
        exchange.receive(wire.receive())
    return exchange.takes_websockets
