"""A browser that opens the address of a WebSocket by hand gets a page to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.demos import asked, inspector

if TYPE_CHECKING:
    from collections.abc import Iterator

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TITLE = "<h1>This address speaks WebSocket</h1>"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with inspector() as running:
        yield running


@pytest.mark.parametrize("path", ["/ws", "/ws?room=1"])
@pytest.mark.parametrize("accept", [BROWSER, "TEXT/HTML ; q=1", "a/b, text/html"])
def test_a_browser_gets_a_page_with_the_status_and_the_fields_as_ever(
    port: int, path: str, accept: str
) -> None:
    reply = asked(port, path, accept=accept)
    assert reply.status == 426
    assert TITLE in reply.text
    bare = path.partition("?")[0]
    assert f'new WebSocket("ws://127.0.0.1:{port}{bare}");' in reply.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-length"] == str(len(reply.text))
    assert reply.headers["websocket-handshake-error"] == "not_a_handshake"
    assert reply.headers["upgrade"] == "websocket"
    assert reply.headers["cache-control"] == "no-store"
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert reply.headers["content-security-policy"].startswith("default-src 'none'; ")


@pytest.mark.parametrize("accept", ["*/*", "", "application/json", "text/htmlx"])
def test_another_client_gets_the_problem(port: int, accept: str) -> None:
    reply = asked(port, "/ws", accept=accept)
    assert reply.status == 426
    assert reply.parsed["code"] == "not_a_handshake"


def test_a_response_to_head_has_no_body(port: int) -> None:
    reply = asked(port, "/ws", method="HEAD", accept=BROWSER)
    assert (reply.status, reply.text) == (426, "")
    assert int(reply.headers["content-length"]) > 500


def test_a_broken_handshake_is_reported_as_ever(port: int) -> None:
    reply = asked(port, "/ws", accept=BROWSER, sec_websocket_key="AAAA")
    assert reply.status == 400
    assert reply.parsed["code"] == "upgrade_missing"


def test_a_path_without_a_websocket_is_left_alone(port: int) -> None:
    assert TITLE not in asked(port, "/", accept=BROWSER).text
    assert asked(port, "/nowhere", accept=BROWSER).status == 404
