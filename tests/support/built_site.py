"""The documentation as a site: built, served, and searched by a browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.support.needed import packages
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

CONFIGURATION = ROOT / "zensical.toml"

# The results stand in a shadow tree; the first is the best.
_RESULTS = """() => {
  const found = [];
  const walk = (tree) => {
    for (const element of tree.querySelectorAll("*")) {
      if (element.tagName === "A" && tree !== document) found.push(element.href);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  return found;
}"""
_ARE_GONE = f"({_RESULTS})().length === 0"
_ARE_THERE = f"({_RESULTS})().length > 0"


def build(folder: Path) -> Path:
    """Build the site as `make docs` does, and return where it is."""
    packages("zensical")
    for name in ("docs", "middleware"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(CONFIGURATION, folder)
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    built = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


class _Quiet(SimpleHTTPRequestHandler):
    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Write nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve the site until the block ends, and yield its address."""
    handler = partial(_Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def search(page: Page, words: str) -> list[str]:
    """Type words into the search, and return the pages it finds, the best first."""
    box = page.get_by_role("combobox", name="Search")
    if not box.is_visible():
        page.keyboard.press("/")
    # those of the words before stand there until the new ones are found
    box.fill("")
    page.wait_for_function(_ARE_GONE)
    box.fill(words)
    page.wait_for_function(_ARE_THERE)
    return [urlsplit(url).path.strip("/") for url in page.evaluate(_RESULTS)]
