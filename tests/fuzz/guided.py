"""Lets atheris look for inputs: python -m tests.fuzz.guided head -max_total_time=60.

What it finds goes into build/fuzz/<target>; `-merge=1` adds to the kept corpus those
inputs that reach new code. These arguments are libFuzzer's own.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
FOUND = Path("build") / "fuzz"


def main(arguments: list[str]) -> None:
    """Fuzz one target, until libFuzzer's limits end the process."""
    name, *options = arguments
    # of type Any: atheris is there only where the group `fuzz` is installed
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["ws_handshake"]):
        targets = importlib.import_module("tests.fuzz.targets")
    found = FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_len={targets.LONGEST}", "-timeout=5", "-print_final_stats=1"]
    directories = [str(found), str(CORPUS / name)]
    if "-merge=1" in options:
        directories.reverse()  # the first is the one that is added to
    # libFuzzer starts itself again for a merge, with this command
    again = f"{sys.executable} -m tests.fuzz.guided {name}"
    atheris.Setup([again, *limits, *options, *directories], targets.TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
