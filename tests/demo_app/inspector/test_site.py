"""The demo application: its routes, and who may use them."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse

from demo_app.app import create_app
from demo_app.inspector.trials import nginx
from tests.support.demos import asked, inspector, posted, tried
from tests.support.sse import streamed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

PAGES = [
    *("/", "/reasons", "/causes", "/docs/quickstart", "/docs/index", "/source"),
    *("/reasons/key_malformed", "/causes/old_draft"),
]
MISSING = ["/reasons/x", "/causes/x", "/docs/x", "/docs/../README", "/nowhere"]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with inspector() as running:
        yield running


def client() -> TestClient:
    return TestClient(create_app(8000))


def test_the_page_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    response = client().get("/")
    assert response.status_code == 200
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "connect-src 'self'"
    )
    assert not re.search(
        r"<style|\sstyle=|\son\w+=|<script(?! type=.* src=)", response.text
    )


@pytest.mark.parametrize("path", [*PAGES, *MISSING])
def test_every_page_is_html_that_loads_nothing_from_elsewhere(path: str) -> None:
    response = client().get(path, headers={"accept": "text/html"})
    assert response.status_code == (404 if path in MISSING else 200)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


def test_a_name_of_no_reason_or_cause_gets_a_sentence() -> None:
    assert "There is no reason of this name." in client().get("/reasons/x").text
    assert "There is no cause of this name." in client().get("/causes/x").text


def test_the_type_of_a_response_leads_to_its_page() -> None:
    link = client().get("/ws").json()["type"]
    assert link == "http://127.0.0.1:8000/reasons/not_a_handshake"
    page = client().get("/reasons/not_a_handshake").text
    assert "This is a WebSocket endpoint, and the request is plain HTTP." in page


def test_the_health_check_is_plain_http() -> None:
    response = client().get("/health")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_the_catalogue_says_whether_there_is_an_nginx(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nginx, "program", lambda: "/usr/sbin/nginx")
    catalogue = client().get("/catalogue.json").json()
    assert catalogue["nginx"] is None
    monkeypatch.setattr(nginx, "program", lambda: None)
    catalogue = client().get("/catalogue.json").json()
    assert catalogue["nginx"] == (
        "nginx is not installed; on Debian or Ubuntu: apt-get install nginx"
    )


def test_what_is_not_there_is_a_page_for_a_browser() -> None:
    response = client().get("/nowhere", headers={"accept": "text/html, */*"})
    assert "<h1>Not Found: /nowhere</h1>" in response.text
    assert 'href="/reasons"' in response.text
    response = client().get("/trials", headers={"accept": "text/html"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_the_source_of_the_application_is_a_page() -> None:
    page = client().get("/source").text
    assert "WebSocketHandshakeMiddleware(" in page
    assert "demo_app/app.py" in page


def test_what_is_not_there_is_reported_in_one_sentence() -> None:
    response = client().get("/nowhere")
    assert (response.status_code, response.json()) == (404, {"problem": "Not Found"})
    response = client().get("/trials")
    assert (response.status_code, response.json()) == (
        405,
        {"problem": "Method Not Allowed"},
    )
    assert response.headers["allow"] == "POST"


def test_a_page_from_elsewhere_may_not_connect() -> None:
    headers = {"origin": "https://elsewhere.example"}
    with pytest.raises(WebSocketDenialResponse) as denied, ExitStack() as stack:
        stack.enter_context(client().websocket_connect("/ws", headers=headers))
    assert denied.value.status_code == 403
    assert denied.value.json()["code"] == "origin_not_allowed"


def test_a_page_from_elsewhere_gets_no_stream_by_dns_rebinding(port: int) -> None:
    name = "elsewhere.example"
    reply = asked(port, "/_handshakes/stream", origin=f"http://{name}", host=name)
    assert reply.status == 403
    assert "DNS rebinding" in reply.text


def test_a_head_is_judged_as_this_server_does_it(port: int) -> None:
    verdict = posted(port, "/verdict", head="GET /ws HTTP/1.1\nHost: a").parsed
    assert [violation["code"] for violation in verdict["violations"]] == [
        "not_a_handshake"
    ]


def until_reported(page: HTTPResponse, code: str) -> Any:
    """Read until the record of a rejection comes."""
    for line in page:
        record = json.loads(line[6:]) if line.startswith(b"data: ") else {}
        if record.get("error.type") == code:
            return record
    raise AssertionError


def test_a_trial_is_shown_on_every_page(port: int) -> None:
    with streamed(port) as one, streamed(port) as two:
        (event,) = tried(port, "key_malformed")["events"]
        for page in (one, two):
            record = until_reported(page, "key_malformed")
            assert event["fields"].items() <= record.items()
            assert record["problem"]["code"] == "key_malformed"


def test_what_a_client_calls_itself_is_printable_and_nothing_else(
    port: int,
) -> None:
    script = "<script>alert(1)</script>"
    head = f"GET /{script} HTTP/1.1\nHost: a\nUser-Agent: {script}\x1b[1m\u202e\n"
    (event,) = tried(port, head=f"{head}Sec-WebSocket-Key: AAAA")["events"]
    fields = event["fields"]
    assert fields["url.path"] == f"/{script}"
    assert fields["user_agent.original"] == rf"{script}\x1b[1m\xe2\x80\xae"
