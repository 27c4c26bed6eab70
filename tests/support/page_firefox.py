"""A real Firefox, driven by WebDriver BiDi: JSON over a WebSocket of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from websockets.sync.client import connect

from tests.support.demos import until
from tests.support.needed import is_missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

NAMES = ("firefox", "firefox-esr")

_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://127\.0\.0\.1:\d+)")

# Firefox is to request nothing but the page.
_PREFERENCES = """\
user_pref("app.normandy.enabled", false);
user_pref("browser.safebrowsing.downloads.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.enabled", false);
"""

_AS_JSON = "Promise.resolve(%s).then(it => JSON.stringify(it ?? null))"

# WebDriver's name for the key.
_CONTROL = "\ue009"

# Where an element is once it has been scrolled to and moves no more, and whether a
# press reaches it.
_MIDDLE = """(async () => {
  const element = document.querySelector(%s);
  const frame = () => new Promise(requestAnimationFrame);
  let place = {};
  for (let still = 0; still < 3; still += 1) {
    element.scrollIntoView({block: "center", behavior: "instant"});
    await frame();
    const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (x !== place.x || y !== place.y) still = 0;
    place = {x, y, hit: element.contains(document.elementFromPoint(x, y))};
  }
  return place;
})()"""

SECONDS = 60.0


def require() -> str:
    """Return where Firefox is; skip the test if it is missing, and in CI, fail."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        is_missing("firefox is not installed: apt-get install firefox-esr")
    return path


class Tab:
    """One tab of Firefox, and what its pages complained of."""

    def __init__(self, websocket: ClientConnection) -> None:
        self._websocket = websocket
        self._numbers = count(1)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self._command("session.new", capabilities={})
        (tree,) = self._command("browsingContext.getTree")["contexts"]
        self._context = tree["context"]
        events = ["log.entryAdded", "network.beforeRequestSent"]
        self._command("session.subscribe", events=events)

    def open(self, address: str) -> None:
        """Open a page, and wait until it is loaded."""
        self._command(
            "browsingContext.navigate",
            context=self._context,
            url=address,
            wait="complete",
        )

    def evaluate(self, expression: str) -> Any:
        """Return what an expression of JavaScript is in the page; it must be JSON."""
        reply = self._command(
            "script.evaluate",
            expression=_AS_JSON % expression,
            target={"context": self._context},
            awaitPromise=True,
        )
        assert reply["type"] == "success", reply
        return json.loads(reply["result"]["value"])

    def resize(self, width: int, height: int) -> None:
        """Give the tab another size."""
        self._command(
            "browsingContext.setViewport",
            context=self._context,
            viewport={"width": width, "height": height},
        )

    def press(self, selector: str) -> None:
        """Press the middle of an element with the mouse, as a person would."""
        place = self.evaluate(_MIDDLE % repr(selector))
        assert place["hit"], f"{selector} is not to be seen, or behind another element"
        moved = {"type": "pointerMove", "x": round(place["x"]), "y": round(place["y"])}
        held = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        mouse = {"pointerType": "mouse"}
        self._act(type="pointer", parameters=mouse, actions=[moved, *held])

    def keys(self, *texts: str) -> None:
        """Press keys; those of one text after each other, but Control is held."""
        for text in texts:
            strokes = [text] if text.startswith(_CONTROL) else list(text)
            actions = [
                {"type": kind, "value": key}
                for stroke in strokes
                for kind in ("keyDown", "keyUp")
                for key in stroke
            ]
            self._act(type="key", actions=actions)

    def _act(self, **source: Any) -> None:
        self._command(
            "input.performActions",
            context=self._context,
            actions=[{"id": source["type"], **source}],
        )

    def until(self, expression: str) -> None:
        """Wait until an expression of JavaScript is true in the page."""
        until(lambda: bool(self.evaluate(f"Boolean({expression})")))

    def _command(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        self._websocket.send(json.dumps(command))
        reply = self._received()
        while reply.get("id") != number:
            self._note(reply)
            reply = self._received()
        assert reply["type"] == "success", reply
        return reply["result"]

    def _received(self) -> Any:
        return json.loads(self._websocket.recv(SECONDS))

    def _note(self, event: dict[str, Any]) -> None:
        if event["method"] == "log.entryAdded":
            self.complaints.append(event["params"]["text"])
        else:
            self.asked.append(event["params"]["request"]["url"])


@contextmanager
def tab(path: str, directory: Path) -> Iterator[Tab]:
    """Run Firefox with a fresh profile until the block ends, and yield its tab."""
    profile = directory / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(_PREFERENCES, encoding="utf-8")
    log = directory / "firefox.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(path, "--headless", "--no-remote", "--profile", str(profile)),
                *("--remote-debugging-port", "0", "about:blank"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "HOME": str(directory),
                "MOZ_CRASHREPORTER_DISABLE": "1",
            },
        )
    try:
        address = _address(process, log)
        with connect(f"{address}/session", proxy=None, max_size=None) as websocket:
            yield Tab(websocket)
    finally:
        process.terminate()
        process.wait(30)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if found := _LISTENING.search(log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"Firefox did not come up: {log.read_text()[-2000:]}")
