"""The operations that read an organisation's tree and policies. Calls nothing."""

from scanner.providers.aws import replies_organisation as replies
from scanner.providers.operation import NEXT_TOKEN, AnyOperation, Operation

DESCRIBE_ORGANIZATION = Operation(
    service="organizations",
    name="DescribeOrganization",
    action="organizations:DescribeOrganization",
    reply=replies.DescribeOrganization,
)
LIST_ROOTS = Operation(
    service="organizations",
    name="ListRoots",
    action="organizations:ListRoots",
    reply=replies.ListRoots,
    paging=NEXT_TOKEN,
)
LIST_UNITS = Operation(
    service="organizations",
    name="ListOrganizationalUnitsForParent",
    action="organizations:ListOrganizationalUnitsForParent",
    reply=replies.ListOrganizationalUnitsForParent,
    params=("ParentId",),
    paging=NEXT_TOKEN,
)
LIST_CHILD_ACCOUNTS = Operation(
    service="organizations",
    name="ListAccountsForParent",
    action="organizations:ListAccountsForParent",
    reply=replies.ListAccountsForParent,
    params=("ParentId",),
    paging=NEXT_TOKEN,
)
LIST_POLICIES = Operation(
    service="organizations",
    name="ListPolicies",
    action="organizations:ListPolicies",
    reply=replies.ListPolicies,
    params=("Filter",),
    paging=NEXT_TOKEN,
)
DESCRIBE_POLICY = Operation(
    service="organizations",
    name="DescribePolicy",
    action="organizations:DescribePolicy",
    reply=replies.DescribePolicy,
    params=("PolicyId",),
)
LIST_TARGETS = Operation(
    service="organizations",
    name="ListTargetsForPolicy",
    action="organizations:ListTargetsForPolicy",
    reply=replies.ListTargetsForPolicy,
    params=("PolicyId",),
    paging=NEXT_TOKEN,
)

ORGANISATION_OPERATIONS: tuple[AnyOperation, ...] = (
    DESCRIBE_ORGANIZATION,
    LIST_ROOTS,
    LIST_UNITS,
    LIST_CHILD_ACCOUNTS,
    LIST_POLICIES,
    DESCRIBE_POLICY,
    LIST_TARGETS,
)
