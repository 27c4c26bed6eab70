"""Takes the URL of a pasted request apart; its fragment is never sent."""

from __future__ import annotations

import re
from typing import NamedTuple

_url = re.compile(r"(?is)(?:(https?|wss?)://)?(?:([^/?#]*)@)?([^/?#]*)([^#]*)")


class Address(NamedTuple):
    """What a client makes of a URL."""

    scheme: str
    user: str | None
    host: bytes
    target: bytes


def read_url(url: str) -> Address:
    """Return the address in `url`; each part of it may be empty but the target."""
    match = _url.match(url)
    scheme, user, host, target = match.groups() if match else (None, None, "", "")
    path = target if target.startswith("/") else f"/{target}"
    return Address((scheme or "").lower(), user, encoded(host), encoded(path))


def encoded(text: str) -> bytes:
    """Return text as bytes: one for each character, as it was decoded."""
    return text.encode("latin-1", "replace")
