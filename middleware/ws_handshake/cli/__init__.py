"""The command `ws-handshake`: it checks handshakes from outside the server."""

from ws_handshake.cli.entry import main

__all__ = ["main"]
