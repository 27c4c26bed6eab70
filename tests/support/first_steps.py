"""What a page has a newcomer type, and what comes back when it is typed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.docs_examples import blocks
from tests.support.needed import program
from tests.support.waiting import wait_until
from tests.support.wires import ROOT, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.support.wires import Server

    Serving = Callable[[Sequence[str], Path], AbstractContextManager[Server]]

README = ROOT / "README.md"

#: The members of the body, and of the cause, that the README shows as JSON.
IN_PART = ("title", "status", "cause")
_OF_CAUSE = ("code", "detail", "fix")

_WIDTH = 88
_OURS = re.compile(r"(?m)^\d\d:\d\d:\d\d (WebSocket handshake rejected: .*)$")
_codes = re.compile(r"\[\s+(\"[\w\s\",]+\")\s+\]")
_two_lines = re.compile(r"(?m)^.*\bWebSocketHandshakeMiddleware\b.*\n")


@dataclass(frozen=True)
class Typed:
    """The first steps of a page, each command as a shell splits it."""

    install: list[str]
    program: str
    start: list[str]
    ask: list[str]

    @classmethod
    def on(cls, page: Path) -> Typed:
        """Read them from a page."""
        found = blocks(page.read_text(encoding="utf-8"))
        code = next(block.text for block in found if block.language == "python")
        commands = [
            shlex.split(block.text.removeprefix("$ ").replace("\\\n", ""))
            for block in found
            if block.text.startswith(("$ pip", "$ uvicorn", "$ curl"))
        ]
        by_name = {words[0]: words for words in reversed(commands)}
        return cls(by_name["pip"], code, by_name["uvicorn"], by_name.get("curl", []))

    def without_us(self) -> Typed:
        """Return the same without the two lines in the program."""
        return Typed(
            self.install, _two_lines.sub("", self.program), self.start, self.ask
        )


@dataclass(frozen=True)
class CameBack:
    """What curl printed, and what the server logged."""

    printed: bytes
    log: str

    @property
    def status(self) -> str:
        """The first line, without the version of HTTP."""
        first, _, _ = self.printed.partition(b"\r\n")
        return first.decode("ascii").partition(" ")[2]

    @property
    def problem(self) -> dict[str, Any]:
        """The body, parsed."""
        document: dict[str, Any] = json.loads(self.printed.partition(b"\r\n\r\n")[2])
        return document

    @property
    def shown(self) -> dict[str, str]:
        """What the README shows, by the titles of its blocks."""
        return {"response": self.in_part, "log line": self.log_line}

    @property
    def in_part(self) -> str:
        """The body as the README shows it."""
        shown = {name: self.problem[name] for name in IN_PART}
        shown["cause"] = {name: shown["cause"][name] for name in _OF_CAUSE}
        return in_lines(shown)

    @property
    def log_line(self) -> str:
        """Our one line, broken as on a page, with another time."""
        (line,) = _OURS.findall(self.log)
        return (
            textwrap.fill(
                f"12:00:00 {line}",
                _WIDTH,
                break_on_hyphens=False,
                break_long_words=False,
            )
            + "\n"
        )


def follow(typed: Typed, serving: Serving, folder: Path) -> CameBack:
    """Save the program, start it, and ask it; return what comes back."""
    program("curl")
    folder.mkdir(exist_ok=True)
    (folder / "main.py").write_text(typed.program, encoding="utf-8")
    with serving(typed.start, folder) as server:
        asked = [part.replace(":8000", f":{server.port}") for part in typed.ask]
        curl = subprocess.run(
            [*asked, "-sS"], capture_output=True, check=True, timeout=30
        )
        # uvicorn's own line of the request is the last
        wait_until(lambda: '"GET /ws HTTP/1.' in server.logged(), server.logged)
        log = server.logged()
    return CameBack(curl.stdout, log)


def serving_here(
    command: Sequence[str], folder: Path
) -> AbstractContextManager[Server]:
    """Start a server as a page says, with what is installed here."""
    started = [*command, "--app-dir", str(folder), "--port", "{port}"]
    return serving(started, folder / "log", NO_COLOR="1")


def in_lines(document: object) -> str:
    """Set JSON in lines, but a list of codes in one."""
    text = json.dumps(document, indent=2) + "\n"
    return _codes.sub(lambda m: f"[{' '.join(m[1].split())}]", text)
