"""The pages about reasons and causes, from the catalogues and from docs/."""

from __future__ import annotations

import re
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from demo_app.inspector.pages.markdown import html_of
from demo_app.inspector.trials.behaviours import BEHAVIOURS
from demo_app.inspector.trials.reasons import REQUESTS, Never
from demo_app.settings import address_of, host_of
from ws_handshake.core.reasons import BY_CODE
from ws_handshake.diagnosis.causes import CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demo_app.inspector.trials.request import Request

DOCS = Path(__file__).parents[3] / "docs"

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

_BEHAVIOURS = {behaviour.id: behaviour for behaviour in BEHAVIOURS}

_rfc = re.compile(r"RFC ([0-9]+) section ([0-9.]+)(?:\([0-9]+\))?")

_DOCUMENT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} - ws-handshake</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/base.css">
<link rel="stylesheet" href="/static/article.css">
</head>
<body class="article">
<header><a href="/{anchor}">ws-handshake</a></header>
<main>
{main}
</main>
</body>
</html>
"""

_long_line = re.compile(r"(?m)^(.{160}).+$")

_ABOUT_REASONS = "This request is rejected for this reason."
_SEND = '<a href="/#{code}">Send it</a>, or copy the command into a terminal.'


def reason_page(code: str, port: int) -> str | None:
    """Return the page about a reason, or None if there is no such reason."""
    reason = BY_CODE.get(code)
    if reason is None:
        return None
    facts = {
        "Status": f"{reason.status} {HTTPStatus(reason.status).phrase}",
        "Header": reason.header,
        "Expected": reason.expected,
        "How to fix it": reason.fix,
        "Responsible": reason.responsible,
    }
    trial = _trial(code, _ABOUT_REASONS, REQUESTS[code], port)
    about = [_facts(facts, _link_of(reason.rfc)), *trial]
    return _article(code, reason.what, [*about, _prose("reasons", code)])


def cause_page(code: str, port: int) -> str | None:
    """Return the page about a cause, or None if there is no such cause."""
    cause = CAUSES.get(code)
    if cause is None:
        return None
    behaviour = _BEHAVIOURS[code]
    trial = _trial(code, behaviour.detail, behaviour.sends, port)
    about = [_facts({"How to fix it": cause.fix}), *trial]
    return _article(code, cause.detail, [*about, _prose("causes", code)])


def missing_page(what: str) -> str:
    """Return the page for a name that does not exist."""
    return document(what, f'<h1>{escape(what)}</h1><p><a href="/">All of them</a></p>')


def document(title: str, main: str, anchor: str = "") -> str:
    """Return a whole document; `main` is HTML already."""
    return _DOCUMENT.format(title=escape(title), main=main, anchor=anchor)


def _article(code: str, what: str, rest: Iterable[str]) -> str:
    opening = f'<h1><code>{code}</code></h1>\n<p class="what">{escape(what)}</p>'
    return document(code, "\n".join([opening, *rest]), f"#{code}")


def _facts(facts: dict[str, str | None], *more: str) -> str:
    rows = (
        f"<dt>{name}</dt><dd>{escape(text)}</dd>"
        for name, text in facts.items()
        if text
    )
    return f"<dl>{''.join(rows)}{''.join(more)}</dl>"


def _link_of(rfc: str) -> str:
    address = _rfc.sub(r"https://www.rfc-editor.org/rfc/rfc\1#section-\2", rfc)
    return f'<dt>Specification</dt><dd><a href="{address}">{rfc}</a></dd>'


def _trial(code: str, about: str, request: Request | Never, port: int) -> list[str]:
    if isinstance(request, Never):
        return ["<h2>Not on this server</h2>", f"<p>{escape(request.why)}</p>"]
    return [
        "<h2>Try it here</h2>",
        f"<p>{escape(about)} {_SEND.format(code=code)}</p>",
        _code(_cut(request.text(host_of(port)).rstrip("\n"))),
        _code(request.line(address_of(port))),
    ]


def _prose(folder: str, code: str) -> str:
    """Return the rest of the page from docs/, if docs/ is there."""
    path = DOCS / folder / f"{code}.md"
    if not path.is_file():
        return ""
    _title, _what, rest = path.read_text("utf-8").split("\n\n", 2)
    return html_of(rest, folder)


def _cut(text: str) -> str:
    return _long_line.sub(r"\1...", text)


def _code(text: str) -> str:
    return f'<pre tabindex="0"><code>{escape(text)}</code></pre>'
