"""The public interface as a user writes it; mypy and pyright read it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

from starlette.applications import Starlette
from starlette.middleware import Middleware

from tests.support.asgi import ask
from tests.support.handshakes import VALID
from ws_handshake import (
    HandshakeRecord,
    Observer,
    Policy,
    Reason,
    RequestHead,
    Verdict,
    Violation,
    WebSocketHandshakeMiddleware,
    accept_token,
    judge,
)
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class Counter(Observer):
    """An observer of a user's own."""

    def __init__(self) -> None:
        self.rejected = 0

    def observe(self, record: HandshakeRecord, /) -> None:
        self.rejected += record.outcome == "rejected"


def test_the_middleware_is_an_asgi_app_to_type_checkers() -> None:
    counter = Counter()
    observers: list[Observer] = [counter, StructlogObserver()]
    wrapped: ASGIApp = WebSocketHandshakeMiddleware(
        Starlette(),
        allowed_origins=("https://example.com", "same-origin"),
        allow_missing_origin=False,
        websocket_paths=["/ws"],
        explain_denials=True,
        report_only=True,
        observers=observers,
        docs_url="https://example.com/reasons",
    )

    ask(wrapped, VALID.without(b"upgrade").http_scope())

    assert counter.rejected == 1


def test_starlette_takes_it_as_a_middleware() -> None:
    app = Starlette(
        middleware=[Middleware(WebSocketHandshakeMiddleware, websocket_paths=["/ws"])]
    )
    app.add_middleware(WebSocketHandshakeMiddleware, report_only=True)

    assert len(app.user_middleware) == 2


def test_the_core_is_typed() -> None:
    request = RequestHead("GET", "1.1", [(b"host", b"example.com")])
    verdict = judge(request, Policy(allow_missing_origin=False))

    assert_type(verdict, Verdict)
    assert_type(verdict.accepted, bool)
    assert_type(verdict.violations, tuple[Violation, ...])
    assert_type(verdict.accept_token, str | None)
    assert_type(verdict.status, int)
    assert_type(verdict.subprotocols, tuple[str, ...])
    assert_type(verdict.violations[0].reason, Reason)
    assert_type(accept_token("dGhlIHNhbXBsZSBub25jZQ=="), str)
    assert [violation.reason.code for violation in verdict.violations] == [
        *("upgrade_missing", "connection_missing", "key_missing"),
        *("version_missing", "origin_missing"),
    ]
