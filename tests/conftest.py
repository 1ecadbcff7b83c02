"""Puts tests/support on the path, so that every test can import its builders, and says how properties are tried.

How long an example takes depends on what else the machine does, so no property fails for being slow.
"""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "support"))
settings.register_profile("keymuster", deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("keymuster")
