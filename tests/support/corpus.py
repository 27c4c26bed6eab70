"""The corpus of opening handshakes, from the text of the RFCs and from what peers do.

Every case says what must come of it under any server, and by which clause. Where HTTP
parsers may differ before a handshake is seen at all, PARSERS_DIFFER says what comes
from each.
"""

from __future__ import annotations

from tests.support import (
    corpus_body,
    corpus_bytes,
    corpus_key_version,
    corpus_lists,
    corpus_parsers,
    corpus_request_line,
    corpus_upgrade,
    corpus_whole,
)

CORPUS = (
    *corpus_request_line.CASES,
    *corpus_upgrade.CASES,
    *corpus_key_version.CASES,
    *corpus_lists.CASES,
    *corpus_body.CASES,
    *corpus_bytes.CASES,
    *corpus_whole.CASES,
)

PARSERS_DIFFER = corpus_parsers.PARSERS_DIFFER
