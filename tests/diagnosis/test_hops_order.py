"""Marks at the edges: one field out of order, two lines of one field."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake.diagnosis.hops import came_over_http2, proxy_of

BARE = VALID.asked(headers=((b"host", b"example.com"),))
GO = "A Go proxy, such as Caddy or ngrok"
CADDYS = "x-forwarded-for x-forwarded-host x-forwarded-proto"


def named(names: str) -> str:
    headers = tuple((name.encode(), b"1") for name in names.split(" "))
    proxy = proxy_of(VALID.asked(headers=headers).head())
    return "" if proxy is None else proxy.name


@pytest.mark.parametrize(
    ("names", "proxy"),
    [
        (f"host accept {CADDYS}", GO),
        (f"host user-agent accept {CADDYS}", GO),
        (f"host accept {CADDYS} accept-encoding", GO),
        (f"host zz accept {CADDYS}", ""),
        (f"host user-agent zz accept {CADDYS}", ""),
        (f"host accept {CADDYS} aa", ""),
        (f"host accept {CADDYS} aa accept-encoding", ""),
        (f"accept host {CADDYS}", ""),
        (f"host {CADDYS} zz", ""),
    ],
)
def test_go_writes_all_fields_in_order_and_one_out_of_it_is_not_gos(
    names: str, proxy: str
) -> None:
    assert named(names) == proxy


def test_the_hops_of_every_line_of_via_are_looked_at() -> None:
    request = BARE.plus(b"via", b"1.1 a")

    assert not came_over_http2(request.plus(b"via", b"1.1 b").head())
    assert came_over_http2(request.plus(b"via", b"2.0 b").head())
