"""Puts this folder on the path, so that tests here and elsewhere can import its strategies and builders."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
