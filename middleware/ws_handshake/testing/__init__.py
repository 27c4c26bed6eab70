"""What a test of your own needs: a handshake to bend, its answer, and the records.

answer = attempt(app, SOUND.without(b"upgrade"))
assert_refused(answer, "upgrade_missing")
"""

from ws_handshake.testing.assertions import assert_accepted, assert_refused
from ws_handshake.testing.attempts import Answer, attempt, attempt_async
from ws_handshake.testing.handshakes import SOUND, Handshake
from ws_handshake.testing.records import Records, recording

__all__ = [
    "SOUND",
    "Answer",
    "Handshake",
    "Records",
    "assert_accepted",
    "assert_refused",
    "attempt",
    "attempt_async",
    "recording",
]
