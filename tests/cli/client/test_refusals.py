"""Why an answer is no acceptance, and who may be behind it."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.answer import Answer
from ws_handshake.cli.client.refusals import explained
from ws_handshake.cli.client.target import parse_target
from ws_handshake.diagnosis.causes import FORWARDING

PLAIN = parse_target("ws://example.com/ws")
SECURE = parse_target("wss://example.com/ws/")
HTML = (b"Content-Type", b"text/html")
NGINX = (b"Server", b"nginx")


def _told(answer: Answer) -> tuple[str, str | None, list[tuple[str, str]]]:
    found = explained(answer, PLAIN)
    causes = [(cause.code, str(cause.certainty)) for cause in found.causes]
    return found.finding.fault.code, found.finding.seen, causes


NOTHING_HERE = (
    "404: nothing is here for a plain request, which it was taken for, or at all"
)
STRIPPED_LIKELY = [("proxy_stripped_upgrade", "likely")]
STRIPPED_POSSIBLE = [("proxy_stripped_upgrade", "possible")]

ANSWERS = [
    (
        Answer("1.1", 400, headers=((b"WebSocket-Handshake-Error", b"host_missing"),)),
        ("handshake_refused", "host_missing", []),
    ),
    (
        Answer("1.1", 400, body=b"... plain HTTP request was sent to HTTPS port ..."),
        ("plain_on_tls_port", "it says so", []),
    ),
    (
        Answer("1.1", 200, headers=(HTML,)),
        ("html_instead", "200 with text/html", STRIPPED_POSSIBLE),
    ),
    (
        Answer("1.1", 404, headers=(NGINX, HTML)),
        (
            "answer_not_101",
            NOTHING_HERE,
            STRIPPED_LIKELY,
        ),
    ),
    (
        Answer("1.1", 404, headers=((b"server", b"uvicorn"),)),
        (
            "answer_not_101",
            NOTHING_HERE,
            [("no_websocket_support", "possible"), *STRIPPED_POSSIBLE],
        ),
    ),
    (
        Answer("1.1", 403, headers=((b"server", b"envoy"),)),
        (
            "answer_not_101",
            "403: credentials, Origin, or a path that the application does not serve",
            STRIPPED_LIKELY,
        ),
    ),
    (
        Answer("2", 403),
        (
            "answer_not_101",
            "403: credentials, Origin, or a path that the application does not serve",
            [("no_route", "possible")],
        ),
    ),
    (
        Answer("2", 404),
        (
            "answer_not_101",
            NOTHING_HERE,
            [],
        ),
    ),
    (Answer("1.1", 418), ("answer_not_101", "418", [])),
    (Answer("1.1", 302), ("answer_not_101", "302", [])),
]


@pytest.mark.parametrize(("answer", "told"), ANSWERS)
def test_an_answer_is_explained(
    answer: Answer, told: tuple[str, str | None, list[tuple[str, str]]]
) -> None:
    assert _told(answer) == told


def test_the_fix_is_for_the_proxy_that_left_its_mark() -> None:
    (cause,) = explained(Answer("1.1", 404, headers=(NGINX,)), PLAIN).causes
    (other,) = explained(Answer("1.1", 404), PLAIN).causes

    assert cause.fix == FORWARDING["nginx"]
    assert other.fix == FORWARDING[""]


REDIRECTS = [
    (b"/ws/", "Add the slash at the end of the path."),
    (b"http://example.com/ws/", "Add the slash at the end of the path."),
    (b"https://example.com/ws", "Use wss:// in the place of ws://."),
    (b"wss://other.example/", "Use wss:// in the place of ws://."),
    (
        b"/oauth2/start",
        "Send credentials along: --header 'Cookie: ...' or 'Authorization: ...'.",
    ),
    (b"/elsewhere", "Connect to the address that it redirects to."),
    (b"http://[::1", "Connect to the address that it redirects to."),
]


@pytest.mark.parametrize(("location", "fix"), REDIRECTS)
def test_what_a_redirection_is_for_shows_in_its_address(
    location: bytes, fix: str
) -> None:
    found = explained(Answer("1.1", 301, headers=((b"Location", location),)), PLAIN)

    assert found.finding.fault.code == "redirected"
    assert found.finding.fix == fix


def test_a_slash_too_much_is_told_too() -> None:
    answer = Answer("1.1", 308, headers=((b"Location", b"https://example.com/ws"),))
    finding = explained(answer, SECURE).finding

    assert finding.seen == "308 to https://example.com/ws"
    assert finding.fix == "Leave the slash at the end of the path out."
