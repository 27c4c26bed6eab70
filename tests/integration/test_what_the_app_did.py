"""What the application did with a valid handshake, on real uvicorn servers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from tests.support.apps_routes import NAME, by_name
from tests.support.handshakes import VALID
from tests.support.inside import running
from tests.support.wires import ask
from ws_handshake.diagnosis.causes import CAUSES
from ws_handshake.outcome.record import SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.wires import Response

PROTOCOL = "ws_handshake.uvicorn:AutoHTTPProtocol"
WSPROTO, SANSIO = "wsproto", "websockets-sansio"

# An application of tests/support/apps_routes.py, a path, and the subprotocols on offer.
Case = tuple[str, str, str]


@dataclass(frozen=True)
class Logged:
    """What the client got, and the one event in the log."""

    response: Response
    event: Mapping[str, Any]

    def of(self, name: str) -> Any:
        """Return a field of ours, or None."""
        return self.event.get(f"websocket.handshake.{name}")


ON_PURPOSE = {
    ("starlette", "/close"): 403,
    ("starlette", "/deny"): 401,
    ("fastapi", "/token"): 403,
    ("fastapi", "/paid"): 402,
    ("closing", "/ws"): 403,
    ("closing", "/nope"): 403,
    ("closing within", "/inner/ws"): 403,
    ("explained", "/close"): 403,
}
UNROUTED = {
    ("starlette", "/ws/"): "'/ws'",
    ("starlette", "/api/live/"): "'/api/live/{room}'",
    ("starlette", "/inner/dep"): "'/inner/deep'",
    ("starlette", "/inner/deep/"): "'/inner/deep'",
    ("starlette", "/pages"): "'/ws', '/chat', '/close'",
    ("timed", "/ws/"): "'/ws'",
    ("fastapi", "/outer/v1/chat/"): "'/outer/v1/chat'",
    ("fastapi", "/v1/chat"): "'/outer/v1/chat'",
    ("fastapi", "/tokens"): "'/token'",
    ("explained", "/ws/"): "'/ws'",
}
ACCEPTED = (
    ("starlette", "/ws"),
    ("starlette", "/api/live/7"),
    ("starlette", "/inner/deep"),
    ("fastapi", "/outer/v1/chat"),
    ("timed", "/ws"),
)
PLAIN_RESPONSE: Case = ("plain", "/ws", "")
NOT_CHOSEN: Case = ("starlette", "/ws", "chat, superchat")
CHOSEN: Case = ("starlette", "/chat", "superchat, chat")
NOT_OFFERED: tuple[Case, ...] = (
    ("starlette", "/chat", ""),
    ("starlette", "/chat", "superchat"),
)
CASES: tuple[Case, ...] = (
    *((name, path, "") for name, path in (*ON_PURPOSE, *UNROUTED, *ACCEPTED)),
    *(PLAIN_RESPONSE, NOT_CHOSEN, CHOSEN, *NOT_OFFERED),
)

# Under `--root-path /app`: uvicorn puts it before whatever path the proxy sends.
ROOTED = {
    ("starlette", "/ws/"): ("no_route", "/app/ws/", "'/ws'"),
    ("starlette", "/application"): (
        *("no_route", "/app/application"),
        "'/ws', '/chat', '/close'",
    ),
    ("starlette", "/app/ws"): ("path_prefix_doubled", "/app/app/ws", "'/ws'"),
    ("starlette", "/app/inner/deep"): (
        *("path_prefix_doubled", "/app/app/inner/deep", "'/inner/deep'"),
    ),
    ("fastapi", "/app/outer/v1/chat"): (
        *("path_prefix_doubled", "/app/app/outer/v1/chat", "'/outer/v1/chat'"),
    ),
}


def logged_by(cases: tuple[Case, ...], **options: str) -> dict[Case, Logged]:
    """Send all cases to a server, and return what it has logged once it has ended."""
    lines = StringIO()
    logger = structlog.wrap_logger(
        structlog.WriteLogger(lines),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.JSONRenderer(),
        ],
    )
    with running(by_name(StructlogObserver(logger)), http=PROTOCOL, **options) as port:
        responses = [ask(port, _handshake(case).wire()) for case in cases]
    events = [json.loads(line) for line in lines.getvalue().splitlines()]
    # one event for each handshake, neither more nor less
    assert sorted(e["user_agent.original"] for e in events) == sorted(map(str, cases))
    by_case = {event["user_agent.original"]: event for event in events}
    return {
        case: Logged(response, by_case[str(case)])
        for case, response in zip(cases, responses, strict=True)
    }


def _handshake(case: Case) -> Any:
    name, path, offer = case
    asked = VALID.asked(target=path.encode()).plus(NAME, name.encode())
    asked = asked.plus(b"user-agent", str(case).encode())
    return asked.plus(b"sec-websocket-protocol", offer.encode()) if offer else asked


@pytest.fixture(scope="module", name="ws", params=[WSPROTO, SANSIO])
def _ws(request: pytest.FixtureRequest) -> str:
    ws: str = request.param
    return ws


@pytest.fixture(scope="module", name="logged")
def _logged(ws: str) -> dict[Case, Logged]:
    return logged_by(CASES, ws=ws)


@pytest.fixture(scope="module", name="rooted")
def _rooted(ws: str) -> dict[Case, Logged]:
    cases = tuple((name, path, "") for name, path in ROOTED)
    return logged_by(cases, ws=ws, root_path="/app")


@pytest.mark.parametrize(("name", "path"), UNROUTED)
def test_a_path_without_a_route_is_reported_with_the_nearest_routes(
    logged: dict[Case, Logged], name: str, path: str
) -> None:
    one = logged[name, path, ""]
    assert one.response.status == 403
    assert one.event["level"] == "info"
    assert one.event["error.type"] == "denied_by_app"
    assert one.event["url.path"] == path
    assert one.of("cause") == "no_route"
    nearest = UNROUTED[name, path]
    assert one.of("hint") == (
        f"No WebSocket route matches '{path}'; nearest: {nearest}."
    )


@pytest.mark.parametrize(("name", "path"), ROOTED)
def test_a_doubled_root_path_and_a_wrong_path_are_different_causes(
    rooted: dict[Case, Logged], name: str, path: str
) -> None:
    cause, whole, nearest = ROOTED[name, path]
    one = rooted[name, path, ""]

    assert (one.response.status, one.of("cause")) == (403, cause)
    assert one.event["url.path"] == whole
    assert one.of("hint") == (
        f"No WebSocket route matches '{whole}'; nearest: {nearest}."
    )


@pytest.mark.parametrize(("name", "path"), ON_PURPOSE)
def test_a_rejection_on_purpose_has_no_cause(
    logged: dict[Case, Logged], name: str, path: str
) -> None:
    one = logged[name, path, ""]
    assert one.response.status == ON_PURPOSE[name, path]
    assert one.event["error.type"] == "denied_by_app"
    assert one.event["http.response.status_code"] == one.response.status
    assert (one.of("cause"), one.of("hint")) == (None, None)


@pytest.mark.parametrize(
    ("name", "path", "code", "reason"),
    [
        ("starlette", "/close", 1008, None),
        ("starlette", "/deny", None, "Who is it?"),
        ("fastapi", "/token", 1008, "query.token: missing"),
        ("fastapi", "/paid", None, "Pay first."),
    ],
)
def test_what_the_application_says_is_in_the_log_and_not_sent_by_us(
    logged: dict[Case, Logged], name: str, path: str, code: int | None, reason: str
) -> None:
    one = logged[name, path, ""]
    assert (one.of("close_code"), one.of("denial_reason")) == (code, reason)
    assert b"websocket-handshake-error" not in one.response.raw
    assert b"1008" not in one.response.raw


@pytest.mark.parametrize(("name", "path"), ACCEPTED)
def test_an_accepted_handshake_is_one_line_at_debug(
    logged: dict[Case, Logged], name: str, path: str
) -> None:
    one = logged[name, path, ""]
    assert one.response.status == 101
    assert one.event["event"] == "websocket.handshake.accepted"
    assert (one.event["level"], one.of("warning")) == ("debug", None)


def test_a_plain_response_to_a_websocket_is_named_as_the_cause_of_the_servers_500(
    logged: dict[Case, Logged],
) -> None:
    one = logged[PLAIN_RESPONSE]
    assert one.response.status == 500
    assert one.event["http.response.status_code"] == 500
    assert one.event["error.type"] == "denied_by_app"
    assert one.of("cause") == "http_response_on_websocket"
    assert one.of("fix") == CAUSES["http_response_on_websocket"].fix


def test_the_clients_explanation_names_the_cause_and_no_route(
    logged: dict[Case, Logged],
) -> None:
    response = logged["explained", "/ws/", ""].response
    problem = json.loads(response.body)

    assert response.codes == ("denied_by_app",)
    assert problem["code"] == "denied_by_app"
    no_route = CAUSES["no_route"]
    assert problem["cause"] == {
        "code": "no_route",
        "certainty": "certain",
        "detail": no_route.detail,
        "fix": no_route.fix,
    }
    for route in (b"'/ws'", b"/chat", b"/close", b"nearest"):
        assert route not in response.raw


def test_the_clients_explanation_of_a_rejection_on_purpose_has_no_cause(
    logged: dict[Case, Logged],
) -> None:
    problem = json.loads(logged["explained", "/close", ""].response.body)

    assert problem["code"] == "denied_by_app"
    assert "cause" not in problem


def test_without_explain_denials_the_response_stays_the_servers(
    logged: dict[Case, Logged],
) -> None:
    response = logged["starlette", "/ws/", ""].response

    assert (response.codes, b"ws-handshake" in response.raw) == ((), False)


def test_an_offer_from_which_nothing_is_chosen_is_a_warning(
    logged: dict[Case, Logged],
) -> None:
    one = logged[NOT_CHOSEN]
    assert one.response.status == 101
    assert one.event["event"] == "websocket.handshake.accepted"
    assert (one.event["level"], one.of("warning")) == (
        *("warning", "subprotocol_not_chosen"),
    )
    assert one.of("hint") == SUBPROTOCOL_NOT_CHOSEN.what


def test_the_choice_of_a_subprotocol_that_was_offered_is_no_warning(
    logged: dict[Case, Logged],
) -> None:
    one = logged[CHOSEN]
    assert dict(one.response.headers)[b"sec-websocket-protocol"] == b"chat"
    assert (one.event["level"], one.of("warning")) == ("debug", None)


@pytest.mark.parametrize("case", NOT_OFFERED)
def test_the_choice_of_a_subprotocol_that_was_not_offered_is_an_error(
    logged: dict[Case, Logged], ws: str, case: Case
) -> None:
    one = logged[case]
    assert one.event["event"] == "websocket.handshake.accepted"
    assert (one.event["level"], one.of("warning")) == (
        *("error", "subprotocol_not_offered"),
    )
    assert one.of("hint") == SUBPROTOCOL_NOT_OFFERED.what
    # wsproto raises, and uvicorn closes without a response; websockets sends it
    sent = None if ws == WSPROTO else 101
    assert one.response.status == sent
    assert one.event["http.response.status_code"] == (sent or 500)
