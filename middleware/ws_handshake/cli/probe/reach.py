"""The way to a server, step by step: name, TCP, TLS.

Where a step fails, short second connections find out why. They carry nothing of what
the user wants to send.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from ws_handshake.cli.client import failures
from ws_handshake.cli.client.dial import BlockedError, connect, resolve
from ws_handshake.cli.client.failures import Failure
from ws_handshake.cli.client.request import Offer
from ws_handshake.cli.client.target import is_address
from ws_handshake.cli.client.tls import (
    CERTIFICATE_FAILURES,
    HTTP1,
    HTTP2,
    certificate_of,
    context_for,
    secure,
)
from ws_handshake.cli.probe import notes
from ws_handshake.cli.probe.http2 import Http2Exchange

if TYPE_CHECKING:
    from contextlib import ExitStack

    from ws_handshake.cli.client.dial import Address, Deadline, Wire
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.client.tls import Secured
    from ws_handshake.cli.probe.notes import Note
    from ws_handshake.cli.probe.track import Track

# The share of the time that TLS may take; the rest is to find out why it failed.
_SHARE_OF_TLS = 0.7

#: A second look is short, whatever time is left, because a person is waiting.
LOOK_SECONDS = 3.0

_START = b"HTTP/"
_NOTHING_MORE = Offer()


@dataclass(frozen=True, slots=True)
class Order:
    """What to probe, and how; `nonce` is the 16 bytes of the key."""

    target: Target
    nonce: bytes = field(repr=False)
    offer: Offer = _NOTHING_MORE
    http: Literal["as browsers", "1.1", "2"] = "as browsers"
    checked: bool = True
    cacert: str | None = None

    @property
    def alpn(self) -> tuple[str, ...]:
        """What to offer in ALPN: WebSocket clients offer http/1.1 alone."""
        return (HTTP2, HTTP1) if self.http == "2" else (HTTP1,)


@dataclass(frozen=True, slots=True)
class Reached:
    """A connection that is ready for HTTP."""

    wire: Wire
    address: Address
    secured: Secured | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Where to connect, and until when."""

    order: Order
    deadline: Deadline

    def walk(self, track: Track, open_wires: ExitStack) -> Reached:
        """Connect; BlockedError where that fails."""
        target = self.order.target
        with track.step("name") as step:
            addresses = resolve(target.host, target.port, self.deadline)
            step.result = _resolved(target.host, addresses)
            step.facts["addresses"] = [str(address) for address in addresses]
        with track.step("tcp") as step:
            connected = connect(addresses, self.deadline)
            wire = open_wires.enter_context(connected.wire)
            step.result = f"connected to {connected.address} port {target.port}"
            step.facts |= {"address": str(connected.address), "port": target.port}
        noted = [notes.address_failed("; ".join(f)) for f in [connected.failed] if f]
        if not target.secure:
            return Reached(wire, connected.address, None, tuple(noted))
        with track.step("tls") as step:
            wire, secured, unchecked = self._secure(wire, connected.address, open_wires)
            step.result, step.facts = _agreed(secured), _facts(secured)
        noted += [notes.certificate_not_checked(u) for u in [unchecked] if u]
        return Reached(wire, connected.address, secured, tuple(noted))

    def _secure(
        self, wire: Wire, address: Address, open_wires: ExitStack
    ) -> tuple[Wire, Secured, str | None]:
        """Start TLS; with --insecure once more, if only the certificate is invalid."""
        order, unchecked = self.order, None
        wire.deadline = self.deadline.part(_SHARE_OF_TLS)
        host = order.target.host
        try:
            secured = secure(wire, host, order.alpn, cacert=order.cacert)
        except BlockedError as error:
            found = error.failure
            if order.checked or found.kind not in CERTIFICATE_FAILURES:
                raise BlockedError(self._looked_at(found, address)) from error
            unchecked = found.seen
            wire = open_wires.enter_context(connect((address,), self.deadline).wire)
            secured = secure(wire, host, order.alpn, checked=False)
        wire.deadline = self.deadline
        return wire, secured, unchecked

    def _looked_at(self, found: Failure, address: Address) -> Failure:
        """Find out more with a second connection."""
        look = SecondLook(self.order, address, self.deadline)
        if found.kind is failures.TLS_FAILED and look.sees_http():
            return Failure(failures.TLS_ON_PLAIN_PORT, "it responds in plain HTTP")
        if found.kind is failures.CERTIFICATE_WRONG_NAME:
            names = look.sees_names()
            return replace(found, seen=f"it is for {names}") if names else found
        return found


def _resolved(host: str, addresses: tuple[Address, ...]) -> str:
    listed = ", ".join(map(str, addresses))
    return f"{host} is an address" if is_address(host) else f"{host} is {listed}"


def _agreed(secured: Secured) -> str:
    certificate = secured.certificate or "certificate not checked"
    offered = ", ".join(secured.offered)
    chosen = secured.chosen or "nothing"
    return f"{secured.version}, {certificate}; ALPN: offered {offered}, chosen {chosen}"


def _facts(secured: Secured) -> dict[str, object]:
    certificate = secured.certificate
    return {
        "version": secured.version,
        "cipher": secured.cipher,
        "alpn_offered": list(secured.offered),
        "alpn_chosen": secured.chosen,
        "certificate": certificate
        and {
            "names": list(certificate.names),
            "issuer": certificate.issuer,
            "not_after": certificate.not_after,
        },
    }


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Where to look, and until when; what takes longer counts as not seen."""

    order: Order
    address: Address
    deadline: Deadline

    def sees_tls(self) -> bool:
        """Return whether the port speaks TLS."""
        try:
            with self._dial() as wire:
                secure(wire, self.order.target.host, (HTTP1,), checked=False)
        except (BlockedError, OSError):
            return False
        return True

    def sees_http(self) -> bool:
        """Return whether the port speaks HTTP in plain text."""
        authority = self.order.target.authority.encode()
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
        """Return the names of a certificate with valid signatures; None without one."""
        context = context_for((HTTP1,), named=False, cacert=self.order.cacert)
        try:
            with self._dial() as wire:
                fields = wire.secure(context, self.order.target.host).getpeercert()
        except (BlockedError, OSError, ssl.CertificateError):
            return None
        certificate = certificate_of(fields)
        return certificate.some_names() if certificate else None

    def sees_http2(self, *, checked: bool) -> bool | None:
        """Return whether a client that also offers h2 gets WebSockets over HTTP/2.

        None if the server chooses HTTP/1.1.
        """
        try:
            with self._dial() as wire:
                host = self.order.target.host
                both, cacert = (HTTP2, HTTP1), self.order.cacert
                agreed = secure(wire, host, both, checked=checked, cacert=cacert)
                if agreed.chosen != HTTP2:
                    return None
                return _takes_websockets(wire)
        except (BlockedError, OSError):
            return None

    def _dial(self) -> Wire:
        deadline = self.deadline.part(1, most=LOOK_SECONDS)
        return connect((self.address,), deadline).wire


def _takes_websockets(wire: Wire) -> bool | None:
    exchange = Http2Exchange(None)
    while not exchange.done:
        wire.send(exchange.to_send())
        exchange.receive(wire.receive())
    return exchange.takes_websockets
