"""Where a message begins in bytes that httptools has read, which it does not report."""

from __future__ import annotations

from contextlib import suppress

import httptools

from ws_handshake.core.raw_request import LIMIT


class _Progress:
    """The messages that a parser begins in some bytes, as uvicorn has it read them."""

    def __init__(self, data: bytes) -> None:
        self.begun = self.read = 0
        self._url = b""
        parser = httptools.HttpRequestParser(self)
        with suppress(AttributeError):  # httptools before 0.6.3
            parser.set_dangerous_leniencies(lenient_data_after_close=True)
        with suppress(httptools.HttpParserError, httptools.HttpParserUpgrade):
            parser.feed_data(data)

    def on_message_begin(self) -> None:
        self.begun += 1
        self._url = b""

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_headers_complete(self) -> None:
        httptools.parse_url(self._url).path.decode("ascii")
        self.read += 1


def last_head(data: bytes) -> bytes | None:
    """Return the bytes of the last message that begins in `data`; None if it is cut.

    httptools reports that a message begins, but not where: so it parses shorter and
    shorter beginnings.
    """
    progress = _Progress(data)
    if len(data) == LIMIT and progress.read:
        return None  # what the parser rejected stands behind what was kept
    low, high = 1, len(data) if progress.begun > 1 else 1
    while low < high:
        middle = (low + high) // 2
        if _Progress(data[:middle]).begun < progress.begun:
            low = middle + 1
        else:
            high = middle
    return data[low - 1 :]
