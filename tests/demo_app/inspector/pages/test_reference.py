"""The pages about reasons and causes, which have no script."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from demo_app.inspector.pages import reference
from demo_app.inspector.pages.by_hand import by_hand_page
from demo_app.inspector.pages.reference import (
    HEADERS,
    cause_page,
    document,
    missing_page,
    reason_page,
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
    assert f"<h1><code>{code}</code></h1>" in page
    assert f'<header><a href="/#{code}">' in page
    assert "What it means" in page
    assert ("Try it here" in page) == ("127.0.0.1:8042" in page)
    (rfc,) = re.findall(rf'<dd><a href="([^"]+)">{re.escape(reason.rfc)}</a>', page)
    assert re.fullmatch(
        r"https://www\.rfc-editor\.org/rfc/rfc\d+#section-\d+(\.\d+)*", rfc
    )


@pytest.mark.parametrize("code", CAUSES)
def test_the_page_of_a_cause_has_all_that_the_catalogue_says(code: str) -> None:
    page = cause_page(code, 8042)
    assert CAUSES[code].detail in text(page)
    assert CAUSES[code].fix in text(page)
    assert page is not None
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
        "Try it here It is valid, but uvicorn alone does not understand it. Our "
        "protocol class reads the whole list, and the handshake is accepted. Send it , "
        "or copy the command into a terminal."
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
        "the inspector , connects with two lines: "
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
        assert "<script" not in page


def test_every_page_keeps_to_the_policy_and_names_files_that_are_there() -> None:
    for page in (
        reason_page("key_malformed", 8000),
        cause_page("old_draft", 8000),
        by_hand_page("/ws", 8000),
        missing_page("There is none."),
    ):
        assert page is not None
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script", page)
        loaded = re.findall(r'<link [^>]*href="/static/([^"]+)"', page)
        assert loaded == ["icon.svg", "base.css", "article.css"]
        assert all((STATIC / name).is_file() for name in loaded)
    assert HEADERS["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
