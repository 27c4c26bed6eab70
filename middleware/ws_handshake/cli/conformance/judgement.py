"""What a response means for a case: as it should be, or a fault of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ws_handshake.cli.client.response import check
from ws_handshake.cli.conformance.naming import names_kind
from ws_handshake.cli.conformance.send import CLOSED
from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.conformance.case import Case
    from ws_handshake.cli.conformance.send import Came

_SHORT_PHRASE = 40

_SERVERS_KIND = 500

# RFC 9110 sections 15.6.2 and 15.6.6: what was asked is not supported
_SPEAKING_5XX = frozenset([501, 505])

# What a rejection MUST have: RFC 9110 sections 15.5.6 and 15.5.22
_DEMANDED = {
    405: ("Allow", "RFC 9110 section 15.5.6"),
    426: ("Upgrade", "RFC 9110 section 15.5.22"),
}


class Kind(StrEnum):
    """The kinds of failures; a case has at most one, the first that applies."""

    WITHOUT_RESPONSE = "without_response"
    SERVER_ERROR = "server error"
    WRONGLY_ACCEPTED = "wrongly accepted"
    WRONGLY_REJECTED = "wrongly rejected"
    WRONG_RESPONSE = "wrong response"
    OPAQUE = "opaque"


#: What each means, for people.
MEANINGS = {
    Kind.WITHOUT_RESPONSE: "no response came; where there is a choice, closing is one",
    Kind.SERVER_ERROR: "a 5xx other than 501 and 505: the server failed over it",
    Kind.WRONGLY_ACCEPTED: "101 for a handshake that must be rejected",
    Kind.WRONGLY_REJECTED: "no 101 for a handshake that must be accepted",
    Kind.WRONG_RESPONSE: "a 101 or a rejection without what it must have",
    Kind.OPAQUE: "a rejection that does not say what is wrong",
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
    response = came.response
    if response is None:
        return _without_response(case, came)
    kind, detail = _kind(case, came, response)
    reported = f"{response.status} {shown(response.phrase, _SHORT_PHRASE)}".strip()
    return Outcome(case, kind, reported + detail, response.status)


def _without_response(case: Case, came: Came) -> Outcome:
    """Judge silence: where there is a choice, to close the connection is a rejection."""
    if came.silence == CLOSED and case.expected == "either":
        return Outcome(case, None, CLOSED)
    why = came.blocked.kind.what if came.blocked else came.silence
    return Outcome(case, Kind.WITHOUT_RESPONSE, shown(why or ""))


def _kind(case: Case, came: Came, response: Response) -> tuple[Kind | None, str]:
    if response.status >= _SERVERS_KIND and response.status not in _SPEAKING_5XX:
        return Kind.SERVER_ERROR, ""
    if response.accepts:
        return _kind_of_acceptance(case, came, response)
    if case.expected == "accept":
        return Kind.WRONGLY_REJECTED, ""
    return _kind_of_rejection(case, came, response)


def _kind_of_acceptance(
    case: Case, came: Came, response: Response
) -> tuple[Kind | None, str]:
    if case.expected == "reject":
        return Kind.WRONGLY_ACCEPTED, ""
    failures = check(came.sent, response)
    if not failures:
        return None, ""
    return Kind.WRONG_RESPONSE, f": {' '.join(found.kind.what for found in failures)}"


def _kind_of_rejection(
    case: Case, came: Came, response: Response
) -> tuple[Kind | None, str]:
    if case.expected == "either":
        return None, ""
    header, rfc = _DEMANDED.get(response.status, ("", ""))
    if header and not _has(response, header):
        return Kind.WRONG_RESPONSE, f" without {header} ({rfc})"
    if case.needs and not _has(response, case.needs):
        return Kind.WRONG_RESPONSE, f" without {case.needs}"
    if not names_kind(case.codes, came.sent, response):
        return Kind.OPAQUE, ""
    return None, ""


def _has(response: Response, header: str) -> bool:
    return bool(response.values(header.lower().encode()))
