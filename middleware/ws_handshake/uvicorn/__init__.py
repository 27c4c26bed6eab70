"""HTTP protocol classes for uvicorn: `--http ws_handshake.uvicorn:AutoHTTPProtocol`.

uvicorn decides what is an upgrade before any application is called, so a middleware
alone never sees most broken handshakes. Its HTTP protocols ask one method,
`_should_upgrade`; here the rules decide. What is broken stays a plain request, which
the middleware rejects; what is valid is handed over in a form that every WebSocket
implementation reads. What even the HTTP parser rejects, these classes explain.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ws_handshake.uvicorn.h11 import H11Protocol

if TYPE_CHECKING:
    from ws_handshake.uvicorn.httptools import HttpToolsProtocol

    AutoHTTPProtocol: type[H11Protocol | HttpToolsProtocol]

__all__ = ["AutoHTTPProtocol", "H11Protocol", "HttpToolsProtocol"]


def __getattr__(name: str) -> object:
    """Import httptools only where it is asked for; `auto` does without it."""
    if name == "HttpToolsProtocol":
        return _httptools_protocol()
    if name == "AutoHTTPProtocol":
        try:
            return _httptools_protocol()
        except ImportError:
            return H11Protocol
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _httptools_protocol() -> object:
    protocol: object = import_module("ws_handshake.uvicorn.httptools").HttpToolsProtocol
    return protocol
