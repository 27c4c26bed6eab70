"""The tables in the documentation are what the code has."""

from __future__ import annotations

import inspect
import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from tests.support.docs_examples import (
    DOCS,
    application,
    blocks,
    outcome,
    sections,
    table,
)
from tests.support.own_coverage import PACKAGE, modules
from tests.support.wires import ROOT
from ws_handshake import Policy, RequestHead, WebSocketHandshakeMiddleware, judge
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.diagnosis.causes import (
    HTTP_RESPONSE_ON_WEBSOCKET,
    NO_ROUTE,
    ORIGIN_DENIED_BY_APP,
    PATH_PREFIX_DOUBLED,
    SOCKETIO_BELOW_MOUNT,
)
from ws_handshake.outcome.record import SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED
from ws_handshake.structlog import SCHEMA

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from tests.support.docs_examples import Outcome

BROKEN = """GET /ws HTTP/1.0
Host: chat.example.com
User-Agent: curl/8.5.0
Sec-WebSocket-Key: AAAA
"""
VALID = """GET /ws HTTP/1.1
Host: chat.example.com
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
Sec-WebSocket-Version: 13
"""
# Two causes look like this one.
BEHIND_TLS = """GET /ws HTTP/1.1
Host: chat.example.com
User-Agent: reqwest/0.12
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
Sec-WebSocket-Version: 13
X-Forwarded-Proto: https
"""


def _first(rows: list[list[str]]) -> list[str]:
    return [row[0].strip("`") for row in rows]


def test_the_options_are_those_of_the_constructor() -> None:
    documented = [
        (name.strip("`"), default.strip("`"))
        for name, default, _ in table(DOCS / "middleware.md", "Options")
    ]
    parameters = inspect.signature(WebSocketHandshakeMiddleware).parameters.values()
    assert documented == [
        (p.name, repr(p.default)) for p in parameters if p.kind is p.KEYWORD_ONLY
    ]


def test_the_schema_on_the_page_is_the_one_that_is_logged() -> None:
    rows = table(DOCS / "logs.md", "Fields")
    (shown,) = [row[2] for row in rows if row[0] == "`websocket.handshake.schema`"]
    assert shown.startswith(f"`{SCHEMA}`;")


def test_the_fields_of_the_log_are_those_that_the_structlog_observer_writes() -> None:
    strict = WebSocketHandshakeMiddleware(application, allowed_origins=["null"])
    report_only = WebSocketHandshakeMiddleware(application, report_only=True)
    seen = [
        outcome(strict, f"{VALID}Origin: https://evil.example\n").log_line,
        outcome(report_only, BROKEN).log_line,
        outcome(_with_text_headers, VALID, http="h11").log_line,
        outcome(WebSocketHandshakeMiddleware(application), BEHIND_TLS).log_line,
        outcome(WebSocketHandshakeMiddleware(Starlette()), VALID).log_line,
        outcome(WebSocketHandshakeMiddleware(_closing), VALID).log_line,
        _warned("").log_line,
    ]
    written = {name for event in seen for name in event}
    documented = _first(table(DOCS / "logs.md", "Fields"))
    assert set(documented) == written
    assert len(documented) == len(written)


async def _closing(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "websocket.close", "code": 4403, "reason": "loopback only"})


def _warned(chosen: str) -> Outcome:
    """Let an application choose a subprotocol, or none, where `chat` is on offer."""

    async def choosing(websocket: WebSocket) -> None:
        await websocket.accept(subprotocol=chosen or None)
        await websocket.close()

    app = Starlette(routes=[WebSocketRoute("/ws", choosing)])
    asked = f"{VALID}Sec-WebSocket-Protocol: chat\n"
    return outcome(WebSocketHandshakeMiddleware(app), asked)


@pytest.mark.parametrize("chosen", ["", "other"])
def test_the_warnings_are_those_that_the_structlog_observer_writes(chosen: str) -> None:
    rows = table(DOCS / "logs.md", "Warnings")
    warnings = [SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED]
    assert [(row[0].strip("`"), row[2]) for row in rows] == [
        (warning.code, warning.what) for warning in warnings
    ]
    line = _warned(chosen).log_line
    code, level, what = rows[1 if chosen else 0]
    assert line["event"] == "websocket.handshake.accepted"
    assert line["websocket.handshake.warning"] == code.strip("`")
    assert line["websocket.handshake.hint"] == what
    assert line["level"] == level
    assert line["http.response.status_code"] == (500 if chosen else 101)


def test_the_causes_in_the_application_are_on_the_page_about_the_middleware() -> None:
    rows = table(DOCS / "middleware.md", "What the application did")
    causes = [
        *(NO_ROUTE, PATH_PREFIX_DOUBLED, ORIGIN_DENIED_BY_APP),
        *(SOCKETIO_BELOW_MOUNT, HTTP_RESPONSE_ON_WEBSOCKET),
    ]
    assert [row[0] for row in rows] == [
        f"[{cause.code}](causes/{cause.code}.md)" for cause in causes
    ]


async def _with_text_headers(scope: Any, receive: Any, send: Any) -> None:
    lines = [(name.decode(), value.decode()) for name, value in scope["headers"]]
    app = WebSocketHandshakeMiddleware(application)
    await app({**scope, "headers": lines}, receive, send)


def test_the_fields_that_are_always_there_are_in_every_line() -> None:
    always = {
        name.strip("`")
        for name, when, _ in table(DOCS / "logs.md", "Fields")
        if when == "always"
    }
    least = outcome(_with_text_headers, VALID, http="h11").log_line
    rare = {"level", "http.response.status_code", "exception.type"}
    assert least.keys() - always == rare
    assert always <= least.keys()


def test_the_levels_are_those_of_the_structlog_observer() -> None:
    levels = {
        code: level
        for level, codes in table(DOCS / "logs.md", "Levels")
        for code in re.findall(r"`(\w+)`", codes)
    }
    assert levels == {
        "internal_error": "error",
        "server_did_not_upgrade": "error",
        "app_did_not_respond": "error",
        "not_a_handshake": "info",
        "denied_by_app": "info",
    }
    assert _logged_at("not_a_handshake", "GET /ws HTTP/1.1\nHost: a\n") == "info"
    assert _logged_at("server_did_not_upgrade", VALID) == "error"
    assert _logged_at("key_malformed", VALID.replace("dGhl", "d")) == "warning"


def _logged_at(code: str, text: str) -> str:
    app = WebSocketHandshakeMiddleware(application, websocket_paths=["/ws"])
    ws = "none" if code == "server_did_not_upgrade" else "wsproto"
    line = outcome(app, text, ws=ws).log_line
    assert line["error.type"] == code
    level: str = line["level"]
    return level


def test_the_events_are_those_that_the_package_writes() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "middleware").rglob("*.py")
    )
    named = set(re.findall(r"\"(websocket\.handshake\.\w+)\"[,\n]", source))
    fields = set(_first(table(DOCS / "logs.md", "Fields")))
    others = _first(table(DOCS / "logs.md", "Other events"))
    assert {*others, "websocket.handshake.rejected"} == named - fields


def test_the_members_and_headers_of_the_response_are_those_that_are_sent() -> None:
    app = WebSocketHandshakeMiddleware(application, websocket_paths=["/ws"])
    broken = outcome(app, BROKEN.replace("GET", "POST"))
    problem = broken.problem
    explained = outcome(app, BEHIND_TLS).problem
    assert _first(table(DOCS / "response.md", "Members")) == list(explained)
    assert list(explained)[:-1] == list(problem)
    other = explained["cause"].pop("alternative")
    members = [*other, "alternative"]
    assert _first(table(DOCS / "response.md", "The cause")) == members
    assert list(explained["cause"]) == [name for name in other if name != "config"]
    assert [*other["config"][0]] == ["place", "lines"]
    violation = _first(table(DOCS / "response.md", "Members", 1))
    assert violation == list(problem["violations"][0])
    plain = outcome(app, "GET /ws HTTP/1.1\nHost: a\n")
    sent = {
        name.decode(): None
        for result in (broken, plain)
        for name, _ in result.response.headers
    }
    documented = {
        name: when
        for names, _, when in table(DOCS / "response.md", "Headers")
        for name in re.findall(r"`(.+?)`", names)
    }
    assert documented.keys() == sent.keys()
    always = {name for name, when in documented.items() if when == "always"}
    assert always <= {name.decode() for name, _ in plain.response.headers}


def test_the_tokens_of_certainty_are_those_of_the_code() -> None:
    tokens = [str(certainty) for certainty in sorted(Certainty, reverse=True)]
    for page in ("response.md", "logs.md"):
        text = (DOCS / page).read_text(encoding="utf-8")
        assert "`, `".join(tokens[:3]) + f"` or `{tokens[3]}`" in text


def test_the_statuses_are_those_of_the_catalogue() -> None:
    documented = [
        int(status) for status in _first(table(DOCS / "response.md", "Statuses"))
    ]
    assert documented == sorted({reason.status for reason in CATALOGUE})


@pytest.mark.parametrize(
    ("allowed", "origin", "status"),
    [
        (allowed.strip("`"), origin.strip("`"), status)
        for allowed, *cells in table(DOCS / "origin.md", "What is allowed")
        for status, cell in zip((101, 403), cells, strict=True)
        for origin in cell.split("; ")
    ],
)
def test_the_origins_are_allowed_as_the_table_says(
    allowed: str, origin: str, status: int
) -> None:
    headers = [
        (b"host", b"chat.example.com"),
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ=="),
        (b"sec-websocket-version", b"13"),
    ]
    if origin != "no Origin":
        headers.append((b"origin", origin.encode("ascii")))
    request = RequestHead("GET", "1.1", headers, b"/ws", "https")
    assert judge(request, Policy(allowed_origins=[allowed])).status == status


def test_the_floors_are_those_of_import_linter_and_each_module_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    page = (DOCS / "design.md").read_text(encoding="utf-8")
    (picture,) = [b.text for b in blocks(page) if b.title == "floors"]
    assert picture.splitlines() == layers
    described = " ".join(row[0] for row in table(DOCS / "design.md", "The tree"))
    named = {module.name for module in modules(PACKAGE)}
    packages = ("cli", "inspector", "testing")
    alone = {name for name in named if not name.startswith(packages)} - {"main"}
    assert set(re.findall(r"`([\w/]+)`", described)) == {
        *(*alone, *packages, "__main__")
    }


def test_every_link_between_our_files_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    for path in pages:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_the_make_commands_in_contributing_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"(?m)^\.PHONY: (.*)$", makefile)
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    documented = re.findall(r"(?m)^\| `make ([\w-]+)`", sections(text)[""])
    assert documented == [name for name in targets.split() if name != "clean"]
