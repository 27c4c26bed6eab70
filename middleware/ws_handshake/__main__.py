"""The command `ws-handshake`, for `python -m ws_handshake`."""

from __future__ import annotations

import sys

from ws_handshake.cli import main

if __name__ == "__main__":
    sys.exit(main())
