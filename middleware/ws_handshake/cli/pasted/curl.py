"""Reads a curl command, copied from DevTools for bash or cmd, or typed by hand.

The request is the one that curl would send, with the fields that it adds.
"""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.argv import read_argv
from ws_handshake.cli.pasted.request import (
    Address,
    PastedRequest,
    encoded,
    flaw_of,
    read_url,
)
from ws_handshake.core.grammar import OWS
from ws_handshake.core.request import (
    CONNECTION,
    CONTENT_LENGTH,
    HOST,
    KEY,
    UPGRADE,
    VERSION,
    RequestHead,
)

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.request import Header

_COMMAND = re.compile(
    rb"(?m)^[ \t]*+"
    rb"(?:[^'\"\r\n]{0,80}?(?:[$%#>]|\xe2\x9d\xaf|\xe2\x9e\x9c[^\r\n]{1,40}) *+)?"
    rb"(?:sudo |time )?curl(?:\.exe)?\s"
)
_response = re.compile(rb"(?m)^(?:< )?HTTP/[0-9](?:\.[0-9])? ++([1-5][0-9]{2})\b")
_glob_escape = re.compile(r"\\([\[\]{}])")

#: What curl adds to ws:// and wss://, if it is not given.
_HANDSHAKE: tuple[Header, ...] = (
    (UPGRADE, b"websocket"),
    (CONNECTION, b"Upgrade"),
    (VERSION, b"13"),
    (KEY, b"AAAAAAAAAAAAAAAAAAAAAA=="),
)

ADDED = "For ws:// and wss:// curl adds the fields of a handshake that are not given."
AGREES_ON_HTTP2 = (
    "Over https:// curl uses HTTP/2 where the server offers it, unless it is given "
    "--http1.1; this is judged as HTTP/1.1."
)

#: The values of each option, by its letter, or its name where it has no letter.
Options = dict[str, list[str]]

_WITH_VALUE = frozenset("AbcCdDeEFHKmoPQrtTuUwxXyYz")
_LETTERS = {
    "cookie": "b",
    "data": "d",
    "data-ascii": "d",
    "data-binary": "d",
    "data-raw": "d",
    "data-urlencode": "d",
    "form": "F",
    "form-string": "F",
    "get": "G",
    "head": "I",
    "header": "H",
    "http1.0": "0",
    "json": "d",
    "referer": "e",
    "request": "X",
    "upload-file": "T",
    "user": "u",
    "user-agent": "A",
}
# Of the many options without a letter that take a value, those that people use.
_LONG_WITH_VALUE = frozenset(
    [
        *("cacert", "cert", "ciphers", "connect-timeout", "connect-to", "cookie-jar"),
        *("config", "dump-header", "interface", "key", "limit-rate", "max-redirs"),
        *("max-time", "noproxy", "oauth2-bearer", "output", "proxy", "proxy-header"),
        *("proxy-user", "range", "resolve", "retry", "stderr", "tls-max", "trace"),
        *("trace-ascii", "unix-socket", "url", "url-query", "write-out"),
    ]
)


def curl_commands(text: bytes) -> list[bytes]:
    """Return the curl commands in `text`, each with what follows it."""
    starts = [command.start() for command in _COMMAND.finditer(text)]
    return [text[i:j] for i, j in pairwise([*starts, len(text)])]


def read_curl(text: bytes) -> PastedRequest:
    """Return the request that the first curl command in `text` sends."""
    command = _COMMAND.split(text, maxsplit=1)[-1]
    options = read_options(read_argv(command.decode("latin-1")))
    # Chrome escapes what curl would read as a pattern
    url = _glob_escape.sub(r"\1", "".join(options["url"][:1]))
    address = read_url(url)
    given, removed = _given(options)
    replaced = removed | {name for name, _ in given}
    own = [f for f in _own(options, address) if f[0] not in replaced]
    opens = address.scheme in {"ws", "wss"}
    added = [f for f in _HANDSHAKE if opens and f[0] not in replaced]
    response = _response.search(command)
    request = RequestHead(
        _method(options),
        _version(options, address.scheme),
        [*own, *given, *added],
        address.target,
        address.scheme,
    )
    return PastedRequest(
        request,
        flaw_of(request),
        tuple(_notes(options, address.scheme, added)),
        int(response[1]) if response else None,
        made_up=frozenset(name for name, _ in added if name == KEY),
    )


def _notes(options: Options, scheme: str, added: list[Header]) -> list[str]:
    notes = [ADDED] if added else []
    versions = options.keys() & {"0", "http1.1", "http2", "http2-prior-knowledge"}
    return [*notes, AGREES_ON_HTTP2] if scheme == "https" and not versions else notes


def _given(options: Options) -> tuple[list[Header], set[bytes]]:
    """Return the fields that -H adds, and the names of those that it removes."""
    fields: list[Header] = []
    removed = set()
    for line in map(encoded, options["H"]):
        name, colon, value = line.partition(b":")
        if colon and value.strip(OWS):
            fields.append((name.lower(), value.strip(OWS)))
        elif colon:
            removed.add(name.lower())
        elif line.endswith(b";"):
            fields.append((line[:-1].lower(), b""))
    return fields, removed


def _own(options: Options, address: Address) -> list[Header]:
    """Return the fields that curl sends unless -H replaces them."""
    cookies, referer = options.get("b", [""])[0], options.get("e", [""])[0]
    fields: list[tuple[bytes, bytes | None]] = [
        (HOST, address.host),
        (b"authorization", _credentials(options, address)),
        (b"user-agent", encoded(options.get("A", ["curl"])[0])),
        (b"accept", b"*/*"),
        (b"accept-encoding", b"gzip" if "compressed" in options else None),
        (b"referer", encoded(referer)),
        # without "=" it names a file
        (b"cookie", encoded(cookies) if "=" in cookies else None),
        (CONTENT_LENGTH, b"1" if _sends_body(options) else None),
    ]
    return [(name, value) for name, value in fields if value]


def _credentials(options: Options, address: Address) -> bytes | None:
    if "oauth2-bearer" in options:
        return b"Bearer " + encoded(options["oauth2-bearer"][0])
    user = options.get("u", [address.user or ""])[0]
    return b"Basic " + base64.b64encode(encoded(user)) if user else None


def _sends_body(options: Options) -> bool:
    return bool(options.keys() & {"d", "F", "T"}) and "G" not in options


def _method(options: Options) -> str:
    if "X" in options:
        return options["X"][-1]
    if "I" in options:
        return "HEAD"
    if not _sends_body(options):
        return "GET"
    return "PUT" if "T" in options else "POST"


def _version(options: Options, scheme: str) -> str:
    """Return the version of HTTP that the options ask for.

    Without TLS, --http2 only asks for an upgrade; ws:// and wss:// are HTTP/1.1.
    """
    if scheme in {"ws", "wss"}:
        return "1.1"
    if "http2-prior-knowledge" in options or ("http2" in options and scheme == "https"):
        return "2"
    if options.keys() & {"http3", "http3-only"}:
        return "3"
    return "1.0" if "0" in options else "1.1"


def read_options(arguments: list[str]) -> Options:
    """Return the options; the value of those that take none is empty."""
    options: Options = {"H": [], "url": []}
    rest = iter(arguments)
    for argument in rest:
        for option, value in _split(argument):
            given = next(rest, "") if value is None else value
            options.setdefault(option, []).append(given)
    return options


def _split(argument: str) -> list[tuple[str, str | None]]:
    """Return options and values; None if the value is the next argument."""
    if argument.startswith("--"):
        name = argument.removeprefix("--")
        option = _LETTERS.get(name, name)
        follows = option in _WITH_VALUE or name in _LONG_WITH_VALUE
        return [(option, None if follows else "")]
    if argument.startswith("-") and argument != "-":
        return _letters(argument[1:])
    return [("url", argument)]


def _letters(cluster: str) -> list[tuple[str, str | None]]:
    """Split `sSXPOST` into s, S, and X with its value."""
    taken: list[tuple[str, str | None]] = []
    for number, letter in enumerate(cluster, 1):
        if letter in _WITH_VALUE:
            return [*taken, (letter, cluster[number:] or None)]
        taken.append((letter, ""))
    return taken
