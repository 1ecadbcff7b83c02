"""The quickstart's commands work as they stand."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

PAGE = Path(__file__).parents[2] / "docs" / "quickstart.md"


def commands(title):
    """The indented lines of a section."""
    section = PAGE.read_text().partition(f"## {title}\n")[2].partition("\n## ")[0]
    return dedent("\n".join(line for line in section.splitlines() if line.startswith("    ")))


def test_a_rule_is_written_as_the_page_says(tmp_path):
    script = f'set -e\nkeymuster() {{ "{sys.executable}" -m scanner "$@"; }}\n{commands("Write a rule")}\n'
    done = subprocess.run(["/bin/bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("all tests passed\n")
