from __future__ import annotations

from functools import partial

import pytest

from tests.support.handshakes import VALID
from tests.support.stopwatch import is_linear
from ws_handshake import Policy, judge
from ws_handshake.cli.pasted.recognition import recognise_message
from ws_handshake.cli.pasted.rejected import read_rejection
from ws_handshake.core.reasons import UPGRADE_MISSING
from ws_handshake.outcome.problem import render
from ws_handshake.outcome.rejection import explained

STRIPPED = VALID.without(b"upgrade").head()


def test_the_body_of_our_response_names_its_reason() -> None:
    rejection = explained(STRIPPED, judge(STRIPPED).violations, Policy())
    body = render(rejection, http1=True).body
    for text in (body, b"HTTP/1.1 426 Upgrade Required\n\n" + body):
        message = recognise_message(text)
        assert message is not None
        assert message.code == "upgrade_missing"
        assert (message.what, message.fix) == (
            UPGRADE_MISSING.what,
            UPGRADE_MISSING.fix,
        )


@pytest.mark.parametrize(
    "text",
    [
        b"websocket-handshake-error: upgrade_missing, connection_missing",
        b'{"event": "websocket.handshake.rejected", "codes": ["upgrade_missing"]}',
    ],
)
def test_a_header_and_a_line_of_the_log_do_too(text: bytes) -> None:
    message = read_rejection(text)
    assert message is not None
    assert message.code == "upgrade_missing"


@pytest.mark.parametrize(
    "text",
    [b"upgrade_missing", b'"violations": ["my_secret_code"]', b"websocket.handshake."],
)
def test_any_other_word_is_no_reason(text: bytes) -> None:
    assert read_rejection(text) is None


@pytest.mark.parametrize("piece", [b"a_", b"aa_aa_", b"websocket.handshake."])
def test_it_takes_linear_time(piece: bytes) -> None:
    text = b"websocket.handshake." + piece * 1600
    small, large = b"websocket.handshake." + piece * 100, text
    assert is_linear(partial(read_rejection, small), partial(read_rejection, large))
