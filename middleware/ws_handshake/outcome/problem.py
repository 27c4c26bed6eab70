"""A rejection as an HTTP response: status, headers and problem+json (RFC 9457)."""

from __future__ import annotations

import json
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from ws_handshake.core.violation import Violation
    from ws_handshake.diagnosis.cause import Cause
    from ws_handshake.outcome.rejection import Rejection

    Headers = tuple[tuple[bytes, bytes], ...]

BODY_LIMIT = 2048

# What a body can do without, in the order in which it is left out: members of the
# violations, the cause that is less likely, and the lines to paste.
_OTHERS_CONFIG, _OTHER, _CONFIG = "alternative.config", "alternative", "config"
_DISPENSABLE = (
    *("rfc", _OTHERS_CONFIG, "fix", "expected", "received"),
    *(_OTHER, _CONFIG),
)


# json.dumps would make an encoder for each body.
_to_json = json.JSONEncoder(separators=(",", ":")).encode


class Response(NamedTuple):
    """An HTTP response, whole."""

    status: int
    headers: Headers
    body: bytes

    def to_http1(
        self, *, method: str, extra: Iterable[tuple[bytes, bytes]] = ()
    ) -> bytes:
        """Return the response as HTTP/1.1 bytes; a response to HEAD has no body."""
        phrase = HTTPStatus(self.status).phrase.encode("ascii")
        lines = [b"HTTP/1.1 %d %s" % (self.status, phrase)]
        lines += [b"%s: %s" % field for field in (*extra, *self.headers)]
        return b"\r\n".join([*lines, b"", b"" if method == "HEAD" else self.body])


@lru_cache(maxsize=256)
def render(rejection: Rejection, *, http1: bool) -> Response:
    """Return the response to a rejected handshake: every violation, and how to fix it.

    `http1` adds `Connection: close`, which HTTP/2 forbids (RFC 9113 section 8.2.2).
    Upgrade is there only with 426, which must have it (RFC 9110 section 15.5.22);
    nothing of the handshake's own fields is ever in a rejection. Rejections repeat, so
    the last few are kept.
    """
    body = _body(rejection)
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"websocket-handshake-error", ", ".join(rejection.codes).encode("ascii")),
        *_required_headers(rejection, http1=http1),
    ]
    return Response(rejection.status, tuple(headers), body)


def problem(rejection: Rejection) -> dict[str, object]:
    """Return every member of RFC 9457; a response has those for which there is room."""
    return _problem(rejection, frozenset())


def row_of(violation: Violation) -> dict[str, str | None]:
    """Return what a problem says of one violation."""
    reason = violation.reason
    return {
        "code": reason.code,
        "header": reason.header,
        "expected": reason.expected,
        "received": violation.received,
        "fix": violation.fix,
        "rfc": reason.rfc,
    }


def row_of_cause(cause: Cause) -> dict[str, object]:
    """Return what a problem says of one cause."""
    row: dict[str, object] = {
        "code": cause.code,
        "certainty": str(cause.certainty),
        "detail": cause.detail,
        "fix": cause.fix,
    }
    if cause.config:
        row["config"] = [{"place": c.place, "lines": c.lines} for c in cause.config]
    return row


def _required_headers(
    rejection: Rejection, *, http1: bool
) -> Iterable[tuple[bytes, bytes]]:
    """Yield what the status or a reason demands, each line once."""
    wanted = {
        name: value
        for violation in rejection.violations
        for name, value in violation.reason.response_headers
    }
    if not http1:
        wanted.pop(b"upgrade", None)
    yield from wanted.items()
    if b"upgrade" in wanted:
        # RFC 9110 section 7.8: Upgrade goes with the `upgrade` connection option
        yield b"connection", b"upgrade"
    if http1:  # in a line of its own: older uvicorns know `close` only so
        yield b"connection", b"close"


def _body(rejection: Rejection) -> bytes:
    """Write the problem, shorter and shorter until it fits."""
    left_out: set[str] = set()
    body = _encoded(_problem(rejection, left_out))
    for name in _DISPENSABLE:
        if len(body) <= BODY_LIMIT:
            break
        left_out.add(name)
        body = _encoded(_problem(rejection, left_out))
    return body


def _problem(rejection: Rejection, left_out: AbstractSet[str]) -> dict[str, object]:
    reason = rejection.reason
    rows = [row_of(violation) for violation in rejection.violations]
    if left_out:
        rows = [{n: row[n] for n in row if n not in left_out} for row in rows]
    return {
        "type": rejection.type_of(reason),
        "title": reason.what,
        "status": reason.status,
        "detail": _detail(rejection),
        "code": reason.code,
        "violations": rows,
        **_denial(rejection),
        **_cause(rejection, left_out),
    }


def _denial(rejection: Rejection) -> dict[str, object]:
    """Return what the application said, where it was the application that rejected."""
    return {} if rejection.denial is None else {"denial": rejection.denial._asdict()}


def _cause(rejection: Rejection, left_out: AbstractSet[str]) -> dict[str, object]:
    """Return the likeliest cause, and the one that looks like it, if there is any."""
    if not rejection.causes:
        return {}
    first, *others = map(row_of_cause, rejection.causes)
    if _CONFIG in left_out:
        first.pop("config", None)
    if others and _OTHER not in left_out:
        if _OTHERS_CONFIG in left_out:
            others[0].pop("config", None)
        first["alternative"] = others[0]
    return {"cause": first}


def _detail(rejection: Rejection) -> str:
    """Return who did it, if that shows, else the fix, or how many there are."""
    if rejection.causes:
        return rejection.causes[0].summary
    number = len(rejection.violations)
    if number == 1:
        return rejection.violations[0].fix
    return (
        f"{number} violations in this opening handshake; each is listed with its fix."
    )


def _encoded(problem: dict[str, object]) -> bytes:
    return _to_json(problem).encode("ascii")
