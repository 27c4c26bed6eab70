"""The pages about reasons and causes, and those of docs/."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

import pytest

from demo_app.inspector.pages import reference
from demo_app.inspector.pages.by_hand import by_hand_page
from demo_app.inspector.pages.reference import (
    HEADERS,
    cause_page,
    docs_page,
    document,
    missing_page,
    reason_page,
    source_page,
)
from demo_app.inspector.site import STATIC
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

if TYPE_CHECKING:
    from pathlib import Path

    from ws_handshake.core.reasons import Reason


def text(html: str | None) -> str:
    """Return what is to be read on a page, in one line."""
    assert html is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("reason", CATALOGUE, ids=lambda reason: reason.code)
def test_the_page_of_a_reason_has_all_that_the_catalogue_says(reason: Reason) -> None:
    code = reason.code
    page = reason_page(code, 8042)
    for sentence in (
        reason.what,
        reason.expected,
        reason.fix,
        reason.rfc,
        reason.responsible,
    ):
        assert sentence in text(page)
    assert page is not None
    assert f'<p class="kind">Reason <code>{code}</code></p>' in page
    assert f'<a class="home" href="/#{code}">' in page
    assert "What it means" in page
    assert ("Try it here" in page) == ("127.0.0.1:8042" in page)
    (rfc,) = re.findall(rf'<dd><a href="([^"]+)">{re.escape(reason.rfc)}</a>', page)
    assert re.fullmatch(
        r"https://www\.rfc-editor\.org/rfc/rfc\d+#section-\d+(\.\d+)*", rfc
    )


@pytest.mark.parametrize("code", CAUSES)
def test_the_page_of_a_cause_has_all_that_the_catalogue_says(code: str) -> None:
    page = cause_page(code, 8042)
    cause = CAUSES[code]
    assert " ".join(cause.detail.split()) in text(page)
    assert cause.fix in text(page)
    assert page is not None
    for config in cause.config:
        assert (
            f'<p class="place">{escape(config.place)}</p><pre data-language="nginx">'
            in page
        )
    assert "How it looks" in page


def test_without_the_documentation_beside_it_a_page_is_shorter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reference, "DOCS", tmp_path)
    page = reason_page("key_malformed", 8000)
    assert "Try it here" in text(page)
    assert "What it means" not in text(page)
    assert CAUSES["old_draft"].fix in text(cause_page("old_draft", 8000))


def test_what_cannot_happen_here_says_why_instead_of_a_line_to_try() -> None:
    page = reason_page("origin_missing", 8000)
    assert "Try it here" not in text(page)
    assert (
        "Not on this server Clients other than browsers send no Origin, and this "
        "server accepts them; allow_missing_origin=False would reject them."
    ) in text(page)
    assert (
        "Not on this server This server does not speak HTTP/2, so it announces nothing."
    ) in text(cause_page("connect_not_bridged", 8000))


def test_the_page_of_a_cause_says_who_does_it() -> None:
    assert (
        "Try it here It is valid. uvicorn alone does not read the list; our protocol "
        "class does. Send it"
    ) in text(cause_page("server_reads_one_line", 8000))


def test_a_line_that_is_too_long_to_read_is_cut() -> None:
    page = reason_page("headers_too_large", 8000)
    assert page is not None
    assert "\nX-Long: 1,2,3," in page
    assert ",2000" not in page
    assert max(map(len, page.split("<h2>What it means")[0].split("\n"))) < 700


@pytest.mark.parametrize("name", ["", "x", "../key_malformed", "index", "old_draft"])
def test_there_is_no_page_for_a_name_that_is_not_a_reason(name: str) -> None:
    assert reason_page(name, 8000) is None
    assert (cause_page(name, 8000) is None) == (name != "old_draft")


def test_the_page_for_a_websocket_opened_by_hand_says_how_to_connect() -> None:
    page = by_hand_page("/ws", 8042)
    assert text(page).endswith(
        "This address speaks WebSocket A browser tab asks for a page, and at /ws there "
        "is only a WebSocket. Nothing is broken. A page, or the console of "
        "the demo , connects with two lines: "
        'const socket = new WebSocket("ws://127.0.0.1:8042/ws"); '
        "socket.onmessage = event => console.log(event.data); "
        "The response was 426 Upgrade Required , and its cause a browser tab ."
    )


def test_names_in_a_page_are_escaped() -> None:
    for page in (
        missing_page("<script>"),
        by_hand_page("/<script>", 8000),
        document("<script>", ""),
    ):
        assert "<script>" not in page


def test_every_page_keeps_to_the_policy_and_names_files_that_are_there() -> None:
    for page in (
        reason_page("key_malformed", 8000),
        cause_page("old_draft", 8000),
        by_hand_page("/ws", 8000),
        missing_page("There is none."),
    ):
        assert page is not None
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! type=)", page)
        loaded = re.findall(r'<link [^>]*href="/static/([^"]+)"', page)
        assert loaded == ["icon.svg", "base.css", "article.css"]
        assert all((STATIC / name).is_file() for name in [*loaded, "article.js"])
    assert HEADERS["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    ("page", "before", "after"),
    [
        (reason_page("method_not_get", 1), None, "/reasons/http_version_too_old"),
        (
            reason_page("host_missing", 1),
            *("/reasons/http_version_too_old", "/reasons/host_malformed"),
        ),
        (reason_page("internal_error", 1), "/reasons/app_did_not_respond", None),
        (cause_page("proxy_stripped_upgrade", 1), None, "/causes/http2_client"),
    ],
)
def test_a_page_leads_to_the_one_before_and_the_one_after(
    page: str, before: str | None, after: str | None
) -> None:
    links = dict(re.findall(r'<a rel="(prev|next)" href="([^"]+)">', page))
    assert (links.get("prev"), links.get("next")) == (before, after)


def test_the_fix_stands_first_and_once() -> None:
    page = text(reason_page("key_malformed", 8000))
    fix = "Send 16 random bytes in standard base64"
    assert page.count(fix) == 1
    order = ["Fix", fix, "Try it here", "What it means", "Example", "Specification"]
    assert [page.index(part) for part in order] == sorted(map(page.index, order))
    page = text(cause_page("proxy_stripped_upgrade", 8000))
    assert page.index("proxy_http_version 1.1;") < page.index("Try it here")
    assert page.count("Let the proxy in front of this server forward") == 1


def test_a_page_of_docs_is_shown_and_nothing_outside_of_them() -> None:
    page = docs_page("quickstart")
    assert page is not None
    assert "<title>quickstart - ws-handshake</title>" in page
    assert '<a href="/docs/frameworks">' in page
    for path in ("x", "../README", "reasons", "", "/etc/hosts"):
        assert docs_page(path) is None


def test_the_source_page_shows_the_application_and_where_it_is() -> None:
    page = source_page()
    assert "WebSocketHandshakeMiddleware(" in page
    assert str(reference.ROOT) in page
