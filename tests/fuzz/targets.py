"""What coverage-guided fuzzing drives: five entry points, and what must hold of each.

A target makes its input of bytes, does the work, and checks the result. It is plain
Python: `guided.py` lets atheris find inputs, and the tests replay those that were kept
without atheris.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ws_handshake import Policy, RequestHead, Violation, judge
from ws_handshake.core import authority, grammar, reasons
from ws_handshake.core.raw_request import LIMIT, WireHead, read_head
from ws_handshake.core.redaction import path_only, printable, shown
from ws_handshake.core.request import EVIDENCE
from ws_handshake.diagnosis.signatures import diagnose
from ws_handshake.outcome.problem import BODY_LIMIT, render
from ws_handshake.outcome.record import request_facts
from ws_handshake.outcome.rejection import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake import Verdict

#: Inputs are at most so long, and the work on one is to take at most so many seconds.
LONGEST = 65_536
SECONDS = 2e-3

_PRINTABLE = frozenset(range(0x20, 0x7F))
_ORIGINS = ["https://example.com", "https://*.example.org", "null", "same-origin"]
_POLICY = Policy(allowed_origins=_ORIGINS)
_NAMES = (*sorted(EVIDENCE), b"host", b"connection", b"origin", b"content-length")
_METHODS = ("GET", "POST", "CONNECT", "get")
_VERSIONS = ("1.1", "1.0", "2", "0.9")
_REASONS = {reason.code: reason for reason in reasons.CATALOGUE}


@dataclass(frozen=True)
class Target:
    """One entry point: its input made of bytes, the work that is timed, and a check."""

    work: Callable[[Any], Any]
    check: Callable[[Any, Any], None]
    made_of: Callable[[bytes], Any] = bytes

    def __call__(self, data: bytes) -> None:
        """Do all three; whatever is raised is an error."""
        made = self.made_of(data)
        self.check(made, self.work(made))


def is_printable(text: str | bytes) -> bool:
    """Return whether there is nothing but printable ASCII."""
    encoded = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return _PRINTABLE.issuperset(encoded)


def _read(data: bytes) -> WireHead:
    wire = read_head(data)
    judge(wire.head)
    return wire


def _check_read(data: bytes, wire: WireHead) -> None:
    assert len(wire.head.headers) <= data.count(b"\n")
    for name, value in wire.head.headers:
        assert name == name.lower().strip(b" \t")
        assert value == value.strip(b" \t")
        assert b"\n" not in name + value
    assert wire.flaw is None or is_printable(wire.flaw.what)
    assert wire.complete == any(b in data[:LIMIT].lstrip(b"\r\n") for b in _BLANKS)
    _check_rejection(wire.head)


_BLANKS = (b"\n\r\n", b"\n\n")


def _check_offers(data: bytes, valid: object) -> None:
    # only what was accepted is parsed; the limit of a line keeps it under 8 KiB
    offers = grammar.parse_extensions(data)
    if not valid:
        return
    assert offers
    written = b", ".join(map(_written, offers))
    assert grammar.is_extension_list(written)
    assert grammar.parse_extensions(written) == offers


def _written(offer: grammar.Extension) -> bytes:
    pairs = [n if v is None else f'{n} = "{v}"' for n, v in offer.parameters]
    words = [offer.name, *(v for _, v in offer.parameters if v is not None)]
    assert all(grammar.is_token_list(word.encode("ascii")) for word in words)
    return "; ".join([offer.name, *pairs]).encode("ascii")


def _parse_origin(data: bytes) -> authority.Origin | None:
    _POLICY.allows(data, host=data, scheme="http")
    return authority.parse_origin(data)


def _check_origin(data: bytes, origin: authority.Origin | None) -> None:
    allowed = _POLICY.allows(data, host=b"chat.example.net", scheme="https")
    assert allowed is (data == b"null" or _is_listed(origin))
    if origin is None or origin.host[-1:] == b".":
        return  # of two dots at the end one is left, which is not written again
    port = b"" if origin.port is None else b":%d" % origin.port
    assert authority.parse_origin(origin.scheme + b"://" + origin.host + port) == origin


def _is_listed(origin: authority.Origin | None) -> bool:
    if origin is None or (origin.scheme, origin.port) != (b"https", 443):
        return False
    below = origin.host.removesuffix(b".example.org")
    return origin.host in {b"example.com", b"chat.example.net"} or (
        below not in {origin.host, b""} and below[:1] != b"."
    )


def _redact(data: bytes) -> tuple[str, str, str]:
    text = _text(data)
    return shown(data), printable(text), path_only(text)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _check_redacted(data: bytes, redacted: tuple[str, str, str]) -> None:
    short, long, path = redacted
    assert all(map(is_printable, redacted))
    assert len(short) <= 64
    assert max(len(long), len(path)) <= 256
    for end in (b"?", b"#", b"&", b";", b"%3F", b"%253f"):
        assert path == path_only(_text(data + end + data))
    assert "?" not in path
    assert "#" not in path
    if len(data) <= 64 and is_printable(data):
        assert short == long == data.decode("ascii")


def _head(data: bytes) -> RequestHead:
    """Build a head: the byte before each value is the index of its name."""
    flags, *fields = data.split(b"\n")
    first = int.from_bytes(flags[:1], "big")
    named = [(_NAMES[f[0] % len(_NAMES)], f[1:]) for f in fields if f]
    sizes = accumulate(len(name) + len(value) + 4 for name, value in named)
    within = sum(size <= LONGEST for size in sizes)  # the names count, too
    return RequestHead(
        _METHODS[first & 3],
        _VERSIONS[first >> 2 & 3],
        named[:within],
        flags[1:],
        "http",
        upgraded=bool(first & 16),
    )


def _check_judged(request: RequestHead, verdict: Verdict) -> None:
    _check_rejection(request)
    backwards = request._replace(headers=[*reversed(request.headers)])
    assert judge(backwards).codes == verdict.codes


def _check_rejection(request: RequestHead) -> None:
    verdict = judge(request, _POLICY)
    if verdict.accepted:
        assert verdict.accept_token is None or len(verdict.accept_token) == 28
        return
    found = frozenset(violation.reason for violation in verdict.violations)
    _check_rendered(
        Rejection(verdict.violations, None, diagnose(request, found, _POLICY))
    )
    facts = request_facts(request, path=request.target.decode("latin-1"))
    values = (
        *(facts.path, facts.user_agent, facts.origin),
        *(facts.server_address, facts.method),
    )
    assert all(value is None or is_printable(value) for value in values)


def _rejection(data: bytes) -> Rejection:
    """Make a rejection of any reasons, each with a value that was shown."""
    codes = sorted(_REASONS)
    found = dict.fromkeys(codes[byte % len(codes)] for byte in data[:12])
    return Rejection(
        tuple(Violation(_REASONS[code], shown(data)) for code in found)
        or (Violation(reasons.HOST_MISSING),),
        "https://docs.example/" + printable(data.decode("latin-1"), 64),
    )


def _check_rendered(rejection: Rejection, _response: object = None) -> None:
    for http1 in (True, False):
        response = render(rejection, http1=http1)
        assert is_printable(response.body)
        assert len(response.body) <= BODY_LIMIT
        assert json.loads(response.body)["code"] == rejection.reason.code
        assert all(is_printable(n) and is_printable(v) for n, v in response.headers)


TARGETS: dict[str, Target] = {
    "head": Target(_read, _check_read),
    "offers": Target(grammar.is_extension_list, _check_offers),
    "origin": Target(_parse_origin, _check_origin),
    "redaction": Target(_redact, _check_redacted),
    "judge": Target(judge, _check_judged, _head),
    # __wrapped__: a cached response would take no time
    "rendering": Target(
        partial(render.__wrapped__, http1=True), _check_rendered, _rejection
    ),
}
