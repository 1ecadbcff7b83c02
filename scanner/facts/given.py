"""What policies above the keys of Google Cloud say besides who may do what: which use is logged. Requires nothing.

Who may do what is evaluated in `scanner/facts/access`.
"""

import msgspec

from scanner.facts.subjects import GivenFacts
from scanner.model.access_inputs import Access
from scanner.model.key import Key, Provider
from scanner.model.permission import AccessLevels, Bindings
from scanner.model.unknown import Cause, Unknown

_USE = "DATA_READ"
_LOGGED_SERVICES = ("allServices", "cloudkms.googleapis.com")
_UNREAD = Unknown(cause=Cause.NOT_COLLECTED, call="resourcemanager.projects.getIamPolicy")


class Above(msgspec.Struct, frozen=True, kw_only=True):
    """What the levels above the keys of a shard say, made ready once."""

    use_logged: bool | Unknown


def above_of(access: Access | None) -> Above | None:
    """The levels of a shard of Google Cloud; None elsewhere."""
    if access is None or access.provider is not Provider.GCP:
        return None
    logged = access.levels if isinstance(access.levels, Unknown) else _use_logged(access.levels)
    return Above(use_logged=logged)


def derive_given(key: Key, above: Above | None) -> GivenFacts:
    """Whether every use of the key is logged; absent where no level above keys says that."""
    if key.provider is not Provider.GCP:
        return GivenFacts(use_logged=None)
    return GivenFacts(use_logged=_UNREAD if above is None else above.use_logged)


def _use_logged(levels: AccessLevels) -> bool | Unknown:
    """Whether every use of a key is logged: what levels log adds up, and so do the members that they spare.

    https://cloud.google.com/logging/docs/audit/configure-data-access, as of 2026-11-24.
    """
    policies = [item.bindings for item in levels.items]
    logged = [
        one
        for policy in policies
        if isinstance(policy, Bindings)
        for one in policy.logged
        if one.service in _LOGGED_SERVICES
    ]
    if any(one.exempted for one in logged):
        return False
    unread = next((policy for policy in policies if isinstance(policy, Unknown)), None)
    return unread or any(_USE in one.kinds for one in logged)
