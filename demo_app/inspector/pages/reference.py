"""The pages about reasons and causes, from the catalogues and docs/, and docs/."""

from __future__ import annotations

import re
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from demo_app.inspector.pages.markdown import code_block, html_of
from demo_app.inspector.trials.catalogue import TRIALS
from demo_app.inspector.trials.reasons import Never
from demo_app.settings import address_of, host_of
from ws_handshake.core.reasons import BY_CODE
from ws_handshake.diagnosis.causes import CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

_rfc = re.compile(r"RFC ([0-9]+) section ([0-9.]+)(?:\([0-9]+\))?")
_long_line = re.compile(r"(?m)^(.{160}).+$")
_first_sentence = re.compile(r"(.+?\.)(?: (?=[A-Z])(.+))?\Z", re.DOTALL)
_section = re.compile(r"(?m)^(?=## )")
_fix = re.compile(r"## (?:The fix|How to fix it)\n")

_DOCUMENT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} - ws-handshake</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/_handshakes/static/theme.css">
<link rel="stylesheet" href="/static/base.css">
<link rel="stylesheet" href="/static/article.css">
<script type="module" src="/static/article.js"></script>
</head>
<body class="article">
<header><a class="home" href="/{anchor}"><img src="/static/icon.svg" alt="" width="28"
height="28">ws-handshake</a>
<nav aria-label="Pages"><a href="/reasons">Reasons</a> <a href="/causes">Causes</a>
<a href="/docs/quickstart">Install</a> <a href="/docs/index">Docs</a></nav></header>
<main>
{main}
</main>
</body>
</html>
"""


class _Page(NamedTuple):
    """Where a page belongs, and what the catalogue says of its code."""

    folder: str
    port: int
    fix: str
    lines: str = ""
    facts: str = ""


def reason_page(code: str, port: int) -> str | None:
    """Return the page about a reason, or None if there is no such reason."""
    reason = BY_CODE.get(code)
    if reason is None:
        return None
    facts = {
        "Status": f"{reason.status} {HTTPStatus(reason.status).phrase}",
        "Header": reason.header,
        "Expected": reason.expected,
        "Responsible": reason.responsible,
    }
    address = _rfc.sub(r"https://www.rfc-editor.org/rfc/rfc\1#section-\2", reason.rfc)
    link = f'<dt>Specification</dt><dd><a href="{address}">{reason.rfc}</a></dd>'
    rows = (f"<dt>{n}</dt><dd>{escape(text)}</dd>" for n, text in facts.items() if text)
    about = f"<dl>{''.join(rows)}{link}</dl>"
    return _article(code, reason.what, _Page("reasons", port, reason.fix, facts=about))


def cause_page(code: str, port: int) -> str | None:
    """Return the page about a cause, or None if there is no such cause."""
    cause = CAUSES.get(code)
    if cause is None:
        return None
    lines = "".join(
        f'<p class="place">{escape(one.place)}</p>{code_block(one.lines, "nginx")}'
        for one in cause.config
    )
    return _article(code, cause.detail, _Page("causes", port, cause.fix, lines))


def docs_page(path: str) -> str | None:
    """Return a page of docs/, or None if there is none at this path."""
    file = DOCS / f"{path}.md"
    if not file.resolve().is_relative_to(DOCS.resolve()) or not file.is_file():
        return None
    folder = file.parent.relative_to(DOCS).as_posix()
    return document(path.rpartition("/")[2], html_of(file.read_text("utf-8"), folder))


def source_page() -> str:
    """Return the page with the application that this demo is."""
    path = Path("demo_app", "app.py")
    text = (ROOT / path).read_text("utf-8")
    where = f"<p>It is <code>{path}</code>, beside <code>middleware/</code>, in:</p>"
    place = code_block(str(ROOT))
    return document(
        "Source",
        "<h1>The application of this demo</h1>"
        f"{code_block(text, 'python')}{where}{place}",
    )


def missing_page(what: str) -> str:
    """Return the page for a name that does not exist."""
    return document(
        what,
        f"<h1>{escape(what)}</h1>"
        '<p>See <a href="/reasons">all reasons</a>, <a href="/causes">all causes</a> '
        'or <a href="/">the page that tries them</a>.</p>',
    )


def document(title: str, main: str, anchor: str = "") -> str:
    """Return a whole document; `main` is HTML already."""
    return _DOCUMENT.format(title=escape(title), main=main, anchor=anchor)


def _article(code: str, what: str, page: _Page) -> str:
    """Put a page together: the fix first, then a trial, then what docs/ say."""
    first, more = _sentences(what)
    fixes, others = _prose(page.folder, code, page.fix)
    kind = page.folder.removesuffix("s").capitalize()
    main = [
        f'<p class="kind">{kind} <code>{code}</code></p>',
        f"<h1>{escape(first)}</h1>",
        *([_paragraph(more)] if more else []),
        f'<section class="fix"><h2>Fix</h2>{_paragraph(page.fix)}{page.lines}{fixes}',
        "</section>",
        *_trial(code, page.port),
        others,
        page.facts,
        _neighbours(page.folder, code),
    ]
    return document(code, "\n".join(main), f"#{code}")


def _sentences(what: str) -> tuple[str, str | None]:
    """Return the first sentence, for the title, and the rest."""
    found = _first_sentence.match(what)
    return (found[1], found[2]) if found else (what, None)


def _trial(code: str, port: int) -> list[str]:
    trial = TRIALS[code]
    if isinstance(trial.sends, Never):
        return ["<h2>Not on this server</h2>", _paragraph(trial.sends.why)]
    return [
        "<h2>Try it here</h2>",
        f'<p>{escape(trial.detail)} <a class="send" href="/#{code}">Send it</a></p>',
        code_block(_cut(trial.sends.text(host_of(port)).rstrip("\n")), "http"),
        code_block(trial.sends.line(address_of(port)), "console"),
    ]


def _prose(folder: str, code: str, fix: str) -> tuple[str, str]:
    """Return more on how to fix it, and the rest of the page, from docs/."""
    path = DOCS / folder / f"{code}.md"
    if not path.is_file():
        return "", ""
    _title, _what, rest = path.read_text("utf-8").split("\n\n", 2)
    sections = _section.split(rest)
    fixes = [_fix.sub("", section, 1) for section in sections if _fix.match(section)]
    others = [section for section in sections if not _fix.match(section)]
    short, end, long = "".join(fixes).replace(fix, "", 1).partition("\n### ")
    return html_of(short, folder), html_of("".join([end, long, *others]), folder)


def _neighbours(folder: str, code: str) -> str:
    """Return links to the pages before and after this one."""
    codes: list[str] = [*(BY_CODE if folder == "reasons" else CAUSES)]
    at = codes.index(code)
    pairs: Iterable[tuple[str, str, list[str]]] = (
        ("prev", "Previous", codes[max(at - 1, 0) : at]),
        ("next", "Next", codes[at + 1 : at + 2]),
    )
    links = "".join(
        f'<a rel="{rel}" href="/{folder}/{one}">{word} <code>{one}</code></a>'
        for rel, word, some in pairs
        for one in some
    )
    return f'<nav class="neighbours" aria-label="Neighbours">{links}</nav>'


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _cut(text: str) -> str:
    return _long_line.sub(r"\1...", text)
