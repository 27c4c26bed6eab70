"""What an answer means for a case: as it should be, or a fault of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ws_handshake.cli.client.answer import check
from ws_handshake.cli.conformance.naming import names_fault
from ws_handshake.cli.conformance.send import CLOSED
from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    from ws_handshake.cli.client.answer import Answer
    from ws_handshake.cli.conformance.case import Case
    from ws_handshake.cli.conformance.send import Came

_SHORT_PHRASE = 40

_SERVERS_FAULT = 500

# RFC 9110 sections 15.6.2 and 15.6.6: what was asked is not supported
_SPEAKING_5XX = frozenset([501, 505])

# What a refusal MUST have: RFC 9110 sections 15.5.6 and 15.5.22
_DEMANDED = {
    405: ("Allow", "RFC 9110 section 15.5.6"),
    426: ("Upgrade", "RFC 9110 section 15.5.22"),
}


class Kind(StrEnum):
    """The kinds of faults; a case has at most one, the first that applies."""

    UNANSWERED = "unanswered"
    SERVER_ERROR = "server error"
    WRONGLY_ACCEPTED = "wrongly accepted"
    WRONGLY_REFUSED = "wrongly refused"
    WRONG_ANSWER = "wrong answer"
    OPAQUE = "opaque"


#: What each means, for people.
MEANINGS = {
    Kind.UNANSWERED: "no response came; where there is a choice, closing is one",
    Kind.SERVER_ERROR: "a 5xx other than 501 and 505: the server failed over it",
    Kind.WRONGLY_ACCEPTED: "101 for a handshake that must be refused",
    Kind.WRONGLY_REFUSED: "no 101 for a handshake that must be accepted",
    Kind.WRONG_ANSWER: "a 101 or a refusal without what it must have",
    Kind.OPAQUE: "a refusal that does not say what is wrong",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case; `kind` is None where all is as it should be."""

    case: Case
    kind: Kind | None
    came: str
    status: int | None = None


def judged(case: Case, came: Came) -> Outcome:
    """Judge what came on a case."""
    answer = came.answer
    if answer is None:
        return _unanswered(case, came)
    kind, detail = _fault(case, came, answer)
    told = f"{answer.status} {shown(answer.phrase, _SHORT_PHRASE)}".strip()
    return Outcome(case, kind, told + detail, answer.status)


def _unanswered(case: Case, came: Came) -> Outcome:
    """Judge silence: where there is a choice, to close the connection is a refusal."""
    if came.silence == CLOSED and case.expected == "either":
        return Outcome(case, None, CLOSED)
    why = came.blocked.fault.what if came.blocked else came.silence
    return Outcome(case, Kind.UNANSWERED, shown(why or ""))


def _fault(case: Case, came: Came, answer: Answer) -> tuple[Kind | None, str]:
    if answer.status >= _SERVERS_FAULT and answer.status not in _SPEAKING_5XX:
        return Kind.SERVER_ERROR, ""
    if answer.accepts:
        return _fault_of_acceptance(case, came, answer)
    if case.expected == "accept":
        return Kind.WRONGLY_REFUSED, ""
    return _fault_of_refusal(case, came, answer)


def _fault_of_acceptance(
    case: Case, came: Came, answer: Answer
) -> tuple[Kind | None, str]:
    if case.expected == "refuse":
        return Kind.WRONGLY_ACCEPTED, ""
    findings = check(came.sent, answer)
    if not findings:
        return None, ""
    return Kind.WRONG_ANSWER, f": {' '.join(found.fault.what for found in findings)}"


def _fault_of_refusal(
    case: Case, came: Came, answer: Answer
) -> tuple[Kind | None, str]:
    if case.expected == "either":
        return None, ""
    header, rfc = _DEMANDED.get(answer.status, ("", ""))
    if header and not _has(answer, header):
        return Kind.WRONG_ANSWER, f" without {header} ({rfc})"
    if case.needs and not _has(answer, case.needs):
        return Kind.WRONG_ANSWER, f" without {case.needs}"
    if not names_fault(case.codes, came.sent, answer):
        return Kind.OPAQUE, ""
    return None, ""


def _has(answer: Answer, header: str) -> bool:
    return bool(answer.values(header.lower().encode()))
