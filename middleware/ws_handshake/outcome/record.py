"""Refusal, the one document that every voice prints, and the record of an outcome.

Nothing raw rises above this line: what a client sent is here as redaction.py allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from ws_handshake.core import grammar
from ws_handshake.core import request as at
from ws_handshake.core.reasons import ORIGIN_NOT_ALLOWED
from ws_handshake.core.redaction import (
    address_only,
    agent_only,
    host_only,
    path_only,
    printable,
    version_only,
)
from ws_handshake.diagnosis.signatures import diagnose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ws_handshake.core.policy import Policy
    from ws_handshake.core.reasons import Reason
    from ws_handshake.core.request import RequestHead
    from ws_handshake.core.rules import Finding
    from ws_handshake.diagnosis.causes import Cause

TYPE_PREFIX = "urn:ws-handshake:"

_reason = attrgetter("reason")

_USER_AGENT = b"user-agent"
_TOLD = frozenset([at.KEY, at.HOST, at.ORIGIN, at.PROTOCOL, at.EXTENSIONS, _USER_AGENT])

_SCHEMES = frozenset(["http", "https", "ws", "wss"])


class Refusal(NamedTuple):
    """Why a handshake is refused: its findings, what is behind them, where to read."""

    findings: tuple[Finding, ...]
    docs_url: str | None = None
    causes: tuple[Cause, ...] = ()

    @property
    def first(self) -> Reason:
        """The reason that gives status and title."""
        return self.findings[0].reason

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.findings[0].reason.status

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the order of the catalogue."""
        return tuple(finding.reason.code for finding in self.findings)

    def type_of(self, reason: Reason) -> str:
        """Return the RFC 9457 type of a reason: the address of its page, or a URN."""
        base = TYPE_PREFIX if self.docs_url is None else f"{self.docs_url}/"
        return base + reason.code


def explained(
    head: RequestHead, findings: tuple[Finding, ...], policy: Policy
) -> Refusal:
    """Return the refusal of a request: its findings, and what is behind them."""
    causes = diagnose(head, frozenset(map(_reason, findings)), policy)
    return Refusal(findings, policy.docs_url, causes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What may be told of a request besides its faults."""

    http_version: str | None
    method: str | None
    scheme: str | None
    path: str | None
    client_address: str | None
    server_address: str | None
    origin: str | None
    user_agent: str | None
    key_length: int | None
    subprotocol_count: int
    extension_count: int
    header_count: int
    header_bytes: int


@dataclass(frozen=True, slots=True)
class Remark:
    """What is odd about an acceptance: the client may end the connection for it."""

    code: str
    what: str


SUBPROTOCOL_NOT_CHOSEN = Remark(
    "subprotocol_not_chosen",
    "The client offered subprotocols and the application chose none: browsers close "
    "such a connection; accept(subprotocol=...) chooses one.",
)
SUBPROTOCOL_NOT_OFFERED = Remark(
    "subprotocol_not_offered",
    "The application chose a subprotocol that the client did not offer: every client "
    "must close such a connection (RFC 6455 section 4.1).",
)
REMARKS = (SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED)


def no_hint() -> None:
    """Return no hint: most records have none."""


@dataclass(frozen=True, kw_only=True)
class HandshakeRecord:
    """The outcome of one handshake, as every observer is told it.

    `status` is what was sent, or 500 where the server could send nothing; `enforced` is
    False where `report_only` let the request pass; `layer` names who decided: `asgi`
    (the middleware), `uvicorn` (the door) or `hypercorn` (that server by itself).
    `fault` locates an exception, `hint` is for the log of the owner alone,
    `remark` says what is odd about an acceptance, and `duration` is how many seconds
    the application took to decide; None where it was not asked. `tell` works the
    circumstances out, and `suggest` the hint, when an observer first asks for them: a
    log in a flood does not. A copied or pickled record has both worked out, and nothing
    else of the request.
    """

    outcome: Literal["accepted", "rejected"]
    layer: Literal["asgi", "uvicorn", "hypercorn"]
    status: int
    enforced: bool
    refusal: Refusal | None
    tell: Callable[[], Circumstances] = field(repr=False, compare=False)
    suggest: Callable[[], str | None] = field(
        default=no_hint, repr=False, compare=False
    )
    fault: str | None = None
    remark: Remark | None = None
    duration: float | None = None

    @cached_property
    def circumstances(self) -> Circumstances:
        """What may be told of the request besides its faults."""
        return self.tell()

    @cached_property
    def hint(self) -> str | None:
        """What the log of the operator alone may say, such as the nearest routes."""
        return self.suggest()

    def __getstate__(self) -> dict[str, object]:
        """Leave out `tell` and `suggest`, which hold the request and its secrets."""
        known = {"circumstances": self.circumstances, "hint": self.hint}
        return {
            name: value
            for name, value in (self.__dict__ | known).items()
            if name not in {"tell", "suggest"}
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a record that tells what was worked out before."""
        known: Circumstances = state["circumstances"]
        hint: str | None = state["hint"]
        self.__dict__.update(state, tell=lambda: known, suggest=lambda: hint)


class Observer(Protocol):
    """Whoever is told of handshakes: a log, a metric, a trace."""

    def observe(self, record: HandshakeRecord, /) -> None:
        """Take note of an outcome. What is raised here changes no verdict."""
        ...


def circumstances(
    head: RequestHead,
    *,
    path: str | None = None,
    client_address: str | None = None,
    known_method: bool = True,
    known_version: bool = True,
) -> Circumstances:
    """Return what may be told of a request, and nothing that its server made up."""
    fields: dict[bytes, list[bytes]] = {}
    size = 0
    for name, value in head.headers:
        size += len(name) + len(value)
        if (key := name.lower()) in _TOLD:
            fields.setdefault(key, []).append(value.strip(grammar.OWS))
    keys = fields.get(at.KEY)
    hosts = fields.get(at.HOST, [])
    host = grammar.split_host(hosts[0]) if len(hosts) == 1 else None
    agents = fields.get(_USER_AGENT, [])
    return Circumstances(
        http_version=version_only(head.http_version) if known_version else None,
        method=_method(head.method) if known_method else None,
        scheme=head.scheme if head.scheme in _SCHEMES else None,
        path=path_only(path or "") or None,
        client_address=address_only(client_address or ""),
        server_address=host_only(host[0]) if host else None,
        origin=_origin(fields.get(at.ORIGIN, [])),
        user_agent=agent_only(b", ".join(agents).decode("latin-1")),
        key_length=len(keys[0]) if keys else None,
        subprotocol_count=_count(fields.get(at.PROTOCOL, ())),
        extension_count=_count(fields.get(at.EXTENSIONS, ())),
        header_count=len(head.headers),
        header_bytes=size,
    )


def nothing_known() -> Circumstances:
    """Return what may be told where not even the request could be read."""
    return Circumstances(
        http_version=None,
        method=None,
        scheme=None,
        path=None,
        client_address=None,
        server_address=None,
        origin=None,
        user_agent=None,
        key_length=None,
        subprotocol_count=0,
        extension_count=0,
        header_count=0,
        header_bytes=0,
    )


def tells_origin(refusal: Refusal) -> bool:
    """Say whether the Origin belongs into the record: only where it is the reason."""
    return any(finding.reason is ORIGIN_NOT_ALLOWED for finding in refusal.findings)


def _method(method: str) -> str:
    return method if method in at.METHODS else "_OTHER"


def _origin(values: list[bytes]) -> str | None:
    """Return an Origin that is one; anything else could be a secret out of place."""
    if values == [b"null"]:
        return "null"
    origin = grammar.parse_origin(values[0]) if len(values) == 1 else None
    known = origin is not None and host_only(origin.host) is not None
    return printable(values[0].decode("latin-1")) if known else None


def _count(values: Iterable[bytes]) -> int:
    # commas bound it from above, and cost nothing
    return sum(value.count(b",") + 1 for value in values)
