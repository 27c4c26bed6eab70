"""Runs the campaigns: `python -m tests.fuzz`.

They are in a module of their own, for their processes import it by its name.
"""

from __future__ import annotations

import sys

from tests.fuzz.campaigns import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
