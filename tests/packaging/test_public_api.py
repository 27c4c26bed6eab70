"""The public interface: its names, its signatures, and what it leaves alone."""

from __future__ import annotations

import importlib.metadata
import inspect
import re
import subprocess
import sys
import time
from importlib.resources import files

import pytest

import ws_handshake
from tests.support.wires import ROOT
from ws_handshake.structlog import RateLimit, StructlogObserver

NAMES = [
    "Cause",
    "HandshakeRecord",
    "HandshakeWarning",
    "Limits",
    "Observer",
    "Policy",
    "Reason",
    "Rejection",
    "RequestFacts",
    "RequestHead",
    "Verdict",
    "Violation",
    "WebSocketHandshakeMiddleware",
    "accept_token",
    "judge",
]

SIGNATURES = {
    "Violation": (
        "(reason: 'Reason', received: 'str | None' = None, flaw: 'Flaw | None' = None)"
    ),
    "Policy": (
        "(allowed_origins: 'Iterable[str] | None' = None,"
        " allow_missing_origin: 'bool' = True,"
        " websocket_paths: 'Iterable[str]' = (),"
        " explain_denials: 'bool' = False,"
        " report_only: 'bool' = False,"
        " docs_url: 'str | None' = None,"
        " limits: 'Limits' = Limits(line_bytes=8192, lines=128)) -> None"
    ),
    "Reason": (
        "(*, code: str, what: str, expected: str, fix: str, rfc: str,"
        " responsible: str = 'client', status: int = 400, header: str | None = None,"
        " response_headers: tuple[tuple[bytes, bytes], ...] = ()) -> None"
    ),
    "RequestHead": (
        "(method: 'str', http_version: 'str',"
        " headers: 'Sequence[tuple[bytes, bytes]]', target: 'bytes' = b'',"
        " scheme: 'str' = '', upgraded: 'bool' = False)"
    ),
    "Verdict": (
        "(request: 'RequestHead', violations: 'tuple[Violation, ...]',"
        " nonce: 'bytes | None')"
    ),
    "WebSocketHandshakeMiddleware": (
        "(app: 'ASGIApp', *, allowed_origins: 'Iterable[str] | None' = None,"
        " allow_missing_origin: 'bool' = True,"
        " websocket_paths: 'Iterable[str]' = (),"
        " explain_denials: 'bool' = False,"
        " report_only: 'bool' = False,"
        " observers: 'Iterable[Observer] | None' = None,"
        " docs_url: 'str | None' = None,"
        " install_protocol: 'bool' = True) -> 'None'"
    ),
    "accept_token": "(key: 'str | bytes') -> 'str'",
}

# How a NamedTuple keeps its annotations.
_forward = re.compile(r"ForwardRef\(('[^']*')[^)]*\)")

VERDICT = {
    *("accepted", "status", "codes", "accept_token", "violations", "request"),
    "nonce",
    *("key", "origin", "subprotocols", "extensions"),
}

# What a fresh interpreter is asked: import, reject a hundred times, look around.
LEAVES_ALONE = """
import asyncio, logging, structlog

def seen():
    root = logging.root
    loggers = {
        name: (logger.handlers, logger.level, logger.propagate, logger.filters)
        for name, logger in logging.root.manager.loggerDict.items()
        if isinstance(logger, logging.Logger) and name.startswith("ws_handshake")
    }
    return repr((root.handlers, root.level, root.filters, logging.lastResort)), loggers

before, _ = seen()
config = repr(structlog.get_config())

from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import AutoHTTPProtocol

async def app(scope, receive, send):
    raise AssertionError("a rejected handshake reached the application")

async def send(message):
    sent.append(message)

sent = []
scope = {
    "type": "http", "method": "GET", "path": "/ws", "http_version": "1.1",
    "headers": [(b"sec-websocket-key", b"AAAA")], "client": None,
}
guard = WebSocketHandshakeMiddleware(app)
for _ in range(100):
    asyncio.run(guard(dict(scope), None, send))

after, ours = seen()
assert len(sent) == 200, len(sent)
assert not structlog.is_configured()
assert repr(structlog.get_config()) == config
assert after == before, (before, after)
assert all(v == ([], 0, True, []) for v in ours.values()), ours
"""


def test_the_package_exports_what_the_design_names() -> None:
    assert ws_handshake.__all__ == NAMES
    assert all(hasattr(ws_handshake, name) for name in NAMES)


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_a_signature_is_what_it_was(name: str) -> None:
    signature = str(inspect.signature(getattr(ws_handshake, name)))
    assert _forward.sub(r"\1", signature) == SIGNATURES[name]


@pytest.mark.parametrize("row", [ws_handshake.RequestHead, ws_handshake.Verdict])
def test_the_page_about_the_interface_has_the_fields_of_a_named_tuple(
    row: type[tuple[object, ...]],
) -> None:
    parameters = inspect.signature(row).parameters.values()
    plain = [parameter.replace(annotation=parameter.empty) for parameter in parameters]
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert f"\n{row.__name__}{inspect.Signature(plain)}\n" in page


def test_judge_takes_a_request_and_a_policy_without_options() -> None:
    parameters = inspect.signature(ws_handshake.judge).parameters
    assert list(parameters) == ["request", "policy"]
    assert parameters["policy"].default == ws_handshake.Policy()


def test_a_verdict_has_what_the_documentation_names() -> None:
    public = {name for name in dir(ws_handshake.Verdict) if not name.startswith("_")}
    assert public - set(dir(tuple)) == VERDICT


def test_the_structlog_observer_and_its_limit_take_what_the_page_names() -> None:
    assert str(inspect.signature(StructlogObserver)) == (
        "(logger: 'Logger | None' = None, *, rate_limit: 'RateLimit | None' = None,"
        " on_suppressed: 'Callable[[str], None] | None' = None) -> 'None'"
    )
    assert str(inspect.signature(RateLimit)) == (
        f"(clock: 'Callable[[], float]' = {time.monotonic}, *, burst: 'int' = 50,"
        " rate: 'float' = 10.0) -> 'None'"
    )


def test_what_the_documentation_imports_is_in_the_root() -> None:
    folder = r"(?:from|import|:::) ws_handshake\.(?:core|diagnosis|outcome|asgi)\b.*"
    shown = [path for kind in ("*.md", "*.py") for path in (ROOT / "docs").rglob(kind)]
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *shown)]

    assert [found for text in texts for found in re.findall(folder, text)] == []
    assert sum("from ws_handshake import" in text for text in texts) > 5


def test_every_public_name_has_a_docstring_of_one_sentence_at_least() -> None:
    for name in NAMES:
        first = inspect.getdoc(getattr(ws_handshake, name))
        assert first is not None, name
        assert first.splitlines()[0].endswith("."), name


def test_the_package_says_that_it_is_typed() -> None:
    assert files("ws_handshake").joinpath("py.typed").is_file()


def test_the_version_is_the_newest_in_the_changelog() -> None:
    version = importlib.metadata.version("ws-handshake")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = [line[4:] for line in changes.splitlines() if line.startswith("## [")]
    assert released[:2] == ["Unreleased]", f"{version}]"]


def test_the_package_configures_neither_structlog_nor_logging() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", LEAVES_ALONE],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == ""
    assert ran.stderr.count(" WebSocket handshake rejected: 400 ") >= 50
