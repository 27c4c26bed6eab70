"""Sends the handshakes of the catalogue: so many at once, a second, and in all."""

from __future__ import annotations

import base64
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake.cli.client.dial import BlockedError, Deadline, connect
from ws_handshake.cli.client.exchange import Http1Exchange
from ws_handshake.cli.client.tls import HTTP1, secure
from ws_handshake.core.raw_request import read_head

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from ws_handshake.cli.client.dial import Address, Wire
    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.request import Offer
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.conformance.cases import Case
    from ws_handshake.core.request import RequestHead

    Send = Callable[[Case, Deadline], "Reply"]

#: How a connection ends without a response, and how the wait for one.
CLOSED = "closed without a response"
LATE = "no response in time"

# Offered if the user names no subprotocol.
_PROTOCOL = "chat"

# A server that cannot be reached this many times in a row is gone.
_LOST = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one handshake.

    `blocked` is why there was no connection, and `silence` why there was no response.
    """

    sent: RequestHead
    response: Response | None = None
    silence: str | None = None
    blocked: Failure | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Where to send handshakes, and what the user wants in each of them."""

    target: Target
    addresses: tuple[Address, ...]
    offer: Offer
    nonce: Callable[[int], bytes]
    checked: bool = True
    cacert: str | None = None

    def send(self, case: Case, deadline: Deadline) -> Reply:
        """Send one over its own connection, which is closed after the response."""
        data = case.filled(self._places())
        request = read_head(data, self.target.scheme).head
        exchange = Http1Exchange(request)
        try:
            silence = self._exchange(data, exchange, deadline)
        except BlockedError as error:
            return Reply(request, blocked=error.failure)
        return Reply(request, exchange.response, None if exchange.response else silence)

    def _exchange(
        self, data: bytes, exchange: Http1Exchange, deadline: Deadline
    ) -> str | None:
        """Send and read; return why there was no response, if there was none."""
        with connect(self.addresses, deadline).wire as wire:
            if self.target.secure:
                secure(
                    *(wire, self.target.host, (HTTP1,)),
                    checked=self.checked,
                    cacert=self.cacert,
                )
            try:
                wire.send(data)
                _read(wire, exchange, is_head=data.startswith(b"HEAD "))
            except TimeoutError:
                return LATE
        if exchange.trouble is None or exchange.received == 0:
            return CLOSED
        return f"no HTTP response: {exchange.trouble.seen}"

    def _places(self) -> Mapping[str, bytes]:
        """Return what fills the placeholders; each key is new (RFC 6455 4.1(7))."""
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
    """Read the response; one to HEAD has no body, whatever its Content-Length."""
    while not (exchange.done or (is_head and exchange.response)):
        exchange.receive(wire.receive())


def _line(name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\r\n" if value else b""


@dataclass(frozen=True, slots=True)
class Limits:
    """`timeout` is for one handshake, `seconds` for all; `rate` is per second."""

    at_once: int = 4
    rate: float = 50.0
    timeout: float = 2.0
    seconds: float = 60.0


class Run:
    """One run through the cases; `stopped` says why some were not sent."""

    def __init__(
        self,
        send: Send,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock."""
        self._send = send
        self._limits = limits
        self._clock = clock
        self._deadline = Deadline(limits.seconds, clock)
        self._pace = Pace(limits.rate, clock)
        self._stop = threading.Event()
        self.stopped: str | None = None

    def results(
        self, cases: Sequence[Case]
    ) -> Generator[tuple[Case, Reply], None, None]:
        """Yield results as they arrive; closing the generator stops the run."""
        lost = 0
        pool = ThreadPoolExecutor(self._limits.at_once)
        try:  # Ctrl-C may come while cases are still submitted
            futures = {pool.submit(self._one, case): case for case in cases}
            for future in as_completed(futures):
                reply = future.result()
                if reply is None:
                    continue
                lost = lost + 1 if reply.blocked else 0
                if lost == _LOST:
                    self.stop("the server could no longer be reached")
                yield futures[future], reply
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)

    def stop(self, why: str) -> None:
        """Send nothing more; the first reason counts."""
        self.stopped = self.stopped or why
        self._stop.set()

    def _one(self, case: Case) -> Reply | None:
        """Send one when it is its turn; None if the time is over."""
        try:
            if not self._stop.is_set():
                self._wait_for_turn()
            if self._stop.is_set():
                return None
            left = min(self._deadline.left(), self._limits.timeout)
            reply = self._send(case, Deadline(left, self._clock))
            if reply.response is None:
                self._deadline.left()  # cut short by us, the server was not silent
        except TimeoutError:
            self.stop(f"the time limit of {self._limits.seconds:g} s was over")
            return None
        return reply

    def _wait_for_turn(self) -> None:
        delay = self._pace.delay()
        if delay > self._deadline.left():
            raise TimeoutError
        self._stop.wait(delay)


class Pace:
    """Turns, at most so many in a second."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        """Begin with a turn at once."""
        self._step = 1 / rate
        self._clock = clock
        self._next = clock()
        self._lock = threading.Lock()

    def delay(self) -> float:
        """Take a turn, and return the seconds until it comes."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._step
        return turn - now
