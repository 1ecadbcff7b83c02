"""Runs the command as a user would: in a process of its own, with an environment of its own."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def keymuster(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """One run of `python -m scanner` of this checkout, with nothing inherited but the path."""
    return subprocess.run(
        [sys.executable, "-m", "scanner", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **(environment or {})},
        timeout=300,
    )
