"""Every listing pages: tokens lead on, sizes are honoured, and a world can make its pages small."""

import pytest
from botocore.exceptions import ClientError

from scanner.simulator.aws.records import Grant, Store

ACCOUNT, REGION = "222222222222", "eu-central-1"


@pytest.fixture
def crowded(world, add_key):
    """Five of everything that is listed; the key that has five grants, tags and rotations is returned."""
    world.add_organisation(ACCOUNT)
    issued = {"operations": ("Decrypt",), "created": world.clock, "issuer": ACCOUNT}
    grants = [Grant(id=str(number) * 64, grantee_service="rds.amazonaws.com", **issued) for number in range(5)]
    tags = {f"tag-{number}": "x" for number in range(5)}
    rich = add_key(alias="a-0", grants=grants, tags=tags, rotation_days=20)
    for number in range(1, 5):
        add_key(alias=f"a-{number}", tags=tags)
        world.add_account(f"{number}" * 12 if number != 2 else "9" * 12)
        world.regions[f"eu-west-{number}"] = False
    for number in range(5):
        store = Store(id=f"cks-{number}", name=f"s{number}", kind="AWS_CLOUDHSM", created=world.clock)
        world.add_store(ACCOUNT, REGION, store)
    return rich


LISTINGS = (
    ("kms", "list_keys", "Keys", "Limit", 5),
    ("kms", "list_aliases", "Aliases", "Limit", 5),
    ("kms", "list_grants", "Grants", "Limit", 5),
    ("kms", "list_resource_tags", "Tags", "Limit", 5),
    ("kms", "list_key_rotations", "Rotations", "Limit", 5),
    ("kms", "describe_custom_key_stores", "CustomKeyStores", "Limit", 5),
    ("resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList", "ResourcesPerPage", 5),
    ("organizations", "list_accounts", "Accounts", "MaxResults", 5),
    ("account", "list_regions", "Regions", "MaxResults", 7),
)
OF_A_KEY = {"list_grants", "list_resource_tags", "list_key_rotations"}


def pages(client, listing, key, **arguments):
    """The pages of a listing as the SDK's own paginator sees them."""
    service, operation, member, _, _ = listing
    named = {"KeyId": key.id} if operation in OF_A_KEY else {}
    return [page[member] for page in client(service).get_paginator(operation).paginate(**named, **arguments)]


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing[1])
def test_pages_are_as_large_as_asked_and_together_hold_everything_once(client, crowded, listing):
    name, total = listing[3], listing[4]
    read = pages(client, listing, crowded, **{name: 2})
    items = [str(item) for page in read for item in page]
    assert [len(page) for page in read[:-1]] == [2] * (len(read) - 1)
    assert len(items) == len(set(items)) == total


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing[1])
def test_a_world_can_cap_its_pages_for_callers_that_ask_for_more(client, world, crowded, listing):
    world.page_limit = 3
    read = pages(client, listing, crowded)
    assert [len(page) for page in read] == [3] * (listing[4] // 3) + [listing[4] % 3]


def test_the_last_page_carries_no_token(client, crowded):
    kms = client("kms")
    first = kms.list_keys(Limit=4)
    last = kms.list_keys(Limit=4, Marker=first["NextMarker"])
    assert (first["Truncated"], last["Truncated"], "NextMarker" in last) == (True, False, False)
    assert crowded.arn in {row["KeyArn"] for row in first["Keys"]}


def test_a_token_of_another_listing_is_refused(client, crowded):
    kms = client("kms")
    marker = kms.list_keys(Limit=1)["NextMarker"]
    for wrong in (marker, "nonsense"):
        with pytest.raises(ClientError, match="InvalidMarkerException"):
            kms.list_grants(KeyId=crowded.id, Marker=wrong)


def test_a_page_size_beyond_the_services_bound_is_refused(client, crowded):
    with pytest.raises(ClientError, match="ValidationException"):
        client("kms").list_grants(KeyId=crowded.id, Limit=101)
