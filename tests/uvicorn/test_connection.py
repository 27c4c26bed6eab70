from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from uvicorn import Config

from tests.support.handshakes import KEY, VALID
from tests.support.protocols import Echo, observed_echo
from ws_handshake.asgi.places import register
from ws_handshake.asgi.scope import HandedOver
from ws_handshake.uvicorn import connection as handshake_check
from ws_handshake.uvicorn.connection import Decision, HandshakeCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.handshakes import Handshake
    from ws_handshake.asgi.scope import ASGIApp

_CLIENT = ("203.0.113.9", 51544)
_BAD_KEY = VALID.but(b"sec-websocket-key", b"short")
_H2C = VALID.without(b"sec-websocket-key", b"sec-websocket-version").but(
    b"upgrade", b"h2c"
)


def _check(
    app: ASGIApp | None = None, *, strict: bool = False, **options: Any
) -> HandshakeCheck:
    """Return the check before an application, by default one that is wrapped."""
    config = Config(
        app or observed_echo()[0], lifespan="off", log_config=None, **options
    )
    config.load()
    return HandshakeCheck(config, strict=strict)


_never = partial(pytest.fail, "uvicorn was asked")


def _outcome(
    check: HandshakeCheck,
    handshake: Handshake,
    own: Callable[[], bool] = _never,
    *,
    can_upgrade: bool = True,
) -> tuple[bool, tuple[str, ...] | None]:
    """Return whether it is upgraded, and the codes of what is left to reject."""
    decision = _decided(check, handshake, own, can_upgrade=can_upgrade)
    return decision.upgrade, decision.left and decision.left.codes


def _decided(
    check: HandshakeCheck,
    handshake: Handshake,
    own: Callable[[], bool] = _never,
    *,
    can_upgrade: bool = True,
) -> Decision:
    return check.decide(handshake.head(), own, can_upgrade=can_upgrade, client=_CLIENT)


def _fail(*_: object) -> None:
    raise RuntimeError("an error of our own")


def test_a_valid_handshake_is_upgraded() -> None:
    assert _outcome(_check(), VALID) == (True, None)
    assert _outcome(_check(strict=True), VALID) == (True, None)


def test_a_valid_handshake_is_not_upgraded_without_a_websocket_library() -> None:
    asked: list[bool] = []

    def own() -> bool:
        asked.append(True)  # uvicorn logs what it lacks
        return False

    decided = _outcome(_check(), VALID, own, can_upgrade=False)
    assert (decided, asked) == ((False, ()), [True])


def test_a_broken_handshake_is_not_upgraded_and_leaves_its_verdict() -> None:
    assert _outcome(_check(), _BAD_KEY) == (False, ("key_malformed",))


def test_what_is_no_handshake_is_left_to_uvicorn() -> None:
    assert _outcome(_check(), _H2C, lambda: True) == (True, None)
    assert _outcome(_check(), _H2C, lambda: False) == (False, None)


@pytest.mark.parametrize(
    "target",
    [
        *(b"/", b"/ws", b"//ws?a=b", b"/?", b"http://h.ex", b"HTTPS://h.ex/ws"),
        *(b"ws://[::1]:80/ws", b"wss://h.ex?a", b"http://h.ex/a?b"),
    ],
)
def test_a_target_that_names_a_resource_is_valid(target: bytes) -> None:
    assert _outcome(_check(), VALID.asked(target=target)) == (True, None)


@pytest.mark.parametrize(
    "target",
    [
        *(b"", b"*", b"ws", b"h.ex:80", b"/ws#a", b"/#", b"http://h.ex/#a", b"http://"),
        *(b"http:///ws", b"ftp://h.ex/ws", b"http://u@h.ex/", b"http://[::1/ws"),
        *(b"http:/ws", b"http://h.ex:99999/", b"http://@h.ex/"),
    ],
)
def test_a_target_that_names_none_is_not_upgraded(target: bytes) -> None:
    decided = _outcome(_check(), VALID.asked(target=target))
    assert decided == (False, ("head_malformed",))


def test_the_target_of_another_method_has_rules_of_its_own() -> None:
    options = VALID.asked(method="OPTIONS", target=b"*")
    assert _outcome(_check(), options) == (False, ("method_not_get",))


@pytest.mark.parametrize("code", [0x00, 0x01, 0x0A, 0x0D, 0x1F, 0x7F])
def test_a_control_character_in_any_value_is_not_upgraded(code: int) -> None:
    odd = VALID.plus(b"cookie", b"a%cb" % code)
    assert _outcome(_check(), odd) == (False, ("head_malformed",))


def test_the_flaw_stands_among_the_violations_in_the_order_of_the_catalogue() -> None:
    odd = _BAD_KEY.plus(b"cookie", b"\x01" + b"a" * 9000)
    assert _outcome(_check(), odd) == (
        False,
        ("key_malformed", "head_malformed", "headers_too_large"),
    )


@pytest.mark.parametrize(
    "place", ["plainly_valid_key", "judge_by_rules", "handed_over"]
)
def test_an_error_of_our_own_is_a_rejection(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshake_check, place, _fail)
    listed = VALID.but(b"upgrade", b"h2c, websocket")
    assert _outcome(_check(), listed) == (False, ("internal_error",))


def test_report_only_upgrades_what_uvicorn_would_and_reports_it() -> None:
    app, _, recorder = observed_echo(report_only=True)
    assert _outcome(_check(app), _BAD_KEY, lambda: True) == (True, None)
    assert recorder.codes == [("key_malformed",)]
    (record,) = recorder.records
    assert record.layer == "uvicorn"
    assert not record.enforced
    assert record.status == 400
    assert record.request.client_address == "203.0.113.9"


def test_report_only_has_nothing_to_report_of_what_is_valid() -> None:
    app, _, recorder = observed_echo(report_only=True)
    bridged = VALID.asked(method="CONNECT", version="2.0").without(
        b"upgrade", b"connection", b"sec-websocket-key"
    )
    assert _outcome(_check(app), bridged, lambda: True) == (True, None)
    assert recorder.records == []


def test_report_only_leaves_to_the_middleware_what_uvicorn_would_not_upgrade() -> None:
    app, _, recorder = observed_echo(report_only=True)
    check = _check(app)
    assert _outcome(check, _BAD_KEY, lambda: False) == (False, ("key_malformed",))
    assert recorder.codes == []


def test_only_a_middleware_that_enforces_is_rejecting() -> None:
    assert _check().is_rejecting(_BAD_KEY.head())
    assert not _check().is_rejecting(_H2C.head())
    report_only = _check(observed_echo(report_only=True)[0])
    for check in (report_only, _check(Echo())):
        assert not check.is_rejecting(_BAD_KEY.head())


def test_where_no_middleware_is_found_uvicorn_decides() -> None:
    for handshake in (VALID, _BAD_KEY, _H2C):
        for response in (True, False):
            decided = _decided(_check(Echo()), handshake, lambda: response)  # noqa: B023
            assert decided == Decision(response)
            assert decided.state_for({"mine": 1}) == {"mine": 1}


def test_a_middleware_counts_for_the_paths_before_which_it_stands() -> None:
    app, _, _ = observed_echo()
    config = Config(Echo(), lifespan="off", log_config=None, root_path="/root")
    config.load()
    register(config, app, "/root/a b")
    check = HandshakeCheck(config)
    for target in (b"/a%20b", b"/a%20b/ws?c=d", b"/a b/ws"):
        below = _BAD_KEY.asked(target=target)
        assert _outcome(check, below, lambda: True) == (False, ("key_malformed",))
    for target in (b"/ws", b"/a%20bc/ws", b"/c/a%20b"):
        beside = _BAD_KEY.asked(target=target)
        assert _outcome(check, beside, lambda: True) == (True, None)


def test_a_valid_handshake_is_handed_over_and_its_verdict_is_in_the_state() -> None:
    decision = _decided(_check(), VALID.but(b"upgrade", b"h2c, websocket"))
    assert decision.handover is not None
    assert dict(decision.handover.headers)[b"upgrade"] == b"websocket"
    state = decision.state_for({"mine": 1})
    assert state["mine"] == 1
    assert state["websocket_handshake"].key == KEY.decode()
    assert state.keys() == {"mine", "websocket_handshake"}


def test_a_plainly_valid_one_is_handed_over_as_it_came() -> None:
    assert _decided(_check(), VALID).handover is None


def test_a_host_that_is_written_differently_is_on_the_verdict_as_it_came() -> None:
    decision = _decided(_check(), VALID.but(b"host", b"xn--fa-hia.example"))
    assert isinstance(decision.verdict, HandedOver)
    assert decision.verdict.host == b"xn--fa-hia.example"


def test_what_is_no_attempt_has_no_verdict() -> None:
    decision = _decided(_check(), _H2C, lambda: True)
    assert decision == Decision(upgrade=True)
    assert decision.state_for({"mine": 1}) == {"mine": 1}


def test_a_handshake_that_no_middleware_will_judge_is_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted: list[object] = []
    monkeypatch.setattr(handshake_check, "note_no_response", noted.append)
    check = _check(Echo())
    for handshake in (VALID, _H2C, _BAD_KEY):
        _decided(check, handshake, lambda: True)
    assert len(noted) == 2
