"""What effective permissions on the keys of a shard are decided from. Decides nothing."""

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.permission import AccessLevels, GroupMembers, RoleDefinitions
from scanner.model.record import Record
from scanner.model.unknown import OutOfScope, Unknown


class Access(Record, frozen=True, kw_only=True, tag="access"):
    """What effective permissions on the keys of a shard are decided from, besides what stands on keys and containers.

    `levels` is unknown when not even the tree could be read. `roles` are the definitions that bindings name, as far as
    they were read live; a role that the provider predefines and that is not here is looked up in a dated table.
    """

    provider: Provider
    account: str
    region: str
    levels: AccessLevels | Unknown
    roles: RoleDefinitions | Unknown
    groups: GroupMembers | OutOfScope | Unknown
    evidence: tuple[Evidence, ...]
