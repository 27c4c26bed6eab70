"""No cause without its signature, and no diagnosis for what is valid.

The generator is a plain one: Hypothesis would take minutes for as many handshakes.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.support.asgi import ACCEPT, CLOSE, RecordingObserver, Spy, ask
from tests.support.effort import examples
from tests.support.handshakes import VALID
from tests.support.protocols import observed_echo, talk
from tests.support.unblamed import OURS, broken, valid
from ws_handshake import Policy, WebSocketHandshakeMiddleware, judge
from ws_handshake.diagnosis.signatures import diagnose
from ws_handshake.outcome import rejection
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.handshakes import Handshake
    from tests.support.protocols import ProtocolClass


SEED = 20261121
EACH = examples(50_000)

LISTED = Policy(allowed_origins=[OURS.decode()])
OWN_TOO = Policy(allowed_origins=[OURS.decode(), "same-origin"])


def judged(
    write: Callable[[Random], Handshake], *policies: Policy
) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """Judge many handshakes; return the codes of their violations and causes."""
    random = Random(SEED)  # noqa: S311  (the same handshakes every time)
    found: set[tuple[str, ...]] = set()
    causes_found: set[tuple[str, ...]] = set()
    for number in range(EACH):
        request = write(random).head(scheme="https")
        policy = policies[number % len(policies)]
        violations = judge(request, policy).violations
        found.add(tuple(violation.reason.code for violation in violations))
        causes = diagnose(request, frozenset(f.reason for f in violations), policy)
        causes_found.add(tuple(cause.code for cause in causes))
    return found, causes_found


def test_no_valid_handshake_has_a_cause_whatever_its_marks() -> None:
    found, causes = judged(valid, Policy(), LISTED, OWN_TOO)

    assert (found, causes) == ({()}, {()})


def test_no_handshake_that_its_client_broke_has_a_cause() -> None:
    found, causes = judged(broken, LISTED, OWN_TOO)

    assert causes == {()}
    assert () not in found
    # every code but those that only servers and parsers find
    assert {code for codes in found for code in codes} == {
        *("method_not_get", "http_version_too_old"),
        *("host_missing", "host_malformed", "host_duplicated"),
        *("upgrade_missing", "upgrade_not_websocket"),
        *("connection_missing", "connection_not_upgrade"),
        *("key_missing", "key_malformed", "key_duplicated"),
        *("version_missing", "version_unsupported", "version_duplicated"),
        *("subprotocol_malformed", "extensions_malformed"),
        *("origin_not_allowed", "origin_duplicated"),
        *("body_unexpected", "headers_too_large"),
    }


def _never(*_arguments: object) -> NoReturn:
    raise AssertionError("What is valid was diagnosed.")


@pytest.fixture(name="undiagnosed")
def _undiagnosed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejection, "diagnose", _never)


ODD = VALID.but(b"connection", b"keep-alive, Upgrade").plus(b"via", b"1.1 varnish")
PLAIN = VALID.asked(target=b"/", headers=((b"host", b"127.0.0.1"), (b"via", b"2.0 a")))


@pytest.mark.usefixtures("undiagnosed")
@pytest.mark.parametrize("handshake", [VALID, ODD])
def test_a_valid_handshake_is_not_diagnosed(handshake: Handshake) -> None:
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(Spy((ACCEPT,)), observers=[recorder])

    assert ask(app, handshake.websocket_scope()) == [ACCEPT]
    assert [(r.outcome, r.error) for r in recorder.records] == [("accepted", None)]


@pytest.mark.usefixtures("undiagnosed")
@pytest.mark.parametrize("paths", [[], ["/ws"]])
def test_a_plain_request_is_not_diagnosed(paths: list[str]) -> None:
    spy, recorder = Spy(), RecordingObserver()
    app = WebSocketHandshakeMiddleware(spy, websocket_paths=paths, observers=[recorder])

    assert ask(app, PLAIN.http_scope()) == []
    assert (len(spy.scopes), recorder.records) == (1, [])


@pytest.mark.usefixtures("undiagnosed")
def test_what_the_application_rejects_is_not_diagnosed() -> None:
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(Spy((CLOSE,)), observers=[recorder])

    assert ask(app, VALID.websocket_scope()) == [CLOSE]
    assert recorder.codes == [("denied_by_app",)]


@pytest.mark.usefixtures("undiagnosed")
@pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])
def test_the_protocol_classes_do_not_diagnose_what_is_valid_either(
    protocol: ProtocolClass,
) -> None:
    app, echo, recorder = observed_echo()

    assert talk(protocol, app, ODD.wire()).status == 101
    talk(protocol, app, PLAIN.wire())
    assert [scope["type"] for scope in echo.scopes] == ["websocket", "http"]
    assert [(r.outcome, r.error) for r in recorder.records] == [("accepted", None)]


@pytest.mark.usefixtures("undiagnosed")
def test_a_diagnosis_would_be_noticed_by_these_tests() -> None:
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(Spy(), observers=[recorder])
    ask(app, VALID.without(b"upgrade").http_scope())

    assert recorder.codes == [("internal_error",)]
    (rejected,) = recorder.records
    assert (rejected.error or "").startswith(
        "AssertionError in test_no_false_cause.py:"
    )
