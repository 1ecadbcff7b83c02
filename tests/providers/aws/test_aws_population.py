"""Accounts and regions: who is read, who is left out and why, and what an account that cannot be entered leaves."""

import json

import pytest
from collecting import NOW, collect
from fake_aws import Answer, error, error_xml
from small_estate import HUB, MEMBER, OTHER_REGION, REGION, Estate

from scanner.config.schema import AwsConfig
from scanner.model.errors import AccessError
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.collect import AwsProvider

ROLE = "arn:aws:iam::{account}:role/keymuster"
DENIED = error("AccessDeniedException")


def test_the_smallest_configuration_reads_its_own_account_and_lists_the_others(endpoint):
    collected = collect(endpoint)

    assert collected.shards.keys() == {(HUB, REGION), (MEMBER, None)}
    outside = collected.shard(MEMBER, None).scope
    assert (outside.status, outside.reason) == (ScopeStatus.OUTSIDE, "not in the configuration")
    assert outside.account_name == "Payments"
    assert outside.keys == Unknown(cause=Cause.NOT_COLLECTED, call="kms:ListKeys")
    assert outside.evidence[0].raw in collected.raw(MEMBER, None)
    assert collected.collection.organisations[0].accounts == 2
    assert collected.collection.identities[0].caller == f"arn:aws:iam::{HUB}:user/x"


def test_discovery_reads_active_members_by_role_and_names_the_suspended(estate, endpoint):
    estate.page_size = 2
    estate.members.append(estate.member("333344445555", "Old", "SUSPENDED"))
    estate.add_key("member-key", account=MEMBER)

    collected = collect(endpoint, discover=True, assume_role=ROLE)

    assert collected.key("member-key", MEMBER).policy.document
    assert collected.shard(HUB).scope.status is ScopeStatus.SCANNED
    suspended = collected.shard("333344445555", None).scope
    assert (suspended.status, suspended.reason) == (ScopeStatus.CLOSED, "suspended")
    assert [call.params["RoleArn"] for call in endpoint.asked("AssumeRole")] == [ROLE.replace("{account}", MEMBER)]
    assert [item.account for item in collected.collection.identities] == [HUB, MEMBER]
    assert {"sts.AssumeRole/1", "sts.GetCallerIdentity/1", "account.ListRegions/1"} <= collected.raw(MEMBER).keys()


def test_an_exclusion_shows_its_reason_and_approver(endpoint):
    exclude = ({"account": MEMBER, "reason": "being wound up", "approver": "ciso"},)

    collected = collect(endpoint, discover=True, assume_role=ROLE, exclude=exclude)

    scope = collected.shard(MEMBER, None).scope
    assert (scope.status, scope.reason, scope.approver) == (ScopeStatus.EXCLUDED, "being wound up", "ciso")
    assert not endpoint.asked("AssumeRole")


def test_an_account_that_lets_nobody_in_is_a_subject_with_an_unknown(estate, endpoint):
    estate.faults["AssumeRole", None] = error_xml("AccessDenied", 403)

    collected = collect(endpoint, discover=True, assume_role=ROLE)

    scope = collected.shard(MEMBER, None).scope
    assert scope.status is ScopeStatus.UNREACHABLE
    assert scope.keys == Unknown(cause=Cause.DENIED, call="sts:AssumeRole")
    assert scope.reason == "sts:AssumeRole: AccessDenied"
    assert collected.calls("sts:AssumeRole", MEMBER, None).denied == 1
    assert collected.shard(HUB).keys
    assert ("finished", MEMBER, None, 0, 1) in collected.progress.heard


def test_credentials_of_another_account_do_not_stand_for_this_one(endpoint):
    accounts = ({"id": MEMBER, "role_arn": f"arn:aws:iam::{HUB}:role/wrong"},)

    collected = collect(endpoint, accounts=accounts)

    scope = collected.shard(MEMBER, None).scope
    assert scope.keys == Unknown(cause=Cause.ERROR, call="sts:GetCallerIdentity")
    assert "another account" in scope.reason


def test_an_account_without_a_way_in_says_what_is_missing(endpoint):
    scope = collect(endpoint, accounts=({"id": MEMBER},)).shard(MEMBER, None).scope

    assert scope.keys == Unknown(cause=Cause.NOT_COLLECTED, call="sts:AssumeRole")
    assert "neither a role nor a profile" in scope.reason


def test_a_profile_that_does_not_exist_leaves_only_its_own_account_out(endpoint):
    collected = collect(endpoint, accounts=({"id": MEMBER, "profile": "gone"}, {"id": HUB}))

    assert collected.shard(MEMBER, None).scope.keys.cause is Cause.ERROR
    assert collected.shard(HUB).keys


def test_an_organisation_that_cannot_be_listed_is_unknown_and_discovery_says_so(estate, endpoint):
    estate.faults["ListAccounts", None] = DENIED
    denied = Unknown(cause=Cause.DENIED, call="organizations:ListAccounts")

    modest = collect(endpoint)
    discovering = collect(endpoint, discover=True)

    assert modest.collection.organisations[0].accounts == denied
    assert modest.shards.keys() == {(HUB, REGION)}
    gap = discovering.shard("organisation", None).scope
    assert (gap.status, gap.keys) == (ScopeStatus.UNREACHABLE, denied)
    assert discovering.shard(HUB).keys


def test_leaving_the_hub_out_does_not_hide_that_its_organisation_could_not_be_listed(estate, endpoint):
    estate.faults["ListAccounts", None] = DENIED
    exclude = ({"account": HUB, "reason": "holds no keys", "approver": "ciso"},)

    collected = collect(endpoint, discover=True, assume_role=ROLE, accounts=({"id": MEMBER},), exclude=exclude)

    assert collected.shard(HUB, None).scope.status is ScopeStatus.EXCLUDED
    assert collected.shard("organisation", None).scope.keys.call == "organizations:ListAccounts"


def test_discovery_without_a_hub_is_a_gap_beside_the_accounts_with_profiles(endpoint, monkeypatch, tmp_path):
    settings = tmp_path / "config"
    settings.write_text("[profile member]\naws_access_key_id = AKIDMEMBER\naws_secret_access_key = x\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(settings))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    collected = collect(endpoint, discover=True, accounts=({"id": HUB, "profile": "member"},))

    assert collected.shard(HUB).scope.status is ScopeStatus.SCANNED
    gap = collected.shard("organisation", None).scope
    assert gap.keys == Unknown(cause=Cause.ERROR, call="sts:GetCallerIdentity")


def test_a_lone_account_has_no_organisation(estate, endpoint):
    estate.faults["ListAccounts", None] = error("AWSOrganizationsNotInUseException")

    assert collect(endpoint, discover=True).collection.organisations == ()


def test_all_regions_are_the_enabled_ones(endpoint):
    collected = collect(endpoint, regions="all")

    assert {region for account, region in collected.shards if account == HUB} == {REGION, OTHER_REGION, "eu-west-1"}
    assert collected.collection.regions_outside == {HUB: ()}
    assert endpoint.asked("ListRegions")[0].params["RegionOptStatusContains"] == ["ENABLED", "ENABLED_BY_DEFAULT"]


def test_enabled_regions_beyond_the_configured_are_listed(endpoint):
    assert collect(endpoint).collection.regions_outside == {HUB: ("eu-west-1", OTHER_REGION)}


def test_the_compute_service_names_the_regions_when_the_account_service_does_not(estate, endpoint):
    estate.faults["ListRegions", None] = error("AccessDeniedException", 403)

    collected = collect(endpoint, regions="all")

    assert (HUB, "eu-west-1") in collected.shards
    assert {"account.ListRegions/1", "ec2.DescribeRegions/1"} <= collected.raw().keys()


def test_regions_that_nobody_names_leave_the_account_unread_or_unbounded(estate, endpoint):
    estate.faults["ListRegions", None] = error("AccessDeniedException", 403)
    estate.faults["DescribeRegions", None] = Answer(
        status=403, body=b"<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>"
    )
    unknown = Unknown(cause=Cause.DENIED, call="account:ListRegions")

    everywhere, named = collect(endpoint, regions="all"), collect(endpoint)

    assert everywhere.shard(HUB, None).scope.keys == unknown
    assert everywhere.collection.regions_outside == {HUB: unknown}
    assert named.shard(HUB).keys
    assert named.collection.regions_outside == {HUB: unknown}


def test_calls_for_the_whole_account_count_in_its_first_region(endpoint):
    collected = collect(endpoint, regions=(REGION, OTHER_REGION))

    first = {count.call for count in collected.shard(HUB, REGION).scope.calls}
    second = {count.call for count in collected.shard(HUB, OTHER_REGION).scope.calls}
    of_account = {"sts:GetCallerIdentity", "organizations:ListAccounts", "account:ListRegions"}
    assert of_account <= first
    assert not of_account & second


def test_where_and_when_things_were_asked_is_kept(endpoint):
    collected = collect(endpoint)

    scope = collected.shard().scope
    assert scope.started_at == scope.finished_at == NOW
    assert {item.url for item in collected.collection.endpoints} == {endpoint.url}
    assert not any(item.tls or item.official for item in collected.collection.endpoints)
    assert {item.service for item in collected.collection.endpoints} >= {"kms", "sts", "cloudtrail", "s3"}
    said_there_is_none = 3  # of the log bucket: no lock, no block, no policy
    assert collected.collection.answered == sum(count.pages for count in scope.calls) - said_there_is_none
    assert collected.collection.clock_offset_seconds is not None


def test_the_environment_can_name_the_endpoint(endpoint, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)

    assert collect(endpoint, endpoint_url=None).shard().keys


def test_a_region_that_does_not_answer_is_unreachable_and_stays(estate, endpoint):
    estate.faults["ListKeys", OTHER_REGION] = Answer(body=b"", reset=True)

    collected = collect(endpoint, regions=(REGION, OTHER_REGION))

    scope = collected.shard(HUB, OTHER_REGION).scope
    assert (scope.status, scope.keys) == (
        ScopeStatus.UNREACHABLE,
        Unknown(cause=Cause.ERROR, call="kms:ListKeys"),
    )
    assert collected.shard().keys


@pytest.mark.parametrize(
    ("code", "words"),
    [("ExpiredToken", "refused the credentials"), ("AccessDenied", "could not be asked who")],
)
def test_nothing_to_ask_with_is_an_error_with_a_remedy(estate, endpoint, code, words):
    estate.faults["GetCallerIdentity", None] = error_xml(code, 403)

    with pytest.raises(AccessError, match=words) as caught:
        collect(endpoint)

    assert caught.value.hint
    assert "\n" not in caught.value.message


def test_missing_credentials_are_an_error_with_a_remedy(endpoint, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(AccessError, match="no usable credentials") as caught:
        collect(endpoint)

    assert "aws sso login" in caught.value.hint
    assert endpoint.calls == []


def test_a_dead_endpoint_is_an_error_with_a_remedy(endpoint):
    estate_of_nobody = Estate()
    assert estate_of_nobody.keys

    with pytest.raises(AccessError, match="could not be reached"):
        collect(endpoint, endpoint_url="http://127.0.0.1:9")


def test_a_fault_of_the_sink_ends_the_collection(endpoint):
    def full(_):
        raise OSError(28, "no space left on device")

    config = AwsConfig.model_validate({"endpoint_url": endpoint.url, "regions": (REGION,), "rate_limiter": False})
    provider = AwsProvider(config, clock=lambda: NOW, as_of=NOW)

    with pytest.raises(OSError, match="no space left"):
        provider.collect(full, collect(endpoint).progress)


def test_two_runs_name_their_replies_alike(estate, endpoint):
    for number in range(2, 12):
        estate.add_key(f"sym-{number}")

    once, again = collect(endpoint, concurrency=8), collect(endpoint, concurrency=2)

    assert list(once.raw()) == list(again.raw()) == sorted(once.raw())
    bodies = [{name: item.body_sha256 for name, item in run.raw().items()} for run in (once, again)]
    assert bodies[0] == bodies[1]


def first_expired(estate, then):
    """A role that is over before it is used; asked again, the service gives what `then` says."""
    earlier = []

    def answered(call):
        earlier.append(call)
        if len(earlier) > 1:
            return then(call)
        return Answer(body=estate._AssumeRole(call).body.replace(b"2099-01-01", b"2001-01-01"))

    return answered


def test_a_role_that_runs_out_is_assumed_again(estate, endpoint):
    estate.add_key("member-key", account=MEMBER)
    estate.faults["AssumeRole", None] = first_expired(estate, estate._AssumeRole)

    collected = collect(endpoint, discover=True, assume_role=ROLE)

    assert len(endpoint.asked("AssumeRole")) == 2
    assert collected.key("member-key", MEMBER).policy.document


def test_a_role_that_cannot_be_assumed_again_leaves_the_account_unread(estate, endpoint):
    estate.faults["AssumeRole", None] = first_expired(estate, lambda _: error_xml("AccessDenied", 403))

    collected = collect(endpoint, discover=True, assume_role=ROLE)

    scope = collected.shard(MEMBER, None).scope
    assert scope.status is ScopeStatus.UNREACHABLE
    assert scope.keys.cause is Cause.ERROR
    assert collected.shard(HUB).keys


def test_a_role_whose_credentials_are_expired_again_and_again_leaves_the_account_unread(estate, endpoint):
    def expired(call):
        return Answer(body=estate._AssumeRole(call).body.replace(b"2099-01-01", b"2001-01-01"))

    estate.faults["AssumeRole", None] = expired

    collected = collect(endpoint, discover=True, assume_role=ROLE)

    scope = collected.shard(MEMBER, None).scope
    assert scope.status is ScopeStatus.UNREACHABLE
    assert scope.keys == Unknown(cause=Cause.ERROR, call="sts:GetCallerIdentity")
    assert collected.shard(HUB).keys


def test_a_program_that_hands_out_expired_credentials_is_an_error_with_a_remedy(endpoint, monkeypatch, tmp_path):
    given = {"Version": 1, "AccessKeyId": "hub", "SecretAccessKey": "none", "SessionToken": "none"}
    handed = tmp_path / "credentials.json"
    handed.write_text(json.dumps({**given, "Expiration": "2001-01-01T00:00:00Z"}))
    (tmp_path / "config").write_text(f"[profile stale]\ncredential_process = cat {handed}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))

    with pytest.raises(AccessError, match="StaleCredentials") as caught:
        collect(endpoint, profile="stale")

    assert "expired" in caught.value.hint
