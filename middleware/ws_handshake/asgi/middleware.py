"""The ASGI middleware: rejects broken opening handshakes, and says why."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ws_handshake.asgi.evaluation import Evaluation
from ws_handshake.asgi.lifespan import exists, introduce
from ws_handshake.asgi.response import deny, respond
from ws_handshake.asgi.scope import (
    PassedOn,
    end,
    has_evidence,
    is_settled,
    leave_verdict,
    path_within,
    readable,
    takes_denials,
    verdict_before,
)
from ws_handshake.asgi.send import Decisions, DecisionTracker
from ws_handshake.core.policy import Limits, Policy, check_flag
from ws_handshake.core.verdict import Verdict
from ws_handshake.outcome.observer import Notifier, Observer
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ws_handshake.asgi.scope import ASGIApp, Message, Receive, Scope, Send
    from ws_handshake.outcome.rejection import Rejection

_MOST_SERVERS = 64


class WebSocketHandshakeMiddleware:
    """Wraps an ASGI application, and rejects every broken opening handshake.

    The rejection names all violations with their fixes (RFC 9457), and the observers
    are notified of it; a plain request passes untouched. The application finds the
    Verdict in `scope["state"]["websocket_handshake"]`.

    Args:
        app: the application to wrap.
        allowed_origins: serialized origins, `*.` before a host for its subdomains, or
            `same-origin`; None checks none (RFC 6455 section 10.2).
        allow_missing_origin: whether clients that are no browsers may connect.
        websocket_paths: paths where a plain request gets 426.
        explain_denials: give the application's bare 403 a body.
        report_only: notify the observers of what would be rejected; reject nothing.
        observers: who is notified of every outcome; None is the structlog observer.
        install_protocol: have uvicorn use our protocol class; without it uvicorn itself
            responds to most broken handshakes.
        docs_url: where the pages of the reasons are, for the `type` of the responses.

    Raises:
        ValueError: for an option that cannot work, with a hint.

    """

    def __init__(  # noqa: PLR0913  (the operator's options, each by its name)
        self,
        app: ASGIApp,
        *,
        allowed_origins: Iterable[str] | None = None,
        allow_missing_origin: bool = True,
        websocket_paths: Iterable[str] = (),
        explain_denials: bool = False,
        report_only: bool = False,
        observers: Iterable[Observer] | None = None,
        docs_url: str | None = None,
        install_protocol: bool = True,
    ) -> None:
        """Parse the options, and keep the application."""
        if not callable(app):
            raise ValueError(f"app is {app!r}; give an ASGI application to wrap.")
        check_flag("install_protocol", install_protocol)
        self.app = app
        self.policy = Policy(
            allowed_origins=allowed_origins,
            allow_missing_origin=allow_missing_origin,
            websocket_paths=websocket_paths,
            explain_denials=explain_denials,
            report_only=report_only,
            docs_url=docs_url,
            limits=Limits.of(os.environ),
        )
        self.notifier = Notifier(
            (StructlogObserver(),) if observers is None else observers
        )
        self._evaluation = Evaluation(self.policy)
        self._checks_origin = self.policy.checks_origin
        self._decisions = Decisions(self._wants, self._accepted, self._denied)
        self._installs = install_protocol
        self._introduced = False
        self._met = set[str]()
        self._lifespan_state: object = None
        exists(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:  # noqa: ANN401  (what an application returns is its server's)
        """Judge a connection, and respond to it or hand it to the application."""
        kind = scope["type"]
        if kind == "http":
            if not self._introduced:
                self._introduced = True
                self._introduce(scope, receive, send)
            scope = readable(scope)
            if has_evidence(scope) or (
                self.policy.websocket_paths and self.policy.declares(path_within(scope))
            ):
                return await self._http(self._with_own_state(scope), receive, send)
        elif kind == "websocket":
            scope = self._with_own_state(readable(scope))
            return await self._websocket(scope, receive, send)
        elif kind == "lifespan":
            return await self._lifespan(scope, receive, send)
        return await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> Any:  # noqa: ANN401  (ditto)
        if verdict_before(scope) is None:
            self._meet(scope, receive, send)
        scope = dict(scope)
        rejection = self._rejection(scope)
        try:
            if rejection is None:
                return await self.app(scope, receive, send)
            return await respond(scope, send, rejection)
        finally:
            end(scope)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> Any:  # noqa: ANN401  (ditto)
        before = verdict_before(scope)
        if is_settled(before) and not self._checks_origin:
            leave_verdict(scope, PassedOn(*before))
            return await self._tracked(scope, receive, send)
        if before is None or type(before) is PassedOn:
            self._meet(scope, receive, send)
        scope = dict(scope)  # ASGI, middleware: the server's own stays as it is
        rejection = self._rejection(scope)
        # another middleware has passed it on, and reports what is decided
        inner = isinstance(before, PassedOn)
        try:
            if rejection is not None:
                return await deny(scope, send, rejection)
            return await (self.app if inner else self._tracked)(scope, receive, send)
        finally:
            if not inner:
                end(scope)

    async def _tracked(self, scope: Scope, receive: Receive, send: Send) -> Any:  # noqa: ANN401  (ditto)
        tracker = DecisionTracker(scope, receive, send, self._decisions)
        try:
            returned = await self.app(scope, tracker.receive, tracker.send)
        except Exception as error:
            self._ended(scope, tracker, error)
            raise
        finally:
            await tracker.end()
        self._ended(scope, tracker, None)
        return returned

    def _with_own_state(self, scope: Scope) -> Scope:
        """ASGI, lifespan state: a copy for each request; gunicorn 24 to 26 shares it.

        Else the verdict on one request would be read with another.
        """
        state = scope.get("state")
        if isinstance(state, dict) and state is self._lifespan_state:
            return {**scope, "state": {**state}}
        return scope

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> Any:  # noqa: ANN401  (ditto)
        self._introduced = True
        self._lifespan_state = scope.get("state")
        self._introduce(scope, receive, send)
        try:
            return await self.app(scope, receive, send)
        finally:
            self.notifier.flush()

    def _meet(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Introduce itself where no protocol class of ours has judged a handshake.

        It may be the first of a server, of several in this process, without a lifespan.
        """
        server = f"{scope['type']} {scope.get('server')}"
        if server not in self._met and len(self._met) < _MOST_SERVERS:
            self._met.add(server)
            self._introduce(scope, receive, send)

    def _introduce(self, scope: Scope, receive: Receive, send: Send) -> None:
        introduce(self, scope, receive, send, installs=self._installs)

    def _wants(self, scope: Scope, message: Message) -> bool:
        """Return whether an acceptance is to be reported; in a log at info it is not.

        But one with a subprotocol on either side is, for it may call for a warning.
        """
        if message.get("subprotocol") or scope.get("subprotocols"):
            return True
        return self.notifier.wants_accepted()

    def _accepted(
        self, scope: Scope, message: Message, duration: float, error: Exception | None
    ) -> None:
        wanted = self.notifier.wants_accepted()
        record = self._evaluation.accepted(
            scope, message, error, wanted=wanted, duration=duration
        )
        if record is not None:
            self.notifier.notify(record)

    async def _denied(
        self, scope: Scope, message: Message, body: bytes, duration: float, send: Send
    ) -> bool:
        if type(verdict_before(scope)) is Verdict:
            return False  # a middleware within has rejected it, and reported that
        record = self._evaluation.denied(scope, message, body, duration=duration)
        rejection = record.rejection  # whatever an observer does to the record
        self.notifier.notify(record)
        bare = message["type"] == "websocket.close" and takes_denials(scope)
        if rejection is None or not (bare and self.policy.explain_denials):
            return False
        await deny(scope, send, rejection)
        return True

    def _ended(
        self, scope: Scope, tracker: DecisionTracker, error: Exception | None
    ) -> None:
        """Report an application that ended before it accepted or closed."""
        if tracker.pending:
            record = self._evaluation.ended(scope, error, duration=tracker.duration())
            self.notifier.notify(record)

    def _rejection(self, scope: Scope) -> Rejection | None:
        """Judge, notify the observers, and return the rejection to respond with."""
        record = self._evaluation.rejected(scope)
        if record is None:
            return None
        rejection = record.rejection if record.enforced else None  # ditto
        self.notifier.notify(record)
        return rejection
