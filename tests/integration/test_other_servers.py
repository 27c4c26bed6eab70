"""The middleware alone, without a protocol class, on the servers that people run."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.support.http2 import Http2Client
from tests.support.other_http2_cases import CONNECT
from tests.support.other_judgement import OVERTAKEN, expected
from tests.support.other_page import PAGE, is_up_to_date, tables_of
from tests.support.other_servers import (
    DAPHNE,
    GRANIAN,
    GUNICORN,
    GUNICORN_OURS,
    HYPERCORN,
    HYPERCORN_OURS,
    PROTOCOL,
    SANSIO,
    SETUPS,
    WSPROTO,
    Rejection,
    Setup,
    installed,
    measure,
    need,
)
from tests.support.wires import serving
from ws_handshake.core.reasons import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.other_servers import Measured, Outcome

STATUS = {reason.code: reason.status for reason in CATALOGUE}

# RFC 9113 section 8.2.2
CONNECTION_SPECIFIC = {
    *(b"connection", b"proxy-connection", b"keep-alive"),
    *(b"transfer-encoding", b"upgrade"),
}

# What belongs to an acceptance, and to no rejection.
OF_AN_ACCEPTANCE = {b"upgrade", b"sec-websocket-accept"}

# What the HTTP parser of a server does not let through.
_OF_EVERY_PARSER = {
    *("a target that is not ASCII", "Host twice", "NUL in a header"),
    *("a space in a header name", "a space before the colon"),
}
OF_THE_PARSER = {
    HYPERCORN_OURS: {*_OF_EVERY_PARSER, "Host missing"},
    GUNICORN_OURS: {
        *_OF_EVERY_PARSER,
        *("method get", "a header of 20 KiB", "200 header lines"),
        *("a continued header line", "lines that end in LF"),
    },
}

on_every_server = pytest.mark.parametrize("name", SETUPS)
over_http2 = pytest.mark.parametrize("name", [HYPERCORN, HYPERCORN_OURS, GRANIAN])
on_uvicorn_without_our_protocol = pytest.mark.parametrize("name", [WSPROTO, SANSIO])


@pytest.fixture(scope="module", name="measured")
def _measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Measured]:
    logs = tmp_path_factory.mktemp("logs")
    here = [setup for setup in SETUPS.values() if installed(setup)]
    with ThreadPoolExecutor(3) as pool:
        results = pool.map(lambda setup: measure(setup, logs / setup.title), here)
        return {result.setup.title: result for result in results}


@on_every_server
def test_what_reaches_the_application_is_judged_right(
    measured: Mapping[str, Measured], name: str
) -> None:
    seen = [o for o in of(measured, name).outcomes if o.scope is not None]
    assert {o.case.mark: o.judged for o in seen} == {
        o.case.mark: expected(name, o.case, o.scope or "") for o in seen
    }
    assert len(seen) >= 30


@on_every_server
def test_every_request_is_handed_on_once_and_every_rejection_logged_once(
    measured: Mapping[str, Measured], name: str
) -> None:
    for outcome in of(measured, name).outcomes:
        assert len(outcome.scopes) <= 1, outcome
        assert len(outcome.rejections) <= len(outcome.scopes), outcome


@on_every_server
def test_the_client_gets_the_codes_and_the_status_that_the_log_has(
    measured: Mapping[str, Measured], name: str
) -> None:
    for outcome in of(measured, name).http1:
        if reported_in_full(name, outcome):
            assert outcome.rejections == (rejection_for(outcome.judged),)
            assert outcome.response.codes == outcome.judged
            assert outcome.response.status == outcome.rejections[0].status


@on_every_server
def test_no_rejection_of_ours_leaves_the_client_without_a_response(
    measured: Mapping[str, Measured], name: str
) -> None:
    rejected = [o for o in of(measured, name).outcomes if o.rejections]
    assert rejected
    assert [o.case.mark for o in rejected if o.response.status is None] == []


@on_every_server
def test_nothing_valid_that_comes_as_a_websocket_is_rejected(
    measured: Mapping[str, Measured], name: str
) -> None:
    for outcome in of(measured, name).outcomes:
        if outcome.case.valid and outcome.scope == "websocket":
            assert outcome.rejections == ()
            assert outcome.response.status in {101, 200} or is_overtaken(name, outcome)


@on_every_server
def test_what_is_no_handshake_goes_to_the_application(
    measured: Mapping[str, Measured], name: str
) -> None:
    plain = [o for o in of(measured, name).outcomes if not o.case.attempt]
    assert len(plain) >= 2
    assert {(o.scope, o.response.status, o.judged) for o in plain} == {
        ("http", 418, ())
    }


def test_with_our_protocol_class_everything_is_seen(
    measured: Mapping[str, Measured],
) -> None:
    protocol = of(measured, PROTOCOL)
    for outcome in protocol.http1:
        if outcome.case.attempt:
            assert outcome.response.codes == outcome.case.codes
            assert (outcome.response.status == 101) is outcome.case.valid
    not_asked = [o.case.codes for o in protocol.http1 if o.scope is None]
    assert protocol.without_app == Counter(not_asked)


@pytest.mark.parametrize(("name", "count"), [(DAPHNE, 10), (GUNICORN, 12)])
def test_a_server_that_takes_no_denial_response_sends_a_bare_403(
    measured: Mapping[str, Measured], name: str, count: int
) -> None:
    denied = [
        outcome
        for outcome in of(measured, name).http1
        if outcome.scope == "websocket" and outcome.rejections
    ]
    assert len(denied) == count
    for outcome in denied:
        assert outcome.response.status == outcome.rejections[0].status == 403
        assert outcome.response.codes == ()


@on_uvicorn_without_our_protocol
def test_uvicorn_without_our_protocol_class_passes_valid_lists_on_as_plain_http(
    measured: Mapping[str, Measured], name: str
) -> None:
    outcomes = of(measured, name).http1
    rejected = [o for o in outcomes if o.case.valid and o.rejections]
    assert [o.case.name for o in rejected] == [
        "Upgrade: h2c, websocket",
        "Upgrade: websocket, foo",
        "Connection in two lines",
    ]
    for outcome in rejected:
        assert outcome.response.status == 501
        assert outcome.response.codes == ("server_did_not_upgrade",)


@over_http2
def test_a_response_over_http2_has_no_field_of_a_connection(
    measured: Mapping[str, Measured], name: str
) -> None:
    rejected = [o for o in of(measured, name).http2 if o.rejections]
    assert len(rejected) >= 3
    for outcome in rejected:
        assert outcome.response.codes == outcome.judged
        assert outcome.response.status == outcome.rejections[0].status
        assert CONNECTION_SPECIFIC.isdisjoint(dict(outcome.response.headers))


def test_an_extended_connect_carries_websocket_frames(tmp_path: Path) -> None:
    need(SETUPS[HYPERCORN])
    command = SETUPS[HYPERCORN].command
    with serving(command, tmp_path / "log") as server, Http2Client(server.port) as h2:
        assert h2.takes_websockets is True
        assert h2.ask(CONNECT).status == 200
        assert h2.echo("over HTTP/2") == "over HTTP/2"
        assert h2.echo("again") == "again"


def test_only_granian_puts_the_fields_of_an_acceptance_into_a_rejection(
    measured: Mapping[str, Measured],
) -> None:
    assert {
        name
        for name, result in measured.items()
        for outcome in result.http1
        if outcome.response.codes
        and not OF_AN_ACCEPTANCE.isdisjoint(dict(outcome.response.headers))
    } == ({GRANIAN} & measured.keys())


def test_two_servers_serve_what_stands_behind_a_rejected_handshake(
    measured: Mapping[str, Measured],
) -> None:
    serving_on = {name for name, result in measured.items() if result.serves_behind}
    assert serving_on == ({DAPHNE, GUNICORN} & measured.keys())


@pytest.mark.parametrize("name", [HYPERCORN_OURS, GUNICORN_OURS])
def test_with_our_class_only_the_parser_rejects_without_a_reason(
    measured: Mapping[str, Measured], name: str
) -> None:
    outcomes = of(measured, name).http1
    by_itself = {o.case.name for o in outcomes if o.scope is None}
    assert by_itself == OF_THE_PARSER[name]
    assert of(measured, name).without_app == {}


def test_the_page_reports_what_was_measured(measured: Mapping[str, Measured]) -> None:
    for setup in SETUPS.values():
        need(setup)
    assert is_up_to_date(PAGE, tables_of(measured), renew="RENEW" in os.environ), (
        "docs/servers.md is out of date; "
        "RENEW=1 pytest tests/integration/test_other_servers.py writes it anew."
    )


def test_a_page_is_written_anew_only_where_that_is_asked_for(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    old = "Before.\n<!-- table: begin -->\nold\n<!-- table: end -->\nAfter.\n"
    page.write_text(old, encoding="utf-8")
    assert is_up_to_date(page, "new\n", renew=False) is False
    assert page.read_text(encoding="utf-8") == old
    assert is_up_to_date(page, "new\n", renew=True) is True
    assert page.read_text(encoding="utf-8") == old.replace("old", "new")
    assert is_up_to_date(page, "new\n", renew=False) is True


def test_a_missing_server_skips_its_tests_but_fails_them_on_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = Setup("nowhere", ("no_such_server",))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^no_such_server is not inst"):
        need(nowhere)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"^no_such_server is not inst"):
        need(nowhere)


def of(measured: Mapping[str, Measured], name: str) -> Measured:
    need(SETUPS[name])
    return measured[name]


def rejection_for(codes: tuple[str, ...]) -> Rejection:
    return Rejection(codes, STATUS[codes[0]])


def reported_in_full(name: str, outcome: Outcome) -> bool:
    """Return whether the rejection was ours, and the server let us say why."""
    closed = name in {DAPHNE, GUNICORN} and outcome.scope == "websocket"
    return bool(outcome.rejections) and not closed and not is_overtaken(name, outcome)


def is_overtaken(name: str, outcome: Outcome) -> bool:
    return (name, outcome.case.name) in OVERTAKEN
