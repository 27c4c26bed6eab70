"""The pages of the causes: the heads that they show, and what we say of them."""

from __future__ import annotations

import json
import re
from difflib import unified_diff
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tests.support.diagnosed import in_words
from tests.support.docs_examples import (
    DOCS,
    PROTOCOL,
    application,
    blocks,
    outcome,
    sections,
)
from tests.support.proxy_configs import CONFIGURATIONS, configuration
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.diagnosis.causes import CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.docs_examples import Block, Outcome
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

PAGES = DOCS / "causes"
SECTIONS = [
    *("", "The fix", "How it looks", "Fixed"),
    *("Who does it", "Certainty", "Arrives as"),
]
LOOKS, FIXED = "How it looks", "Fixed"

_said = re.compile(r"\A\n\n`\d{3} [^\n]*")
_reason = re.compile(r"\[(\w+)\]\(\.\./reasons/\w+\.md\)")
_root_path = re.compile(r"--root-path (/\w+)")

_CONFIGURED = {f"{c.proxy} {c.name}": c for c in CONFIGURATIONS}


def path_of(code: str) -> Path:
    """Return the page of a cause."""
    return PAGES / f"{code}.md"


def parts_of(code: str) -> dict[str, str]:
    """Return the sections of the page of a cause."""
    return sections(path_of(code).read_text(encoding="utf-8"))


def asked(code: str, *names: str) -> list[tuple[Block, Outcome]]:
    """Run the Python of the sections, and send every head that the last one shows."""
    parts = parts_of(code)
    app = _app("\n".join(parts[name] for name in names), f"{code}.md")
    section = parts[names[-1]]
    root_path = _root_path.search(section)
    sent = []
    for block in blocks(section):
        if block.language == "http" or block.text.startswith(":method:"):
            served = _unbridged(app) if block.title == "not bridged" else app
            response = outcome(
                served,
                block.text,
                http="h11" if "Without a protocol class" in section else PROTOCOL,
                ws="none" if "--ws none" in section else "wsproto",
                root_path=root_path[1] if root_path else "",
            )
            sent.append((block, response))
    return sent


def named(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Return code, certainty and detail of the causes, and hold the log to the body."""
    (event,) = [e for e in outcome.logged if e["event"].endswith("rejected")]
    logged = (
        event["websocket.handshake.cause"],
        event["websocket.handshake.certainty"],
    )
    if not outcome.response.codes:
        return [(*logged, CAUSES[logged[0]].detail)]
    cause = json.loads(outcome.response.body)["cause"]
    assert logged == (cause["code"], cause["certainty"])
    assert event["websocket.handshake.fix"] == cause["fix"]
    both = [cause, cause.get("alternative")]
    return [(c["code"], c["certainty"], c["detail"]) for c in both if c]


def sentence(outcome: Outcome) -> str:
    """Write what the page says below a head."""
    status = outcome.response.status
    assert status is not None
    response = f"`{status} {HTTPStatus(status).phrase}`"
    if status < HTTPStatus.BAD_REQUEST:
        return f"{response}."
    (first, certainty, detail), *others = named(outcome)
    where = "" if outcome.response.codes else " in the log"
    said = f"{response}; certainty{where}: {in_words(certainty)}"
    for code, less, _ in others:
        said += f", or `{code}`, {in_words(less)}"
    who = detail.partition(". ")[0].removesuffix(".")
    return f"{said}." + ("" if CAUSES[first].detail.startswith(who) else f" {who}.")


def with_sentences(section: str, sent: list[tuple[Block, Outcome]]) -> str:
    """Return a section with a sentence below each of its heads."""
    rest, written = section, ""
    for block, came_of_it in sent:
        before, text, rest = rest.partition(f"{block.text}```")
        written += before + text + f"\n\n{sentence(came_of_it)}"
        rest = _said.sub("", rest, count=1)
    return written + rest


def shown_configurations(code: str) -> Iterator[tuple[Block, str]]:
    """Yield each configuration of a proxy that a page shows, and what is tested."""
    for block in blocks(path_of(code).read_text(encoding="utf-8")):
        before, _, after = (block.title or "").partition(" to ")
        if after:
            yield block, _difference(before, after)
        elif before in _CONFIGURED:
            yield block, _CONFIGURED[before].text()


def reasons_of(code: str) -> list[str]:
    """Return the reasons that a page says the cause arrives as."""
    return _reason.findall(parts_of(code)["Arrives as"])


def causes_of(reason: str) -> list[str]:
    """Return the causes whose pages name a reason, in the order of the catalogue."""
    return [code for code in CAUSES if reason in reasons_of(code)]


def _difference(before: str, after: str) -> str:
    proxy = before.partition(" ")[0]
    old = _CONFIGURED[before].text().splitlines(keepends=True)
    new = configuration(proxy, after).text().splitlines(keepends=True)
    lines = [x for x in unified_diff(old, new, n=2) if x.strip()][3:]
    return "".join(" ...\n" if x.startswith("@@") else x for x in lines)


def _app(markdown: str, name: str) -> ASGIApp:
    namespace: dict[str, Any] = {
        "WebSocketHandshakeMiddleware": WebSocketHandshakeMiddleware
    }
    for block in blocks(markdown):
        if block.language == "python":
            namespace["app"] = application
            exec(compile(block.text, name, "exec"), namespace)  # noqa: S102  (ours)
    app: ASGIApp = namespace.get("app") or WebSocketHandshakeMiddleware(application)
    return app


def _unbridged(app: ASGIApp) -> ASGIApp:
    """Serve an Extended CONNECT as plain HTTP."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "type": "http"}, receive, send)

    return served
