"""A plain request gets the same bytes from a protocol class as from uvicorn's own."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.effort import examples
from tests.support.plain_traffic import WAYS, Exchange, Script, bare
from tests.support.protocols import OWN

if TYPE_CHECKING:
    from tests.support.plain_traffic import Way


_LAST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
_SENT = b"Host: a\r\nContent-Length: 4\r\n\r\nform"
_REQUESTS = st.sampled_from(
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        _LAST,
        b"GET / HTTP/1.0\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + _SENT,
        b"POST / HTTP/1.1\r\nExpect: 100-continue\r\n" + _SENT,
        b"no HTTP\r\n\r\n",
    ]
)
_PIPELINES = st.lists(_REQUESTS, min_size=1, max_size=3)
_CHUNKS = st.sampled_from(
    [
        *(b"", b"some", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 ", b"x" * 70_000),
        *(bytearray(b"some"), memoryview(b"some"), "text", None),
    ]
)
_PAUSES = st.sampled_from(["none", "turn", "long"])


def _scripts() -> st.SearchStrategy[Script]:
    return st.builds(
        Script,
        status=st.sampled_from([200, 200, 204, 304, 404]),
        headers=st.sampled_from(
            [
                (),
                ((b"content-length", b"4"),),
                ((b"content-length", b"70004"),),
                ((b"connection", b"close"), (b"content-length", b"4")),
            ]
        ),
        reads=st.integers(0, 1),
        chunks=st.lists(_CHUNKS, max_size=3).map(tuple),
        pauses=st.lists(_PAUSES, max_size=4).map(tuple),
        ending=st.sampled_from(["valid", "valid", "raises", "endless", "silent"]),
    )


@pytest.mark.parametrize("own", OWN.values())
@pytest.mark.parametrize("way", WAYS.values())
@settings(max_examples=examples(500), deadline=None)
@given(
    script=_scripts(),
    segments=_PIPELINES | _PIPELINES.map(lambda all_: [b"".join(all_)]),
    end=st.sampled_from(["shutdown", "client", "none"]),
)
@example(  # h11 does not take the second request while the first gets a response
    script=Script(200, (), reads=0, chunks=(), pauses=("long",), ending="valid"),
    segments=[_LAST, _LAST],
    end="none",
)
def test_a_protocol_class_writes_what_uvicorn_writes(
    way: Way,
    own: type[asyncio.Protocol],
    script: Script,
    segments: list[bytes],
    end: str,
) -> None:
    exchange = Exchange(segments, [script], end)
    logging.disable(logging.CRITICAL)
    try:
        looks = asyncio.run(exchange.looks(way, own))
        assert looks == asyncio.run(exchange.looks(bare, own))
    finally:
        logging.disable(logging.NOTSET)
