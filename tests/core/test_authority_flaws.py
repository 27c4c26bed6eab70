"""What people send as Host and as Origin, and the flaw that is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID, Handshake
from ws_handshake import Policy, judge
from ws_handshake.core import authority
from ws_handshake.core import authority_flaws as flaws

if TYPE_CHECKING:
    from ws_handshake.core.flaws import Flaw


@pytest.mark.parametrize(
    ("host", "flaw"),
    [
        (b"fd00:10:0:0::1:8081", flaws.HOST_WITHOUT_BRACKETS),
        (b"::1", flaws.HOST_WITHOUT_BRACKETS),
        (b"http://example.com", flaws.HOST_IS_URL),
        (b"ws://example.com/ws", flaws.HOST_IS_URL),
        (b"example.com/ws", flaws.HOST_WITH_PATH),
        (b"user:secret@example.com", flaws.HOST_WITH_USER),
        (b"example.com :80", flaws.HOST_SPACE),
        (b"example.com\t:80", flaws.HOST_SPACE),
        (b"b\xc3\xbccher.example", flaws.HOST_NOT_ASCII),
        (b"example.com:65536", flaws.HOST_PORT),
        (b"192.0.2.10:65536", flaws.HOST_PORT),
        (b"wss:example.com:443", flaws.HOST_IS_URL),
        (b"http:/example.com", flaws.HOST_IS_URL),
        (b"https//example.com", flaws.HOST_IS_URL),
        (b"//example.com", flaws.HOST_WITH_PATH),
        (b"example.com?token=a", flaws.HOST_WITH_PATH),
        (b"example.com, example.com", flaws.HOST_LIST),
        (b"example.com, a b", flaws.HOST_SPACE),
        (b"fe80::1%eth0", flaws.HOST_ZONE),
        (b"[fe80::1%25eth0]:80", flaws.HOST_ZONE),
        (b"example.com:80:80", flaws.HOST_PORTS),
        (b"localhost:80:80", flaws.HOST_PORTS),
        (b"192.0.2.1:8000:", flaws.HOST_PORTS),
        (b"::ffff:192.0.2.1", flaws.HOST_WITHOUT_BRACKETS),
        (b"1:2:3:4:5:6:7:8:8080", flaws.HOST_WITHOUT_BRACKETS),
        (b"[fd00::1]:99999", flaws.HOST_PORT),
        (b":8080", flaws.HOST_WITHOUT_NAME),
        (b"[::1", flaws.HOST_BRACKETS),
        (b"fd00::1]", flaws.HOST_BRACKETS),
        (b"[::1]8000", flaws.HOST_BRACKETS),
        (b"[192.0.2.1]:80", flaws.HOST_BRACKETS),
        (b"[::1]:port", flaws.HOST_PORT_NUMBER),
        (b"example.com:port", flaws.HOST_PORT_NUMBER),
        (b"$host:$server_port", flaws.HOST_PORT_NUMBER),
        (b"${HOST}", flaws.HOST_CHARACTER),
        (b"%h:80", flaws.HOST_CHARACTER),
        (b"|" * 255, flaws.HOST_CHARACTER),
        (b"[::1]:[x]", flaws.HOST_PORT_NUMBER),
        (b"a" * 256, None),
        (b"a" * 1023 + b"/", flaws.HOST_WITH_PATH),
        (b"a" * 1024 + b"/", None),
    ],
)
def test_what_is_wrong_with_a_host_is_named(host: bytes, flaw: Flaw | None) -> None:
    assert not authority.is_host(host)
    assert _flaw_of(VALID.but(b"host", host)) == flaw


@pytest.mark.parametrize(
    ("origin", "flaw"),
    [
        (b"https://github.com/gilmaimon/TinyWebsockets", flaws.ORIGIN_PATH),
        (b"https://localhost:5000/", flaws.ORIGIN_SLASH),
        (b"localhost:12345", flaws.ORIGIN_SCHEME),
        (b"example.com/", flaws.ORIGIN_SCHEME),
        (b"wss://192.0.2.10:5000", flaws.ORIGIN_IS_WEBSOCKET_URL),
        (b"WS://192.0.2.10", flaws.ORIGIN_IS_WEBSOCKET_URL),
        (b"https://evil.example", None),
        (b"https://user@evil.example/", flaws.ORIGIN_USER),
        (b"app://.", flaws.ORIGIN_OF_APP),
        (b"file://", flaws.ORIGIN_OF_APP),
        (b"capacitor://localhost", flaws.ORIGIN_OF_APP),
        (b"null", flaws.ORIGIN_NULL),
        (b"a secret", None),
        (b"http://tauri.localhost", flaws.ORIGIN_OF_APP),
        (b"file:///android_asset/index.html", flaws.ORIGIN_PATH),
        (b"https://evil.example?a", flaws.ORIGIN_QUERY),
        (b"https://evil.example#a", flaws.ORIGIN_QUERY),
        (b"https://user@evil.example", flaws.ORIGIN_USER),
        (b"https://a.example https://b.example", flaws.ORIGIN_SPACE),
        (b"http://::1:3000", flaws.HOST_WITHOUT_BRACKETS),
        (b"http://b\xc3\xbccher.example", flaws.HOST_NOT_ASCII),
        (b"http://example.com:port", flaws.HOST_PORT_NUMBER),
        (b"http://example.com:99999", None),
        (b"", flaws.ORIGIN_EMPTY),
        (b'"https://a.example"', flaws.ORIGIN_IN_QUOTES),
        (b"https:/a.example", flaws.ORIGIN_COLON),
        (b"//a.example", flaws.ORIGIN_COLON),
        (b"localhost", flaws.ORIGIN_SCHEME),
        (b"192.0.2.10", flaws.ORIGIN_SCHEME),
        (b"ArduinoWebSocketClient", flaws.ORIGIN_WORD),
        (b"*", flaws.ORIGIN_WORD),
        (b"app://" + b"a" * 1018, flaws.ORIGIN_OF_APP),
        (b"app://" + b"a" * 1019, None),
    ],
)
def test_what_keeps_a_value_from_being_an_origin_is_named(
    origin: bytes, flaw: Flaw | None
) -> None:
    policy = Policy(allowed_origins=["https://chat.example.com", "same-origin"])
    assert _flaw_of(VALID.plus(b"origin", origin), policy) == flaw


@pytest.mark.parametrize(
    ("host", "origin", "flaw"),
    [
        (b"a.example", b"http://a.example", flaws.ORIGIN_OURS),
        (b"a.example.", b"https://a.example:443", flaws.ORIGIN_OURS),
        (b"a.example:8000", b"http://a.example:8000", flaws.ORIGIN_OURS),
        (b"a.example:8000", b"http://a.example:3000", flaws.ORIGIN_OTHER_PORT),
        (b"a.example", b"http://a.example:3000", flaws.ORIGIN_OTHER_PORT),
        (b"a.example", b"http://b.example", None),
        (b"a.example", b"http://sub.a.example", None),
    ],
)
def test_an_origin_of_the_servers_own_host_is_named(
    host: bytes, origin: bytes, flaw: Flaw | None
) -> None:
    sent = VALID.but(b"host", host).plus(b"origin", origin)

    assert _flaw_of(sent, Policy(allowed_origins=["https://www.example.com"])) == flaw


def test_where_its_own_pages_may_connect_the_host_is_not_to_be_allowed_again() -> None:
    same = Policy(allowed_origins=["same-origin"])
    own = VALID.but(b"host", b"a.example").plus(b"origin", b"https://a.example")
    other = own.but(b"origin", b"https://a.example:8443")

    assert _flaw_of(own, same) is None
    assert _flaw_of(other, same) == flaws.ORIGIN_OTHER_PORT


def _flaw_of(handshake: Handshake, policy: Policy | None = None) -> Flaw | None:
    (violation,) = judge(handshake.head(), policy or Policy()).violations
    return violation.flaw
