"""Who may act in an account: read once, documents as text that parses."""

import json
from datetime import timedelta

import pytest
from simulated import HUB, NOW, collected, refuse, world_of
from small_estate import OTHER_REGION, REGION

from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws import identities, replies_identities
from scanner.providers.failure import MalformedReplyError
from scanner.simulator.aws.estate import ManagedPolicy, Principal
from scanner.simulator.aws.faults import Effect

CALL = "iam:GetAccountAuthorizationDetails"
BEGUN = NOW - timedelta(days=300)
TEXT = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "über % + &", "Effect": "Allow", "Action": "kms:*"}]})
BOUNDARY = f"arn:aws:iam::{HUB}:policy/boundary"


@pytest.fixture
def world():
    """A user in a group, a role that was used, one that nobody used, and a managed policy."""
    made = world_of()
    made.estate.managed[HUB] = [ManagedPolicy(arn=BOUNDARY, text=TEXT, created=BEGUN)]
    made.estate.principals[HUB] = [
        Principal(kind="group", name="engineers", created=BEGUN, attached=(BOUNDARY,)),
        Principal(
            kind="user",
            name="ann",
            created=BEGUN,
            groups=("engineers",),
            boundary=BOUNDARY,
            inline={"own": TEXT},
            tags={"team": "keys"},
        ),
        Principal(kind="role", name="app", path="/svc/", created=BEGUN, trust=TEXT, last_used=NOW - timedelta(days=1)),
        Principal(kind="role", name="idle", created=BEGUN, trust=TEXT),
    ]
    return made


def principals_of(world, monkeypatch, **changes):
    return collected(world, monkeypatch, **changes).shards[HUB, REGION].identities.identities.principals


def parsed(policy):
    return json.loads(policy.document)


def test_everything_that_decides_what_one_may_do_is_read(world, monkeypatch):
    world.page_limit = 2

    found = principals_of(world, monkeypatch)

    (user,) = found.users
    assert (user.id, user.groups, user.boundary) == (f"arn:aws:iam::{HUB}:user/ann", ("engineers",), BOUNDARY)
    assert user.tags == {"team": "keys"}
    assert [(policy.name, parsed(policy.text)) for policy in user.inline] == [("own", json.loads(TEXT))]
    assert [(group.name, group.attached) for group in found.groups] == [("engineers", (BOUNDARY,))]
    assert [(role.id.rpartition(":")[2], role.last_used_at) for role in found.roles] == [
        ("role/idle", None),
        ("role/svc/app", NOW - timedelta(days=1)),
    ]
    assert parsed(found.roles[0].trust) == json.loads(TEXT)
    assert [(policy.id, policy.version, parsed(policy.text)) for policy in found.policies] == [
        (BOUNDARY, "v1", json.loads(TEXT))
    ]


def test_an_account_is_asked_once_whatever_its_regions(world, monkeypatch):
    found = collected(world, monkeypatch, regions=(REGION, OTHER_REGION))

    given = {region: found.shards[HUB, region].identities is not None for region in (REGION, OTHER_REGION)}
    assert given == {REGION: True, OTHER_REGION: False}
    assert [call.operation for call in world.calls if call.service == "iam"] == ["GetAccountAuthorizationDetails"]


def test_a_refusal_is_no_account_without_identities(world, monkeypatch):
    refuse(world, "iam", "GetAccountAuthorizationDetails")

    assert principals_of(world, monkeypatch) == Unknown(cause=Cause.DENIED, call=CALL)


@pytest.mark.parametrize("effect", [Effect.HTML, Effect.MALFORMED, Effect.TRUNCATE, Effect.THROTTLE])
def test_no_broken_reply_is_an_account_without_identities(world, monkeypatch, effect):
    refuse(world, "iam", "GetAccountAuthorizationDetails", effect=effect)

    assert isinstance(principals_of(world, monkeypatch), Unknown)


def test_a_document_that_does_not_parse_hides_itself_alone(world, monkeypatch):
    odd = Principal(kind="role", name="odd", created=BEGUN, trust="{", inline={"a": "[]", "b": TEXT})
    world.estate.principals[HUB].append(odd)

    role = next(role for role in principals_of(world, monkeypatch).roles if role.name == "odd")

    assert role.trust == Unknown(cause=Cause.ERROR, call=CALL)
    assert role.inline[0].text == Unknown(cause=Cause.ERROR, call=CALL)
    assert parsed(role.inline[1].text) == json.loads(TEXT)


def test_a_policy_without_the_version_in_force_has_an_unknown_text():
    old = replies_identities.PolicyVersion(version_id="v1", document={"Statement": []})
    policy = replies_identities.PolicyDetail(arn=BOUNDARY, default_version_id="v2", policy_version_list=(old,))
    page = replies_identities.GetAccountAuthorizationDetails(policies=(policy,))

    (found,) = identities.principals([page]).policies

    assert (found.version, found.text) == ("v2", Unknown(cause=Cause.ERROR, call=CALL))


def test_a_page_without_any_list_is_no_answer():
    with pytest.raises(MalformedReplyError):
        identities.principals([replies_identities.GetAccountAuthorizationDetails()])
