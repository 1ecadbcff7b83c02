"""Reads the organisation that the hub's account belongs to: its tree and the policies that bound it. Judges nothing."""

from collections.abc import Sequence

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.organisation import (
    NodeKind,
    OrganisationNode,
    OrganisationNodes,
    OrganisationPolicies,
    OrganisationPolicy,
    OrganisationTree,
    PolicyTargets,
)
from scanner.model.raw import CollectedOrganisation, RawResponse
from scanner.model.unknown import Inapplicable, Unknown
from scanner.providers.answer import Answer, AnyAnswer
from scanner.providers.aws import replies as accounts
from scanner.providers.aws import replies_organisation as replies
from scanner.providers.aws.documents import policy_text
from scanner.providers.aws.operations_organisation import (
    DESCRIBE_ORGANIZATION,
    DESCRIBE_POLICY,
    LIST_CHILD_ACCOUNTS,
    LIST_POLICIES,
    LIST_ROOTS,
    LIST_TARGETS,
    LIST_UNITS,
)
from scanner.providers.aws.reader import Reader

NO_ORGANISATION = "AWSOrganizationsNotInUseException"
_ALONE = "the account belongs to no organisation"
_SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
_RESOURCE_CONTROL = "RESOURCE_CONTROL_POLICY"
_ENABLED = "ENABLED"
_MOST_NODES = 50_000
"""More nodes than an organisation may have; a tree that goes on has a loop."""


class _Proofs:
    """The replies so far, and which group each stands behind."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []
        self.raw: list[RawResponse] = []

    def keep(self, group: str, *answers: AnyAnswer) -> None:
        for answer in answers:
            self.evidence.extend(answer.evidence(group))
            self.raw.extend(answer.raw)


class _Level(msgspec.Struct, frozen=True, kw_only=True):
    """What stands right below one node."""

    units: tuple[replies.Unit, ...]
    accounts: tuple[replies.MemberAccount, ...]


def standing_alone(account: str, listed: Answer[accounts.ListAccounts]) -> CollectedOrganisation:
    """An account that belongs to no organisation, as the refusal to list one says: no policy binds it from above."""
    none = Inapplicable(reason=_ALONE, call=LIST_POLICIES.action)
    tree = OrganisationTree(
        provider=Provider.AWS,
        id=None,
        management=account,
        nodes=OrganisationNodes(items=()),
        service_control=none,
        resource_control=none,
        evidence=listed.evidence("organisation"),
    )
    return CollectedOrganisation(tree=tree, raw=listed.raw)


def read_organisation(reader: Reader) -> CollectedOrganisation | None:
    """The organisation as far as the hub may see it; None where the account belongs to none."""
    proofs = _Proofs()
    told = reader.ask(DESCRIBE_ORGANIZATION, {})
    roots = reader.ask(LIST_ROOTS, {})
    proofs.keep("organisation", told)
    proofs.keep("nodes", roots)
    if any(answer.failure and answer.failure.code == NO_ORGANISATION for answer in (told, roots)):
        return None
    nodes = _nodes(reader, roots, proofs)
    identifier, management = _identity(told, roots)
    tree = OrganisationTree(
        provider=Provider.AWS,
        id=identifier,
        management=management,
        nodes=nodes,
        service_control=_policies(reader, roots, _SERVICE_CONTROL, "service_control", proofs),
        resource_control=_policies(reader, roots, _RESOURCE_CONTROL, "resource_control", proofs),
        evidence=tuple(proofs.evidence),
    )
    distinct = {response.id: response for response in proofs.raw}
    return CollectedOrganisation(tree=tree, raw=tuple(distinct[name] for name in sorted(distinct)))


def _identity(
    told: Answer[replies.DescribeOrganization], roots: Answer[replies.ListRoots]
) -> tuple[str | None, str | None]:
    """Id and management account: as told, else as a root's ARN names them, else not known."""
    if told.pages:
        organisation = told.pages[0].organization
        return organisation.id, organisation.master_account_id
    for root in _roots(roots):
        parts = root.arn.split(":", 5)
        names = parts[-1].split("/")
        if len(parts) == 6 and len(names) == 3:  # noqa: PLR2004 (an ARN has six parts, a root's name three)
            return names[1], parts[4] or None
    return None, None


def _nodes(reader: Reader, roots: Answer[replies.ListRoots], proofs: _Proofs) -> OrganisationNodes | Unknown:
    """The whole tree; Unknown as soon as one level of it could not be listed."""
    if roots.failure:
        return roots.failure.unknown
    found = {root.id: _node(root.id, NodeKind.ROOT, root.name, None) for root in _roots(roots)}
    waiting = list(found)
    while waiting:
        parent = waiting.pop(0)
        level = _level(reader, parent, proofs)
        if isinstance(level, Unknown):
            return level
        below = [_node(unit.id, NodeKind.UNIT, unit.name, parent) for unit in level.units]
        waiting.extend(node.id for node in below if node.id not in found and len(found) < _MOST_NODES)
        below += [_node(account.id, NodeKind.ACCOUNT, account.name, parent) for account in level.accounts]
        for node in below:
            found.setdefault(node.id, node)
    return OrganisationNodes(items=tuple(found[name] for name in sorted(found)))


def _level(reader: Reader, parent: str, proofs: _Proofs) -> _Level | Unknown:
    units = reader.ask(LIST_UNITS, {"ParentId": parent}, parent)
    accounts = reader.ask(LIST_CHILD_ACCOUNTS, {"ParentId": parent}, parent)
    proofs.keep("nodes", units, accounts)
    failure = units.failure or accounts.failure
    if failure:
        return failure.unknown
    return _Level(
        units=tuple(unit for page in units.pages for unit in page.organizational_units),
        accounts=tuple(account for page in accounts.pages for account in page.accounts),
    )


def _policies(
    reader: Reader, roots: Answer[replies.ListRoots], kind: str, group: str, proofs: _Proofs
) -> OrganisationPolicies | Unknown:
    """Every policy of one type with its text and targets; none is asked for where the type is switched off."""
    if roots.failure:
        return roots.failure.unknown
    if not any(item.type == kind and item.status == _ENABLED for root in _roots(roots) for item in root.policy_types):
        return OrganisationPolicies(enabled=False, items=())
    listed = reader.ask(LIST_POLICIES, {"Filter": kind}, kind)
    proofs.keep(group, listed)
    if listed.failure:
        return listed.failure.unknown
    summaries = {policy.id: policy for page in listed.pages for policy in page.policies}
    items = tuple(_policy(reader, summaries[name], group, proofs) for name in sorted(summaries))
    return OrganisationPolicies(enabled=True, items=items)


def _policy(reader: Reader, summary: replies.PolicySummary, group: str, proofs: _Proofs) -> OrganisationPolicy:
    asked = {"PolicyId": summary.id}
    described = reader.ask(DESCRIBE_POLICY, asked, summary.id)
    targets = reader.ask(LIST_TARGETS, asked, summary.id)
    proofs.keep(group, described, targets)
    return OrganisationPolicy(
        id=summary.id,
        name=summary.name or summary.id,
        provider_managed=bool(summary.aws_managed),
        text=described.group(lambda pages: policy_text(pages[0].policy.content, DESCRIBE_POLICY.action)),
        targets=targets.group(_targets),
    )


def _targets(pages: Sequence[replies.ListTargetsForPolicy]) -> PolicyTargets:
    return PolicyTargets(nodes=tuple(sorted({target.target_id for page in pages for target in page.targets})))


def _node(identifier: str, level: NodeKind, name: str | None, parent: str | None) -> OrganisationNode:
    return OrganisationNode(id=identifier, level=level, name=name or identifier, parent=parent)


def _roots(answer: Answer[replies.ListRoots]) -> list[replies.Root]:
    return [root for page in answer.pages for root in page.roots]
