"""Who calls, what accounts and regions there are, and tags by resource."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

HUB, MEMBER, CLOSED = "222222222222", "333333333333", "444444444444"


@pytest.fixture
def organisation(world):
    """An organisation of a hub, a member with a role and a suspended account."""
    world.add_organisation(HUB)
    world.add_account(MEMBER)
    world.add_account(CLOSED, status="SUSPENDED")
    for account in (MEMBER, CLOSED):
        world.add_role(account, "audit", external_id="meridian", trusted=(HUB,))
    return world


def refused(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["ResponseMetadata"]["HTTPStatusCode"]


def assume(client, account=MEMBER, external_id="meridian", caller=None):
    arn = f"arn:aws:iam::{account}:role/audit"
    sts = client("sts", credentials=caller)
    return sts.assume_role(RoleArn=arn, RoleSessionName="nightly", ExternalId=external_id)["Credentials"]


def test_the_user_and_the_assumed_role_know_who_they_are(client, organisation):
    assert client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{HUB}:user/scanner"
    got = assume(client)
    held = (got["AccessKeyId"], got["SecretAccessKey"])
    identity = client("sts", credentials=held, token=got["SessionToken"]).get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (MEMBER, f"arn:aws:sts::{MEMBER}:assumed-role/audit/nightly")
    assert got["Expiration"] == organisation.clock + timedelta(hours=1)


def test_a_session_sees_the_keys_of_its_own_account(client, organisation):
    mine = organisation.add_key(account=MEMBER, region="eu-central-1")
    organisation.add_key(account=HUB, region="eu-central-1")
    got = assume(client)
    kms = client("kms", credentials=(got["AccessKeyId"], got["SecretAccessKey"]), token=got["SessionToken"])
    assert [row["KeyArn"] for row in kms.list_keys()["Keys"]] == [mine.arn]


@pytest.mark.parametrize(
    ("account", "external_id", "caller"),
    [
        (MEMBER, "wrong", HUB),
        (MEMBER, "meridian", MEMBER),
        (CLOSED, "meridian", HUB),
        ("999999999999", "meridian", HUB),
    ],
)
def test_a_role_is_denied_for_a_wrong_id_an_untrusted_caller_or_a_closed_account(
    client, organisation, account, external_id, caller
):
    with pytest.raises(ClientError, match="AccessDenied"):
        assume(client, account, external_id, organisation.credentials(caller))


def test_sessions_end_and_strangers_are_refused(client, organisation):
    got = assume(client)
    held = {"credentials": (got["AccessKeyId"], got["SecretAccessKey"]), "token": got["SessionToken"]}
    organisation.advance(timedelta(hours=2))
    assert refused(client("kms", **held).list_keys)[0] == "ExpiredTokenException"
    assert refused(client("kms", credentials=("AKIAEXAMPLE", "x")).list_keys)[0] == "UnrecognizedClientException"
    assert refused(client("sts", credentials=("AKIAEXAMPLE", "x")).get_caller_identity) == ("InvalidClientTokenId", 403)


def test_only_the_management_account_lists_the_accounts(client, organisation):
    listed = client("organizations").list_accounts()["Accounts"]
    assert [(row["Id"], row["Status"]) for row in listed] == [
        (HUB, "ACTIVE"),
        (MEMBER, "ACTIVE"),
        (CLOSED, "SUSPENDED"),
    ]
    member = client("organizations", credentials=organisation.credentials(MEMBER))
    assert refused(member.list_accounts)[0] == "AccessDeniedException"
    assert member.describe_organization()["Organization"]["MasterAccountId"] == HUB


def test_an_account_outside_any_organisation_is_told_so(client):
    assert refused(client("organizations").describe_organization)[0] == "AWSOrganizationsNotInUseException"


def test_regions_tell_whether_they_may_be_used(client):
    regions = client("ec2").describe_regions(AllRegions=True)["Regions"]
    assert {row["RegionName"]: row["OptInStatus"] for row in regions} == {
        "eu-central-1": "opt-in-not-required",
        "us-east-1": "opt-in-not-required",
        "eu-south-1": "not-opted-in",
    }
    usable = client("ec2").describe_regions()["Regions"]
    assert [row["RegionName"] for row in usable] == ["eu-central-1", "us-east-1"]
    chosen = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    assert len(client("ec2").describe_regions(AllRegions=True, Filters=chosen)["Regions"]) == 1
    closed = client("account").list_regions(RegionOptStatusContains=["DISABLED"])["Regions"]
    assert [row["RegionName"] for row in closed] == ["eu-south-1"]


def test_a_region_opens_when_the_account_opts_in(client, world):
    kms = client("kms", "eu-south-1")
    assert refused(kms.list_keys)[0] == "UnrecognizedClientException"
    world.accounts[HUB].opted_in.add("eu-south-1")
    assert kms.list_keys()["Keys"] == []


def test_resources_are_found_by_tag_and_untagged_keys_never(client, add_key):
    first = add_key(tags={"owner": "a", "env": "prod"})
    second = add_key(tags={"owner": "b"})
    add_key()
    tagging = client("resourcegroupstaggingapi")

    def found(**arguments):
        read = tagging.get_resources(**arguments)
        return read["PaginationToken"], [row["ResourceARN"] for row in read["ResourceTagMappingList"]]

    assert found(ResourceTypeFilters=["kms:key"]) == ("", [first.arn, second.arn])
    assert found(ResourceTypeFilters=["ec2:instance"]) == ("", [])
    assert found(TagFilters=[{"Key": "owner", "Values": ["b", "c"]}]) == ("", [second.arn])
    assert found(TagFilters=[{"Key": "env"}, {"Key": "owner", "Values": ["b"]}]) == ("", [])
    assert found(ResourceARNList=[first.arn]) == ("", [first.arn])
