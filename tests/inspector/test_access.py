"""Who may see the inspector, and why another may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ws_handshake.diagnosis.hops import PROXY_MARKS
from ws_handshake.inspector.access import objection
from ws_handshake.inspector.options import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

ELSEWHERE = (
    "The inspector responds to clients on its own machine only, and this one is not "
    "known to be there. Open it on that machine, at http://127.0.0.1 or "
    "http://localhost and the port of the server. If everyone who can reach the server "
    "may see its handshakes: Inspector(expose_to_network=True)."
)
FORWARDED = ELSEWHERE.replace("there. ", "there: a proxy has forwarded the request. ")
NAME = (
    "The inspector does not respond under this name: any site can give its own name "
    "to this machine (DNS rebinding). Open it as localhost or by its IP address, or "
    'allow the name: Inspector(allowed_hosts=["the.name"]).'
)
PAGE = "Only the inspector's own page may ask for this."

DEFAULT = Options.of(records=1, allowed_hosts=(), expose_to_network=False)
EXPOSED = Options.of(records=1, allowed_hosts=(), expose_to_network=True)
NAMED = Options.of(
    records=1, allowed_hosts=["Dev.Example.com"], expose_to_network=False
)

HOST = (b"host", b"127.0.0.1:8000")


def asked(
    *headers: tuple[bytes, bytes],
    options: Options = DEFAULT,
    host: Sequence[tuple[bytes, bytes]] = (HOST,),
    **changes: Any,
) -> str | None:
    scope = {
        "type": "http",
        "http_version": "1.1",
        "client": ("127.0.0.1", 50_000),
        "headers": [*host, *headers],
    }
    return objection({**scope, **changes}, options)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.8.9.10", "::1", "::1%lo", "::ffff:127.0.0.1"]
)
def test_a_client_on_this_machine_may_see_it(address: str) -> None:
    assert asked(client=(address, 50_000)) is None
    assert asked(client=[address, 50_000]) is None


@pytest.mark.parametrize(
    "client",
    [
        ("203.0.113.9", 50_000),
        ("192.168.1.7", 50_000),
        ("::ffff:203.0.113.9", 50_000),
        ("2001:db8::7", 50_000),
        ("0.0.0.0", 50_000),  # noqa: S104  (an address that no client has)
        ("testclient", 50_000),
        ("", 0),
        (None, None),
        (b"127.0.0.1", 50_000),
        (),
        None,
    ],
)
def test_a_client_that_is_not_known_to_be_here_may_not(client: Any) -> None:
    assert asked(client=client) == ELSEWHERE
    assert asked(client=client, options=EXPOSED) is None


@pytest.mark.parametrize("mark", sorted(PROXY_MARKS))
def test_a_request_with_the_mark_of_a_proxy_may_come_from_elsewhere(
    mark: bytes,
) -> None:
    assert asked((mark.title(), b"127.0.0.1")) == FORWARDED
    assert asked((mark, b"127.0.0.1"), options=EXPOSED) is None


@pytest.mark.parametrize("version", ["1.0", "0.9"])
def test_no_browser_speaks_http_1_0_and_nginx_did(version: str) -> None:
    assert asked(http_version=version) == FORWARDED
    assert asked(http_version=version, options=EXPOSED) is None


@pytest.mark.parametrize("version", ["1.1", "2", "3"])
def test_every_version_of_today_will_do(version: str) -> None:
    assert asked(http_version=version) is None


@pytest.mark.parametrize(
    "host",
    [
        *(b"localhost", b"LOCALHOST:8000", b"localhost.", b"app.localhost:8000"),
        *(b"127.0.0.1", b"[::1]:8000", b"192.168.1.7:8000", b" 127.0.0.1 "),
    ],
)
def test_an_address_and_localhost_are_the_name_of_no_site(host: bytes) -> None:
    assert asked(host=[(b"Host", host)]) is None


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        [b"localhost", b"localhost"],
        [b"attacker.example"],
        [b"attacker.example:8000"],
        [b"localhost.attacker.example"],
        [b"notlocalhost"],
        [b"127.0.0.1.attacker.example"],
        [b"127.1"],
        [b""],
        [b"a b"],
    ],
)
def test_under_another_name_it_does_not_respond(hosts: list[bytes]) -> None:
    lines = [(b"host", host) for host in hosts]
    assert asked(host=lines) == NAME
    assert asked(host=lines, options=EXPOSED) == NAME


def test_a_name_can_be_allowed() -> None:
    assert asked(host=[(b"host", b"DEV.example.com:8000")], options=NAMED) is None
    assert asked(host=[(b"host", b"dev.example.com.")], options=NAMED) is None
    assert asked(host=[(b"host", b"x.dev.example.com")], options=NAMED) == NAME


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"origin", b"http://127.0.0.1:8000")],
        [(b"origin", b"https://127.0.0.1:8000"), (b"sec-fetch-site", b"same-origin")],
        [(b"sec-fetch-site", b"none"), (b"sec-fetch-mode", b"navigate")],
        [(b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"navigate")],
    ],
)
def test_its_own_page_and_links_lead_to_it(headers: list[tuple[bytes, bytes]]) -> None:
    assert asked(*headers) is None


@pytest.mark.parametrize(
    "headers",
    [
        [(b"origin", b"null")],
        [(b"origin", b"http://127.0.0.1:3000")],
        [(b"origin", b"https://attacker.example")],
        [(b"origin", b"http://127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000")],
        [(b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"no-cors")],
        [(b"Sec-Fetch-Site", b"same-site")],
    ],
)
def test_a_page_from_elsewhere_may_ask_for_nothing(
    headers: list[tuple[bytes, bytes]],
) -> None:
    assert asked(*headers) == PAGE
    assert asked(*headers, options=EXPOSED) == PAGE
