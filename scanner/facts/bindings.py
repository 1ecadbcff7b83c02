"""Who bindings stand for, as far as their members' names tell. Decides no access.

https://cloud.google.com/iam/docs/principal-identifiers
"""

from scanner.facts.reading import unseen
from scanner.model.permission import Bindings
from scanner.model.record import Record
from scanner.model.unknown import Inapplicable, OutOfScope, Unknown

PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers", "principalSet://goog/public:all"})
"""Members that stand for everybody, or for everybody who has an account anywhere."""


def public_members(policy: Record) -> tuple[str, ...] | Unknown | None:
    """Those of the bindings that stand for everybody; None where what was read holds no bindings."""
    match policy:
        case Bindings():
            members = {member for binding in policy.items for member in binding.members}
            return tuple(sorted(members & PUBLIC))
        case Inapplicable() | OutOfScope() | Unknown():
            return unseen(policy)
        case _:
            return None
