"""The editor of the inspector's page, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.demos import until
from tests.support.handshakes import VALID
from tests.support.inspector_visits import STRIPPED, inspecting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Route

    from tests.support.page_visits import Visit

pytest_plugins = ["tests.support.inspector_stage"]


@pytest.fixture(name="visit")
def _visit(chromium: Browser, port: int) -> Iterator[Visit]:
    with inspecting(chromium, port) as visit:
        yield visit


def judged(visit: Visit, text: str, headline: str) -> None:
    visit.find("textarea").fill(text)
    until(lambda: visit.text(".headline") == headline)


def test_a_request_head_is_judged_while_it_is_typed(visit: Visit) -> None:
    judged(visit, STRIPPED.wire().decode(), "Read as a request head: to be rejected.")
    assert visit.text(".result .sentence") == (
        "nginx removed the Upgrade and Connection headers. Sec-WebSocket-Key arrived "
        "without them, and over HTTP/1.0."
    )
    assert visit.page.locator(".result .config").count() == 2
    marked = visit.texts(".lines .marked code:first-child")
    assert marked == ["GET /ws HTTP/1.0", "Connection: close", "Upgrade: (missing)"]
    judged(visit, VALID.wire().decode(), "Read as a request head: valid.")
    assert "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in visit.text(".result")
    assert visit.texts(".lines .marked") == []


@pytest.mark.parametrize(
    ("text", "headline", "shown"),
    [
        (
            "curl -i http://a/ws -H 'Upgrade: websocket'",
            "Read as a curl command: to be rejected.",
            "connection_missing",
        ),
        (
            "new WebSocket failed: Unexpected server response: 404",
            "Read as an error message of Node's ws; there is no request in it.",
            "Next: ws-handshake probe URL",
        ),
        (
            '{"log": {"version": "1.2", "entries": []}}',
            "Read as a HAR file, without a handshake.",
            "",
        ),
    ],
)
def test_whatever_explain_reads_can_be_pasted(
    visit: Visit, text: str, headline: str, shown: str
) -> None:
    visit.find("textarea").fill(text)
    until(lambda: visit.text(".headline").startswith("Read as "))
    assert (visit.text(".headline"), shown in visit.text(".result")) == (headline, True)


def test_what_cannot_be_read_is_reported_and_an_empty_field_says_nothing(
    visit: Visit,
) -> None:
    visit.find("textarea").fill("hello")
    until(lambda: visit.text(".headline").startswith("No request was recognised."))
    assert visit.text(".result") == ""
    judged(visit, "", "")


def test_there_is_an_example(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Try an example").click()
    until(lambda: visit.text(".headline") == "Read as a request head: to be rejected.")


def test_markup_that_was_pasted_is_shown_as_text(visit: Visit) -> None:
    judged(
        visit,
        "GET /<img/src> HTTP/1.1\nUpgrade: websocket\n\n",
        "Read as a request head: to be rejected.",
    )
    assert visit.text(".lines").startswith("GET /<img/src> HTTP/1.1\n")
    assert visit.page.locator(".lines img").count() == 0


def test_a_late_verdict_on_what_was_there_before_is_not_shown(visit: Visit) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    visit.page.route("**/verdict", hold_the_first)
    visit.find("textarea").fill(STRIPPED.wire().decode())
    until(lambda: visit.page.evaluate("true") and len(held) == 1)
    judged(visit, VALID.wire().decode(), "Read as a request head: valid.")
    held[0].abort()
    visit.page.wait_for_timeout(300)
    assert visit.text(".headline") == "Read as a request head: valid."


def test_what_the_server_does_not_take_is_reported(visit: Visit) -> None:
    judged(visit, "x" * 1_048_577, "Paste at most 1 MiB.")
    visit.complaints.clear()
