"""The catalogue of forward proxies: one row for each that stands in a client's network.

No one configures them for this server. What they removed none behind them can restore.
"""

from __future__ import annotations

from ws_handshake.diagnosis.cause import Config
from ws_handshake.diagnosis.proxy import MEASURED, PUBLISHED, Proxy

_CLIENT = "Connect over wss://, which {} passes on unread"

FORWARD_PROXIES = (
    Proxy(
        name="Squid",
        fix=f"{_CLIENT.format('Squid')}; or, from Squid 5 on, set "
        "http_upgrade_request_protocols websocket allow all.",
        seen=MEASURED,
        config=(
            Config("squid.conf", "http_upgrade_request_protocols websocket allow all"),
        ),
        via=(b"(squid",),
        response_fields=(b"x-squid-error",),
        server=(b"squid",),
        on_client_side=True,
    ),
    Proxy(
        name="tinyproxy",
        fix=f"{_CLIENT.format('tinyproxy')}.",
        seen=MEASURED,
        via=(b"tinyproxy",),
        server=(b"tinyproxy",),
        on_client_side=True,
    ),
    Proxy(
        name="Cisco Secure Web Appliance",
        fix=f"{_CLIENT.format('it')}.",
        seen=PUBLISHED,
        request_fields=((b"x-imforwards",),),
        via=(b"(cisco-",),
        on_client_side=True,
    ),
    Proxy(
        name="Blue Coat ProxySG",
        fix=f"{_CLIENT.format('it')}.",
        seen=PUBLISHED,
        request_fields=((b"x-bluecoat-via",),),
        on_client_side=True,
    ),
    Proxy(
        name="Skyhigh (McAfee) Web Gateway",
        fix=f"{_CLIENT.format('it')}.",
        seen="https://success.skyhighsecurity.com/Skyhigh_Secure_Web_Gateway_(On_Prem)/"
        "Best_Practices/Proxy_Related/Via_and_X-Forwarded-For_Headers_(Proxy_Loop_Prevention)",
        via=(b"(mcafee web gateway",),
        on_client_side=True,
    ),
)
