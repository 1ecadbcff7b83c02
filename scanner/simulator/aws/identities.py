"""STS, Organizations, regions and tags by resource, as plain functions. Changes nothing but the sessions it opens."""

from collections.abc import Mapping

from scanner.simulator.aws.errors import AwsError, denied
from scanner.simulator.aws.identifiers import unique_id
from scanner.simulator.aws.paging import Paging, number, page, structures, text, texts
from scanner.simulator.aws.records import Account, Caller, Key, Organisation
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

_ACCOUNTS = Paging("ListAccounts", 20, 20, "InvalidInputException")
_REGIONS = Paging("ListRegions", 50, 50, "ValidationException")
_RESOURCES = Paging("GetResources", 50, 100, "PaginationTokenExpiredException")
_SHORTEST_SESSION = 900
_LONGEST_SESSION = 43_200


def get_caller_identity(_world: World, caller: Caller, _params: Params) -> Reply:
    """Who the access key belongs to."""
    return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.principal}


def assume_role(world: World, caller: Caller, params: Params) -> Reply:
    """Credentials in the role's account; denied unless account trusted and external id equal."""
    arn, name = text(params, "RoleArn") or "", text(params, "RoleSessionName") or ""
    role = world.roles.get(arn)
    fits = role is not None and caller.account in role.trusted
    if role is None or not fits or (role.external_id and text(params, "ExternalId") != role.external_id):
        raise AwsError("AccessDenied", _no_role(caller, arn), 403)
    if world.accounts[role.account].status != "ACTIVE":
        raise AwsError("AccessDenied", _no_role(caller, arn), 403)
    seconds = number(params, "DurationSeconds") or 3600
    if not _SHORTEST_SESSION <= seconds <= _LONGEST_SESSION:
        raise AwsError("ValidationError", "The requested DurationSeconds is out of bounds.")
    access_key, session = world.open_session(role, name, seconds)
    return {
        "Credentials": {
            "AccessKeyId": access_key,
            "SecretAccessKey": world.credentials(role.account)[1],
            "SessionToken": world.session_token(access_key),
            "Expiration": session.expires,
        },
        "AssumedRoleUser": {"AssumedRoleId": f"{unique_id('AROA', role.arn)}:{name}", "Arn": session.principal},
    }


def describe_organization(world: World, caller: Caller, _params: Params) -> Reply:
    """The organisation the caller's account belongs to."""
    organisation = organisation_of(world, caller)
    return {
        "Organization": {
            "Id": organisation.id,
            "Arn": f"arn:aws:organizations::{organisation.management}:organization/{organisation.id}",
            "FeatureSet": "ALL",
            "MasterAccountArn": _account_arn(organisation, organisation.management),
            "MasterAccountId": organisation.management,
            "MasterAccountEmail": world.accounts[organisation.management].email,
            "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
        }
    }


def list_accounts(world: World, caller: Caller, params: Params) -> Reply:
    """Every account of the organisation, for its management and delegated accounts."""
    organisation = organisation_of(world, caller)
    if caller.account != organisation.management and caller.account not in organisation.delegated:
        raise denied("organizations", "ListAccounts", caller.principal, "*")
    size, token = number(params, "MaxResults"), text(params, "NextToken")
    found = page(organisation.members, _ACCOUNTS, size=size, token=token, cap=world.page_limit)
    rows = [account_row(organisation, world.accounts[account]) for account in found.items]
    return {"Accounts": rows} | ({"NextToken": found.token} if found.token else {})


def list_regions(world: World, caller: Caller, params: Params) -> Reply:
    """Regions with whether the account may use them."""
    account = text(params, "AccountId") or caller.account
    organisation = world.organisation
    if account != caller.account and (organisation is None or organisation.management != caller.account):
        raise denied("account", "ListRegions", caller.principal, f"arn:aws:account::{account}:account")
    if account not in world.accounts:
        raise AwsError("ValidationException", f"There is no account {account}.")
    wanted = texts(params, "RegionOptStatusContains")
    rows = [{"RegionName": region, "RegionOptStatus": _opt_status(world, region, account)} for region in world.regions]
    kept = [row for row in rows if not wanted or row["RegionOptStatus"] in wanted]
    size, token = number(params, "MaxResults"), text(params, "NextToken")
    found = page(kept, _REGIONS, size=size, token=token, cap=world.page_limit)
    return {"Regions": list(found.items)} | ({"NextToken": found.token} if found.token else {})


def describe_regions(world: World, caller: Caller, params: Params) -> Reply:
    """Regions the account can use, and with AllRegions the others."""
    named = texts(params, "RegionNames")
    filters = {text(item, "Name"): texts(item, "Values") for item in structures(params, "Filters")}
    rows: list[Reply] = []
    for region, needs_opt_in in world.regions.items():
        enabled = world.is_enabled(region, caller.account)
        status = ("opted-in" if enabled else "not-opted-in") if needs_opt_in else "opt-in-not-required"
        if not (enabled or params.get("AllRegions") is True) or (named and region not in named):
            continue
        if status in filters.get("opt-in-status", (status,)) and region in filters.get("region-name", (region,)):
            endpoint = f"ec2.{region}.amazonaws.com"
            rows.append({"OptInStatus": status, "RegionName": region, "Endpoint": endpoint})
    return {"Regions": rows}


def get_resources(world: World, caller: Caller, params: Params) -> Reply:
    """Tagged keys of the account and region; untagged ones never appear."""
    kinds, named = texts(params, "ResourceTypeFilters"), texts(params, "ResourceARNList")
    filters = structures(params, "TagFilters")
    tagged = [
        key
        for key in world.place(caller.account, caller.region).keys.values()
        if key.tags
        and (not kinds or {"kms", "kms:key"} & set(kinds))
        and (not named or key.arn in named)
        and all(_has_tag(key, wanted) for wanted in filters)
    ]
    size, token = number(params, "ResourcesPerPage"), text(params, "PaginationToken")
    found = page(tagged, _RESOURCES, size=size, token=token, cap=world.page_limit)
    rows = [
        {"ResourceARN": key.arn, "Tags": [{"Key": name, "Value": value} for name, value in key.tags.items()]}
        for key in found.items
    ]
    return {"PaginationToken": found.token or "", "ResourceTagMappingList": rows}


def _has_tag(key: Key, wanted: Mapping[str, object]) -> bool:
    name, values = text(wanted, "Key") or "", texts(wanted, "Values")
    return name in key.tags and (not values or key.tags[name] in values)


def _no_role(caller: Caller, arn: str) -> str:
    return f"User: {caller.principal} is not authorized to perform: sts:AssumeRole on resource: {arn}"


def organisation_of(world: World, caller: Caller) -> Organisation:
    """The organisation that the caller's account belongs to; raises AwsError when it belongs to none."""
    organisation = world.organisation
    if organisation is None or caller.account not in organisation.members:
        raise AwsError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return organisation


def _account_arn(organisation: Organisation, account: str) -> str:
    return f"arn:aws:organizations::{organisation.management}:account/{organisation.id}/{account}"


def account_row(organisation: Organisation, account: Account) -> Reply:
    """An account as the organisation lists it."""
    return {
        "Id": account.id,
        "Arn": _account_arn(organisation, account.id),
        "Email": account.email,
        "Name": account.name,
        "Status": account.status,
        "State": account.status,
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": account.joined,
    }


def _opt_status(world: World, region: str, account: str) -> str:
    if not world.regions[region]:
        return "ENABLED_BY_DEFAULT"
    return "ENABLED" if world.is_enabled(region, account) else "DISABLED"
