"""The page that compares says what was measured, and what the libraries have."""

from __future__ import annotations

import asyncio
import inspect
import os
from importlib import import_module
from textwrap import fill
from typing import TYPE_CHECKING, Any

from websockets.asyncio.server import serve

from tests.support.asgi import Spy
from tests.support.docs_examples import DOCS, table
from tests.support.other_frameworks import django_settings
from tests.support.other_page import is_up_to_date
from tests.support.wires import ROOT
from ws_handshake.cli.conformance.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Mapping

# Neither has types.
SOCKETIO: Any = import_module("socketio")
ORIGIN_VALIDATOR: Any = import_module("channels.security.websocket").OriginValidator

PAGE = DOCS / "comparison.md"
MEASURED = DOCS / "cli_conformance.md"
#: The kinds of failures, in the order of that table.
KINDS = ("no_response", "error", "accepted", "rejected", "wrong", "opaque")


def measured() -> Mapping[str, list[str]]:
    rows = table(MEASURED, "All servers")
    return {name: cells for names, *cells in rows for name in names.split("; ")}


def drawn() -> str:
    """Return how many handshakes uvicorn and the others get right, alone."""
    right = {name: int(row[0]) for name, row in measured().items()}
    alone = {name: n for name, n in right.items() if not _ours(name)}
    bare = [n for name, n in alone.items() if name.startswith("uvicorn")]
    others = [n for name, n in alone.items() if not name.startswith("uvicorn")]
    said = (
        f"Of {max(right.values())} handshakes uvicorn alone gets {min(bare)} to "
        f"{max(bare)} right, and other servers get {min(others)} to {max(others)}. "
        "With our protocol class uvicorn gets all right."
    )
    return f"\n{fill(said, 88)}\n\n"


def drawn_for_the_readme() -> str:
    """Return how many handshakes each server got right, alone and with us."""
    right = {server: row[0] for server, row in measured().items()}
    ours = {name.partition(", with ")[0]: n for name, n in right.items() if _ours(name)}
    rows = [["server", "alone", "with ws-handshake"], ["---"] * 3]
    rows += [
        [server, count, f"**{ours[server]}**"]
        for server, count in right.items()
        if server in ours
    ]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"\n{lines}\n\n"


def _ours(server: str) -> bool:
    return ", with " in server


def test_the_readme_has_the_same_numbers() -> None:
    renew = "RENEW" in os.environ
    assert is_up_to_date(ROOT / "README.md", drawn_for_the_readme(), renew=renew)


def test_the_sentence_is_drawn_from_the_table_that_is_measured() -> None:
    assert is_up_to_date(PAGE, drawn(), renew="RENEW" in os.environ), (
        "docs/comparison.md is out of date; "
        "RENEW=1 .venv/bin/pytest tests/docs/test_comparison.py writes it anew."
    )


def test_every_server_with_our_protocol_class_does_as_it_should() -> None:
    ours = {
        name: row for name, row in measured().items() if "our protocol class" in name
    }
    assert len(ours) == 4
    for right, *failures in ours.values():
        assert right == str(len(CASES))
        assert set(failures) == {"0"}


def test_the_praise_of_the_server_of_websockets_and_of_granian_was_measured() -> None:
    names = ("right", *KINDS)
    rows = {
        server: dict(zip(names, row, strict=True)) for server, row in measured().items()
    }
    others = [
        int(row["opaque"]) for n, row in rows.items() if "our protocol class" not in n
    ]
    assert int(rows["websockets"]["opaque"]) == min(others)
    assert rows["granian"]["rejected"] == "0"
    assert int(rows["granian"]["accepted"]) == max(
        int(row["accepted"]) for row in rows.values()
    )


def test_the_options_on_the_page_are_there() -> None:
    found = {row[2].strip("`") for row in table(PAGE, "Libraries")}
    assert found == {
        "",
        f"{ORIGIN_VALIDATOR.__module__}.{ORIGIN_VALIDATOR.__name__}",
        "socketio.AsyncServer(cors_allowed_origins=...)",
        "websockets.serve(origins=...)",
    }
    assert "origins" in inspect.signature(serve).parameters
    server = SOCKETIO.AsyncServer(
        async_mode="asgi", cors_allowed_origins=["https://chat.example.com"]
    )
    assert server.eio.cors_allowed_origins == ["https://chat.example.com"]


def test_the_validator_of_channels_closes_and_says_no_more() -> None:
    django_settings()
    guarded = ORIGIN_VALIDATOR(Spy(), ["https://chat.example.com"])
    connect: dict[str, object] = {"type": "websocket.connect"}
    events = iter([connect, {"type": "websocket.disconnect", "code": 1006}])
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return next(events)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    headers = [(b"origin", b"https://evil.example")]
    scope = {"type": "websocket", "path": "/ws", "headers": headers}
    asyncio.run(guarded(scope, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert not sent[0].get("reason")
