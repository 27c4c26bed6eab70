"""The demo's server: uvicorn on 127.0.0.1; the middleware installs the rest."""

from __future__ import annotations

import contextlib
import os
import socket
import sys

import uvicorn

from demo_app import logs
from demo_app.app import create_app
from demo_app.settings import HOST, address_of, port_of

# The chat's messages are short; uvicorn would take 16 MiB.
_LARGEST_FRAME = 16_384
_SECONDS_TO_SHUT_DOWN = 2

_GREETING = """\
The demo is at

    {address}

It shows every handshake, and every way to break one. You can break one yourself from
another terminal:

    curl -i {address}/ws -H 'Sec-WebSocket-Key: AAAA'

Below, every handshake gets one line. Ctrl-C ends the demo.
"""


def main() -> None:
    """Serve the demo at PORT until it is interrupted; LOG=json logs JSON."""
    try:
        port = port_of(os.environ)
        listener = _listener(port)
    except ValueError as error:
        sys.exit(str(error))
    with listener, contextlib.suppress(KeyboardInterrupt):
        _serve(port, listener)


def _serve(port: int, listener: socket.socket) -> None:
    as_json = os.environ.get("LOG") == "json"
    config = uvicorn.Config(
        create_app(port),
        ws="wsproto",
        ws_max_size=_LARGEST_FRAME,
        # each page's copy of a batch would be compressed anew, to stay on this machine
        ws_per_message_deflate=False,
        access_log=False,
        proxy_headers=False,
        log_config=logs.configure(as_json=as_json, stream=sys.stdout),
        timeout_graceful_shutdown=_SECONDS_TO_SHUT_DOWN,
    )
    # a program that reads JSON from the standard output must get nothing else there
    print(
        _GREETING.format(address=address_of(port)),
        file=sys.stderr if as_json else sys.stdout,
        flush=True,
    )
    uvicorn.Server(config).run([listener])


def _listener(port: int) -> socket.socket:
    """Listen first, so that a port in use is reported before anything is started."""
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise ValueError(
            f"Nothing can listen on {HOST}:{port} ({os.strerror(error.errno or 0)}); "
            f"take another port, such as: make demo PORT={8000 + port % 50000}"
        ) from error
