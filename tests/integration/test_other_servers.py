"""The middleware without our door, on the servers that people run."""

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
    DOOR,
    GRANIAN,
    HYPERCORN,
    SANSIO,
    SETUPS,
    WSPROTO,
    Refusal,
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

# What belongs to an acceptance, and to no refusal.
OF_AN_ACCEPTANCE = {b"upgrade", b"sec-websocket-accept"}

on_every_server = pytest.mark.parametrize("name", SETUPS)
over_http2 = pytest.mark.parametrize("name", [HYPERCORN, GRANIAN])
on_uvicorn_without_our_door = pytest.mark.parametrize("name", [WSPROTO, SANSIO])


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
def test_every_request_is_handed_on_once_and_every_refusal_logged_once(
    measured: Mapping[str, Measured], name: str
) -> None:
    for outcome in of(measured, name).outcomes:
        assert len(outcome.scopes) <= 1, outcome
        assert len(outcome.refusals) <= len(outcome.scopes), outcome


@on_every_server
def test_the_client_gets_the_codes_and_the_status_that_the_log_has(
    measured: Mapping[str, Measured], name: str
) -> None:
    for outcome in of(measured, name).http1:
        if told_in_full(name, outcome):
            assert outcome.refusals == (refusal_for(outcome.judged),)
            assert outcome.answer.codes == outcome.judged
            assert outcome.answer.status == outcome.refusals[0].status


@on_every_server
def test_no_refusal_of_ours_leaves_the_client_without_an_answer(
    measured: Mapping[str, Measured], name: str
) -> None:
    refused = [o for o in of(measured, name).outcomes if o.refusals]
    assert refused
    assert [o.case.mark for o in refused if o.answer.status is None] == []


@on_every_server
def test_nothing_sound_that_comes_as_a_websocket_is_refused(
    measured: Mapping[str, Measured], name: str
) -> None:
    for outcome in of(measured, name).outcomes:
        if outcome.case.sound and outcome.scope == "websocket":
            assert outcome.refusals == ()
            assert outcome.answer.status in {101, 200} or is_overtaken(name, outcome)


@on_every_server
def test_what_is_no_handshake_goes_to_the_application(
    measured: Mapping[str, Measured], name: str
) -> None:
    plain = [o for o in of(measured, name).outcomes if not o.case.attempt]
    assert len(plain) >= 2
    assert {(o.scope, o.answer.status, o.judged) for o in plain} == {("http", 418, ())}


def test_with_our_door_everything_is_seen(measured: Mapping[str, Measured]) -> None:
    door = of(measured, DOOR)
    for outcome in door.http1:
        if outcome.case.attempt:
            assert outcome.answer.codes == outcome.case.codes
            assert (outcome.answer.status == 101) is outcome.case.sound
    answered_by_it = [o.case.codes for o in door.http1 if o.scope is None]
    assert door.at_the_door == Counter(answered_by_it)


def test_daphne_is_told_to_close_and_answers_403(
    measured: Mapping[str, Measured],
) -> None:
    denied = [
        outcome
        for outcome in of(measured, DAPHNE).http1
        if outcome.scope == "websocket" and outcome.refusals
    ]
    assert len(denied) == 10
    for outcome in denied:
        assert outcome.answer.status == outcome.refusals[0].status == 403
        assert outcome.answer.codes == ()


@on_uvicorn_without_our_door
def test_uvicorn_without_our_door_passes_sound_lists_on_as_plain_http(
    measured: Mapping[str, Measured], name: str
) -> None:
    outcomes = of(measured, name).http1
    refused = [o for o in outcomes if o.case.sound and o.refusals]
    assert [o.case.name for o in refused] == [
        "Upgrade: h2c, websocket",
        "Upgrade: websocket, foo",
        "Connection in two lines",
    ]
    for outcome in refused:
        assert outcome.answer.status == 501
        assert outcome.answer.codes == ("server_did_not_upgrade",)


@over_http2
def test_an_answer_over_http2_has_no_field_of_a_connection(
    measured: Mapping[str, Measured], name: str
) -> None:
    refused = [o for o in of(measured, name).http2 if o.refusals]
    assert len(refused) >= 3
    for outcome in refused:
        assert outcome.answer.codes == outcome.judged
        assert outcome.answer.status == outcome.refusals[0].status
        assert CONNECTION_SPECIFIC.isdisjoint(dict(outcome.answer.headers))


def test_an_extended_connect_carries_websocket_frames(tmp_path: Path) -> None:
    need(SETUPS[HYPERCORN])
    command = SETUPS[HYPERCORN].command
    with serving(command, tmp_path / "log") as server, Http2Client(server.port) as h2:
        assert h2.takes_websockets is True
        assert h2.ask(CONNECT).status == 200
        assert h2.echo("over HTTP/2") == "over HTTP/2"
        assert h2.echo("again") == "again"


def test_only_granian_puts_the_fields_of_an_acceptance_into_a_refusal(
    measured: Mapping[str, Measured],
) -> None:
    assert {
        name
        for name, result in measured.items()
        for outcome in result.http1
        if outcome.answer.codes
        and not OF_AN_ACCEPTANCE.isdisjoint(dict(outcome.answer.headers))
    } == ({GRANIAN} & measured.keys())


def test_only_daphne_serves_what_stands_behind_a_refused_handshake(
    measured: Mapping[str, Measured],
) -> None:
    serving_on = {name for name, result in measured.items() if result.serves_behind}
    assert serving_on == ({DAPHNE} & measured.keys())


def test_the_page_tells_what_was_measured(measured: Mapping[str, Measured]) -> None:
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


def refusal_for(codes: tuple[str, ...]) -> Refusal:
    return Refusal(codes, STATUS[codes[0]])


def told_in_full(name: str, outcome: Outcome) -> bool:
    """Say whether it was for us to answer, and whether the server lets us."""
    closed = name == DAPHNE and outcome.scope == "websocket"
    return bool(outcome.refusals) and not closed and not is_overtaken(name, outcome)


def is_overtaken(name: str, outcome: Outcome) -> bool:
    return (name, outcome.case.name) in OVERTAKEN
