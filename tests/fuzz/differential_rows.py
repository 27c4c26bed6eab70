"""Our judgement of the bytes of a request, and the rows that explain peers' others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.fuzz.differences import THEY_ACCEPT
from tests.fuzz.differences_strict import APPLIES, THEY_READ, THEY_REJECT
from tests.support.handshakes import Handshake
from ws_handshake import RequestHead, judge
from ws_handshake.core import flaws
from ws_handshake.core.raw_request import read_head
from ws_handshake.uvicorn import http_flaws

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.fuzz.differences import Row
    from ws_handshake.core.flaws import Flaw

_OF_TARGET = {
    flaws.FRAGMENT_IN_TARGET,
    flaws.TARGET_WITHOUT_SLASH,
    flaws.USER_IN_TARGET,
}
_OF_LINE = {
    *(flaws.SPACE_IN_TARGET, flaws.TARGET_NOT_ASCII, flaws.LINE_SPACES),
    *(flaws.LINE_WITHOUT_VERSION, flaws.LINE_WITHOUT_TARGET, flaws.LINE_VERSION),
    flaws.LINE_CONTROL,
}
_OF_NAME = {flaws.LINE_WITHOUT_COLON, flaws.SPACE_BEFORE_COLON}
_BY_CODE = {(row.who, row.code): row for row in THEY_ACCEPT}


class Judged(NamedTuple):
    """Our judgement: every code, those of malformed heads too, or the accept token."""

    data: bytes
    head: RequestHead
    codes: tuple[str, ...]
    token: str | None

    @property
    def flaws(self) -> list[str]:
        """What is wrong with the form of the head: a parser judges nothing else."""
        return [code for code in self.codes if code.startswith("head_malformed")]


def judged(data: bytes) -> Judged:
    """Judge the bytes of a whole head, as a protocol class does."""
    wire = read_head(data)
    verdict = judge(wire.head)
    flaw = wire.flaw or http_flaws.flaw_of(wire.head, strict=False)
    if flaw is None:
        return Judged(data, wire.head, verdict.codes, verdict.accept_token)
    return Judged(
        data, wire.head, (*verdict.codes, f"head_malformed: {_part(flaw)}"), None
    )


def as_read(ours: Judged) -> Handshake:
    """Return a request as it was read."""
    head = ours.head
    return Handshake(head.method, head.target, head.http_version, tuple(head.headers))


def _part(flaw: Flaw) -> str:
    """Return the part of the head with the flaw: implementations differ by parts."""
    if flaw in _OF_TARGET:
        return "the request target"
    if flaw in _OF_NAME:
        return "a header name"
    return "the request line" if flaw in _OF_LINE else flaw.what


def why_accepted(who: str, codes: Iterable[str]) -> list[Row] | None:
    """Return the rows that explain why `who` accepts each of these codes."""
    rows = [_BY_CODE.get((who, code)) for code in codes]
    known = [row for row in rows if row]
    return known if len(known) == len(rows) else None


def why_rejected(who: str, ours: Judged, *, handed: bool = False) -> list[Row] | None:
    """Return a row that explains why `who` rejects a valid request."""
    rows = [row for row in THEY_REJECT if row.always or not handed]
    return _first_that_applies(rows, who, ours)


def why_read_otherwise(who: str, ours: Judged) -> list[Row] | None:
    """Return a row that explains why `who` reads other fields than we do."""
    return _first_that_applies(THEY_READ, who, ours)


def _first_that_applies(
    rows: Iterable[Row], who: str, ours: Judged
) -> list[Row] | None:
    for row in rows:
        if row.who == who and APPLIES[row.code](ours.head, ours.data):
            return [row]
    return None
