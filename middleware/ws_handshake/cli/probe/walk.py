"""The walk through a handshake: connection, request, response, ping and close."""

from __future__ import annotations

import base64
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ws_handshake.cli.client import failures
from ws_handshake.cli.client.dial import BlockedError
from ws_handshake.cli.client.exchange import BODY_LIMIT, Http1Exchange
from ws_handshake.cli.client.failures import Failure
from ws_handshake.cli.client.problem import problem_of
from ws_handshake.cli.client.redacted import request_lines, without
from ws_handshake.cli.client.rejections import explained
from ws_handshake.cli.client.request import http1_handshake, http2_handshake
from ws_handshake.cli.client.response import check
from ws_handshake.cli.client.signs import for_responder
from ws_handshake.cli.client.tls import HTTP2, failed
from ws_handshake.cli.client.unpacked import unpacked
from ws_handshake.cli.probe import notes
from ws_handshake.cli.probe.frames import Opened
from ws_handshake.cli.probe.http2 import Http2Exchange
from ws_handshake.cli.probe.reach import LOOK_SECONDS, Route, SecondLook
from ws_handshake.cli.probe.report import Report
from ws_handshake.core.redaction import counted
from ws_handshake.core.request import PROTOCOL
from ws_handshake.core.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.cli.client.dial import Deadline, Wire
    from ws_handshake.cli.client.exchange import Exchange
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.probe.notes import Note
    from ws_handshake.cli.probe.reach import Order, Reached
    from ws_handshake.cli.probe.track import Track
    from ws_handshake.core.request import RequestHead
    from ws_handshake.diagnosis.cause import Cause


class Walk:
    """One probe under way."""

    def __init__(self, order: Order, deadline: Deadline, track: Track) -> None:
        """Keep what is needed; nothing is sent yet."""
        self._order = order
        self._deadline = deadline
        self._track = track
        self._failures: list[Failure] = []
        self._notes: list[Note] = []
        self._causes: tuple[Cause, ...] = ()
        self._response: Response | None = None
        self._opened: Opened | None = None

    def report(self) -> Report:
        """Take every step, until one fails, and return the report."""
        target = self._order.target
        if target.doubled_slash:
            self._notes.append(notes.DOUBLED_SLASH)
        if target.given_scheme is not None:
            note = notes.scheme_mapped(target.given_scheme, target.scheme)
            self._notes.append(note)
        try:
            with ExitStack() as open_wires:
                self._go(open_wires)
        except BlockedError as error:
            self._failures.append(error.failure)
        return Report(
            target=target,
            steps=tuple(self._track.steps),
            failures=tuple(self._failures),
            notes=tuple(self._notes),
            causes=self._causes,
            response=self._response,
            opened=self._opened,
            problem=None if self._response is None else problem_of(self._response),
        )

    def _go(self, open_wires: ExitStack) -> None:
        order = self._order
        reached = Route(order, self._deadline).walk(self._track, open_wires)
        self._notes += reached.notes
        request = self._request()
        exchange = self._send(reached, request)
        response = self._receive(reached, exchange)
        self._judge(request, response)
        if response.accepts and not self._failures:
            self._opened = Opened(reached.wire, exchange, order.nonce[:8])
            self._failures += self._opened.steps(self._track)
            self._notes += self._opened.notes()
        self._look_at_http2(reached)

    def _request(self) -> RequestHead:
        order = self._order
        if order.http == "2":
            request = http2_handshake(order.target, order.offer)
        else:
            key = base64.b64encode(order.nonce)
            request = http1_handshake(order.target, order.offer, key)
        codes = judge(request).codes
        if codes:
            self._notes.append(notes.request_faulty(", ".join(codes)))
        return request

    def _send(self, reached: Reached, request: RequestHead) -> Exchange:
        """Send the request; over HTTP/2 only if the server offers Extended CONNECT."""
        exchange = self._exchange(reached, request)
        if isinstance(exchange, Http2Exchange):
            with self._track.step("settings") as step:
                found = _read(reached.wire, exchange, lambda: exchange.settled)
                if found is not None:
                    raise BlockedError(self._looked_at(found, reached))
                step.result = "Extended CONNECT is enabled"
        with self._track.step("request") as step, suppress(TimeoutError):
            lines = request_lines(request, self._order.offer.names)
            number = counted(len(request.headers), "header line")
            step.result = f"{lines[0]}, {number}"
            step.lines = tuple(f"> {line}" for line in lines)
            reached.wire.send(exchange.to_send())
        return exchange

    def _exchange(self, reached: Reached, request: RequestHead) -> Exchange:
        if self._order.http != "2":
            return Http1Exchange(request)
        if reached.secured and reached.secured.chosen != HTTP2:
            chosen = reached.secured.chosen or "nothing"
            raise BlockedError(Failure(failures.HTTP2_NOT_CHOSEN, f"ALPN: {chosen}"))
        return Http2Exchange(request)

    def _receive(self, reached: Reached, exchange: Exchange) -> Response:
        with self._track.step("response") as step:
            found = _read(reached.wire, exchange, lambda: _has_head(exchange))
            _read_body(reached.wire, exchange)
            response = exchange.response
            if response is None:
                found = found or Failure(failures.CLOSED_WITHOUT_RESPONSE)
                raise BlockedError(self._looked_at(found, reached))
            lines = response.lines()
            step.result, step.ok = lines[0], response.accepts
            step.lines = tuple(f"< {line}" for line in lines)
            step.facts = {"status": response.status}
        secrets = [*self._order.target.secrets, *self._order.offer.secrets]
        response = unpacked(response, BODY_LIMIT)
        self._response = response.with_body(without(secrets, response.body))
        return self._response

    def _looked_at(self, found: Failure, reached: Reached) -> Failure:
        """Find out with a second connection whether the port wants TLS."""
        if reached.secured or found.kind is not failures.CLOSED_WITHOUT_RESPONSE:
            return found
        if not self._second_look(reached).sees_tls():
            return found
        return Failure(failures.PLAIN_ON_TLS_PORT, "a TLS handshake succeeds")

    def _second_look(self, reached: Reached) -> SecondLook:
        return SecondLook(self._order, reached.address, self._deadline)

    def _judge(self, request: RequestHead, response: Response) -> None:
        if response.accepts:
            found = check(request, response)
            self._failures += [for_responder(one, response) for one in found]
            if request.values(PROTOCOL) and not response.values(PROTOCOL):
                self._notes.append(notes.SUBPROTOCOL_NOT_CHOSEN)
            return
        why = explained(response, self._order.target)
        self._failures.append(why.failure)
        # a request that the options have broken is a reason of its own
        if judge(request).accepted or problem_of(response):
            self._causes = why.causes

    def _look_at_http2(self, reached: Reached) -> None:
        """Find out what a client gets that also offers h2."""
        order = self._order
        if reached.secured is None or order.http != "as browsers":
            return
        checked = reached.secured.certificate is not None
        taken = self._second_look(reached).sees_http2(checked=checked)
        if taken is not None:
            self._notes.append(
                notes.HTTP2_WITH_WEBSOCKETS if taken else notes.HTTP2_WITHOUT_WEBSOCKETS
            )


def _read(wire: Wire, exchange: Exchange, enough: Callable[[], bool]) -> Failure | None:
    """Read until `enough`; return the failure if that does not happen."""
    try:
        while not enough():
            wire.send(exchange.to_send())
            exchange.receive(wire.receive())
    except TimeoutError:
        return _too_late(exchange)
    found, ending = exchange.trouble, wire.ending or ""
    if found and " alert " in ending:
        return failed(ending)  # as TLS 1.3 does about the client's certificate
    return found and replace(found, seen=found.seen or ending)


def _has_head(exchange: Exchange) -> bool:
    return exchange.done or exchange.response is not None


def _read_body(wire: Wire, exchange: Exchange) -> None:
    """Read on, and not long: a stream has no end."""
    whole = wire.deadline
    wire.deadline = whole.part(1, most=LOOK_SECONDS)
    _read(wire, exchange, lambda: exchange.done)
    wire.deadline = whole


def _too_late(exchange: Exchange) -> Failure:
    if not exchange.received:
        return Failure(failures.NO_RESPONSE)
    seen = f"{counted(exchange.received, 'byte')} in time"
    return Failure(failures.RESPONSE_INCOMPLETE, seen)
