"""The application and the relay that stand behind the proxies in the tests."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from tests.support.asgi import ACCEPT, ask
from tests.support.behind_app import CAUSES, GUARDED, PAGE, app
from tests.support.behind_relay import relaying
from tests.support.behind_stage import staged
from tests.support.capture import capturing
from tests.support.handshakes import VALID
from tests.support.wires import ask as ask_for

if TYPE_CHECKING:
    from pathlib import Path

CONNECT, LEAVE = {"type": "websocket.connect"}, {"type": "websocket.disconnect"}
PLAIN = VALID.asked(target=PAGE.encode(), headers=((b"host", b"127.0.0.1"),))


def test_the_application_echoes_and_serves_one_page() -> None:
    hello = {"type": "websocket.receive", "text": "hello"}
    echoed = {"type": "websocket.send", "text": "hello"}

    messages = ask(app(), VALID.websocket_scope(), CONNECT, hello, LEAVE)
    assert messages == [ACCEPT, echoed]
    assert ask(app(), PLAIN.http_scope())[0]["status"] == 200
    assert ask(app(), PLAIN.asked(target=b"/").http_scope())[0]["status"] == 418


def test_the_application_checks_the_origin_on_one_path_and_logs_every_cause(
    capsys: pytest.CaptureFixture[str],
) -> None:
    foreign = VALID.but(b"host", b"127.0.0.1:8000")
    foreign = foreign.plus(b"origin", b"http://127.0.0.1:8001")
    foreign = foreign.plus(b"x-forwarded-host", b"127.0.0.1:8001")

    assert ask(app(), foreign.websocket_scope(), CONNECT, LEAVE) == [ACCEPT]
    guarded = foreign.asked(target=GUARDED.encode())
    assert ask(app(), guarded.websocket_scope(), CONNECT)[0]["status"] == 403
    *_, event = map(json.loads, capsys.readouterr().out.splitlines())
    assert (event["event"], event["path"]) == (CAUSES, GUARDED)
    assert [cause[0] for cause in event["causes"]] == ["proxy_rewrote_host"]


def test_a_relay_changes_nothing_and_keeps_the_head() -> None:
    with capturing() as upstream, relaying(upstream.port) as relay:
        assert ask_for(relay.port, VALID.wire()).status == 400
        assert upstream.next().raw == VALID.wire()

    assert [*relay.heads] == ["/ws"]
    assert relay.heads["/ws"].raw == VALID.wire()


def test_a_relay_goes_on_after_a_connection_without_a_head() -> None:
    with capturing() as upstream, relaying(upstream.port) as relay:
        socket.create_connection(("127.0.0.1", relay.port), 5).close()
        assert ask_for(relay.port, VALID.wire()).status == 400


def test_a_rejection_that_is_never_logged_is_not_waited_for(tmp_path: Path) -> None:
    with (
        staged(tmp_path) as stage,
        pytest.raises(TimeoutError, match=r"^No rejection of /nowhere in the log\.$"),
    ):
        stage.logged("/nowhere", 0.05)
