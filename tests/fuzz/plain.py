"""A campaign of plain requests: the same bytes and endings as from bare uvicorn."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.plain_traffic import WAYS, Exchange, Script, bare
from tests.support.protocols import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tests.fuzz.differential import Case
    from tests.fuzz.tally import Tally

_BODY = b"a form, sent as it is"
_LENGTH = b"Content-Length: %d\r\n" % len(_BODY)
_CHUNKED = b"Transfer-Encoding: chunked\r\n"
_IN_CHUNKS = b"6\r\na form\r\nf;x=y\r\n, sent as it is\r\n0\r\n\r\n"

# What is counted, and the bytes.
_REQUESTS = {
    "GET": b"GET /a?b HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
    "HEAD": b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "HTTP/1.0, kept alive": b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "close": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a body": b"POST / HTTP/1.1\r\nHost: a\r\n%b\r\n%b" % (_LENGTH, _BODY),
    "a body in chunks": b"PUT / HTTP/1.1\r\nHost: a\r\n%b\r\n%b"
    % (_CHUNKED, _IN_CHUNKS),
    "100-continue": b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n%b\r\n%b"
    % (_LENGTH, _BODY),
    "h2c": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    "a long head": b"GET / HTTP/1.1\r\nHost: a\r\nCookie: %b\r\n\r\n" % (b"a" * 3000),
    "no HTTP": b"no HTTP\r\n\r\n",
}
_WEIGHTS = [6, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1]
_HEADERS = (
    (),
    ((b"content-length", b"4"),),
    ((b"content-length", b"70004"),),
    ((b"connection", b"close"), (b"content-length", b"4")),
    ((b"transfer-encoding", b"chunked"),),
)
_CHUNKS = (b"", b"some", b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 70_000)
_ENDINGS = ("valid", "valid", "valid", "valid", "raises", "endless", "silent")


@contextmanager
def plain() -> Iterator[Case]:
    """Send random sequences to bare uvicorn, and to each way of having our class."""
    logging.disable(logging.CRITICAL)

    def case(random: Random, tally: Tally) -> None:
        exchange = _exchange(random, tally)
        for own in OWN.values():
            expected = asyncio.run(exchange.looks(bare, own))
            for name, way in WAYS.items():
                looks = asyncio.run(exchange.looks(way, own))
                what = f"{own.__name__}, {name}"
                if looks == expected:
                    tally.count(f"{what}: the same")
                else:
                    tally.complain(what, (exchange, expected, looks))

    try:
        yield case
    finally:
        logging.disable(logging.NOTSET)


def _exchange(random: Random, tally: Tally) -> Exchange:
    number = random.randint(1, 4)
    names = random.choices(list(_REQUESTS), _WEIGHTS, k=number)
    tally.count(*(f"request: {name}" for name in names))
    requests = [_REQUESTS[name] for name in names]
    segments = _segments(random, requests, tally)
    scripts = [_script(random, tally) for _ in range(number)]
    end = random.choice(["shutdown", "client", "none"])
    return Exchange(segments, scripts, end, random.randint(0, len(segments)))


def _segments(random: Random, requests: list[bytes], tally: Tally) -> list[bytes]:
    """Send them one by one, at once, or split anywhere."""
    how = random.choice(["one by one", "pipelined", "split"])
    tally.count(f"sent: {how}")
    if how == "one by one":
        return requests
    whole = b"".join(requests)
    if how == "pipelined":
        return [whole]
    cuts = sorted(random.sample(range(1, len(whole)), random.randint(1, 6)))
    return [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


def _script(random: Random, tally: Tally) -> Script:
    status = random.choice([200, 200, 200, 204, 304, 404])
    ending = random.choice(_ENDINGS)
    tally.count(f"response: {status}", f"response: {ending}")
    return Script(
        status,
        random.choice(_HEADERS),
        random.choice([0, 0, 1, 2]),
        tuple(random.choices(_CHUNKS, [1, 6, 1, 1], k=random.randint(0, 4))),
        tuple(random.choices(["none", "turn", "long"], [6, 3, 1], k=5)),
        ending,
    )
