"""What the probe asks once more where a handshake failed, and what that shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from ws_handshake.cli.client import failures
from ws_handshake.cli.client.failures import Failure
from ws_handshake.cli.client.signs import for_responder, speaks_of_origin
from ws_handshake.cli.probe import notes
from ws_handshake.cli.probe.notes import Note
from ws_handshake.cli.probe.reach import LOOK_SECONDS
from ws_handshake.cli.probe.track import Track
from ws_handshake.cli.probe.walk import Walk
from ws_handshake.core.request import EXTENSIONS, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.cli.client.dial import Deadline
    from ws_handshake.cli.client.failures import FailureKind
    from ws_handshake.cli.probe.reach import Order
    from ws_handshake.cli.probe.report import Report

    Ask = Callable[[Order, Report], "Question | None"]

# What a server of the other version of HTTP responds.
_ABOUT_HTTP = frozenset([400, 404, 405, 426, 501])
_SPEAKS_OTHER_VERSION = (
    failures.HTTP2_CHOSEN,
    failures.HTTP2_NOT_CHOSEN,
    failures.EXTENDED_CONNECT_NOT_OFFERED,
    failures.CLOSED_WITHOUT_RESPONSE,
)
# Where the second handshake ends so, nothing is known.
_TOO_LATE = (failures.NO_RESPONSE, failures.RESPONSE_INCOMPLETE)

_TRY_ANOTHER = ". If the server allows certain origins only, name one of them: --origin"


@dataclass(frozen=True, slots=True)
class Question:
    """One more handshake with one thing changed, and what its outcomes mean.

    `works` takes the place of the first one's failures, or is added as a note; `fails`
    is the code of a note, and `conclusion` ends it.
    """

    changed: str
    order: Order
    works: FailureKind | Note
    fails: str
    conclusion: str = ""


def probed(order: Order, deadline: Deadline, track: Track) -> Report:
    """Walk through a handshake; where it fails, ask once more what may show why.

    Each question costs one handshake at most, and none is asked behind one that works.
    """
    report = Walk(order, deadline, track).report()
    if _is_broken_by_options(report):
        return report
    for ask in QUESTIONS:
        question = ask(order, report)
        if question is not None:
            report, works = _answered(question, report, deadline, track)
            if works:
                break
    return replace(report, steps=tuple(track.steps))


def _answered(
    question: Question, report: Report, deadline: Deadline, track: Track
) -> tuple[Report, bool]:
    """Ask, and return the report with the answer, and whether it works so."""
    part = deadline.part(1, most=LOOK_SECONDS)
    silent = Track(part.clock, lambda _: None, lambda _: None)
    with track.step("again") as step:
        other = Walk(question.order, part, silent).report()
        step.ok = other.verdict == "valid"
        kinds = [failure.kind for failure in other.failures]
        if other.verdict == "unreached" or any(kind in _TOO_LATE for kind in kinds):
            step.result = f"{question.changed}: no response in time"
            return report, False
        outcome = "frames get through" if step.ok else "it fails, too"
        step.result = f"{question.changed}: {outcome}"
    if step.ok:
        return _learnt(question, report), True
    seen = ", ".join(kind.code for kind in kinds)
    note = notes.fails_too(question.fails, question.changed, seen, question.conclusion)
    return replace(report, notes=(*report.notes, note)), False


def _learnt(question: Question, report: Report) -> Report:
    """Return the report with what it means that the other handshake works."""
    if isinstance(question.works, Note):
        return replace(report, notes=(*report.notes, question.works))
    first, response = report.failures[0], report.response
    seen = first.seen if response is None or response.accepts else response.status
    failure = Failure(question.works, f"{seen}; {question.changed} frames get through")
    return replace(report, failures=(for_responder(failure, response),), causes=())


def _is_broken_by_options(report: Report) -> bool:
    return any(note.code == notes.request_faulty("").code for note in report.notes)


def about_extensions(order: Order, report: Report) -> Question | None:
    """Ask without extensions, where the WebSocket broke off at the first frame."""
    opened, response = report.opened, report.response
    if opened is None or response is None:
        return None
    if not (opened.broke and response.values(EXTENSIONS)):
        return None
    return Question(
        changed="without extensions",
        order=_with_header(order, EXTENSIONS, b""),
        works=failures.COMPRESSION_BLOCKED,
        fails="compression_not_to_blame",
        conclusion=": compression is not to blame",
    )


def about_http(order: Order, report: Report) -> Question | None:
    """Ask over the other version of HTTP, where the server may speak that one only."""
    kinds = [failure.kind for failure in report.failures]
    secure, response = order.target.secure, report.response
    by_kind = any(kind in _SPEAKS_OTHER_VERSION for kind in kinds)
    by_status = response is not None and response.status in _ABOUT_HTTP
    if report.problem is not None or not (by_kind or by_status):
        return None
    if order.http == "2":
        return Question(
            changed="over HTTP/1.1",
            order=replace(order, http="1.1"),
            works=notes.WORKS_OVER_HTTP1,
            fails="other_version_fails",
        )
    sees_http2 = notes.HTTP2_WITH_WEBSOCKETS in report.notes or (secure and by_kind)
    if order.http == "1.1" or not (sees_http2 or failures.HTTP2_CHOSEN in kinds):
        return None
    return Question(
        changed="over HTTP/2",
        order=replace(order, http="2"),
        works=notes.WORKS_OVER_HTTP2,
        fails="other_version_fails",
    )


def about_origin(order: Order, report: Report) -> Question | None:
    """Ask without the Origin, or with that of the same host where there was none."""
    if not _may_be_about_origin(report):
        return None
    kinds = [failure.kind for failure in report.failures]
    by_server = failures.REJECTED_IN_FRONT not in kinds
    conclusion = _TRY_ANOTHER if by_server else ""
    if order.offer.has_origin:
        return Question(
            changed="without Origin",
            order=_with_header(order, ORIGIN, b""),
            works=failures.ORIGIN_DENIED,
            fails="other_origin_fails",
            conclusion=conclusion,
        )
    scheme = "https" if order.target.secure else "http"
    same = f"{scheme}://{order.target.authority}"
    return Question(
        changed=f"with Origin: {same}",
        order=_with_header(order, b"Origin", same.encode()),
        works=failures.ORIGIN_REQUIRED,
        fails="other_origin_fails",
        conclusion=conclusion,
    )


def _may_be_about_origin(report: Report) -> bool:
    """Return whether it is rejected by a 403, or ends, and no reason is given."""
    response = report.response
    if response is None:
        kinds = [failure.kind for failure in report.failures]
        return failures.CLOSED_WITHOUT_RESPONSE in kinds
    if response.accepts:
        opened = report.opened
        return bool(report.failures and opened and opened.closed_silently)
    is_denied = response.status == HTTPStatus.FORBIDDEN or speaks_of_origin(response)
    return report.problem is None and is_denied


def _with_header(order: Order, name: bytes, value: bytes) -> Order:
    """Return the order with one header changed, and without a look at HTTP/2."""
    offer = order.offer.having(name, value)
    return replace(order, offer=offer, http="2" if order.http == "2" else "1.1")


#: In this order; each looks at what the first handshake left.
QUESTIONS: tuple[Ask, ...] = (about_extensions, about_http, about_origin)
