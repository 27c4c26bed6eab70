from __future__ import annotations

import pytest

from ws_handshake.cli.pasted.panels import read_panel

TITLES = {
    "English": ("General", "Response Headers", "Request Headers (7)"),
    "German": ("Allgemein", "Antwortheader", "Anfrageheader"),
    "Chinese": ("常规", "响应标头", "请求标头"),
    "Japanese": ("全般", "レスポンス ヘッダー", "リクエスト ヘッダー"),
    "Korean": ("일반", "응답 헤더", "요청 헤더"),
    "Russian": ("Общие", "Заголовки ответов", "Заголовки запросов"),
    "French": ("Général", "En-têtes de réponse", "En-têtes de requête"),
    "Spanish": ("General", "Encabezados de respuesta", "Encabezados de solicitud"),
    "Portuguese": ("Geral", "Cabeçalhos da resposta", "Cabeçalhos da solicitação"),
    "Italian": (
        "Generali",
        "Intestazioni della risposta",
        "Intestazioni della richiesta",
    ),
}


def lines(text: str) -> list[bytes]:
    return [line.encode() for line in text.split("\n")]


@pytest.mark.parametrize("language", TITLES)
def test_the_sections_are_found_in_any_of_these_languages(language: str) -> None:
    general, response, request = TITLES[language]
    panel = read_panel(
        lines(
            f"{general}\n?:\n403 Forbidden\n{response}\nserver: a\n{request}\nHost: b"
        )
    )
    assert panel.lines == [b"Host: b"]
    assert panel.general == {b"status code": b"403"}
    assert not panel.provisional


@pytest.mark.parametrize(
    "notice",
    [
        "⚠ Provisional headers are shown. Learn more",
        "Vorläufige Header werden angezeigt.",
        "当前显示的是预配标头。",
    ],
)
def test_what_the_browser_says_first_is_that_they_are_provisional(notice: str) -> None:
    panel = read_panel(lines(f"Request Headers\n{notice}\nHost: a\nnot a field"))
    assert panel.provisional
    assert panel.lines == [b"Host: a", b"not a field"]


def test_without_a_title_every_line_is_one_of_the_request() -> None:
    panel = read_panel(lines("Request URL:\nwss://a/\nit says\nHost: a"))
    assert panel.lines == [b"it says", b"Host: a"]
    assert panel.general == {b"request url": b"wss://a/"}
    assert not panel.provisional


def test_a_status_in_the_response_is_one_of_its_fields() -> None:
    panel = read_panel(lines("Response Headers\nStatus: 1\nRequest Headers\nHost: a"))
    assert panel.general == {}


@pytest.mark.parametrize("title", ["Request:", "-- request headers --", "## Request"])
def test_a_title_may_be_short_or_decorated(title: str) -> None:
    panel = read_panel(lines(f"{title}\nHost: a\n== Response ==\nServer: b"))
    assert panel.lines == [b"Host: a"]
