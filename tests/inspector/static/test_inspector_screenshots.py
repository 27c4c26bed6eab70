"""The picture of the inspector in the documentation: RENEW=1 takes it again."""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING

from tests.support.demos import until
from tests.support.docs_examples import DOCS
from tests.support.handshakes import VALID
from tests.support.inspector_visits import NO_KEY, STRIPPED, inspected, inspecting
from tests.support.page_visits import browser
from tests.support.wires import ask

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = DOCS / "screenshots" / "inspector.png"
RENEW = os.environ.get("RENEW") == "1"
LARGEST = 300_000
SIZE = {"width": 1280, "height": 800}

# How often there is traffic before the camera is used, and the port in the picture.
TURNS, PORT = (20, 8000) if RENEW else (1, 0)

TRAFFIC = (
    *(VALID, NO_KEY, VALID.asked(target=b"/chat/7")),
    *(VALID.but(b"sec-websocket-version", b"8"), VALID, STRIPPED, STRIPPED),
)


def _take(directory: Path) -> Path:
    path = directory / PICTURE.name
    with (
        browser() as chromium,
        inspected(port=PORT) as port,
        inspecting(chromium, port, viewport=SIZE) as visit,
    ):
        for turn in range(TURNS):
            for handshake in TRAFFIC[: 7 - turn % 3]:
                ask(port, handshake.wire())
            time.sleep(1)
        ask(port, STRIPPED.wire())
        until(lambda: visit.page.locator(".details .config").count() == 2)
        visit.page.wait_for_timeout(1500)  # until the newest second is drawn
        visit.page.screenshot(path=path)
    return path


def _size(path: Path) -> tuple[int, int]:
    """Read width and height from where a PNG has them."""
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


def test_the_picture_can_be_taken_again(tmp_path: Path) -> None:
    path = _take(PICTURE.parent if RENEW else tmp_path)
    for picture in (path, PICTURE):
        assert _size(picture) == (SIZE["width"], SIZE["height"])
        assert picture.stat().st_size < LARGEST


def test_the_picture_is_described_on_the_page() -> None:
    page = (DOCS / "inspector.md").read_text(encoding="utf-8")
    ((description, name),) = re.findall(r"!\[([^\]]+)\]\(screenshots/(\S+)\)", page)
    assert name == PICTURE.name
    assert len(description.split()) > 5
