"""Pictures of each subcommand on a terminal: RENEW=1 draws them anew."""

from __future__ import annotations

import re
import shutil
from contextlib import chdir
from typing import TYPE_CHECKING

import pytest

from tests.support import cli_app, proxies
from tests.support.docs_examples import DOCS, blocks, renewed
from tests.support.terminals import DARK, LIGHT, Following, Size, shown, svg, written
from tests.support.wires import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyte

SCREENS = DOCS / "screens"
SIZES = (Size(80, 24), Size(120, 40))
FIELD = DOCS.parent / "tests" / "cli" / "pasted" / "field"

#: What is typed, and how the picture is called.
COMMANDS = {
    "help": "--help",
    "explain": "explain server.log",
    "explain_line": "explain console.txt",
    "explain_page": "explain key_malformed",
    "explain_codes": "explain",
    "probe": "probe ws://127.0.0.1:{port}/ws",
    "probe_proxy": "probe ws://127.0.0.1:{proxy}/ws",
    "conformance": "conformance ws://127.0.0.1:{port}/ws",
    "watch": "watch -",
}
# What is another on every run; a port has five figures, too.
_time = re.compile(r"( *)\b\d+\.\d ms")
_port = re.compile(r"(127\.0\.0\.1:|port )\d{5}\b")


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Serve an application, alone and behind nginx as it is by default."""
    proxies.require("nginx")
    directory = tmp_path_factory.mktemp("screens")
    call = ("uvicorn", "--port", "{port}", "--log-level", "warning")
    app = f"{cli_app.__name__}:bare"
    with (
        serving((*call, app), directory / "log") as server,
        proxies.proxy("nginx", "default", server.port, directory / "nginx") as proxy,
    ):
        yield {"port": server.port, "proxy": proxy}


def screen_of(name: str, size: Size, ports: dict[str, int]) -> pyte.Screen:
    """Return the screen on which a command was typed, when it has ended."""
    typed = COMMANDS[name].format(**ports)
    stdin = Following(_log()) if name == "watch" else None
    pieces = written(*typed.split(), size=size, stdin=stdin)
    before = "journalctl -u app -o cat -f | " if name == "watch" else ""
    pieces = [f"$ {before}ws-handshake {typed}\n", *pieces]
    if name == "watch":
        return _while_watching(pieces, size)
    return shown(map(_steady, [*pieces, "$ "]), size)


def _while_watching(pieces: list[str], size: Size) -> pyte.Screen:
    """Return the last screen with rates, which are gone when the command has ended."""
    for end in range(len(pieces), 0, -1):
        screen = shown(pieces[:end], size)
        if any("in the last minute" in row for row in screen.display):
            return screen
    raise AssertionError("there were no tables")


def _steady(piece: str) -> str:
    piece = _port.sub(r"\g<1>18080", piece)
    return _time.sub(lambda m: f"{'0.4 ms':>{len(m[0])}}", piece)


def _log() -> bytes:
    page = (DOCS / "cli_watch.md").read_text("utf-8")
    return next(one.text for one in blocks(page) if one.title == "log").encode()


@pytest.mark.parametrize("size", SIZES, ids="{0.columns}x{0.rows}".format)
@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_terminal_shows_is_what_the_picture_shows(
    name: str, size: Size, ports: dict[str, int], tmp_path: Path
) -> None:
    shutil.copy(FIELD / "E03b_uvicorn_trace.txt", tmp_path / "server.log")
    shutil.copy(FIELD / "E13d_chrome_console.txt", tmp_path / "console.txt")
    with chdir(tmp_path):
        screen = screen_of(name, size, ports)
    for theme in (LIGHT, DARK):
        picture = SCREENS / f"{name}_{size.columns}x{size.rows}_{theme.name}.svg"
        drawn = svg(screen, theme)
        current = picture.read_text("utf-8")
        assert renewed(picture, current, drawn) == drawn, "RENEW=1 draws it anew"
