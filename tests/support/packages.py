"""The wheel and the sdist, built as for a release."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

# uv_build is a program beside Python, and looks itself up on the path.
_PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
_BUILD = ("-m", "build", "--no-isolation", "--outdir")


@dataclass(frozen=True)
class Packages:
    """Where they are."""

    wheel: Path
    sdist: Path


def build(folder: Path) -> Packages:
    """Build the sdist, and from it the wheel."""
    subprocess.run(
        [sys.executable, *_BUILD, str(folder), str(ROOT)],
        env=environment(),
        capture_output=True,
        check=True,
        timeout=120,
    )
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Packages(wheel, sdist)


def environment(**more: str) -> Mapping[str, str]:
    """Return the variables for a Python that is to see only what is installed."""
    kept = {n: v for n, v in os.environ.items() if n != "PYTHONPATH"}
    return {**kept, "PATH": _PATH, **more}
