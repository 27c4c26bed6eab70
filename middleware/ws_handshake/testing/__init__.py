"""What your own tests need: a handshake to change, its response, and the records.

response = attempt(app, VALID.without(b"upgrade"))
assert_rejected(response, "upgrade_missing")
"""

from ws_handshake.testing.assertions import assert_accepted, assert_rejected
from ws_handshake.testing.attempts import Response, attempt, attempt_async
from ws_handshake.testing.handshakes import VALID, Handshake
from ws_handshake.testing.records import Records, recording

__all__ = [
    "VALID",
    "Handshake",
    "Records",
    "Response",
    "assert_accepted",
    "assert_rejected",
    "attempt",
    "attempt_async",
    "recording",
]
