from __future__ import annotations

import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import ACCEPT, CLOSE, RecordingObserver, Spy, ask
from tests.support.copies import COPIES
from tests.support.handshakes import VALID
from tests.support.records import accepted, rejected
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.core.reasons import CATALOGUE, HOST_MISSING, KEY_MALFORMED
from ws_handshake.core.violation import Violation, in_order
from ws_handshake.diagnosis.causes import CAUSES, PROXY_STRIPPED_UPGRADE
from ws_handshake.outcome.record import WARNINGS, HandshakeRecord, nothing_known
from ws_handshake.outcome.rejection import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable

every_copy = pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)

VIOLATION = Violation(KEY_MALFORMED, "4 bytes")
REJECTION = Rejection(
    (Violation(HOST_MISSING), VIOLATION),
    "https://docs.example/reasons",
    (PROXY_STRIPPED_UPGRADE,),
)
RECORDS = {
    "accepted": replace(accepted(), warning=WARNINGS[0], duration=0.25),
    "rejected": rejected("key_missing", causes=(PROXY_STRIPPED_UPGRADE,)),
}
SECRET = b"s3cr3t"
SECRETIVE = (
    VALID.but(b"sec-websocket-key", SECRET)
    .plus(b"cookie", SECRET)
    .plus(b"authorization", SECRET)
    .plus(b"sec-websocket-protocol", SECRET)
    .plus(b"x-anything", SECRET)
    .asked(target=b"/ws?token=" + SECRET)
)


VALUES: dict[str, tuple[Any, ...]] = {
    "violation": (VIOLATION,),
    "rejection": (REJECTION,),
    "cause": tuple(CAUSES.values()),
    "warning": WARNINGS,
    "request": (nothing_known(),),
    "record": tuple(RECORDS.values()),
}


@every_copy
@pytest.mark.parametrize("kind", VALUES)
def test_a_copy_equals_its_original_and_hashes_alike(
    copied: Callable[[Any], Any], kind: str
) -> None:
    for value in VALUES[kind]:
        again = copied(value)

        assert type(again) is type(value)
        assert again == value
        assert hash(again) == hash(value)


@every_copy
@pytest.mark.parametrize("name", RECORDS)
def test_a_copied_record_has_what_the_original_has(
    copied: Callable[[Any], Any], name: str
) -> None:
    record = RECORDS[name]
    twice = copied(copied(record))

    assert twice.request == record.request
    assert twice.describe() == record.request
    assert repr(twice) == repr(record)
    hidden = replace(twice, describe=nothing_known)
    assert hidden == record
    assert hidden.request == nothing_known()


@every_copy
def test_a_copied_violation_can_be_put_in_order(copied: Callable[[Any], Any]) -> None:
    violations = [Violation(reason) for reason in CATALOGUE]

    assert in_order(*map(copied, reversed(violations))) == tuple(violations)
    assert not copied(REJECTION).shows_origin()


def records_of(*scripts: dict[str, Any]) -> list[HandshakeRecord]:
    """Return a record of each kind that the middleware makes of a request's secrets."""
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(Spy(scripts), observers=[recorder])
    valid = SECRETIVE.but(b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ==")
    for handshake in (SECRETIVE, valid):
        ask(app, handshake.http_scope())
        ask(app, handshake.websocket_scope())
    return recorder.records


@pytest.mark.parametrize("script", [ACCEPT, CLOSE], ids=["accepted", "denied"])
def test_a_pickled_record_has_no_more_of_the_request_than_may_be_reported(
    script: dict[str, Any],
) -> None:
    records = records_of(script)

    assert len(records) == 4
    for record in records:
        pickled = pickle.dumps(record)
        assert SECRET not in pickled
        assert b"dGhlIHNhbXBsZSBub25jZQ==" not in pickled
        again = pickle.loads(pickled)  # noqa: S301  (our own)
        assert again == record
        assert again.request == record.request
        assert again.request.path == "/ws"
