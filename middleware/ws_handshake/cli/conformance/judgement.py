"""Whether the response to a case is right, or which kind of failure it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ws_handshake.cli.client.response import check
from ws_handshake.cli.conformance.send import CLOSED
from ws_handshake.cli.screen import shown
from ws_handshake.core.reasons import BY_CODE

if TYPE_CHECKING:
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.conformance.cases import Case
    from ws_handshake.cli.conformance.send import Reply
    from ws_handshake.core.request import RequestHead

_SHORT_PHRASE = 40

_SERVER_ERRORS = 500

# RFC 9110 sections 15.6.2 and 15.6.6: the request is not supported
_NOT_SUPPORTED = frozenset([501, 505])

# What a rejection MUST have: RFC 9110 sections 15.5.6 and 15.5.22
_REQUIRED = {
    405: ("Allow", "RFC 9110 section 15.5.6"),
    426: ("Upgrade", "RFC 9110 section 15.5.22"),
}

#: What `opaque` means.
DEFINITION = (
    "A rejection is opaque if it does not say what is wrong, by a word for the "
    "violation in any case, or by the wrong value. This may be in the reason phrase, "
    "the first 4 KiB of the body without tags, or a header whose name contains "
    "`error` or `reason`. A header or a status that is made for the violation is "
    "enough: Allow, Sec-WebSocket-Version, 405, 501, 505. A status below 400 is "
    "always opaque."
)

#: The words for each violation, one of which is enough.
WORDS: dict[str, tuple[str, ...]] = {
    "method_not_get": ("method",),
    "http_version_too_old": ("http version", "http/1", "http/0"),
    "host": ("host", "authority"),
    "upgrade": ("upgrade",),
    "connection": ("connection",),
    "key": ("key",),
    "version": ("version",),
    "subprotocol": ("subprotocol", "sec-websocket-protocol"),
    "body_unexpected": ("content-length", "content length", "body", "transfer-enc"),
    "head_malformed": ("header", "space", "colon", "field", "invalid http", "malform"),
}

_STATUSES_FOR = {"method_not_get": {405, 501}, "http_version_too_old": {505}}
_HEADERS_FOR = {"method_not_get": b"allow", "version": b"sec-websocket-version"}

_CLIENT_ERRORS = 400

# A shorter value may be anywhere by chance.
_SHORTEST = 3

_tag = re.compile(rb"<[^>]*+>")


class Kind(StrEnum):
    """The kinds of failures; a case has at most one, the first that applies."""

    NO_RESPONSE = "no response"
    SERVER_ERROR = "server error"
    WRONGLY_ACCEPTED = "wrongly accepted"
    WRONGLY_REJECTED = "wrongly rejected"
    WRONG_RESPONSE = "wrong response"
    OPAQUE = "opaque"


#: What each kind means.
MEANINGS = {
    Kind.NO_RESPONSE: "none came; where there is a choice, closing counts as one",
    Kind.SERVER_ERROR: "a 5xx other than 501 and 505: the server failed",
    Kind.WRONGLY_ACCEPTED: "101 for a handshake that must be rejected",
    Kind.WRONGLY_REJECTED: "no 101 for a handshake that must be accepted",
    Kind.WRONG_RESPONSE: "a 101 or a rejection that lacks what it must have",
    Kind.OPAQUE: "a rejection that does not say what is wrong",
}


#: What to do about each kind.
ADVICE = {
    Kind.NO_RESPONSE: "Read the server's log: these clients wait in vain.",
    Kind.SERVER_ERROR: "Read the tracebacks in the server's log: no request of a "
    "client should cause one.",
    Kind.WRONGLY_ACCEPTED: "Reject these before the application sees them, as "
    "the middleware of ws_handshake does in front of an ASGI application.",
    Kind.WRONGLY_REJECTED: "Accept these: clients that follow the RFC send them. "
    "Check the proxies in between, then ask the authors of the server.",
    Kind.WRONG_RESPONSE: "Add what the response lacks: clients close such a "
    "connection, or do not learn what to send.",
    Kind.OPAQUE: "Name what is wrong in the response, as the middleware of "
    "ws_handshake does in front of an ASGI application.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the server did with a case; `kind` is None if that was right."""

    case: Case
    kind: Kind | None
    received: str
    status: int | None = None


def judged(case: Case, reply: Reply) -> Outcome:
    """Judge the response to a case."""
    response = reply.response
    if response is None:
        return _no_response(case, reply)
    kind, detail = _kind(case, reply, response)
    status = f"{response.status} {shown(response.phrase, _SHORT_PHRASE)}".strip()
    return Outcome(case, kind, status + detail, response.status)


def _no_response(case: Case, reply: Reply) -> Outcome:
    """Judge silence: where there is a choice, closing the connection is a rejection."""
    if reply.silence == CLOSED and case.expected == "either":
        return Outcome(case, None, CLOSED)
    why = reply.blocked.kind.what if reply.blocked else reply.silence
    return Outcome(case, Kind.NO_RESPONSE, shown(why or ""))


def _kind(case: Case, reply: Reply, response: Response) -> tuple[Kind | None, str]:
    if response.status >= _SERVER_ERRORS and response.status not in _NOT_SUPPORTED:
        return Kind.SERVER_ERROR, ""
    if response.accepts:
        return _kind_of_acceptance(case, reply, response)
    if case.expected == "accept":
        return Kind.WRONGLY_REJECTED, ""
    return _kind_of_rejection(case, reply, response)


def _kind_of_acceptance(
    case: Case, reply: Reply, response: Response
) -> tuple[Kind | None, str]:
    if case.expected == "reject":
        return Kind.WRONGLY_ACCEPTED, ""
    failures = check(reply.sent, response)
    if not failures:
        return None, ""
    return Kind.WRONG_RESPONSE, f": {' '.join(found.kind.what for found in failures)}"


def _kind_of_rejection(
    case: Case, reply: Reply, response: Response
) -> tuple[Kind | None, str]:
    if case.expected == "either":
        return None, ""
    header, rfc = _REQUIRED.get(response.status, ("", ""))
    if header and not _has(response, header):
        return Kind.WRONG_RESPONSE, f" without {header} ({rfc})"
    if case.needs and not _has(response, case.needs):
        return Kind.WRONG_RESPONSE, f" without {case.needs}"
    if not names_violation(case.codes, reply.sent, response):
        return Kind.OPAQUE, ""
    return None, ""


def _has(response: Response, header: str) -> bool:
    return bool(response.values(header.lower().encode()))


def names_violation(
    codes: tuple[str, ...], sent: RequestHead, response: Response
) -> bool:
    """Return whether a rejection names one of the violations in the request."""
    if response.status < _CLIENT_ERRORS:
        return False
    text = _text(response)
    return any(
        _is_made_for(_group(code), response)
        or _has_word(text, WORDS[_group(code)])
        or any(value in text for value in _values(code, sent))
        for code in codes
    )


def _text(response: Response) -> bytes:
    errors = [
        value
        for name, value in response.headers
        if b"error" in name.lower() or b"reason" in name.lower()
    ]
    body = _tag.sub(b" ", response.body)
    return b"\n".join([response.phrase, *errors, body]).lower()


def _group(code: str) -> str:
    """Return the entry for a code: `key` for `key_missing` and `key_malformed`."""
    return code if code in WORDS else code.partition("_")[0]


def _is_made_for(group: str, response: Response) -> bool:
    header = _HEADERS_FOR.get(group)
    has_header = header is not None and bool(response.values(header))
    return has_header or response.status in _STATUSES_FOR.get(group, ())


def _has_word(text: bytes, words: tuple[str, ...]) -> bool:
    return any(re.search(rb"(?<![a-z])" + word.encode(), text) for word in words)


def _values(code: str, sent: RequestHead) -> list[bytes]:
    """Return the values of the header that is wrong, in lower case."""
    header = BY_CODE[code].header
    values = sent.values(header.lower().encode()) if header else []
    return [value.lower() for value in values if len(value) >= _SHORTEST]
