"""What the command's exit status reports a script."""

from __future__ import annotations

#: The handshake is valid, and so is all that was asked about.
VALID = 0
#: It is rejected, or the response to it is faulty.
REJECTED = 1
#: The server could not be reached, or the command was called in a wrong way.
UNREACHED = 2
#: Ctrl-C, and a reader of our output that went away: 128 and the signal's number.
INTERRUPTED = 130
READER_GONE = 141
