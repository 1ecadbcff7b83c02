"""Reads who may act in an account, in one family of calls for the whole account. Judges nothing."""

from collections.abc import Sequence

from scanner.model.identity import (
    AccountIdentities,
    Group,
    InlinePolicy,
    ManagedPolicy,
    Principals,
    Role,
    User,
)
from scanner.model.key import Provider
from scanner.model.raw import CollectedIdentities
from scanner.providers.aws import replies_identities as replies
from scanner.providers.aws.documents import policy_text
from scanner.providers.aws.operations_estate import GET_ACCOUNT_AUTHORIZATION_DETAILS
from scanner.providers.aws.reader import Reader
from scanner.providers.failure import MalformedReplyError

_CALL = GET_ACCOUNT_AUTHORIZATION_DETAILS.action
_PAGE = 1000
_PROVIDERS_OWN = ":iam::aws:"

Pages = Sequence[replies.GetAccountAuthorizationDetails]


def read_identities(reader: Reader) -> CollectedIdentities:
    """Every user, group, role and policy of the account, with the replies behind them."""
    told = reader.ask(GET_ACCOUNT_AUTHORIZATION_DETAILS, {"MaxItems": _PAGE})
    identities = AccountIdentities(
        provider=Provider.AWS,
        account=reader.account,
        principals=told.group(principals),
        evidence=told.evidence("principals"),
    )
    return CollectedIdentities(identities=identities, raw=tuple(sorted(told.raw, key=lambda response: response.id)))


def principals(pages: Pages) -> Principals:
    """All pages together; one that has none of the lists says nothing and is no answer."""
    if not all(_says_something(page) for page in pages):
        raise MalformedReplyError(GET_ACCOUNT_AUTHORIZATION_DETAILS.name)
    users = {user.arn: user for page in pages for user in page.user_detail_list or ()}
    groups = {group.arn: group for page in pages for group in page.group_detail_list or ()}
    roles = {role.arn: role for page in pages for role in page.role_detail_list or ()}
    policies = {policy.arn: policy for page in pages for policy in page.policies or ()}
    return Principals(
        users=tuple(_user(users[arn]) for arn in sorted(users)),
        groups=tuple(_group(groups[arn]) for arn in sorted(groups)),
        roles=tuple(_role(roles[arn]) for arn in sorted(roles)),
        policies=tuple(_policy(policies[arn]) for arn in sorted(policies)),
    )


def _says_something(page: replies.GetAccountAuthorizationDetails) -> bool:
    lists = (page.user_detail_list, page.group_detail_list, page.role_detail_list, page.policies)
    return any(one is not None for one in lists)


def _user(user: replies.UserDetail) -> User:
    return User(
        id=user.arn,
        unique_id=user.user_id,
        name=user.user_name,
        created_at=user.create_date,
        groups=tuple(sorted(user.group_list)),
        inline=_inline(user.user_policy_list),
        attached=_attached(user.attached_managed_policies),
        boundary=user.permissions_boundary.permissions_boundary_arn if user.permissions_boundary else None,
        tags=_tags(user.tags),
    )


def _group(group: replies.GroupDetail) -> Group:
    return Group(
        id=group.arn,
        unique_id=group.group_id,
        name=group.group_name,
        inline=_inline(group.group_policy_list),
        attached=_attached(group.attached_managed_policies),
    )


def _role(role: replies.RoleDetail) -> Role:
    used = role.role_last_used
    return Role(
        id=role.arn,
        unique_id=role.role_id,
        name=role.role_name,
        created_at=role.create_date,
        trust=policy_text(role.assume_role_policy_document, _CALL),
        inline=_inline(role.role_policy_list),
        attached=_attached(role.attached_managed_policies),
        boundary=role.permissions_boundary.permissions_boundary_arn if role.permissions_boundary else None,
        tags=_tags(role.tags),
        last_used_at=used.last_used_date if used else None,
        last_used_region=used.region or None if used else None,
    )


def _policy(policy: replies.PolicyDetail) -> ManagedPolicy:
    """A managed policy with the text of the version in force; without that version the text is unknown."""
    in_force = policy.default_version_id
    version = next(
        (one for one in policy.policy_version_list if one.is_default_version or one.version_id == in_force), None
    )
    return ManagedPolicy(
        id=policy.arn,
        name=policy.policy_name or policy.arn.rpartition("/")[2],
        provider_managed=_PROVIDERS_OWN in policy.arn,
        version=in_force or (version.version_id if version else ""),
        text=policy_text(version.document if version else None, _CALL),
    )


def _inline(policies: Sequence[replies.InlinePolicy]) -> tuple[InlinePolicy, ...]:
    made = [
        InlinePolicy(name=policy.policy_name, text=policy_text(policy.policy_document, _CALL)) for policy in policies
    ]
    return tuple(sorted(made, key=lambda policy: policy.name))


def _attached(attachments: Sequence[replies.Attachment]) -> tuple[str, ...]:
    return tuple(sorted(attachment.policy_arn for attachment in attachments))


def _tags(tags: Sequence[replies.Tag]) -> dict[str, str]:
    return {tag.key: tag.value for tag in sorted(tags, key=lambda tag: tag.key)}
