"""The facts of access to a key: what rules about who can use it may ask. Derives nothing itself."""

from datetime import timedelta
from typing import Annotated

from scanner.facts.subjects.fact import Fact, Facts
from scanner.model.effective import PrincipalKind
from scanner.model.unknown import Unknown

OF_ROLES = ("levels", "bindings", "denials", "roles", "access", "network", "recovery")
ACCESS = ("metadata", "policy", "grants", "principals", "nodes", "service_control", "resource_control", *OF_ROLES)
GRANTS = ("metadata", "grants", "principals")
POLICY = ("metadata", "policy", "principals")


class HolderFacts(Facts, frozen=True, kw_only=True):
    """Principals of one kind and account to whom the same applies; conditional rights count as rights."""

    principal: Annotated[str, Fact(ACCESS, "one of them, the first by name")]
    size: Annotated[int, Fact(ACCESS, "how many they are")]
    way: Annotated[str, Fact(ACCESS, "how the first of them comes by what it can do, class by class")]
    kind: Annotated[PrincipalKind, Fact(ACCESS, "what they are; account and level: who they are was not read")]
    account: Annotated[
        str, Fact(ACCESS, "their account, project, domain or tenant, or the network of anybody; blank for none")
    ]
    ours: Annotated[bool | Unknown, Fact(ACCESS, "their account is of the population, or they are a service")]
    uses: Annotated[bool | Unknown, Fact(ACCESS, "they can decrypt, sign or get data keys")]
    decides: Annotated[bool | Unknown, Fact(ACCESS, "they can change the policy, disable or destroy the key")]
    changes_policy: Annotated[bool | Unknown, Fact(ACCESS, "they can change the key's policy")]
    steps_to_use: Annotated[bool | Unknown, Fact(ACCESS, "they could give themselves the use by a detour")]
    steps_to_decide: Annotated[bool | Unknown, Fact(ACCESS, "they could give themselves the decision by a detour")]
    broad: Annotated[
        bool | Unknown,
        Fact(ACCESS, "a policy of theirs gives the use on keys it does not name, or a role above ring or vault does"),
    ]
    without_mfa: Annotated[
        bool | Unknown | None,
        Fact(ACCESS, "they decide without having shown a second factor; none where no policy can ask for one"),
    ]
    outside_endpoint: Annotated[
        bool | Unknown | None,
        Fact(ACCESS, "they can use the key past every VPC or private endpoint; none where that is not told"),
    ]
    idle: Annotated[timedelta | Unknown | None, Fact(ACCESS, "time since they last did anything; none when not told")]
    hidden: Annotated[
        bool | Unknown | None,
        Fact(ACCESS, "a role gives them the use whose name does not tell; none where roles have no names of their own"),
    ]
    purges: Annotated[
        bool | Unknown | None, Fact(ACCESS, "they can destroy deleted keys before their time; none where nobody can")
    ]

    @property
    def said(self) -> str:
        """The first of them by name, how many more they are, and the way."""
        more = f" and {self.size - 1} more" if self.size > 1 else ""
        return f"{self.principal}{more}, {self.way}"


class AccessFacts(Facts, frozen=True, kw_only=True):
    """Who can do what with the key, evaluated; every leaf is absent where access is not worked out."""

    public: Annotated[bool | Unknown | None, Fact(ACCESS, "the key policy lets in everybody, and nothing closes it")]
    holders: Annotated[
        tuple[HolderFacts, ...] | Unknown | None, Fact(ACCESS, "everybody who can do something with the key")
    ]
    users: Annotated[
        int | Unknown | None, Fact(ACCESS, "principals that can decrypt, sign or get data keys, root users aside")
    ]
    users_seen: Annotated[int | Unknown | None, Fact(ACCESS, "those of them who certainly can; there may be more")]
    administrators: Annotated[
        int | Unknown | None, Fact(ACCESS, "principals that can change the policy, root users aside")
    ]
    administrators_seen: Annotated[
        int | Unknown | None, Fact(ACCESS, "those of them who certainly can; there may be more")
    ]
    purgers: Annotated[int | Unknown | None, Fact(ACCESS, "principals that can purge the key; none where nobody can")]
    purgers_seen: Annotated[int | Unknown | None, Fact(ACCESS, "those of them who certainly can; there may be more")]
    unbound_services: Annotated[
        tuple[str, ...] | Unknown | None, Fact(ACCESS, "services that may use the key for anybody's resources")
    ]
    unbound_grants: Annotated[
        tuple[str, ...] | Unknown | None, Fact(GRANTS, "grants that open data and ask for no context and no source")
    ]
    oldest_grant: Annotated[timedelta | Unknown | None, Fact(GRANTS, "age of the oldest grant; none without grants")]
    without_effect: Annotated[
        tuple[str, ...] | Unknown | None, Fact(POLICY, "statements of the key policy that allow nothing")
    ]
    mfa_holes: Annotated[
        tuple[str, ...] | Unknown | None,
        Fact(POLICY, "denials without a second factor that long-term credentials slip through"),
    ]
