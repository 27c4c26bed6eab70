"""The inspector as an ASGI application: what it responds to, and how it is mounted."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import Spy, ask
from tests.support.records import accepted, rejected
from tests.support.sse import until
from ws_handshake import Observer
from ws_handshake.inspector import Inspector, application

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Message

FILES = {"css", "html", "js", "svg"}
LARGEST_LOAD = 100_000


def scope(path: str, method: str = "GET", **changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "client": ("127.0.0.1", 50_000),
        "headers": [(b"host", b"127.0.0.1:8000")],
        **changes,
    }


def asked(
    app: ASGIApp, path: str, method: str = "GET", body: bytes = b"", **changes: Any
) -> tuple[int, dict[bytes, bytes], bytes]:
    start, *rest = ask(
        app,
        scope(path, method, **changes),
        {"type": "http.request", "body": body},
    )
    return start["status"], dict(start["headers"]), b"".join(m["body"] for m in rest)


def test_it_is_an_observer_that_wants_all() -> None:
    inspector = Inspector()
    assert isinstance(inspector, Observer)
    assert inspector.wants_accepted()


def test_what_it_has_observed_can_be_read_as_lines() -> None:
    inspector = Inspector(records=2)
    for record in (accepted(), rejected("key_missing"), accepted()):
        inspector.observe(record)
    status, headers, body = asked(inspector, "/records")
    assert (status, headers[b"content-type"]) == (200, b"application/x-ndjson")
    assert [json.loads(line)["event"] for line in body.splitlines()] == [
        "websocket.handshake.rejected",
        "websocket.handshake.accepted",
    ]


def test_the_page_and_its_files_cost_less_than_100_kb() -> None:
    inspector = Inspector()
    status, headers, page = asked(inspector, "/")
    assert (status, headers[b"content-type"]) == (200, b"text/html; charset=utf-8")
    assert page.startswith(b"<!doctype html>")
    files = application._static_files()
    assert sum(len(body) for body, _ in files.values()) < LARGEST_LOAD
    for path in files:
        assert asked(inspector, path)[0] == 200
        assert asked(inspector, path, "HEAD")[0] == 200


def test_a_paste_gets_its_verdict() -> None:
    status, headers, body = asked(
        Inspector(), "/verdict", "POST", b"GET /ws HTTP/1.1\r\nUpgrade: websocket"
    )
    assert (status, headers[b"content-type"]) == (200, b"application/json")
    assert json.loads(body)["read_as"] == "a request head"


def test_too_large_a_paste_gets_a_sentence() -> None:
    status, _, body = asked(Inspector(), "/verdict", "POST", b"x" * 1_048_577)
    assert (status, body) == (413, b"Paste at most 1 MiB.\n")


@pytest.mark.parametrize(
    ("path", "method", "allow"),
    [
        ("/", "POST", b"GET, HEAD"),
        ("/static/page.js", "DELETE", b"GET, HEAD"),
        ("/records", "POST", b"GET, HEAD"),
        ("/stream", "HEAD", b"GET"),
        ("/verdict", "GET", b"POST"),
    ],
)
def test_another_method_is_reported(path: str, method: str, allow: bytes) -> None:
    status, headers, body = asked(Inspector(), path, method)
    assert (status, headers[b"allow"]) == (405, allow)
    assert body == b"This responds to %s.\n" % allow


@pytest.mark.parametrize(
    "path", ["/nowhere", "/static/", "/static/../options.py", "/static/index.html"]
)
def test_what_is_not_there_is_reported(path: str) -> None:
    status, _, body = asked(Inspector(), path)
    assert (status, body) == (404, b"There is nothing here.\n")


def test_a_client_from_elsewhere_gets_403_and_a_sentence() -> None:
    inspector = Inspector()
    for path in ("/", "/records", "/stream", "/verdict", "/nowhere"):
        status, _, body = asked(inspector, path, client=("203.0.113.9", 50_000))
        assert status == 403
        assert body.startswith(b"The inspector responds to clients on its own machine")


@pytest.mark.parametrize(
    ("path", "raw", "root"),
    [
        ("/_handshakes", b"/_handshakes", "/_handshakes"),  # Starlette, FastAPI
        ("/api/_handshakes", b"/_handshakes", "/api/_handshakes"),
        ("/", b"/_handshakes", ""),  # Litestar
        ("", b"/_handshakes", "/_handshakes"),
        ("/_handshakes", None, "/_handshakes"),
        ("/_handshakes", b"/_handshakes?a=/", "/_handshakes/"),
    ],
)
def test_without_its_slash_the_address_leads_to_the_page(
    path: str, raw: bytes | None, root: str
) -> None:
    status, headers, _ = asked(Inspector(), path, raw_path=raw, root_path=root)
    assert (status, headers[b"location"]) == (307, b"./_handshakes/")


@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("/_handshakes/static/page.js", "/_handshakes"),
        ("/static/page.js", "/_handshakes"),
        ("/static/page.js/", ""),
        ("/a/b/static/page.js", "/a/b/"),
    ],
)
def test_it_is_at_home_under_any_path(path: str, root: str) -> None:
    assert asked(Inspector(), path, root_path=root)[0] == 200


def test_it_can_be_mounted_before_any_application() -> None:
    spy = Spy(({"type": "websocket.accept"},))
    app = Inspector().mount(spy)
    assert asked(app, "/_handshakes/")[0] == 200
    assert asked(app, "/_handshakes/static/page.js")[0] == 200
    assert asked(app, "/_handshakes")[1][b"location"] == b"./_handshakes/"
    assert asked(app, "/api/_handshakes/records", root_path="/api")[0] == 200
    assert spy.scopes == []
    for others in ("/", "/_handshakes_of_mine", "/x/_handshakes/"):
        ask(app, scope(others))
    ask(app, {"type": "lifespan"})
    ask(app, {**scope("/_handshakes/"), "type": "websocket"})
    assert [s.get("path") for s in spy.scopes] == [
        *("/", "/_handshakes_of_mine", "/x/_handshakes/"),
        *(None, "/_handshakes/"),
    ]
    app = Inspector().mount(spy, "/debug/ws")
    assert asked(app, "/debug/ws/")[0] == 200
    with pytest.raises(ValueError, match=r"^path is '/x/'"):
        Inspector().mount(spy, "/x/")


def test_there_is_no_websocket_and_no_lifespan_in_it() -> None:
    websocket = {**scope("/"), "type": "websocket"}
    assert ask(Inspector(), websocket) == [{"type": "websocket.close", "code": 1000}]
    assert ask(Inspector(), {"type": "lifespan"}) == []


def streaming(number: int) -> list[list[Message]]:
    """Open so many streams at once, and flush when all are open."""
    inspector = Inspector()

    async def open_one(sent: list[Message]) -> None:
        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            await asyncio.Event().wait()
            raise AssertionError

        await inspector(scope("/stream"), receive, send)

    async def run() -> list[list[Message]]:
        pages: list[list[Message]] = [[] for _ in range(number)]
        tasks = [asyncio.create_task(open_one(sent)) for sent in pages]
        await until(lambda: all(pages))
        inspector.flush()
        await asyncio.wait_for(asyncio.gather(*tasks), 10)
        # those that come later have a stream of their own
        later: list[Message] = []
        task = asyncio.create_task(open_one(later))
        await until(lambda: len(later) > 1)
        inspector.flush()
        await asyncio.wait_for(task, 10)
        return pages

    return asyncio.run(run())


def test_streams_end_with_the_application_and_there_are_not_too_many() -> None:
    pages = streaming(application.MOST_STREAMS + 1)
    *others, (start, body) = pages
    assert all(page[0]["status"] == 200 for page in others)
    assert all(page[-1]["body"] == b"" for page in others)
    assert (start["status"], body["body"]) == (503, b"32 pages are open. Close one.\n")
