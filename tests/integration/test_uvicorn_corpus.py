"""The corpus on real sockets: two HTTP parsers, two WebSocket implementations."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.apps import corpus
from tests.support.corpus import CORPUS, PARSERS_DIFFER, main_code
from tests.support.corpus_run import Run, outcome, run
from tests.support.inside import running
from tests.support.wires import ask
from ws_handshake import accept_token
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.outcome.problem import BODY_LIMIT

if TYPE_CHECKING:
    from tests.support.corpus_case import Case
    from tests.support.wires import Response

_PROTOCOLS = {"h11": "H11Protocol", "httptools": "HttpToolsProtocol"}
_SERVERS = [
    (parser, library)
    for parser in _PROTOCOLS
    for library in ("wsproto", "websockets-sansio")
]
_BY_CODE = {reason.code: reason for reason in CATALOGUE}
_HANDSHAKE_ONLY = {
    b"sec-websocket-accept",
    b"sec-websocket-protocol",
    b"sec-websocket-extensions",
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("corpus")
    done = {}
    for parser, library in _SERVERS:
        name = f"{parser} and {library}"
        protocol = f"ws_handshake.uvicorn:{_PROTOCOLS[parser]}"
        options = [
            *("--factory", "tests.support.apps:corpus"),
            *("--http", protocol, "--ws", library),
        ]
        cases = [*CORPUS, *(case.under(parser) for case in PARSERS_DIFFER)]
        done[name] = run(name, options, cases, folder / f"{name}.log", 5.0)
    return done


@pytest.fixture(params=[f"{parser} and {library}" for parser, library in _SERVERS])
def served(request: pytest.FixtureRequest, runs: dict[str, Run]) -> Run:
    return runs[request.param]


def test_the_corpus_has_at_least_220_cases_with_names_of_their_own() -> None:
    names = [case.name for case in CORPUS] + [case.name for case in PARSERS_DIFFER]
    assert len(CORPUS) >= 220
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert [case.name for case in CORPUS if not case.rfc.startswith("RFC ")] == []


def test_every_case_comes_out_as_the_rfcs_say(served: Run) -> None:
    wrong = {
        case.name: (case.expected, outcome(response))
        for case, response in served.responses
        if outcome(response) != case.expected
    }
    assert wrong == {}


@pytest.mark.parametrize("parser", _PROTOCOLS)
def test_the_corpus_comes_out_the_same_inside_a_plain_asyncio_loop(
    parser: str,
) -> None:
    protocol = f"ws_handshake.uvicorn:{_PROTOCOLS[parser]}"
    with running(corpus(), http=protocol, ws="wsproto", loop="asyncio") as port:
        wrong = {
            case.name: (case.expected, came)
            for case in CORPUS
            if (came := outcome(ask(port, case.data))) != case.expected
        }
    assert wrong == {}


def test_all_four_servers_respond_alike(runs: dict[str, Run]) -> None:
    outcomes: dict[str, set[object]] = {}
    for served in runs.values():
        for case, response in served.responses[: len(CORPUS)]:
            came = response.status, outcome(response)
            outcomes.setdefault(case.name, set()).add(came)
    assert {name: came for name, came in outcomes.items() if len(came) > 1} == {}


def test_a_valid_handshake_gets_its_own_token(served: Run) -> None:
    wrong = {
        case.name: response.raw
        for case, response in served.having("accepted")
        if not _is_valid_acceptance(case, response)
    }
    assert wrong == {}


def _is_valid_acceptance(case: Case, response: Response) -> bool:
    headers = dict(response.headers)
    return (
        headers[b"sec-websocket-accept"] == accept_token(case.key).encode()
        and headers[b"upgrade"].lower() == b"websocket"
        and headers[b"connection"].lower() == b"upgrade"
        and headers.get(b"sec-websocket-protocol") in {None, *_offered(case)}
        and len(headers) == len(response.headers)
    )


def _offered(case: Case) -> list[bytes]:
    lines = case.data.replace(b"\r\n ", b" ").split(b"\r\n")
    values = [
        line.partition(b":")[2]
        for line in lines
        if line.lower().startswith(b"sec-websocket-protocol:")
    ]
    names = [name.strip(b" \t") for name in b",".join(values).split(b",")]
    return [name for name in names if name][:1]


def test_the_first_subprotocol_on_offer_reaches_the_application(served: Run) -> None:
    chosen = {
        case.name: dict(response.headers).get(b"sec-websocket-protocol")
        for case, response in served.having("accepted")
        if _offered(case)
    }
    first = {
        case.name: _offered(case)[0]
        for case, _ in served.having("accepted")
        if _offered(case)
    }
    assert chosen == first
    assert len(first) >= 12


def test_a_rejection_is_a_problem_that_names_the_codes_of_its_header(
    served: Run,
) -> None:
    wrong = {
        case.name: response.raw
        for case, response in served.rejected()
        if not case.data.startswith(b"HEAD")
        and not _is_valid_problem(response, json.loads(response.body))
    }
    assert wrong == {}


def _is_valid_problem(response: Response, problem: dict[str, object]) -> bool:
    violations = problem["violations"]
    assert isinstance(violations, list)
    first = main_code(response.codes)
    return (
        tuple(violation["code"] for violation in violations) == response.codes
        and problem["code"] == first
        and problem["status"] == response.status == _BY_CODE[first].status
        and problem["type"] == f"urn:ws-handshake:{first}"
    )


def test_the_head_of_a_rejection_is_as_the_design_says(served: Run) -> None:
    wrong = {
        case.name: response.raw
        for case, response in served.rejected()
        if not _has_valid_headers(case, response)
    }
    assert wrong == {}


def _has_valid_headers(case: Case, response: Response) -> bool:
    headers = dict(response.headers)
    length = int(headers[b"content-length"])
    is_head = case.data.startswith(b"HEAD")
    connection = [value for name, value in response.headers if name == b"connection"]
    expected = {b"upgrade", b"close"} if response.status == 426 else {b"close"}
    demanded = [
        field for code in response.codes for field in _BY_CODE[code].response_headers
    ]
    return (
        response.raw.startswith(b"HTTP/1.1 ")
        and len(headers) + len(connection) - 1 == len(response.headers)
        and headers[b"content-type"] == b"application/problem+json"
        and length <= BODY_LIMIT
        and len(response.body) == (0 if is_head else length)
        and headers[b"cache-control"] == b"no-store"
        and headers[b"x-content-type-options"] == b"nosniff"
        and {*connection} == expected
        and (b"upgrade" in headers) == (response.status == 426)
        and _HANDSHAKE_ONLY.isdisjoint(headers)
        and all(headers[name] == value for name, value in demanded)
        # uvicorn gives its default headers to no denial of a `websocket` scope
        and (response.status == 403 or {b"date", b"server"} <= headers.keys())
    )


def test_a_rejection_ends_the_connection(served: Run) -> None:
    endings = {response.ending for _, response in served.rejected()}
    # a socket with unread bytes ends with a reset
    assert endings <= {"closed", "reset"}
    assert "closed" in endings


def test_what_is_no_handshake_gets_its_response_from_the_application(
    served: Run,
) -> None:
    responses = [response for _, response in served.having("app")]
    assert len(responses) >= 20
    assert {response.raw.count(b"HTTP/1.1 ") for response in responses} == {1}
    assert [response for response in responses if response.codes] == []


def test_every_rejection_is_logged_once_with_its_codes(served: Run) -> None:
    logged = Counter(
        (tuple(event["websocket.handshake.violations"]), event["error.type"])
        for event in served.events()
        if event["event"] == "websocket.handshake.rejected"
    )
    sent = Counter(
        (response.codes, main_code(response.codes)) for _, response in served.rejected()
    )
    assert logged == sent


def test_nothing_is_logged_as_a_traceback(served: Run) -> None:
    assert "Traceback" not in served.logged
    assert "Exception in ASGI application" not in served.logged
    assert "without completing" not in served.logged


def test_the_server_ends_in_time_after_the_corpus(served: Run) -> None:
    assert served.seconds < 10
