"""A real browser behind a real nginx: what its page sees, and what our log says."""

from __future__ import annotations

import importlib.util
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import behind_chromium, proxies
from tests.support.behind_chromium import browsing, say_hello
from tests.support.behind_stage import staged
from tests.support.proxies import proxy
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.behind_stage import Stage


@pytest.fixture(scope="module", name="stage")
def _stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture(scope="module", name="page")
def _page() -> Iterator[Page]:
    with browsing(behind_chromium.require()) as page:
        yield page


def test_behind_nginx_by_default_the_page_fails_and_the_log_names_nginx(
    page: Page, stage: Stage, tmp_path: Path
) -> None:
    proxies.require("nginx")
    with proxy("nginx", "default", stage.port, tmp_path) as port:
        assert say_hello(page, port, "/ws/chat") == {"code": 1006}

    event, (cause,) = stage.logged("/ws/chat")
    assert event["websocket.handshake.violations"] == [
        *("http_version_too_old", "upgrade_missing", "connection_not_upgrade")
    ]
    assert event["websocket.handshake.cause"] == "proxy_stripped_upgrade"
    assert event["websocket.handshake.certainty"] == "very_likely"
    assert event["websocket.handshake.fix"] == PROXIES["nginx"].fix
    assert "Chrome/" in event["user_agent.original"]
    assert cause.detail == (
        "nginx removed the Upgrade and Connection headers. Sec-WebSocket-Key arrived "
        "without them, and over HTTP/1.0."
    )


@pytest.mark.parametrize("configured", ["right", "keepalive_right"])
def test_with_the_fix_the_page_gets_its_echo(
    configured: str, page: Page, stage: Stage, tmp_path: Path
) -> None:
    proxies.require("nginx")
    target = f"/ws/{configured}"
    with proxy("nginx", configured, stage.port, tmp_path) as port:
        assert say_hello(page, port, target) == {"echo": "hello"}

    assert target not in stage.rejections()


def test_with_the_hosts_own_name_the_page_is_of_the_same_origin(
    page: Page, stage: Stage, tmp_path: Path
) -> None:
    proxies.require("nginx")
    with proxy("nginx", "right", stage.port, tmp_path / "right") as port:
        assert say_hello(page, port, "/ws/same-origin/a") == {"code": 1006}
    with proxy("nginx", "host", stage.port, tmp_path / "host") as port:
        assert say_hello(page, port, "/ws/same-origin/b") == {"echo": "hello"}

    event, causes = stage.logged("/ws/same-origin/a")
    assert event["websocket.handshake.violations"] == ["origin_not_allowed"]
    assert [cause.code for cause in causes] == ["development_proxy"]


def test_without_a_browser_the_tests_are_skipped_but_fail_on_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.skip.Exception, match=r"^chromium .*: apt-get install"):
        behind_chromium.require()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(pytest.skip.Exception, match=r"^playwright .*: pip install"):
        behind_chromium.require()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"^playwright .*: pip install"):
        behind_chromium.require()


@pytest.mark.parametrize(
    ("has_it", "wanted"), [(True, "chromium-headless-shell"), (False, "chromium")]
)
def test_the_pages_are_tested_in_a_chromium_without_windows_if_there_is_one(
    monkeypatch: pytest.MonkeyPatch, *, has_it: bool, wanted: str
) -> None:
    there = {"chromium", "chromium-headless-shell"} if has_it else {"chromium"}
    monkeypatch.setattr(shutil, "which", lambda name: name if name in there else None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    assert behind_chromium.lightest() == wanted
