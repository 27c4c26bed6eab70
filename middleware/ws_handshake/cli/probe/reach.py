"""The way to a server, step by step: name, TCP, TLS."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ws_handshake.cli.client import failures
from ws_handshake.cli.client.dial import BlockedError, connect, resolve
from ws_handshake.cli.client.failures import Failure
from ws_handshake.cli.client.tls import CERTIFICATE_FAILURES, secure
from ws_handshake.cli.probe import notes
from ws_handshake.cli.probe.looks import LOOK_SECONDS, Looker

if TYPE_CHECKING:
    from contextlib import ExitStack

    from ws_handshake.cli.client.deadline import Deadline
    from ws_handshake.cli.client.dial import Address, Wire
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.client.tls import Secured
    from ws_handshake.cli.probe.notes import Note
    from ws_handshake.cli.probe.track import Track

# What TLS may take of the time; the rest is for failure out why it did not come.
_SHARE_OF_TLS = 0.7


@dataclass(frozen=True, slots=True)
class Reached:
    """A connection over which HTTP can be spoken."""

    wire: Wire
    address: Address
    secured: Secured | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """Where to, until when, and what is offered and checked on the way."""

    target: Target
    deadline: Deadline
    offered: tuple[str, ...]
    checked: bool

    def walk(self, track: Track, open_wires: ExitStack) -> Reached:
        """Go it, or raise BlockedError where it ends."""
        target = self.target
        with track.step("name") as step:
            addresses = resolve(target.host, target.port, self.deadline)
            step.reported = _resolved(target.host, addresses)
            step.facts["addresses"] = [str(address) for address in addresses]
        with track.step("tcp") as step:
            connected = connect(addresses, self.deadline)
            wire = open_wires.enter_context(connected.wire)
            step.reported = f"connected to {connected.address} port {target.port}"
            step.facts |= {"address": str(connected.address), "port": target.port}
        noted = [notes.address_failed("; ".join(f)) for f in [connected.failed] if f]
        if not target.secure:
            return Reached(wire, connected.address, None, tuple(noted))
        with track.step("tls") as step:
            wire, secured, unchecked = self._secure(wire, connected.address, open_wires)
            step.reported, step.facts = _agreed(secured), _facts(secured)
        noted += [notes.certificate_not_checked(u) for u in [unchecked] if u]
        return Reached(wire, connected.address, secured, tuple(noted))

    def _secure(
        self, wire: Wire, address: Address, open_wires: ExitStack
    ) -> tuple[Wire, Secured, str | None]:
        """Shake hands; with --insecure once more where the certificate is the fault."""
        wire.deadline = self.deadline.part(_SHARE_OF_TLS)
        unchecked = None
        try:
            secured = secure(wire, self.target.host, self.offered)
        except BlockedError as error:
            found = error.failure
            if self.checked or found.kind not in CERTIFICATE_FAILURES:
                raise BlockedError(self._looked_at(found, address)) from error
            unchecked = found.seen
            wire = open_wires.enter_context(connect((address,), self.deadline).wire)
            secured = secure(wire, self.target.host, self.offered, checked=False)
        wire.deadline = self.deadline
        return wire, secured, unchecked

    def _looked_at(self, found: Failure, address: Address) -> Failure:
        """Find out more by a second look."""
        deadline = self.deadline.part(1, most=LOOK_SECONDS)
        looker = Looker(self.target, address, deadline)
        if found.kind is failures.TLS_FAILED and looker.sees_http():
            return Failure(failures.TLS_ON_PLAIN_PORT, "it responds in plain HTTP")
        if found.kind is failures.CERTIFICATE_WRONG_NAME:
            names = looker.sees_names()
            return replace(found, seen=f"it is for {names}") if names else found
        return found


def _resolved(host: str, addresses: tuple[Address, ...]) -> str:
    listed = ", ".join(map(str, addresses))
    return f"{host}, an address already" if _is_address(host) else f"{host} is {listed}"


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


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
