"""What responds by itself on the client's side: forward proxies and web filters."""

from __future__ import annotations

from ws_handshake.cli.client.writer import (
    CLIENT_SIDE,
    FORWARD_PROXY,
    OTHERS,
    Mark,
    Writer,
    each,
    pages,
)
from ws_handshake.diagnosis.proxies import PROXIES

_ALLOW = {
    OTHERS: "Connect over wss://; where that is filtered, too, let those who run this "
    "network allow the host."
}


def _forward_proxy(name: str, *marks: Mark) -> Writer:
    fixes = {
        **each((502, 503, 504), f"{name} reaches no server: check host and port."),
        407: f"Authenticate with {name}, or go around it: connect over wss://.",
        OTHERS: PROXIES[name].fix,
    }
    return Writer(name=name, marks=marks, fixes=fixes, place=FORWARD_PROXY)


def _filter(name: str, *words: bytes, server: bytes = b"") -> Writer:
    marks = (*pages(*words), *([Mark(server=server)] if server else ()))
    return Writer(name=name, marks=marks, fixes=_ALLOW, place=CLIENT_SIDE)


FILTERS = (
    _forward_proxy("Squid", Mark(server=b"squid"), Mark(field=b"x-squid-error")),
    _forward_proxy("tinyproxy", Mark(server=b"tinyproxy")),
    _filter("Zscaler", b"internet security by zscaler", server=b"zscaler"),
    _filter("FortiGuard", b"fortiguard"),
    _filter("Blue Coat ProxySG", b"(policy_denied)", b"your system policy has denied"),
    _filter("a Palo Alto firewall", b"blocked in accordance with company policy"),
    _filter("Sophos", b"sophos web protection"),
    _filter("Cisco Umbrella", b"cisco umbrella"),
    Writer(
        name="a captive portal",
        marks=(Mark(status=511),),
        fixes={OTHERS: "Log in to this network with a browser first."},
        place=CLIENT_SIDE,
    ),
)
