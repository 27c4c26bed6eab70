"""The screenshots of the demo's page in the documentation: RENEW=1 takes them again."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.support import proxies
from tests.support.demos import demo
from tests.support.docs_examples import DOCS
from tests.support.page_visits import LAPTOP, PHONE, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

SCREENSHOTS = DOCS / "screenshots"
RENEW = os.environ.get("RENEW") == "1"
LARGEST = 300_000

# The port that a person finds in the pictures.
PORT = 8000 if RENEW else None


class Picture(NamedTuple):
    """What a screenshot shows."""

    name: str
    trial: str
    settings: dict[str, Any]

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height in pixels."""
        scale = self.settings.get("device_scale_factor", 1)
        viewport = self.settings["viewport"]
        return viewport["width"] * scale, viewport["height"] * scale


PICTURES = (
    Picture(
        "light",
        "proxy_stripped_upgrade",
        {"viewport": LAPTOP, "color_scheme": "light"},
    ),
    Picture("dark", "key_malformed", {"viewport": LAPTOP, "color_scheme": "dark"}),
    Picture(
        "phone",
        "proxy_stripped_upgrade",
        {"viewport": PHONE, "color_scheme": "light", "device_scale_factor": 2},
    ),
)


@pytest.fixture(scope="module", name="server")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo(tmp_path_factory.mktemp("demo") / "log", port=PORT) as server:
        yield server


def _take(visit: Visit, picture: Picture, directory: Path) -> Path:
    proxies.require("nginx")
    visit.open(f"/#{picture.trial}")
    path = directory / f"{picture.name}.png"
    visit.page.screenshot(path=path)
    return path


def _size(path: Path) -> tuple[int, int]:
    """Read width and height from where a PNG has them."""
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_can_be_taken_again_and_is_small_enough(
    chromium: Browser, server: Server, picture: Picture, tmp_path: Path
) -> None:
    directory = SCREENSHOTS if RENEW else tmp_path
    with visiting(chromium, server.port, **picture.settings) as visit:
        path = _take(visit, picture, directory)
    assert _size(path) == picture.size
    assert path.stat().st_size < LARGEST


def test_the_pictures_of_the_documentation_are_these_and_each_is_described() -> None:
    page = (DOCS / "demo.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(screenshots/(\w+)\.png\)", page)
    assert [name for _, name in shown] == [picture.name for picture in PICTURES]
    assert all(len(description.split()) > 5 for description, _ in shown)
    kept = {path.name for path in SCREENSHOTS.iterdir()} - {"inspector.png"}
    assert kept == {f"{picture.name}.png" for picture in PICTURES}
    for picture in PICTURES:
        path = SCREENSHOTS / f"{picture.name}.png"
        assert _size(path) == picture.size
        assert path.stat().st_size < LARGEST
