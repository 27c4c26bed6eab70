"""How many random examples a test tries: a tenth, unless all are asked for.

`EXAMPLES=all make test` tries all, and each launcher with each application. A tenth
finds what a change has broken; all of them are for a release.
"""

from __future__ import annotations

import os

ALL = os.environ.get("EXAMPLES") == "all"
_PART = 1 if ALL else 10


def examples(number: int, part: int = _PART) -> int:
    """Return how many of so many examples to try."""
    return max(number // part, 1)
