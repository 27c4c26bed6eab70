"""Judges ASGI scopes: the record of what became of a handshake, as observers get it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from ws_handshake.asgi.routing import what_the_app_did
from ws_handshake.asgi.scope import (
    HandedOver,
    PassedOn,
    http_head,
    leave_verdict,
    path_within,
    restore_host,
    speaks_http1,
    takes_denials,
    told_of,
    verdict_before,
    websocket_head,
)
from ws_handshake.core.reasons import (
    APP_DID_NOT_RESPOND,
    DENIED_BY_APP,
    INTERNAL_ERROR,
    NOT_A_HANDSHAKE,
    ORIGIN_DUPLICATED,
    ORIGIN_MISSING,
    ORIGIN_NOT_ALLOWED,
    SERVER_DID_NOT_UPGRADE,
)
from ws_handshake.core.redaction import printable
from ws_handshake.core.rules import Finding, in_order, origin
from ws_handshake.core.verdict import Verdict, judge
from ws_handshake.outcome.record import (
    SUBPROTOCOL_NOT_CHOSEN,
    SUBPROTOCOL_NOT_OFFERED,
    HandshakeRecord,
    Refusal,
    Remark,
    explained,
    no_hint,
    nothing_known,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.asgi.scope import Message, Scope
    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import RequestHead
    from ws_handshake.diagnosis.causes import Cause
    from ws_handshake.outcome.record import Circumstances

    Findings = tuple[Finding, ...]

# What follows from a policy, and not from the request alone.
_OF_POLICY = frozenset([ORIGIN_MISSING, ORIGIN_NOT_ALLOWED, ORIGIN_DUPLICATED])

# What a server without denial responses answers to a close before the acceptance.
CLOSED_STATUS = 403


class Examiner:
    """Judges by one policy. A fault of its own is a refusal too: it fails closed."""

    def __init__(self, policy: Policy) -> None:
        """Take the owner's policy."""
        self._policy = policy
        self._checks_origin = policy.checks_origin

    def is_settled(self, verdict: Verdict) -> bool:
        """Say whether the door has found a handshake valid, and left nothing to us.

        A verdict of another class stands for something that is left to do.
        """
        settled = type(verdict) is Verdict and not verdict.findings
        return settled and not self._checks_origin

    def refused(self, scope: Scope) -> HandshakeRecord | None:
        """Return why the request in `scope` is refused, or None for the application.

        Leaves the verdict in the state of the scope.
        """
        try:
            before = verdict_before(scope)
            if isinstance(before, HandedOver):
                restore_host(scope, before.host)
            websocket = scope["type"] == "websocket"
            head = websocket_head(scope) if websocket else http_head(scope)
            findings = self._examined(scope, head, before)
            if not findings:
                return None
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
            tell=_known_of(scope),
            suggest=suggest,
            duration=duration,
        )

    def ended(
        self, scope: Scope, fault: Exception | None, *, duration: float
    ) -> HandshakeRecord:
        """Return the record of an application that ended before it decided.

        `fault` is what it raised; of that the kind and the place are reported, never
        the message.
        """
        return HandshakeRecord(
            outcome="rejected",
            layer="asgi",
            status=APP_DID_NOT_RESPOND.status,
            enforced=True,
            refusal=Refusal((Finding(APP_DID_NOT_RESPOND),), self._policy.docs_url),
            tell=_known_of(scope),
            fault=None if fault is None else _located(fault),
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
        upgraded = 101 if speaks_http1(scope) else 200
        return HandshakeRecord(
            outcome="accepted",
            layer="asgi",
            status=upgraded if fault is None else INTERNAL_ERROR.status,
            enforced=True,
            refusal=None,
            tell=_known_of(scope),
            remark=remark,
            duration=duration,
        )

    def _examined(
        self, scope: Scope, head: RequestHead, before: Verdict | None
    ) -> Findings:
        """Return what is wrong with a request, and is ours to report.

        The verdict of the door, or of a middleware further out, stands but for what
        that one's policy said; what it has reported, a trial does not report again.
        """
        if not (head.upgraded or head.is_attempt()):
            declared = self._policy.declares(path_within(scope))
            return (Finding(NOT_A_HANDSHAKE),) if declared else ()
        verdict = (
            judge(head, self._policy)
            if before is None
            else self._by_our_policy(before, head)
        )
        findings = verdict.findings
        if not (findings or head.upgraded):
            findings = (Finding(SERVER_DID_NOT_UPGRADE),)
        nonce = None if findings else verdict.nonce
        passes = self._policy.report_only or not findings
        kind = PassedOn if passes else Verdict
        leave_verdict(scope, kind(verdict.head, findings, nonce))
        # a door reports by itself what it upgrades on trial
        if before is None or not (
            passes and (head.upgraded or isinstance(before, PassedOn))
        ):
            return findings
        return tuple(each for each in findings if each not in before.findings)

    def _by_our_policy(self, verdict: Verdict, head: RequestHead) -> Verdict:
        """Judge the Origin by our policy: the door has none, another its own.

        The door sees a request before proxy headers are read, so that the scheme which
        `same-origin` needs is right only here.
        """
        if not (self._checks_origin or isinstance(verdict, PassedOn)):
            return verdict
        others = [f for f in verdict.findings if f.reason not in _OF_POLICY]
        ours = origin(head, head.fields(), self._policy)
        findings = in_order(*others, *([] if ours is None else [ours]))
        return verdict._replace(
            findings=findings, nonce=None if findings else verdict.nonce
        )

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


def _known_of(scope: Scope) -> Callable[[], Circumstances]:
    """Return what works out what may be reported of a request.

    That is nothing where its application has made the scope unreadable.
    """

    def known() -> Circumstances:
        try:
            return told_of(scope, websocket_head(scope))()
        except Exception:  # noqa: BLE001  (an application may put anything there)
            return nothing_known()

    return known


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
    verdict = verdict_before(scope)
    if verdict is None:
        return None  # the application may write into its state what it likes
    offered = verdict.subprotocols
    if chosen:
        return None if chosen in offered else SUBPROTOCOL_NOT_OFFERED
    return SUBPROTOCOL_NOT_CHOSEN if offered else None


def _located(fault: Exception) -> str:
    """Return the kind of a fault and where it arose: never its message, nor values."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(fault).__name__
    if trace is None:
        return printable(kind)
    file = PurePath(trace.tb_frame.f_code.co_filename).name
    return printable(f"{kind} in {file}:{trace.tb_lineno}")
