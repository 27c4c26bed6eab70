"""Judges ASGI scopes: the record of what became of a handshake, as observers get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.asgi.denial import CLOSED_STATUS, denial_of, denial_status
from ws_handshake.asgi.frameworks import handled_error
from ws_handshake.asgi.request_head import (
    facts_of,
    http_head,
    restore_host,
    websocket_head,
)
from ws_handshake.asgi.routing import what_the_app_did, why_it_raised
from ws_handshake.asgi.scope import (
    HandedOver,
    PassedOn,
    leave_verdict,
    path_within,
    speaks_http1,
    takes_denials,
    verdict_before,
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
from ws_handshake.core.rules import origin
from ws_handshake.core.verdict import Verdict, judge
from ws_handshake.core.violation import Violation, in_order
from ws_handshake.outcome.record import (
    SUBPROTOCOL_NOT_CHOSEN,
    SUBPROTOCOL_NOT_OFFERED,
    HandshakeRecord,
    HandshakeWarning,
    located,
    no_hint,
    nothing_known,
)
from ws_handshake.outcome.rejection import Rejection, explained

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.asgi.routing import Explained
    from ws_handshake.asgi.scope import Message, Scope
    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import RequestHead
    from ws_handshake.outcome.record import RequestFacts

    Violations = tuple[Violation, ...]

# What follows from a policy, and not from the request alone.
_OF_POLICY = frozenset([ORIGIN_MISSING, ORIGIN_NOT_ALLOWED, ORIGIN_DUPLICATED])


class Evaluation:
    """Judges by one policy. An error of its own is a rejection too: it fails closed."""

    def __init__(self, policy: Policy) -> None:
        """Take the operator's policy."""
        self._policy = policy
        self._checks_origin = policy.checks_origin

    def rejected(self, scope: Scope) -> HandshakeRecord | None:
        """Return why the request in `scope` is rejected, or None for the application.

        Leaves the verdict in the state of the scope.
        """
        try:
            before = verdict_before(scope)
            if isinstance(before, HandedOver):
                restore_host(scope, before.host)
            websocket = scope["type"] == "websocket"
            request = websocket_head(scope) if websocket else http_head(scope)
            violations = self._evaluated(scope, request, before)
            if not violations:
                return None
            rejection = explained(request, violations, self._policy)
            return HandshakeRecord(
                outcome="rejected",
                layer="asgi",
                status=_status(scope, rejection.reason),
                enforced=not self._policy.report_only,
                rejection=rejection,
                describe=facts_of(
                    scope, request, shows_origin=rejection.shows_origin()
                ),
            )
        except Exception as error:  # noqa: BLE001  (never fall through to the app)
            return self._own_error(scope, error)

    def denied(
        self,
        scope: Scope,
        message: Message,
        body: bytes = b"",
        *,
        duration: float | None = None,
    ) -> HandshakeRecord:
        """Return the record of a valid handshake that the application turned down.

        `body` is that of its denial response. What the application has caught, and
        denies for, is reported like what it raises.
        """
        error = handled_error()
        denial = denial_of(scope, message, body)
        causes, suggest = _explained(
            lambda: what_the_app_did(scope, message, denial.reason)
        )
        rejection = Rejection(
            (Violation(DENIED_BY_APP),), self._policy.docs_url, causes, denial
        )
        return HandshakeRecord(
            outcome="rejected",
            layer="asgi",
            status=denial_status(message),
            enforced=True,  # report_only keeps us from rejecting, not the application
            rejection=rejection,
            describe=_known_of(scope),
            suggest=suggest,
            error=None if error is None else located(error),
            duration=duration,
        )

    def ended(
        self, scope: Scope, error: Exception | None, *, duration: float
    ) -> HandshakeRecord:
        """Return the record of an application that ended before it decided.

        `error` is what it raised; of that the kind and the place are reported, never
        the message.
        """
        causes, suggest = _explained(lambda: why_it_raised(scope, error))
        return HandshakeRecord(
            outcome="rejected",
            layer="asgi",
            status=APP_DID_NOT_RESPOND.status,
            enforced=True,
            rejection=Rejection(
                (Violation(APP_DID_NOT_RESPOND),), self._policy.docs_url, causes
            ),
            describe=_known_of(scope),
            suggest=suggest,
            error=None if error is None else located(error),
            duration=duration,
        )

    def accepted(
        self,
        scope: Scope,
        message: Message,
        error: Exception | None = None,
        *,
        wanted: bool = True,
        duration: float | None = None,
    ) -> HandshakeRecord | None:
        """Return the record of a handshake that the application accepted.

        None where the server raised an error instead of sending it, but for the
        subprotocol that was not offered, which wsproto does not send; and None where
        all went well and no observer wants to know (`wanted`).
        """
        warning = _warning(scope, message.get("subprotocol"))
        if warning is None and not wanted:
            return None
        if error is not None and warning is not SUBPROTOCOL_NOT_OFFERED:
            return None
        upgraded = 101 if speaks_http1(scope) else 200
        return HandshakeRecord(
            outcome="accepted",
            layer="asgi",
            status=upgraded if error is None else INTERNAL_ERROR.status,
            enforced=True,
            rejection=None,
            describe=_known_of(scope),
            warning=warning,
            duration=duration,
        )

    def _evaluated(
        self, scope: Scope, request: RequestHead, before: Verdict | None
    ) -> Violations:
        """Return what is wrong with a request, and is ours to report.

        The verdict of the protocol class, or of a middleware further out, stands, but
        for what follows from that one's policy. What it has reported, a middleware
        that only reports does not report again.
        """
        if not (request.upgraded or request.is_attempt()):
            declared = self._policy.declares(path_within(scope))
            return (Violation(NOT_A_HANDSHAKE),) if declared else ()
        verdict = (
            judge(request, self._policy)
            if before is None
            else self._by_our_policy(before, request)
        )
        violations = verdict.violations
        if not (violations or request.upgraded):
            violations = (Violation(SERVER_DID_NOT_UPGRADE),)
        nonce = None if violations else verdict.nonce
        passes = self._policy.report_only or not violations
        kind = PassedOn if passes else Verdict
        leave_verdict(scope, kind(verdict.request, violations, nonce))
        # a protocol class has reported by itself what report_only lets it upgrade
        if before is None or not (
            passes and (request.upgraded or isinstance(before, PassedOn))
        ):
            return violations
        return tuple(each for each in violations if each not in before.violations)

    def _by_our_policy(self, verdict: Verdict, request: RequestHead) -> Verdict:
        """Judge the Origin by our policy: the protocol class has none, another its own.

        The protocol class sees a request before proxy headers are read, so that the
        scheme which `same-origin` needs is right only here.
        """
        if not (self._checks_origin or isinstance(verdict, PassedOn)):
            return verdict
        others = [f for f in verdict.violations if f.reason not in _OF_POLICY]
        ours = origin(request, request.fields(), self._policy)
        violations = in_order(*others, *([] if ours is None else [ours]))
        return verdict._replace(
            violations=violations, nonce=None if violations else verdict.nonce
        )

    def _own_error(self, scope: Scope, error: Exception) -> HandshakeRecord:
        return HandshakeRecord(
            outcome="rejected",
            layer="asgi",
            status=_status(scope, INTERNAL_ERROR),
            enforced=not self._policy.report_only,
            rejection=Rejection((Violation(INTERNAL_ERROR),), self._policy.docs_url),
            describe=nothing_known,
            error=located(error),
        )


def _status(scope: Scope, reason: Reason) -> int:
    takes_response = scope["type"] == "http" or takes_denials(scope)
    return reason.status if takes_response else CLOSED_STATUS


def _known_of(scope: Scope) -> Callable[[], RequestFacts]:
    """Return what works out what may be reported of a request.

    That is nothing where its application has made the scope unreadable.
    """

    def known() -> RequestFacts:
        try:
            return facts_of(scope, websocket_head(scope))()
        except Exception:  # noqa: BLE001  (an application may put anything there)
            return nothing_known()

    return known


def _explained(explain: Callable[[], Explained]) -> Explained:
    """Return why the application did so, as far as its objects show that."""
    try:
        return explain()
    except Exception:  # noqa: BLE001  (anything may be named `routes`)
        return (), no_hint


def _warning(scope: Scope, chosen: str | None) -> HandshakeWarning | None:
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
