"""A run that is gone on with: what was out of reach stays so with its reason, and somebody else is refused."""

import pytest
from collecting import collect
from fake_aws import error_xml
from msgspec.structs import replace
from small_estate import HUB, MEMBER, OTHER_REGION, REGION

from scanner.model.errors import UsageError
from scanner.providers.protocol import Finished

EVERYTHING = {"discover": True, "assume_role": "arn:aws:iam::{account}:role/keymuster"}


def finished(collected, *places, **changes):
    parts = {place: item.part for place, item in collected.shards.items() if place in places or not places}
    return Finished(parts={place: part and replace(part, **changes) for place, part in parts.items()})


def test_an_account_that_was_out_of_reach_is_not_asked_again_and_not_handed_over_as_read(estate, endpoint):
    estate.faults["AssumeRole", None] = error_xml("AccessDenied", 403)
    first = collect(endpoint, **EVERYTHING)
    estate.faults.clear()

    rest = collect(endpoint, finished(first, (MEMBER, None)), **EVERYTHING)

    assert rest.shards.keys() == {(HUB, REGION)}
    assert len(endpoint.asked("AssumeRole")) == 1


def test_every_shard_says_who_the_run_signed_in_as_whatever_account_it_is_of(estate, endpoint):
    estate.add_key("member-key", account=MEMBER)
    parts = [item.part for item in collect(endpoint, **EVERYTHING).shards.values()]
    assert sorted((part.account, part.signed_in) for part in parts) == [(HUB, HUB), (MEMBER, HUB)]


def test_what_another_account_began_is_refused_before_a_key_is_asked_for(endpoint):
    first = collect(endpoint, regions=(REGION, OTHER_REGION))
    begun = finished(first, (HUB, REGION), signed_in="999988887777")
    asked = len(endpoint.asked("ListKeys"))

    with pytest.raises(UsageError, match=f"signed in as 999988887777, and this one as {HUB}") as caught:
        collect(endpoint, begun, regions=(REGION, OTHER_REGION))

    assert "leave --resume out" in caught.value.hint
    assert len(endpoint.asked("ListKeys")) == asked


def test_the_same_account_goes_on_under_another_name(endpoint):
    first = collect(endpoint, regions=(REGION, OTHER_REGION))
    someone = replace(first.shards[HUB, REGION].part.identity, caller=f"arn:aws:iam::{HUB}:user/y")

    rest = collect(endpoint, finished(first, (HUB, REGION), identity=someone), regions=(REGION, OTHER_REGION))

    assert rest.shards.keys() == {(HUB, OTHER_REGION), (MEMBER, None)}
