"""Message, a line of a log or a program that is no request, and what it means."""

from __future__ import annotations

import re
from typing import NamedTuple

from ws_handshake.cli.pasted.request import read_url
from ws_handshake.core.redaction import host_only, path_only

_host = re.compile(rb"(.*?)((?::[0-9]{1,5})?)\Z")
_MOST, _LONGEST = 65_536, 4096
# What else may have got into a path that stood in a sentence.
_odd_path = re.compile(r"[=:@]")


class Message(NamedTuple):
    """What it is called, what it means, what to do, and the code of the page on that.

    `what` and `fix` may be empty where `status` says it all. `url` is the address in
    it, without user, query and fragment.
    """

    kind: str
    what: str = ""
    fix: str = ""
    code: str = ""
    status: int | None = None
    url: str = ""


class Row(NamedTuple):
    """A program, the pattern of its message, and what that means; see Message.

    A group in the pattern is the status of the response.
    """

    program: str
    pattern: str
    what: str = ""
    fix: str = ""
    code: str = ""


def lines_of(text: bytes) -> list[str]:
    """Return the lines that are looked at, of which each program writes short ones."""
    lines = text[:_MOST].decode("utf-8", "replace").split("\n")
    return [line[:_LONGEST] for line in lines if line.strip()]


def shown_url(url: str) -> str:
    """Return an address as it may be shown; nothing if it has no plain host."""
    address = read_url(url.strip())
    host = _host.match(address.host)
    name = host_only(host[1]) if host else None
    port = host[2].decode().removesuffix(":0") if host else ""  # Dart has it so
    path = path_only(address.target.decode("latin-1"))
    if not name or not address.scheme:
        return ""
    scheme = {"http": "ws", "https": "wss"}.get(address.scheme, address.scheme)
    return f"{scheme}://{name}{port}{'' if _odd_path.search(path) else path}"
