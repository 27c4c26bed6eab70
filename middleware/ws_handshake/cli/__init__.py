"""The command `ws-handshake`: it judges a handshake from outside."""

from ws_handshake.cli.entry import main

__all__ = ["main"]
