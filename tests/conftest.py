"""Puts tests/support on the path, so that every test can import its builders."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))
