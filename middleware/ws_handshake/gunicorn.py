"""gunicorn's ASGI worker, which asks our rules what is a handshake.

    gunicorn --worker-class ws_handshake.gunicorn.ASGIWorker main:app

gunicorn decides in `ASGIProtocol._is_websocket_upgrade()`, before it calls any
application. Here only a valid handshake is upgraded; what is broken stays a plain
request, which the middleware rejects with the reasons. Importing raises ValueError
under a gunicorn whose worker lacks one of these classes or methods.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ws_handshake.asgi.middleware import WebSocketHandshakeMiddleware
from ws_handshake.asgi.places import middleware_for
from ws_handshake.asgi.request_head import http_head
from ws_handshake.asgi.scope import has_evidence, leave_verdict
from ws_handshake.core.policy import UNLIMITED, Policy
from ws_handshake.core.request import RequestHead
from ws_handshake.core.verdict import judge
from ws_handshake.outcome.record import HandshakeRecord, request_facts
from ws_handshake.outcome.rejection import explained

try:
    # Any: gunicorn has no types, and its stubs have none of what is private
    protocol: Any = import_module("gunicorn.asgi.protocol")
    gasgi: Any = import_module("gunicorn.workers.gasgi")
except ImportError as error:
    raise ValueError(
        f"gunicorn {version('gunicorn')} has no ASGI worker; install gunicorn 24 or "
        "newer, or use uvicorn's worker: --worker-class uvicorn_worker.UvicornWorker"
    ) from error

if TYPE_CHECKING:
    from ws_handshake.core.verdict import Verdict

_POLICY = Policy(limits=UNLIMITED)

_OVERRIDDEN = {
    "_is_websocket_upgrade",
    "_build_http_scope",
    "_build_websocket_scope",
}

if not vars(protocol.ASGIProtocol).keys() >= _OVERRIDDEN:
    raise ValueError(
        f"gunicorn {version('gunicorn')} decides elsewhere what is a handshake; "
        "install an older version, or use gunicorn's own worker: --worker-class asgi"
    )


class ASGIProtocol(protocol.ASGIProtocol):
    """gunicorn's protocol, with the rules at `_is_websocket_upgrade`."""

    _verdict: Verdict | None = None

    def _is_websocket_upgrade(self, request: Any) -> bool:  # noqa: ANN401  (gunicorn has several)
        as_ever = bool(super()._is_websocket_upgrade(request))
        # of the rules a plain request pays for this look, and for nothing else
        if all(name != "UPGRADE" for name, _ in request.headers):
            return as_ever
        try:
            return self._decide(request, as_ever=as_ever)
        except Exception:  # noqa: BLE001  (then as without us)
            return as_ever

    def _decide(self, request: Any, *, as_ever: bool) -> bool:  # noqa: ANN401  (ditto)
        """Return whether to upgrade; where no middleware is known, gunicorn decides."""
        middleware, head = self._middleware(request.path), _head(request)
        if middleware is None or not head.is_attempt():
            return as_ever
        verdict = judge(head, _POLICY)
        upgrade = verdict.nonce is not None
        if not upgrade and as_ever and middleware.policy.report_only:
            self._report(middleware, request, verdict)
            upgrade = True
        self._verdict = verdict if upgrade else None
        return upgrade

    def _middleware(self, path: str) -> WebSocketHandshakeMiddleware | None:
        """Return the middleware that a request is going to meet first."""
        app = self.app
        return middleware_for(app, WebSocketHandshakeMiddleware, app, lambda: path)

    def _report(
        self,
        middleware: WebSocketHandshakeMiddleware,
        request: Any,  # noqa: ANN401  (ditto)
        verdict: Verdict,
    ) -> None:
        """Report what is upgraded although it is broken: gunicorn may yet reject it."""
        policy, head, path = middleware.policy, verdict.request, request.path
        client = self.transport.get_extra_info("peername")
        rejection = explained(head, verdict.violations, policy)
        middleware.notifier.notify(
            HandshakeRecord(
                outcome="rejected",
                layer="gunicorn",
                status=rejection.status,
                enforced=False,
                rejection=rejection,
                describe=lambda: request_facts(
                    head, path=path, client_address=client[0] if client else None
                ),
            )
        )

    def _build_http_scope(self, request: Any, *where: Any) -> dict[str, Any]:  # noqa: ANN401  (ditto)
        """Have the connection closed behind what the middleware rejects.

        gunicorn does not do so for the `Connection: close` of a response.
        """
        scope: dict[str, Any] = super()._build_http_scope(request, *where)
        if has_evidence(scope):
            _give_own_state(scope)
            with suppress(Exception):  # then as without us
                request.must_close |= self._is_rejected(scope)
        return scope

    def _is_rejected(self, scope: dict[str, Any]) -> bool:
        middleware = self._middleware(scope["path"])
        if middleware is None or middleware.policy.report_only:
            return False
        return http_head(scope).is_attempt()

    def _build_websocket_scope(self, *request: Any) -> dict[str, Any]:  # noqa: ANN401  (ditto)
        """Add the verdict; gunicorn reads the first line of subprotocols only."""
        scope: dict[str, Any] = super()._build_websocket_scope(*request)
        _give_own_state(scope)
        if self._verdict is not None:
            leave_verdict(scope, self._verdict)
            scope["subprotocols"] = list(self._verdict.subprotocols)
        return scope


class ASGIWorker(gasgi.ASGIWorker):
    """gunicorn's worker, whose connections are our `ASGIProtocol`."""

    def run(self) -> None:
        """Serve, in a process of its own."""
        names = gasgi.__dict__
        if names["ASGIProtocol"] is protocol.ASGIProtocol:  # and no one else's
            names["ASGIProtocol"] = ASGIProtocol
        super().run()


def _head(request: Any) -> RequestHead:  # noqa: ANN401  (ditto)
    major, minor = request.version
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in request.headers
    ]
    target = request.uri.encode("latin-1")
    return RequestHead(
        request.method, f"{major}.{minor}", headers, target, request.scheme
    )


def _give_own_state(scope: dict[str, Any]) -> None:
    """ASGI, lifespan state: a copy for each request; gunicorn before 27 shares it."""
    scope["state"] = {**scope.get("state", {})}
