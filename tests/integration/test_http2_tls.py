"""One TLS port for HTTP/1.1 and HTTP/2: the example of docs/http2.md, for real."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.support.docs_examples import DOCS, blocks
from tests.support.handshakes import KEY, VALID
from tests.support.http2 import Http2Client
from tests.support.needed import program
from tests.support.other_http2_cases import CONNECT
from tests.support.tls import HTTP1, HTTP2, certify
from tests.support.wires import serving
from ws_handshake.diagnosis.clients import CLIENTS, UNKNOWN_CLIENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.support.handshakes import Handshake
    from tests.support.http2 import Http2Response
    from tests.support.tls import Certificate
    from tests.support.wires import Server

EXAMPLE = DOCS / "examples" / "hypercorn_tls.py"
HYPERCORN = ("hypercorn", str(EXAMPLE.with_suffix("")) + ":app")

# RFC 9113 section 8.2.2 forbids the two; HTTP libraries leave them out.
GET = VALID.without(b"upgrade", b"connection").asked(version="2")


@dataclass(frozen=True)
class Secured:
    """The example, and the certificate to trust."""

    server: Server
    certificate: Certificate

    @property
    def address(self) -> str:
        """Where its WebSocket is, without the scheme."""
        return f"127.0.0.1:{self.server.port}/ws"

    def ask(self, handshake: Handshake) -> Http2Response:
        """Ask over HTTP/2, as a client whose ALPN offers both."""
        tls = self.certificate.trusted(HTTP2, HTTP1)
        with Http2Client(self.server.port, tls=tls) as client:
            return client.ask(handshake)

    def logged(self, agent: str) -> Mapping[str, Any]:
        """Return the one event of this User-Agent; rejections are logged at once.

        An acceptance is logged once it is sent, so wait for an echo first.
        """
        lines = self.server.logged().splitlines()
        events = [json.loads(line) for line in lines if line.startswith("{")]
        (event,) = (e for e in events if e.get("user_agent.original") == agent)
        return dict(event)


@pytest.fixture(scope="module", name="secured")
def _secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    directory = tmp_path_factory.mktemp("tls")
    made = certify(directory)
    files = ("--certfile", str(made.path), "--keyfile", str(made.key))
    command = (*HYPERCORN, "--bind", "127.0.0.1:{port}", *files)
    with serving(command, directory / "log") as server:
        yield Secured(server, made)


def test_the_page_shows_the_example_that_runs_here() -> None:
    page = blocks((DOCS / "http2.md").read_text(encoding="utf-8"))
    shown = [block.text for block in page if block.language == "python"]

    assert shown == [EXAMPLE.read_text(encoding="utf-8")]


def test_a_websocket_over_http1_and_tls_is_accepted_and_logged_as_1_1(
    secured: Secured,
) -> None:
    # a client that offers both would get HTTP/2, and its handshake would be rejected
    context = secured.certificate.trusted(HTTP1)
    with connect(
        f"wss://{secured.address}",
        ssl=context,
        proxy=None,
        user_agent_header="over-http1",
    ) as socket:
        socket.send("hello")
        assert socket.recv(10) == "hello"
    event = secured.logged("over-http1")

    assert (event["event"], event["level"]) == (
        *("websocket.handshake.accepted", "debug"),
    )
    assert event["network.protocol.version"] == "1.1"
    assert event["http.response.status_code"] == 101
    assert event["url.scheme"] == "wss"


def test_a_websocket_over_http2_and_tls_is_accepted_and_logged_as_2(
    secured: Secured,
) -> None:
    tls = secured.certificate.trusted(HTTP2, HTTP1)
    with Http2Client(secured.server.port, tls=tls) as client:
        assert client.takes_websockets
        assert client.ask(CONNECT.plus(b"user-agent", b"over-http2")).status == 200
        assert client.echo("hello") == "hello"
    event = secured.logged("over-http2")

    assert (event["event"], event["level"]) == (
        *("websocket.handshake.accepted", "debug"),
    )
    assert event["network.protocol.version"] == "2"
    assert event["http.response.status_code"] == 200


@pytest.mark.parametrize(
    ("agent", "fix"),
    [
        ("reqwest/0.12.9", CLIENTS["reqwest"].http1_only),
        ("curl/8.5.0", CLIENTS["curl"].http1_only),
        ("node", CLIENTS["node"].http1_only),
        ("a-client/1", UNKNOWN_CLIENT.http1_only),
    ],
)
def test_an_http1_handshake_over_http2_gets_its_400_with_the_clients_fix(
    secured: Secured, agent: str, fix: str
) -> None:
    response = secured.ask(GET.plus(b"user-agent", agent.encode()))
    problem = json.loads(response.body)
    event = secured.logged(agent)

    assert (response.status, response.codes) == (400, ("http1_handshake_over_http2",))
    cause = problem["cause"]
    assert (cause["code"], cause["certainty"]) == ("http2_client", "certain")
    assert cause["fix"] == fix
    assert event["event"] == "websocket.handshake.rejected"
    assert event["network.protocol.version"] == "2"
    assert event["websocket.handshake.cause"] == "http2_client"
    assert event["websocket.handshake.fix"] == fix


def test_the_fixes_are_options_of_the_clients() -> None:
    assert CLIENTS["reqwest"].http1_only == "reqwest: Client::builder().http1_only()"
    assert CLIENTS["curl"].http1_only == "curl: --http1.1"


def test_a_broken_handshake_over_http1_and_tls_is_logged_as_1_1(
    secured: Secured,
) -> None:
    with httpx.Client(
        verify=secured.certificate.trusted(HTTP1), http2=False, trust_env=False
    ) as client:
        fields = {"Sec-WebSocket-Key": KEY.decode(), "User-Agent": "half"}
        response = client.get(f"https://{secured.address}", headers=fields)
    event = secured.logged("half")

    assert response.status_code == 400
    assert response.headers["websocket-handshake-error"].startswith("upgrade_missing")
    assert event["event"] == "websocket.handshake.rejected"
    assert event["network.protocol.version"] == "1.1"


def test_httpx_gets_its_option_and_the_option_fixes_it(secured: Secured) -> None:
    fields = {name.decode(): value.decode() for name, value in VALID.headers[1:]}
    rejected = _response_to_httpx(secured, {k: fields[k] for k in fields if "sec" in k})
    assert (rejected.http_version, rejected.status_code) == ("HTTP/2", 400)
    assert rejected.json()["cause"]["fix"] == "httpx: Client(http2=False)"

    fixed = _response_to_httpx(secured, fields, http2=False)
    assert (fixed.http_version, fixed.status_code) == ("HTTP/1.1", 101)


def _response_to_httpx(
    secured: Secured, fields: dict[str, str], *, http2: bool = True
) -> httpx.Response:
    trusted = secured.certificate.trusted()
    with (
        httpx.Client(verify=trusted, http2=http2, trust_env=False) as client,
        client.stream("GET", f"https://{secured.address}", headers=fields) as response,
    ):
        if response.status_code != 101:
            response.read()
        return response


def test_curl_gets_its_option_and_the_option_fixes_it(secured: Secured) -> None:
    asked = subprocess.run(
        [*_curl(secured), "--http2", "-i"], capture_output=True, check=True
    )
    head, _, body = asked.stdout.partition(b"\r\n\r\n")
    cause = json.loads(body)["cause"]

    assert head.startswith(b"HTTP/2 400")
    assert (cause["code"], cause["fix"]) == ("http2_client", "curl: --http1.1")
    assert _status_of(_curl(secured), "--http1.1", "-v") == b"< HTTP/1.1 101 \r\n"


def _curl(secured: Secured) -> list[str]:
    """Return how curl sends a whole handshake."""
    fields = [f"-H{n.decode()}: {v.decode()}" for n, v in VALID.headers[1:]]
    trust = ["--cacert", str(secured.certificate.path), "--noproxy", "*"]
    limit = ["--max-time", "10"]
    return [
        program("curl"),
        "-sS",
        *limit,
        *trust,
        *fields,
        f"https://{secured.address}",
    ]


def _status_of(curl: list[str], *options: str) -> bytes:
    """Return the status line that `-v` shows, and leave the open WebSocket."""
    with subprocess.Popen([*curl, *options], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        lines = (line for line in process.stderr if line.startswith(b"< HTTP/"))
        status = next(lines, b"")
        process.terminate()
    return status
