"""What pip-audit knows of the packages in an environment."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_AUDIT = ("-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--path")


def audited(packages: Path) -> str:
    """Audit what is installed in a directory; RuntimeError names what is vulnerable."""
    done = subprocess.run(
        [sys.executable, *_AUDIT, str(packages)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return verdict(done.stdout, done.stderr)


def verdict(printed: str, complaint: str) -> str:
    """Return what pip-audit found; a database without the packages proves nothing."""
    try:
        found = json.loads(printed)["dependencies"]
    except ValueError:
        return f"could not be run: {(complaint.splitlines() or ['no output'])[-1]}"
    vulnerable = [name for package in found for name in _vulnerabilities(package)]
    if vulnerable:
        raise RuntimeError(f"pip-audit found {', '.join(vulnerable)}")
    looked_up = [package for package in found if "vulns" in package]
    if not looked_up:
        return f"could not be run: its database has none of {len(found)} packages"
    return f"clean: {len(looked_up)} of {len(found)} packages are in its database"


def _vulnerabilities(package: Any) -> list[str]:
    return [f"{package['name']}: {found['id']}" for found in package.get("vulns", ())]
