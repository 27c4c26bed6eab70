"""The inspector: shows the handshakes of an application while it is developed."""

from ws_handshake.inspector.application import Inspector

__all__ = ["Inspector"]
