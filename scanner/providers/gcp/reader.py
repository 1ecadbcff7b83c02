"""The reader of Google Cloud: the common one over guarded channels. Interprets no answer."""

from typing import TypeAlias

from scanner.providers import reader
from scanner.providers.gcp.api import Connection

Reader: TypeAlias = reader.Reader[Connection]

POLICY_VERSION_3 = {"requestedPolicyVersion": 3}
"""Without it Google leaves conditions out, and a conditional binding looks like one without."""
