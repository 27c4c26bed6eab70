"""What the page posts: JSON of limited length, from the demo's own origin."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from demo_app.inspector.posted import LARGEST
from tests.support.demos import asked, inspector, posted, until
from tests.support.wires import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = '{"head": "GET /ws HTTP/1.1"}'
JSON = "application/json"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with inspector() as running:
        yield running


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "[]",
        "null",
        '"head"',
        b"\xff",
        "[" * 60_000,
        '{"head": ' + "1" * 5_000 + "}",
    ],
)
@pytest.mark.parametrize("path", ["/verdict", "/trials"])
def test_a_body_that_is_not_a_json_object_gets_an_example(
    port: int, path: str, body: str | bytes
) -> None:
    reply = asked(port, path, body, content_type=JSON)
    assert reply.status == 400
    assert reply.parsed == {"problem": f"Send a JSON object, such as {EXAMPLE}."}


@pytest.mark.parametrize("head", ["{}", '{"head": 1}', '{"head": ["GET"]}'])
def test_a_head_that_is_not_a_text_gets_an_example(port: int, head: str) -> None:
    reply = asked(port, "/verdict", head, content_type=JSON)
    assert reply.status == 400
    assert reply.parsed == {"problem": f"head is the text of a request: {EXAMPLE}."}


@pytest.mark.parametrize("kind", ["text/plain", "application/json5", ""])
def test_what_a_form_of_another_site_could_send_is_not_read(
    port: int, kind: str
) -> None:
    reply = asked(port, "/verdict", EXAMPLE, content_type=kind)
    assert reply.status == 415
    assert reply.parsed == {"problem": "Send it with Content-Type: application/json."}


@pytest.mark.parametrize("kind", [JSON, "Application/JSON ; charset=utf-8"])
def test_json_is_read_however_its_content_type_is_written(port: int, kind: str) -> None:
    assert asked(port, "/verdict", EXAMPLE, content_type=kind).status == 200


def test_a_body_that_is_too_long_is_not_read_to_its_end(port: int) -> None:
    fits = json.dumps({"head": "x" * (LARGEST - 12)})
    assert len(fits) == LARGEST
    assert asked(port, "/verdict", fits, content_type=JSON).status == 200
    reply = asked(port, "/verdict", fits + " ", content_type=JSON)
    assert reply.status == 413
    assert reply.parsed == {"problem": "Send at most 65,536 bytes."}


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "null", "http://127.0.0.1", "http://127.0.0.1:1", ""],
)
@pytest.mark.parametrize("path", ["/verdict", "/trials"])
def test_a_page_from_elsewhere_may_ask_for_nothing(
    port: int, path: str, origin: str
) -> None:
    reply = asked(port, path, EXAMPLE, content_type=JSON, origin=origin)
    assert reply.status == 403
    assert reply.parsed == {"problem": "Only the demo's own page may ask for this."}


def test_dns_rebinding_does_not_make_a_page_our_own(port: int) -> None:
    reply = asked(
        port,
        "/verdict",
        EXAMPLE,
        content_type=JSON,
        host=f"elsewhere.example:{port}",
        origin=f"http://elsewhere.example:{port}",
    )
    assert reply.status == 403


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_demos_own_page_may_ask(port: int, name: str) -> None:
    origin = f"http://{name}:{port}"
    reply = asked(port, "/verdict", EXAMPLE, content_type=JSON, origin=origin)
    assert reply.status == 200


def test_a_client_that_leaves_within_its_body_causes_no_error(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    head = b"POST /verdict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(head + b"Content-Length: 99\r\n\r\n{")
    health = b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    assert ask(port, health).status == 200
    until(lambda: posted(port, "/verdict", head="GET / HTTP/1.1").status == 200)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
