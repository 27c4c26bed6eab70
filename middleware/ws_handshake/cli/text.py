"""Text from the wire, made safe to show."""

from __future__ import annotations

from ws_handshake.core.redaction import LONG, printable


def shown(text: str | bytes, limit: int = LONG) -> str:
    r"""Return text from the wire as printable ASCII, the rest as `\xNN`.

    Whatever came from the network, a file or a paste passes through here: it could
    otherwise move the cursor, or pretend to be output of ours.
    """
    plain = text.decode("latin-1") if isinstance(text, bytes) else text
    return printable(plain, limit)
