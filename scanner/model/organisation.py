"""An organisation: its tree of units and accounts, and the policies that bound them. Judges nothing."""

from enum import StrEnum

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.record import Record
from scanner.model.unknown import Inapplicable, Unknown


class NodeKind(StrEnum):
    """The levels of an organisation's tree."""

    ROOT = "root"
    UNIT = "unit"
    ACCOUNT = "account"


class OrganisationNode(Record, frozen=True, kw_only=True, tag="organisation_node"):
    """A root, unit or account; `parent` is the id of the node above, None for a root."""

    id: str
    level: NodeKind
    name: str
    parent: str | None


class OrganisationNodes(Record, frozen=True, kw_only=True, tag="organisation_nodes"):
    """The whole tree, sorted by id."""

    items: tuple[OrganisationNode, ...]


class PolicyText(Record, frozen=True, kw_only=True, tag="policy_text"):
    """A policy as JSON text that is known to parse into an object."""

    document: str


class PolicyTargets(Record, frozen=True, kw_only=True, tag="policy_targets"):
    """The ids of the nodes a policy is attached to, sorted."""

    nodes: tuple[str, ...]


class OrganisationPolicy(Record, frozen=True, kw_only=True, tag="organisation_policy"):
    """One policy that bounds what the accounts below its targets may do."""

    id: str
    name: str
    provider_managed: bool
    text: PolicyText | Unknown
    targets: PolicyTargets | Unknown


class OrganisationPolicies(Record, frozen=True, kw_only=True, tag="organisation_policies"):
    """Every policy of one type, sorted by id; `enabled` says whether the type is switched on at the root.

    A type that is switched off binds nobody, and its policies are not read.
    """

    enabled: bool
    items: tuple[OrganisationPolicy, ...]


class OrganisationTree(Record, frozen=True, kw_only=True, tag="organisation_tree"):
    """One organisation; `management` is the account that its policies do not bind.

    `id` and `management` are None when they were not told.

    `service_control` bounds what principals of an account may do (SCP), `resource_control` what may be done to its
    resources (RCP); Inapplicable where a provider has no such policies. An account that belongs to no organisation is
    a tree of its own: no nodes, itself as `management`, both kinds of policy inapplicable.
    """

    provider: Provider
    id: str | None
    management: str | None
    nodes: OrganisationNodes | Unknown
    service_control: OrganisationPolicies | Inapplicable | Unknown
    resource_control: OrganisationPolicies | Inapplicable | Unknown
    evidence: tuple[Evidence, ...]
