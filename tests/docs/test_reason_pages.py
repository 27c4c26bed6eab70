"""The pages of the reasons: as many as the catalogue has rows, and what they say."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cause_examples import causes_of
from tests.support.docs_examples import (
    DOCS,
    PROTOCOL,
    application,
    blocks,
    outcome,
    renewed,
    request_bytes,
    sections,
)
from ws_handshake import WebSocketHandshakeMiddleware, judge
from ws_handshake.core.raw_request import read_head
from ws_handshake.core.reasons import APP_DID_NOT_RESPOND, CATALOGUE

if TYPE_CHECKING:
    from tests.support.docs_examples import Outcome
    from ws_handshake import Reason


REASONS = DOCS / "reasons"
INDEX = REASONS / "index.md"
SECTIONS = ["", "What it means", "Example", "The fix", "Reference"]
# A line of an example that is in the rejected request alone, or in the accepted one.
REJECTED, ACCEPTED = "-", "+"

# What judge() cannot see in the bytes of a request alone.
NOT_IN_THE_BYTES = {
    "origin_missing": "the operator's policy",
    "origin_not_allowed": "the operator's policy",
    "head_malformed": "what a parser rejects",
    "http1_handshake_over_http2": "the version that the connection has",
    "not_a_handshake": "the operator's paths",
    "server_did_not_upgrade": "the server's abilities",
    "denied_by_app": "the application's will",
    "app_did_not_respond": "what the application does",
    "internal_error": "a failure of the check",
}

# The server responds by itself, so that the code is in the log alone.
RESPONDED_BY_THE_SERVER = APP_DID_NOT_RESPOND.code

each_reason = pytest.mark.parametrize("reason", CATALOGUE, ids=lambda row: row.code)


def _parts(reason: Reason) -> dict[str, str]:
    return sections((REASONS / f"{reason.code}.md").read_text(encoding="utf-8"))


def _example(reason: Reason, *, without: str) -> list[str]:
    """Return the blocks of the example of a page, without the lines of one side."""
    return [
        "".join(
            line[1:] or "\n"
            for line in block.text.splitlines(keepends=True)
            if not line.startswith(without)
        )
        if block.language == "diff"
        else block.text
        for block in blocks(_parts(reason)["Example"])
    ]


def _request(example: list[str]) -> str:
    """Return the request among the blocks, over HTTP/1.1 or HTTP/2."""
    (only,) = [text for text in example if re.match(r":|[A-Z]+ /", text)]
    return only


def _asked(reason: Reason, *, without: str) -> Outcome:
    """Run the Python of the example, and send its request."""
    example = _example(reason, without=without)
    namespace: dict[str, Any] = {
        "WebSocketHandshakeMiddleware": WebSocketHandshakeMiddleware,
        "app": application,
    }
    python = [text for text in example if "app = " in text]
    for text in python:
        exec(compile(text, f"{reason.code}.md", "exec"), namespace)  # noqa: S102  (ours)
    by_itself = "Without a protocol class" in _parts(reason)["Example"]
    return outcome(
        namespace["app"] if python else WebSocketHandshakeMiddleware(application),
        _request(example),
        http="h11" if by_itself else PROTOCOL,
        ws="none" if "uvicorn main:app --ws none\n" in example else "wsproto",
    )


def _sentence(reason: Reason, response: Any) -> str:
    """Write the sentence of a page about both responses, from the first."""
    status = f"`{response.status} {HTTPStatus(response.status).phrase}`"
    if reason.code == RESPONDED_BY_THE_SERVER:
        said = f"The server responds with {status}"
    else:
        fields = dict(response.headers)
        said = status
        for name, _ in reason.response_headers:
            spelt = name.decode().title().replace("Websocket", "WebSocket")
            said += f" and `{spelt}: {fields[name].decode()}`"
    return f"{said}; accepted with the change."


def _link(reason: Reason) -> str:
    _, number, _, section = reason.rfc.split(" ")
    at = section.partition("(")[0]
    return f"[{reason.rfc}](https://www.rfc-editor.org/rfc/rfc{number}#section-{at})"


def _causes(reason: Reason) -> list[str]:
    """Link to the causes whose pages name this reason."""
    links = [f"[{code}](../causes/{code}.md)" for code in causes_of(reason.code)]
    return [f"- Causes: {', '.join(links)}"] if links else []


def _index() -> str:
    rows = [
        f"| [{row.code}]({row.code}.md) | {row.status} | {row.what} |"
        for row in CATALOGUE
    ]
    top, _, rest = INDEX.read_text(encoding="utf-8").partition("| code |")
    _, _, below = rest.partition("\n\n")
    head = "| code | status | what is wrong |"
    table = "\n".join([head, "| --- | --- | --- |", *rows])
    return f"{top}{table}\n{below and chr(10) + below}"


def test_there_is_a_page_for_every_reason_and_for_nothing_else() -> None:
    pages = {path.stem for path in REASONS.glob("*.md")}
    assert pages == {reason.code for reason in CATALOGUE} | {"index"}


@each_reason
def test_a_page_has_the_sections_of_all_pages(reason: Reason) -> None:
    parts = _parts(reason)
    assert list(parts) == SECTIONS
    wanted = f"# {reason.code}\n\n{reason.what}"
    assert renewed(REASONS / f"{reason.code}.md", parts[""], wanted) == wanted
    assert all(parts.values())


@each_reason
def test_a_page_says_what_the_catalogue_says(reason: Reason) -> None:
    parts = _parts(reason)
    first = parts["The fix"].splitlines()[0]
    assert renewed(REASONS / f"{reason.code}.md", first, reason.fix) == reason.fix
    wanted = "\n".join(
        [
            f"- Responsible: {reason.responsible}",
            *_causes(reason),
            f"- {_link(reason)}",
        ]
    )
    shown = renewed(REASONS / f"{reason.code}.md", parts["Reference"], wanted)
    assert shown == wanted, "RENEW=1 writes it anew"


@each_reason
def test_the_example_is_rejected_for_exactly_this_reason(reason: Reason) -> None:
    result = _asked(reason, without=ACCEPTED)
    by_us = reason.code != RESPONDED_BY_THE_SERVER
    assert result.response.codes == ((reason.code,) if by_us else ())
    assert result.response.status == reason.status
    assert not by_us or result.problem["status"] == reason.status
    assert result.log_line["error.type"] == reason.code
    assert result.log_line["websocket.handshake.violations"] == [reason.code]
    shown = _parts(reason)["Example"].splitlines()[-1]
    wanted = _sentence(reason, result.response)
    assert renewed(REASONS / f"{reason.code}.md", shown, wanted) == wanted


@each_reason
def test_with_the_change_the_example_is_accepted(reason: Reason) -> None:
    result = _asked(reason, without=REJECTED)
    assert result.response.status == 101
    assert result.log_line["event"] == "websocket.handshake.accepted"


@each_reason
def test_the_core_alone_says_of_both_examples_what_the_page_says(
    reason: Reason,
) -> None:
    if reason.code not in NOT_IN_THE_BYTES:
        example = _example(reason, without=ACCEPTED)
        rejected = read_head(request_bytes(_request(example)))
        assert judge(rejected.head).codes == (reason.code,)
    example = _example(reason, without=REJECTED)
    accepted = read_head(request_bytes(_request(example)))
    assert (accepted.flaw, accepted.complete) == (None, True)
    assert judge(accepted.head).accept_token == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_the_page_names_the_exception_as_the_log_does() -> None:
    result = _asked(APP_DID_NOT_RESPOND, without=ACCEPTED)
    raised = result.log_line["exception.type"]
    assert raised == "KeyError in app_did_not_respond.md:5"
    meaning = _parts(APP_DID_NOT_RESPOND)["What it means"]
    assert f"`{raised.replace('app_did_not_respond.md', 'chat.py')}`" in meaning


def test_the_index_is_the_catalogue() -> None:
    shown, wanted = INDEX.read_text(encoding="utf-8"), _index()
    assert renewed(INDEX, shown, wanted) == wanted, "RENEW=1 writes it anew"


def test_the_extended_connect_that_a_page_recommends_is_accepted() -> None:
    parts = sections(
        (REASONS / "http1_handshake_over_http2.md").read_text(encoding="utf-8")
    )
    (example,) = [b for b in blocks(parts["The fix"]) if b.language == "text"]
    result = outcome(WebSocketHandshakeMiddleware(application), example.text)
    assert result.response.status == 200
    assert result.log_line["http.response.status_code"] == 200
