"""Judges ASGI scopes: the record of what became of a handshake, as observers get it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from ws_handshake.reasons import (
    DENIED_BY_APP,
    INTERNAL_ERROR,
    NOT_A_HANDSHAKE,
    SERVER_DID_NOT_UPGRADE,
)
from ws_handshake.refusal import (
    SUBPROTOCOL_NOT_CHOSEN,
    SUBPROTOCOL_NOT_OFFERED,
    HandshakeRecord,
    Refusal,
    Remark,
    explained,
    no_hint,
    nothing_known,
)
from ws_handshake.routes import what_the_app_did
from ws_handshake.rules import Finding, in_order, origin
from ws_handshake.scopes import (
    HOST_KEY,
    VERDICT_KEY,
    http_head,
    restore_host,
    takes_denials,
    told_of,
    websocket_head,
)
from ws_handshake.verdict import Verdict, judge, judge_origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.causes import Cause
    from ws_handshake.policy import Policy
    from ws_handshake.reasons import Reason
    from ws_handshake.scopes import Message, Scope

    Findings = tuple[Finding, ...]

# What a server without denial responses answers to a close before the acceptance.
CLOSED_STATUS = 403


class Examiner:
    """Judges by one policy. A fault of its own is a refusal too: it fails closed."""

    def __init__(self, policy: Policy) -> None:
        """Take the owner's policy."""
        self._policy = policy
        self._checks_origin = policy.checks_origin

    def is_settled(self, scope: Scope) -> bool:
        """Say whether the door has found a handshake sound, and left nothing to us."""
        state = scope.get("state")
        if not state or HOST_KEY in state or self._checks_origin:
            return False
        verdict = state.get(VERDICT_KEY)
        return isinstance(verdict, Verdict) and not verdict.findings

    def refused(self, scope: Scope) -> HandshakeRecord | None:
        """Return why the request in `scope` is refused, or None for the application."""
        websocket = scope["type"] == "websocket"
        examine = self._of_websocket if websocket else self._of_http
        try:
            findings = examine(scope)
            if not findings:
                return None
            head = websocket_head(scope) if websocket else http_head(scope)
            refusal = explained(head, findings, self._policy)
            return HandshakeRecord(
                outcome="rejected",
                layer="asgi",
                status=_status(scope, findings[0].reason),
                enforced=not self._policy.report_only,
                refusal=refusal,
                tell=told_of(scope, head),
            )
        except Exception as fault:  # noqa: BLE001  (never fall through to the app)
            return self._own_fault(scope, fault)

    def denied(
        self, scope: Scope, message: Message, *, duration: float | None = None
    ) -> HandshakeRecord:
        """Return the record of a sound handshake that the application turned down."""
        causes, suggest = _explained(scope, message)
        refusal = Refusal((Finding(DENIED_BY_APP),), self._policy.docs_url, causes)
        return HandshakeRecord(
            outcome="rejected",
            layer="asgi",
            status=_denial_status(message),
            enforced=True,  # report_only keeps us from refusing, not the application
            refusal=refusal,
            tell=told_of(scope, websocket_head(scope)),
            suggest=suggest,
            duration=duration,
        )

    def accepted(
        self,
        scope: Scope,
        message: Message,
        fault: Exception | None = None,
        *,
        heard: bool = True,
        duration: float | None = None,
    ) -> HandshakeRecord | None:
        """Return the record of a handshake that the application accepted.

        What the server did not send, and raised a fault instead, is none; but for the
        subprotocol that nobody offered, which wsproto refuses to send. What went well
        is none either if it is not `heard`.
        """
        remark = _remark(scope, message.get("subprotocol"))
        if remark is None and not heard:
            return None
        if fault is not None and remark is not SUBPROTOCOL_NOT_OFFERED:
            return None
        head = websocket_head(scope)
        upgraded = 200 if head.is_http2() else 101
        return HandshakeRecord(
            outcome="accepted",
            layer="asgi",
            status=upgraded if fault is None else INTERNAL_ERROR.status,
            enforced=True,
            refusal=None,
            tell=told_of(scope, head),
            remark=remark,
            duration=duration,
        )

    def _of_http(self, scope: Scope) -> Findings:
        at_the_door = scope.get("state", {}).get(VERDICT_KEY)
        if isinstance(at_the_door, Verdict):
            # the door has judged all but what the owner says of the Origin
            findings = at_the_door.findings
            if self._checks_origin:
                head = http_head(scope)
                ours = origin(head, head.fields(), self._policy)
                findings = _united(findings, ours)
            return findings or (Finding(SERVER_DID_NOT_UPGRADE),)
        head = http_head(scope)
        if not head.is_attempt():
            declared = self._policy.declares(scope["path"])
            return (Finding(NOT_A_HANDSHAKE),) if declared else ()
        return judge(head, self._policy).findings or (Finding(SERVER_DID_NOT_UPGRADE),)

    def _of_websocket(self, scope: Scope) -> Findings:
        """Judge a handshake, or add our policy to what the door has already judged."""
        state = scope.setdefault("state", {})
        host = state.pop(HOST_KEY, None)
        if host is not None:
            restore_host(scope, host)
        verdict = state.get(VERDICT_KEY)
        if not isinstance(verdict, Verdict):
            verdict = judge(websocket_head(scope), self._policy)
        elif verdict.accepted:
            if self._checks_origin:
                verdict = judge_origin(verdict, websocket_head(scope), self._policy)
        elif self._policy.report_only:
            return ()  # the door, or a middleware further out, has told it
        state[VERDICT_KEY] = verdict
        return verdict.findings

    def _own_fault(self, scope: Scope, fault: Exception) -> HandshakeRecord:
        return HandshakeRecord(
            outcome="rejected",
            layer="asgi",
            status=_status(scope, INTERNAL_ERROR),
            enforced=not self._policy.report_only,
            refusal=Refusal((Finding(INTERNAL_ERROR),), self._policy.docs_url),
            tell=nothing_known,
            fault=_located(fault),
        )


def _status(scope: Scope, reason: Reason) -> int:
    answerable = scope["type"] == "http" or takes_denials(scope)
    return reason.status if answerable else CLOSED_STATUS


def _explained(
    scope: Scope, message: Message
) -> tuple[tuple[Cause, ...], Callable[[], str | None]]:
    """Return why the application turned it down, as far as its own objects tell."""
    try:
        return what_the_app_did(scope, message)
    except Exception:  # noqa: BLE001  (what calls itself `routes` may be anything)
        return (), no_hint


def _denial_status(message: Message) -> int:
    """Return what the client will get: a server cannot send a plain response here."""
    if message["type"] == "http.response.start":
        return INTERNAL_ERROR.status
    status: int = message.get("status", CLOSED_STATUS)
    return status


def _remark(scope: Scope, chosen: str | None) -> Remark | None:
    """RFC 6455 section 4.2.2(5): the server chooses one of those on offer, or none."""
    if not (chosen or scope.get("subprotocols")):
        return None  # as nearly always
    verdict = scope["state"].get(VERDICT_KEY)
    if not isinstance(verdict, Verdict):
        return None  # the application may write into its state what it likes
    offered = verdict.subprotocols
    if chosen:
        return None if chosen in offered else SUBPROTOCOL_NOT_OFFERED
    return SUBPROTOCOL_NOT_CHOSEN if offered else None


def _united(findings: Findings, more: Finding | None) -> Findings:
    """Add what is not known yet, in the order of the catalogue."""
    known = {finding.reason for finding in findings}
    return (
        findings if more is None or more.reason in known else in_order(*findings, more)
    )


def _located(fault: Exception) -> str:
    """Return the kind of a fault and where it arose: never its message, nor values."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(fault).__name__
    file = PurePath(trace.tb_frame.f_code.co_filename).name
    return f"{type(fault).__name__} in {file}:{trace.tb_lineno}"
