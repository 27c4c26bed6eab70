"""Refusal to HTTP: status, headers and an application/problem+json body (RFC 9457)."""

from __future__ import annotations

import json
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ws_handshake.core.rules import Finding
    from ws_handshake.diagnosis.causes import Cause
    from ws_handshake.outcome.record import Refusal

    Headers = tuple[tuple[bytes, bytes], ...]

BODY_LIMIT = 2048

# What a body can do without, in the order in which it is left out.
_DISPENSABLE = ("rfc", "fix", "expected", "received")


class Response(NamedTuple):
    """An HTTP response, whole."""

    status: int
    headers: Headers
    body: bytes

    def to_http1(
        self, *, method: str, extra: Iterable[tuple[bytes, bytes]] = ()
    ) -> bytes:
        """Return the response as HTTP/1.1 bytes; an answer to HEAD has no body."""
        phrase = HTTPStatus(self.status).phrase.encode("ascii")
        lines = [b"HTTP/1.1 %d %s" % (self.status, phrase)]
        lines += [b"%s: %s" % field for field in (*extra, *self.headers)]
        return b"\r\n".join([*lines, b"", b"" if method == "HEAD" else self.body])


@lru_cache(maxsize=256)
def render(refusal: Refusal, *, http1: bool) -> Response:
    """Return the answer to a refused handshake: every fault, and how to mend it.

    `http1` adds `Connection: close`, which HTTP/2 forbids (RFC 9113 section 8.2.2).
    Upgrade is there only with 426, which must have it (RFC 9110 section 15.5.22);
    nothing of the handshake's own fields is ever in a refusal. Refusals repeat, so
    the last few are kept.
    """
    body = _body(refusal)
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"websocket-handshake-error", ", ".join(refusal.codes).encode("ascii")),
        *_required_headers(refusal, http1=http1),
    ]
    return Response(refusal.status, tuple(headers), body)


def problem(refusal: Refusal) -> dict[str, object]:
    """Return every member of RFC 9457; an answer has those for which there is room."""
    return _problem(refusal, [violation(finding) for finding in refusal.findings])


def violation(finding: Finding) -> dict[str, str | None]:
    """Return what a problem says of one finding."""
    reason = finding.reason
    return {
        "code": reason.code,
        "header": reason.header,
        "expected": reason.expected,
        "received": finding.received,
        "fix": reason.fix,
        "rfc": reason.rfc,
    }


def suspect(cause: Cause) -> dict[str, object]:
    """Return what a problem says of one cause."""
    return {
        "code": cause.code,
        "certainty": str(cause.certainty),
        "detail": cause.detail,
        "fix": cause.fix,
    }


def _required_headers(
    refusal: Refusal, *, http1: bool
) -> Iterable[tuple[bytes, bytes]]:
    """Yield what the status or a reason demands, each line once."""
    wanted = {
        name: value
        for finding in refusal.findings
        for name, value in finding.reason.response_headers
    }
    if not http1:
        wanted.pop(b"upgrade", None)
    yield from wanted.items()
    if b"upgrade" in wanted:
        # RFC 9110 section 7.8: Upgrade goes with the `upgrade` connection option
        yield b"connection", b"upgrade"
    if http1:  # in a line of its own: older uvicorns know `close` only so
        yield b"connection", b"close"


def _body(refusal: Refusal) -> bytes:
    """Write the problem, shorter and shorter until it fits."""
    violations = [violation(finding) for finding in refusal.findings]
    body = _encoded(_problem(refusal, violations))
    for name in _DISPENSABLE:
        if len(body) <= BODY_LIMIT:
            break
        for row in violations:
            row.pop(name)
        body = _encoded(_problem(refusal, violations))
    return body


def _problem(
    refusal: Refusal, violations: list[dict[str, str | None]]
) -> dict[str, object]:
    return {
        "type": refusal.type_of(refusal.first),
        "title": refusal.first.what,
        "status": refusal.status,
        "detail": _detail(refusal),
        "code": refusal.first.code,
        "violations": violations,
        **_cause(refusal),
    }


def _cause(refusal: Refusal) -> dict[str, object]:
    """Return the likeliest cause, and the one that looks like it, if there is any."""
    if not refusal.causes:
        return {}
    first, *others = map(suspect, refusal.causes)
    return {"cause": {**first, "or": others[0]} if others else first}


def _detail(refusal: Refusal) -> str:
    number = len(refusal.findings)
    if number == 1:
        return refusal.first.fix
    return f"{number} faults in this opening handshake; each is listed with its fix."


def _encoded(problem: dict[str, object]) -> bytes:
    return json.dumps(problem, separators=(",", ":")).encode("ascii")
