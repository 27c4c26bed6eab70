"""What uvicorn makes of the corpus without us: `python -m tests.support.bare`.

Counts, for uvicorn alone and with us, what is wrongly accepted or rejected, what gets
no response, and which rejections give no reason.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.corpus import CORPUS
from tests.support.corpus_run import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.support.corpus_case import Case
    from tests.support.wires import Response

_BARE = ["tests.support.apps:bare"]
_OURS = ["--factory", "tests.support.apps:corpus"]
_PROTOCOL = "ws_handshake.uvicorn:{}"

SERVERS = {
    "bare, h11, wsproto": [*_BARE, "--http", "h11", "--ws", "wsproto"],
    "bare, httptools, wsproto": [*_BARE, "--http", "httptools", "--ws", "wsproto"],
    "bare, h11, sansio": [*_BARE, "--http", "h11", "--ws", "websockets-sansio"],
    "bare, httptools, sansio": [
        *(*_BARE, "--http", "httptools", "--ws", "websockets-sansio")
    ],
    **{
        f"ours, {parser}, {library.removeprefix('websockets-')}": [
            *(*_OURS, "--http", _PROTOCOL.format(protocol), "--ws", library)
        ]
        for parser, protocol in (
            ("h11", "H11Protocol"),
            ("httptools", "HttpToolsProtocol"),
        )
        for library in ("wsproto", "websockets-sansio")
    },
}

_ERRORS = (
    *("wrongly accepted", "wrongly rejected"),
    *("no response", "rejected without a reason"),
)

# The bodies of rejections that give no reason.
_NO_REASON = (b"", b"Invalid HTTP request received.", b"Internal Server Error")


def main(corpus: Sequence[Case], servers: Mapping[str, list[str]]) -> None:
    """Print one line per server."""
    cases = [case for case in corpus if not _is_of_a_policy(case)]
    _print(
        f"{len(cases)} cases\n{'':26}" + "".join(f"{error:>26}" for error in _ERRORS)
    )
    for name, options in servers.items():
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            done = run(name, options, cases, log, 2.0)
        found = Counter(_error(case, response) for case, response in done.responses)
        _print(f"{name:26}" + "".join(f"{found[error]:>26}" for error in _ERRORS))


def _is_of_a_policy(case: Case) -> bool:
    """Return whether it depends on origins or paths, of which uvicorn knows nothing."""
    policies = {"origin_missing", "origin_not_allowed", "not_a_handshake"}
    return isinstance(case.expected, tuple) and not policies.isdisjoint(case.expected)


def _error(case: Case, response: Response) -> str | None:
    if response.status is None:
        return "no response"
    if case.expected == "app":
        return None if response.status == 418 else "wrongly rejected"
    if case.expected == "accepted":
        return None if response.status == 101 else "wrongly rejected"
    if response.status == 101:
        return "wrongly accepted"
    return None if _gives_a_reason(response) else "rejected without a reason"


def _gives_a_reason(response: Response) -> bool:
    """Return whether the response gives a reason; 418 is the application's."""
    chunked = any(name == b"transfer-encoding" for name, _ in response.headers)
    body = response.body.partition(b"\r\n")[2] if chunked else response.body
    text = body.partition(b"\r\n")[0] if chunked else body
    return bool(response.codes) or (response.status != 418 and text not in _NO_REASON)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(CORPUS, SERVERS)
