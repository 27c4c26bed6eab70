"""A canary is hidden wherever a secret can be: it must not come out anywhere."""

from __future__ import annotations

import json
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.asgi import CLOSE, RecordingObserver, Spy, ask
from tests.support.canaries import PLACES, leaks
from tests.support.handshakes import VALID, Handshake
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.asgi.places import register
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.inspector import Inspector
from ws_handshake.structlog import StructlogObserver
from ws_handshake.uvicorn.rejected_head import explanation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.canaries import Place


CANARY = b"cAnArY-7f3d9b-sEcReT"


SAID = "client sent"


def _quoted(handshake: Handshake) -> tuple[dict[str, Any], ...]:
    """Close as an application does that quotes all that it was sent."""
    scope = handshake.websocket_scope()
    parts = [scope["path"], scope["query_string"].decode("latin-1")]
    parts += [value.decode("latin-1") for _, value in scope["headers"]]
    return ({**CLOSE, "reason": f"{SAID} {' and '.join(parts)}"[:2000]},)


def _hidden(place: Place, handshake: Handshake) -> Handshake:
    return place(handshake, CANARY)


HIDDEN: dict[str, Callable[[Handshake], Handshake]] = {
    name: partial(_hidden, place) for name, place in PLACES.items()
}
BENDS: dict[str, Callable[[Handshake], Handshake]] = {
    "none": lambda h: h,
    "upgrade": lambda h: h.without(b"upgrade"),
    "connection": lambda h: h.without(b"connection"),
    "version": lambda h: h.without(b"sec-websocket-version"),
    "host": lambda h: h.without(b"host"),
    "method": lambda h: h.asked(method="POST"),
    "old": lambda h: h.asked(version="1.0"),
    "http2": lambda h: h.asked(version="2"),
    "large": lambda h: h.plus(b"x-large", b"a" * 9000),
}
handshakes = st.builds(
    lambda bends, places: _bent(VALID, [*bends, *places]),
    st.lists(st.sampled_from(list(BENDS.values())), max_size=3),
    st.lists(st.sampled_from(list(HIDDEN.values())), min_size=1, max_size=4),
)


def _bent(
    handshake: Handshake, ways: list[Callable[[Handshake], Handshake]]
) -> Handshake:
    for way in ways:
        handshake = way(handshake)
    return handshake


def all_output(handshake: Handshake, script: tuple[dict[str, Any], ...]) -> str:
    """Return all that comes out: responses, log lines and records."""
    capture, recorder = structlog.testing.LogCapture(), RecordingObserver()
    inspector = Inspector()
    structlog_observer = StructlogObserver(
        structlog.wrap_logger(None, processors=[capture])
    )
    app = WebSocketHandshakeMiddleware(
        Spy(script),
        observers=[structlog_observer, recorder, inspector],
        allowed_origins=["https://good.example"],
        websocket_paths=["/ws"],
        explain_denials=True,
    )
    config: Any = Config(app)
    register(config, app)
    connection: Any = SimpleNamespace(
        config=config,
        scheme="http",
        client=("203.0.113.9", 1),
        server_state=SimpleNamespace(default_headers=[]),
    )
    at_the_protocol = explanation(connection, handshake.wire())
    responses = [
        *ask(app, handshake.http_scope()),
        *ask(app, handshake.websocket_scope()),
    ]
    texts = [repr(responses), repr(at_the_protocol), repr(recorder.records)]
    texts += [kept.text for kept in inspector._records.since(0)]
    return "\n".join([*texts, json.dumps(capture.entries), repr(app.notifier.errors)])


class Config:
    """As much of uvicorn's configuration as a protocol class looks at."""

    lifespan = "on"

    def __init__(self, app: object) -> None:
        self.loaded_app = app


@settings(max_examples=400, deadline=None)
@given(handshakes, st.sampled_from([(), (CLOSE,)]))
def test_no_secret_comes_out_of_any_place_in_any_output(
    handshake: Handshake, script: tuple[dict[str, Any], ...]
) -> None:
    assert leaks(all_output(handshake, script), CANARY) == []


def test_every_place_and_every_violation_is_tried_by_itself() -> None:
    outputs = [
        all_output(_bent(VALID, [bend, place]), (CLOSE,))
        for bend in BENDS.values()
        for place in HIDDEN.values()
    ]

    assert [leak for text in outputs for leak in leaks(text, CANARY)] == []
    found = {
        reason.code for reason in CATALOGUE if f'"{reason.code}"' in "".join(outputs)
    }
    assert len(found) >= 18


@pytest.mark.parametrize("place", PLACES)
def test_no_secret_comes_out_of_an_application_that_quotes_what_it_was_sent(
    place: str,
) -> None:
    hidden = HIDDEN[place](VALID)

    assert leaks(all_output(hidden, _quoted(hidden)), CANARY) == []


def test_what_an_application_says_comes_out() -> None:
    assert SAID in all_output(VALID, _quoted(VALID))


def test_the_canary_would_be_found() -> None:
    seen = leaks(repr(HIDDEN["cookie"](VALID).http_scope()), CANARY)
    assert seen == [CANARY.decode()]
