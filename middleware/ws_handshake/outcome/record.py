"""The record: the outcome of one handshake, as observers get it.

Nothing raw leaves this module: of what a client sent it has what redaction.py allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ws_handshake.core import grammar
from ws_handshake.core.authority import parse_origin, split_host
from ws_handshake.core.redaction import (
    address_only,
    agent_only,
    host_only,
    path_only,
    printable,
    version_only,
)
from ws_handshake.core.request import EXTENSIONS, HOST, KEY, METHODS, ORIGIN, PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ws_handshake.core.request import RequestHead
    from ws_handshake.outcome.rejection import Rejection

_USER_AGENT = b"user-agent"
_REPORTED = frozenset([KEY, HOST, ORIGIN, PROTOCOL, EXTENSIONS, _USER_AGENT])

_SCHEMES = frozenset(["http", "https", "ws", "wss"])


class RequestFacts(NamedTuple):
    """What may be reported of a request, besides what is wrong with it.

    Attributes:
        http_version: `1.0`, `1.1`, `2`; None if the server does not report it.
        method: the method, if it is one that HTTP knows.
        scheme: `http`, `https`, `ws` or `wss`.
        path: the path, without query and user.
        client_address: the client's address, if it is an address.
        server_address: the host of Host, if it is a plain name or an address.
        origin: the Origin, where it is a reason or a cause.
        user_agent: the User-Agent, as printable ASCII.
        key_length: how many characters Sec-WebSocket-Key has; None without a key.
        subprotocol_count: how many subprotocols are on offer.
        extension_count: how many extensions are on offer.
        header_count: how many header lines there are.
        header_bytes: the bytes of their names and values.

    """

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
class HandshakeWarning:
    """What is odd about an acceptance: a client may close the connection for it.

    Attributes:
        code: its name in the log.
        what: what is odd, and what to do, in one sentence.

    """

    code: str
    what: str


SUBPROTOCOL_NOT_CHOSEN = HandshakeWarning(
    "subprotocol_not_chosen",
    "The client offered subprotocols and the application chose none: browsers close "
    "such a connection; accept(subprotocol=...) chooses one.",
)
SUBPROTOCOL_NOT_OFFERED = HandshakeWarning(
    "subprotocol_not_offered",
    "The application chose a subprotocol that the client did not offer: every client "
    "must close such a connection (RFC 6455 section 4.1).",
)
WARNINGS = (SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED)


def no_hint() -> None:
    """Return no hint: most records have none."""


@dataclass(frozen=True, kw_only=True)
class HandshakeRecord:
    """The outcome of one handshake, as every observer receives it.

    Attributes:
        outcome: `accepted` or `rejected`.
        layer: who decided: `asgi` (the middleware), `uvicorn` or `gunicorn` (our
            protocol class there) or `hypercorn` (that server by itself).
        status: what was sent; 500 where the server could send nothing, None where the
            connection was lost before a head had ended.
        enforced: False where `report_only` let the request pass.
        rejection: why it was rejected; None for an acceptance.
        describe: works `request` out.
        suggest: works `hint` out.
        error: the kind and the place of an exception, if there was one.
        warning: what is odd about an acceptance, if anything is.
        duration: how many seconds the application took to decide, if it was asked.

    `request` and `hint` are worked out, by `describe` and `suggest`, when an observer
    first reads them: in a flood no log does. A copied or pickled record has both worked
    out, and nothing else of the request.

    """

    outcome: Literal["accepted", "rejected"]
    layer: Literal["asgi", "uvicorn", "hypercorn", "gunicorn"]
    status: int | None
    enforced: bool
    rejection: Rejection | None
    describe: Callable[[], RequestFacts] = field(repr=False, compare=False)
    suggest: Callable[[], str | None] = field(
        default=no_hint, repr=False, compare=False
    )
    error: str | None = None
    warning: HandshakeWarning | None = None
    duration: float | None = None

    @cached_property
    def request(self) -> RequestFacts:
        """What may be reported of the request, besides what is wrong with it."""
        return self.describe()

    @cached_property
    def hint(self) -> str | None:
        """What only the operator's log may have, such as the nearest routes."""
        return self.suggest()

    def __getstate__(self) -> dict[str, object]:
        """Leave out `describe` and `suggest`, which hold all of the request."""
        known = {"request": self.request, "hint": self.hint}
        return {
            name: value
            for name, value in (self.__dict__ | known).items()
            if name not in {"describe", "suggest"}
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a record with what was worked out before."""
        known: RequestFacts = state["request"]
        hint: str | None = state["hint"]
        self.__dict__.update(state, describe=lambda: known, suggest=lambda: hint)


def request_facts(  # noqa: PLR0913  (each by its name)
    request: RequestHead,
    *,
    path: str | None = None,
    client_address: str | None = None,
    known_method: bool = True,
    known_version: bool = True,
    shows_origin: bool = True,
) -> RequestFacts:
    """Return what may be reported of a request, but not what its server made up.

    `path` and `client_address` are what the server says. A scope of a WebSocket names
    no method, and may name a version that the server made up. `shows_origin` means that
    the Origin may have to do with the outcome.
    """
    fields: dict[bytes, list[bytes]] = {}
    size = 0
    for name, value in request.headers:
        size += len(name) + len(value)
        if (key := name.lower()) in _REPORTED:
            fields.setdefault(key, []).append(value.strip(grammar.OWS))
    keys = fields.get(KEY)
    hosts = fields.get(HOST, [])
    host = split_host(hosts[0]) if len(hosts) == 1 else None
    agents = fields.get(_USER_AGENT, [])
    return RequestFacts(
        http_version=version_only(request.http_version) if known_version else None,
        method=_method(request.method) if known_method else None,
        scheme=request.scheme if request.scheme in _SCHEMES else None,
        path=path_only(path or "") or None,
        client_address=address_only(client_address or ""),
        server_address=host_only(host[0]) if host else None,
        origin=_origin(fields.get(ORIGIN, [])) if shows_origin else None,
        user_agent=agent_only(b", ".join(agents).decode("latin-1")),
        key_length=len(keys[0]) if keys else None,
        subprotocol_count=_count(fields.get(PROTOCOL, ())),
        extension_count=_count(fields.get(EXTENSIONS, ())),
        header_count=len(request.headers),
        header_bytes=size,
    )


def nothing_known() -> RequestFacts:
    """Return what may be reported where the request could not be read: nothing."""
    return RequestFacts(
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


def located(error: Exception) -> str:
    """Return the kind of an error and where it arose; never its message, nor values."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(error).__name__
    if trace is None:
        return printable(kind)
    file = PurePath(trace.tb_frame.f_code.co_filename).name
    return printable(f"{kind} in {file}:{trace.tb_lineno}")


def _method(method: str) -> str:
    return method if method in METHODS else "_OTHER"


# What applications send that are no web page, and what lacks its scheme.
_CONSTANT = frozenset([b"null", b"file://", b"app://."])
_LOOPBACK = frozenset([b"localhost", b"127.0.0.1", b"[::1]"])


def _origin(values: list[bytes]) -> str | None:
    """Return the Origin if it is one, or was meant as one, its path as `/...`.

    Anything else could be a misplaced secret.
    """
    if len(values) != 1:
        return None
    host, _, port = values[0].rpartition(b":")
    if values[0] in _CONSTANT or (host in _LOOPBACK and port.isdigit()):
        return printable(values[0].decode("ascii"))
    scheme, separator, rest = values[0].partition(b"://")
    authority, slash, path = rest.partition(b"/")
    bare = scheme + separator + authority
    origin = parse_origin(bare)
    if origin is None or host_only(origin.host) is None:
        return None
    return printable((bare + slash + (b"..." if path else b"")).decode("latin-1"))


def _count(values: Iterable[bytes]) -> int:
    # commas bound it from above, and cost nothing
    return sum(value.count(b",") + 1 for value in values)
