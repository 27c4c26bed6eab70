"""The exit statuses of the command, for scripts."""

from __future__ import annotations

#: The handshake is valid, and so is all that was asked about.
VALID = 0
#: It is rejected, or the response to it is faulty.
REJECTED = 1
#: The server could not be reached, or the command line was wrong.
UNREACHED = 2
#: Ctrl-C, and a reader of the output that has gone: 128 plus the signal's number.
INTERRUPTED = 130
READER_GONE = 141
