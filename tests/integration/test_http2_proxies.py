"""HTTP/2 up to a proxy, and HTTP/1.1 from there to uvicorn with our protocol class."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from h2.exceptions import ProtocolError

from tests.support.apps_other import CASE, SEEN, TEAPOT
from tests.support.handshakes import VALID, Handshake
from tests.support.http2 import Http2Client, Http2Response
from tests.support.other_http2_cases import CONNECT
from tests.support.other_servers import PROTOCOL, SETUPS
from tests.support.proxies import proxy, require
from tests.support.proxy_configs import CONFIGURATIONS
from tests.support.tls import HTTP1, HTTP2, trusting
from tests.support.waiting import wait_until
from tests.support.wires import serving
from ws_handshake.structlog import ACCEPTED, REJECTED

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.wires import Server

# RFC 9113 section 8.2.2
CONNECTION_SPECIFIC = {b"connection", b"keep-alive", b"transfer-encoding", b"upgrade"}
#: What an HTTP/2 client sends that believes in HTTP/1.1.
FIELDS = {
    name.decode(): value.decode()
    for name, value in VALID.without(b"host", b"upgrade", b"connection").headers
}
BROKEN = {
    "version_missing": CONNECT.without(b"sec-websocket-version"),
    "version_unsupported": CONNECT.but(b"sec-websocket-version", b"8"),
    "subprotocol_malformed": CONNECT.plus(b"sec-websocket-protocol", b"a b"),
    "origin_duplicated": CONNECT.plus(b"origin", b"https://a.example").plus(
        b"origin", b"https://b.example"
    ),
}

_marks = count()


@dataclass(frozen=True)
class Behind:
    """A server behind a proxy; its log knows a request by its mark."""

    name: str
    port: int
    certificate: Path
    server: Server

    def trusted(self) -> ssl.SSLContext:
        """Return what a client needs that offers both versions of HTTP."""
        return trusting(self.certificate, HTTP2, HTTP1)

    def client(self) -> Http2Client:
        """Return a client that has agreed on HTTP/2."""
        return Http2Client(self.port, tls=self.trusted())

    def logged(self, event: str, mark: str) -> list[dict[str, Any]]:
        """Return the events of one request."""
        lines = self.server.logged().splitlines(keepends=True)
        events = [json.loads(line) for line in lines if line[:1] + line[-2:] == "{}\n"]
        return [e for e in events if (e["event"], e.get("case")) == (event, mark)]

    def one(self, event: str, mark: str) -> dict[str, Any]:
        """Return the one event of a request, as soon as it is logged."""
        wait_until(lambda: self.logged(event, mark) != [], self.server.logged, 10)
        (found,) = self.logged(event, mark)
        return found


@pytest.fixture(scope="module", name="server")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log"
    with serving(SETUPS[PROTOCOL].command, log) as server:
        yield server


@pytest.fixture(
    scope="module",
    name="behind",
    params=[each.proxy for each in CONFIGURATIONS if each.tls],
)
def _behind(
    request: pytest.FixtureRequest,
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Behind]:
    require(request.param)
    place = tmp_path_factory.mktemp(request.param)
    with proxy(request.param, "http2", server.port, place) as port:
        yield Behind(request.param, port, place / "certificate.pem", server)


def test_a_rejected_stream_leaves_those_beside_it_alone(behind: Behind) -> None:
    first, broken, last = mark(), mark(), mark()
    address = f"https://127.0.0.1:{behind.port}/ws"
    with httpx.Client(verify=behind.trusted(), http2=True, trust_env=False) as client:
        responses = [
            client.get(address, headers={"x-case": first}),
            client.get(address, headers={"x-case": broken, **FIELDS}),
            client.get(address, headers={"x-case": last}),
        ]

    assert {response.http_version for response in responses} == {"HTTP/2"}
    assert [response.extensions["stream_id"] for response in responses] == [1, 3, 5]
    assert [response.status_code for response in responses] == [TEAPOT, 400, TEAPOT]
    for plain in (first, last):
        assert behind.one(SEEN, plain)["scope"] == "http"
        assert behind.logged(REJECTED, plain) == []


def test_an_http1_handshake_over_http2_is_known_as_such(behind: Behind) -> None:
    case = mark()
    request = VALID.without(b"upgrade", b"connection").asked(version="2")
    with behind.client() as client:
        response = client.ask(marked(request, case))
    rejection, problem = behind.one(REJECTED, case), json.loads(response.body)

    assert (response.status, response.codes[0]) == (400, "upgrade_missing")
    assert rejection["websocket.handshake.violations"] == list(response.codes)
    causes = [problem["cause"], problem["cause"].get("alternative")]
    assert "http2_client" in [cause["code"] for cause in causes if cause]
    # the log has what reached the server
    assert rejection["network.protocol.version"] == "1.1"
    assert_fit_for_http2(response)


def test_an_extended_connect_is_a_websocket_where_the_proxy_offers_it(
    behind: Behind,
) -> None:
    case = mark()
    with behind.client() as client:
        offered = client.takes_websockets
        response = client.ask(marked(CONNECT, case))
        echo = client.echo("hello") if response.status == 200 else ""

    if offered:
        assert (response.status, echo) == (200, "hello")
        accepted = behind.one(ACCEPTED, case)
        # HAProxy translates it into a handshake of HTTP/1.1 (RFC 8441 appendix A)
        assert accepted["network.protocol.version"] == "1.1"
        assert accepted["http.response.status_code"] == 101
    else:
        assert response.status in {None, 400, 405, 501}
        assert behind.logged(SEEN, case) == []
    assert offered or behind.name != "haproxy"


def test_a_broken_extended_connect_gets_our_reasons_where_it_comes_through(
    behind: Behind,
) -> None:
    with behind.client() as client:
        offered = client.takes_websockets
    # where it is not offered, one is rejected as the other is
    tried = list(BROKEN.items())[: None if offered else 1]
    for code, handshake in tried:
        case = mark()
        with behind.client() as client:
            response = client.ask(marked(handshake, case))
        if offered:
            assert response.codes == (code,)
            rejection = behind.one(REJECTED, case)
            assert rejection["http.response.status_code"] == response.status
            assert_fit_for_http2(response)
        else:
            assert response.status in {None, 400, 405, 501}
            assert behind.logged(SEEN, case) == []


def test_fields_that_http2_forbids_pass_through_an_old_nginx_only(
    behind: Behind,
) -> None:
    case = mark()
    upgrade = marked(VALID.asked(version="2"), case)
    try:
        with behind.client() as client:
            status = client.ask(upgrade).status
    except ProtocolError:
        # nginx before 1.29.7 hands them on, what arrives is a valid handshake over
        # HTTP/1.1, and nginx brings the client our 101, with an Upgrade
        assert behind.name == "nginx"
        assert behind.one(ACCEPTED, case)["network.protocol.version"] == "1.1"
    else:
        assert status in {None, 400}
        assert behind.logged(SEEN, case) == []


def mark() -> str:
    return f"http2-{next(_marks)}"


def marked(handshake: Handshake, case: str) -> Handshake:
    return handshake.plus(CASE, case.encode())


def assert_fit_for_http2(response: Http2Response) -> None:
    assert CONNECTION_SPECIFIC.isdisjoint(dict(response.headers))
