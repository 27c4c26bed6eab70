"""Reports from the field: what was reported, what we said at first, and now.

`tests/diagnosis/field/` has a table for each kind, and the requests as they arrived.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.cli_fakes import SWITCHING, filled, saying, serving, talking
from tests.support.cli_runs import Input, asked, probe
from tests.support.diagnosed import in_words
from tests.support.docs_examples import application, outcome
from tests.support.field_apps import APPS
from tests.support.handshakes import VALID
from tests.support.wires import ROOT
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.cli.explain import subcommand as explain
from ws_handshake.core.reasons import BY_CODE

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping

    from tests.support.cli_fakes import Script
    from tests.support.docs_examples import Outcome

FOLDER = ROOT / "tests" / "diagnosis" / "field"
PASTES = ROOT / "tests" / "cli" / "pasted" / "field"
#: The kinds, as sections of the page.
REQUESTS = ("proxies", "configuration", "origins", "mistakes")
KINDS = (*REQUESTS, "application", "probe", "pasted")
VERDICTS = ("right", "partly", "wrong")

_FIELD = "websocket.handshake."
_SAID_OF_APPS = (
    *("close_code", "denial_reason", "warning", "hint"),
    *("exception.type", "received"),
)
# A Sec-WebSocket-Accept, which is another one each time.
_token = re.compile(r"[A-Za-z0-9+/]{27}=")
_DEFLATE = SWITCHING + b"Sec-WebSocket-Extensions: permessage-deflate\r\n"


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report; `now` is what its answer is worth, and `wanting` what it lacks."""

    name: str
    what: str
    at_first: str
    said_at_first: str
    now: str
    wanting: str = ""
    source: str = ""
    #: What we are to say, and what not.
    codes: tuple[str, ...] = ()
    cause: str | None = None
    certainty: str | None = None
    begins: str = ""
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    #: It is no handshake, and so the application's.
    passed_on: bool = False
    #: What the operator, the client or the server has set.
    origins: tuple[str, ...] | None = None
    path: str = "/ws"
    origin: str = ""
    ws: str = "wsproto"
    response: str = ""
    server: str = ""
    text: str = ""

    @property
    def number(self) -> str:
        """By which the page names it."""
        return self.name.partition("_")[0]

    def request(self) -> str | bytes:
        """Return the request as it arrived; over HTTP/2 its fields."""
        data = (FOLDER / f"{self.name}.txt").read_bytes()
        return data.decode("ascii") if data.startswith(b":") else data


def title_of(kind: str) -> str:
    """Return the heading of a kind."""
    return str(_table(kind)["title"])


def reports(kind: str) -> list[Report]:
    """Return the reports of a kind, in the order of the page."""
    return [
        Report(**{name: _frozen(value) for name, value in row.items()})
        for row in _table(kind)["report"]
    ]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def answered(report: Report, protocol: str) -> Outcome:
    """Send a request to a server with this protocol class."""
    app = WebSocketHandshakeMiddleware(application, allowed_origins=report.origins)
    http = f"ws_handshake.uvicorn:{protocol}"
    return outcome(app, report.request(), http=http)


def said(kind: str, report: Report) -> str:
    """Return in short what we say of a report."""
    if kind in REQUESTS:
        return _of_request(answered(report, "H11Protocol"))
    return {"application": _of_app, "probe": _of_probe, "pasted": _of_paste}[kind](
        report
    )


def _of_request(answer: Outcome) -> str:
    response = answer.response
    if not response.codes:
        return _of_event(answer) if answer.logged else "Passed on: no handshake."
    problem = answer.problem
    cause, violations = problem.get("cause"), problem["violations"]
    if cause:
        told = f"{_codes(response.codes)}; `{cause['code']}`"
        return _joined(told, problem["detail"], cause["fix"])
    flaw = violations[0]["received"] if len(violations) == 1 else ""
    origin = answer.log_line.get("http.request.header.origin")
    return _joined(
        _codes(response.codes),
        flaw or "",
        f"In the log: `{origin}`" if origin else "",
        *(violation["fix"] for violation in violations),
    )


def _of_app(report: Report) -> str:
    wrapped = WebSocketHandshakeMiddleware(APPS[report.name]())
    asked_for = VALID.asked(target=report.path.encode())
    if report.origin:
        asked_for = asked_for.plus(b"origin", report.origin.encode())
    return _of_event(outcome(wrapped, asked_for.wire(), ws=report.ws))


def _of_event(answer: Outcome) -> str:
    event = answer.log_line
    of = {k.removeprefix(_FIELD): v for k, v in event.items()}
    codes = of.get("violations", ())
    told = _codes(codes) if codes else "Accepted"
    if "cause" in of:
        told += f"; `{of['cause']}` ({in_words(of['certainty'])})"
    parts = [str(of.get(name) or "") for name in _SAID_OF_APPS]
    fix = of.get("fix") or ("" if any(parts) or not codes else BY_CODE[codes[0]].fix)
    return _without_line(_joined(told, *parts, fix))


def _of_probe(report: Report) -> str:
    with serving(_script(report)) as port:
        probed = probe(f"ws://127.0.0.1:{port}{report.path}", "--timeout", "10")
    causes = (c["detail"] for c in probed.document["causes"])
    seen = probed.seen or ""
    parts = ("" if _token.search(seen) else seen, *causes, probed.fix)
    return _joined(_codes(probed.codes), *parts).replace(f":{port}", "")


def _script(report: Report) -> Script:
    if report.response:
        return saying(report.response.encode("ascii"))
    agreed = _DEFLATE + f"Server: {report.server}\r\n\r\n".encode("ascii")
    plain = talking()

    def breaking(connection: socket.socket, head: bytes) -> None:
        """Break off at the first frame where extensions are agreed on."""
        if b"Sec-WebSocket-Extensions" not in head:
            plain(connection, head)
            return
        connection.sendall(filled(agreed, head))
        connection.recv(65536)

    return breaking


def _of_paste(report: Report) -> str:
    data = report.text.encode() or (PASTES / f"{report.name}.txt").read_bytes()
    done = asked(explain, "--json", "-", stdin=Input(data, typed=False))
    document = json.loads(done.out)
    if "meaning" in document:
        return _joined(document["read_as"], document["meaning"])
    return _joined(*_of_handshake(document["handshakes"][0]))


def _of_handshake(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"`{one['request']}`"
    codes = [violation["code"] for violation in one.get("violations", ())]
    yield "valid" if one["valid"] else _codes(codes)
    if one.get("cause"):
        yield f"`{one['cause']['code']}` ({in_words(one['cause']['certainty'])})"
    elif codes:
        yield one["violations"][0]["fix"]
    yield from one["notes"]


def _codes(codes: Any) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _without_line(told: str) -> str:
    """Leave out lines of other people's files: they are other ones each time."""
    return re.sub(r"\.py:[0-9]+", ".py", told)


def _joined(*parts: str) -> str:
    """Write sentences in a cell of a table."""
    return " ".join(
        part if part[-1] in ".;" else f"{part}." for part in parts if part
    ).replace("|", "\\|")


def _table(kind: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))
