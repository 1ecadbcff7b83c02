"""The facts of what keys are kept in: key rings, vaults, managed HSMs. Derives nothing itself."""

from datetime import datetime, timedelta
from typing import Annotated

from scanner.facts.subjects.fact import Fact, Facts
from scanner.facts.subjects.key import TagFacts
from scanner.model.container import AccessMode, ContainerKind
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.unknown import Unknown

RECOVERY = ("recovery",)
NETWORK = ("network",)


class RecoveryFacts(Facts, frozen=True, kw_only=True):
    """What guards against deletion for good; every leaf is absent where containers have no such guard."""

    soft_delete: Annotated[bool | Unknown | None, Fact(RECOVERY, "deleted keys and the container can be recovered")]
    retention: Annotated[
        timedelta | Unknown | None, Fact(RECOVERY, "how long they can be; none when the provider named none")
    ]
    purge_protection: Annotated[
        bool | Unknown | None, Fact(RECOVERY, "nobody, whatever his rights, can delete for good before that")
    ]


class NetworkFacts(Facts, frozen=True, kw_only=True):
    """From where the container can be reached; every leaf is absent where that cannot be limited."""

    public: Annotated[bool | Unknown | None, Fact(NETWORK, "it has an address in the internet")]
    open_to_all: Annotated[
        bool | Unknown | None,
        Fact(NETWORK, "it answers every address of the internet, or by the ranges it lists most of them"),
    ]
    trusted_services: Annotated[bool | Unknown | None, Fact(NETWORK, "services the provider trusts are let through")]
    private_endpoints: Annotated[int | Unknown | None, Fact(NETWORK, "private ways in that are approved")]


class KeyContainerFacts(Facts, frozen=True, kw_only=True):
    """One key ring, vault or managed HSM, as rules see it."""

    id: Annotated[str, Fact((), "full resource name or id")]
    name: str
    provider: Annotated[Provider, Fact((), "platform")]
    account: Annotated[str, Fact((), "account, project or subscription")]
    region: Annotated[str, Fact((), "region or location")]
    kind: Annotated[ContainerKind, Fact((), "kind of container")]
    created_at: Annotated[datetime | None, Fact((), "when it was made; none when the provider does not say")]
    access_mode: Annotated[
        AccessMode | Unknown | None, Fact(("access",), "what decides about its keys; none where there is one way only")
    ]
    recovery: RecoveryFacts
    network: NetworkFacts
    tags: TagFacts
    deleted_at: Annotated[
        datetime | None, Fact((), "when it was deleted with all its keys; none for one that is in use")
    ]
    purged_in: Annotated[timedelta | None, Fact((), "time left until a deleted one goes for good; none without a date")]
    grants_read: Annotated[
        bool | Unknown | None,
        Fact(("policy",), "who was given access on it was read; none where nobody is given any there"),
    ]
    audit_logged: Annotated[
        bool | Unknown | None,
        Fact(("logs",), "every operation on it and its keys is sent to a log; none where that is not set on it"),
    ]
    public_members: Annotated[
        tuple[str, ...] | Unknown | None,
        Fact(("policy",), "members that stand for everybody or everybody signed in, given a role on it"),
    ]
    evidence: tuple[Evidence, ...]
