"""The corpus of opening handshakes, from the text of the RFCs and from what peers do.

Every case has the outcome that it must have under any server, and the clause that asks
for it. Where HTTP parsers may differ before any rule sees a handshake, PARSERS_DIFFER
has the outcome for each parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import (
    corpus_body,
    corpus_bytes,
    corpus_key_version,
    corpus_lists,
    corpus_request_line,
    corpus_upgrade,
    corpus_whole,
)
from tests.support.corpus_case import Differing
from tests.support.handshakes import VALID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.corpus_case import Expected

CORPUS = (
    *corpus_request_line.CASES,
    *corpus_upgrade.CASES,
    *corpus_key_version.CASES,
    *corpus_lists.CASES,
    *corpus_body.CASES,
    *corpus_bytes.CASES,
    *corpus_whole.CASES,
)

_WIRE = VALID.wire()
_START, _, _FIELDS = _WIRE.partition(b"\r\n")
_NO_CONTENT = VALID.plus(b"content-length", b"0")
_MALFORMED = ("head_malformed",)


def _differing(
    rfc: str, h11: Expected, httptools: Expected, requests: Mapping[str, bytes]
) -> tuple[Differing, ...]:
    return tuple(
        Differing(name, data, h11, httptools, rfc) for name, data in requests.items()
    )


PARSERS_DIFFER = (
    *_differing(
        "RFC 9112 section 5.2: a server MUST reject a folded line, or unfold it",
        "accepted",
        _MALFORMED,
        {
            "a folded line": VALID.plus(b"x-note", b"a\r\n b").wire(),
            "a folded Upgrade": VALID.but(b"upgrade", b"h2c,\r\n\twebsocket").wire(),
            "a folded subprotocol": VALID.plus(
                b"sec-websocket-protocol", b"chat,\r\n superchat"
            ).wire(),
            "a folded key": _WIRE.replace(b"key: ", b"key:\r\n "),
        },
    ),
    *_differing(
        "RFC 9112 section 2.2: a recipient MAY recognize a single LF as a line end",
        "accepted",
        _MALFORMED,
        {
            "every line ends in LF": _WIRE.replace(b"\r\n", b"\n"),
            "the first lines end in LF": _WIRE.replace(b"\r\n", b"\n", 2),
            "the head ends in LF": _WIRE[:-2] + b"\n",
        },
    ),
    *_differing(
        "RFC 9110 section 2.5: a higher minor version is read as the highest known",
        "accepted",
        _MALFORMED,
        {
            "HTTP/1.2": VALID.asked(version="1.2").wire(),
            "HTTP/1.9": VALID.asked(version="1.9").wire(),
        },
    ),
    *_differing(
        "RFC 9110 section 8.6: a recipient MUST reject equal lengths, or take one",
        "accepted",
        _MALFORMED,
        {"no content, in two lines": _NO_CONTENT.plus(b"content-length", b"0").wire()},
    ),
    *_differing(
        "RFC 9110 section 8.6: a recipient MUST reject equal lengths, or take one",
        "accepted",
        ("body_unexpected",),
        {"no content, twice": VALID.plus(b"content-length", b"0, 0").wire()},
    ),
    *_differing(
        "RFC 9112 section 2.2: a server SHOULD ignore an empty line before a request",
        _MALFORMED,
        "accepted",
        {
            "an empty line before": b"\r\n" + _WIRE,
            "two empty lines before": b"\r\n\r\n" + _WIRE,
        },
    ),
    *_differing(
        "RFC 9112 section 3: recipients MAY parse on white space, or reject it",
        _MALFORMED,
        "accepted",
        {
            "two spaces after the method": _WIRE.replace(b"GET ", b"GET  "),
            "two spaces before the version": _WIRE.replace(b" HTTP", b"  HTTP"),
        },
    ),
    *_differing(
        "RFC 9112 section 2.3: a request line without a version was HTTP/0.9",
        _MALFORMED,
        ("http_version_too_old",),
        {"no version": b"GET /ws\r\n" + _FIELDS},
    ),
)


def main_code(codes: tuple[str, ...]) -> str:
    """Return the code to act on: over HTTP/1.0 a lost Upgrade, else the first."""
    lost = [code for code in codes if code.startswith(("upgrade", "connection"))]
    return lost[0] if codes[0] == "http_version_too_old" and lost else codes[0]
