import pytest

import role_worlds as worlds
from records import ACCOUNT, KEY_ID, REGION, alone, inventory, key, moved, shard, unread, view
from scanner.facts.coverage.references import Place, Target, read_reference, spelt
from scanner.facts.coverage.view import look
from scanner.facts.neighbours import neighbours
from scanner.model.key import Provider
from scanner.model.store import AliasTable
from scanner.model.unknown import Cause, Unknown

OTHER, ELSEWHERE = "444455556666", "us-east-1"
SHORT = KEY_ID.rpartition("/")[2]
MULTI = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/mrk-{'0' * 32}"
HOME = Place(Provider.AWS, ACCOUNT, REGION)


def table(**targets: str | None):
    return inventory(aliases=AliasTable(targets={f"alias/{name}": target for name, target in targets.items()}))


def here(**targets: str | None):
    return view(shard(key(), inventory=table(**targets)))


@pytest.mark.parametrize(
    "reference", [KEY_ID, SHORT, "alias/payments", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/payments"]
)
def test_the_four_forms_of_a_reference_mean_the_same_key(reference: str) -> None:
    assert alone(key()).target(reference) == Target(key=KEY_ID)


def test_a_multi_region_key_is_named_by_its_whole_id() -> None:
    assert alone(key()).target(MULTI.rpartition("/")[2]) == Target(key=MULTI)


def test_an_alias_of_the_same_name_in_two_regions_means_the_key_of_its_own() -> None:
    there = moved(shard(inventory=table(payments="other")), region=ELSEWHERE)
    both = view(shard(key(), inventory=table(payments=SHORT)), there)
    assert both.target("alias/payments").key == KEY_ID
    assert view(there, shard(key())).target("alias/payments").key == f"arn:aws:kms:{ELSEWHERE}:{ACCOUNT}:key/other"


def test_an_alias_that_is_not_in_the_table_or_points_nowhere_means_no_key() -> None:
    assert here(payments=None).target("alias/payments") == here().target("alias/payments") == Target(key=None)


def test_an_alias_of_aws_is_the_providers_whatever_it_points_at() -> None:
    assert here(**{"aws/rds": None}).target("alias/aws/rds") == Target(key=None, of_provider=True)
    blind = view(shard(key(), inventory=inventory(aliases=unread("aliases"))))
    assert blind.target("alias/aws/rds") == Target(key=unread("aliases"), of_provider=True)
    assert blind.target("alias/payments") == Target(key=unread("aliases"))
    assert blind.target(SHORT) == Target(key=KEY_ID)


def test_an_alias_of_an_account_that_was_not_read_is_unknown() -> None:
    unseen = unread("aliases", Cause.NOT_COLLECTED)
    assert alone(key()).target(f"arn:aws:kms:{REGION}:{OTHER}:alias/payments").key == unseen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alias",
        "key/1",
        "arn:aws:kms",
        f"arn:aws:s3:::{SHORT}",
        f"arn:aws:kms:{REGION}:{ACCOUNT}:key/",
        "<b>",
        "a/b c",
        f"arn:aws:kms:{REGION}:{ACCOUNT}:key/a/b",
        f"arn:aws:kms::{ACCOUNT}:key/{SHORT}",
        "../../alias/x",
        f"{KEY_ID}\n",
        "default",
        SHORT.upper(),
    ],
)
def test_a_text_of_no_such_form_is_followed_nowhere(text: str) -> None:
    assert read_reference(text, HOME) is None
    assert isinstance(alone(key()).target(text).key, Unknown)


def test_partitions_follow_the_region() -> None:
    china = Place(Provider.AWS, ACCOUNT, "cn-north-1")
    reference = read_reference(SHORT, china)
    assert reference is not None
    assert reference.key == f"arn:aws-cn:kms:cn-north-1:{ACCOUNT}:key/{SHORT}"


def test_a_reference_is_spelt_so_that_it_means_the_same_everywhere() -> None:
    assert (
        spelt(read_reference("alias/payments", HOME), "alias/payments")
        == f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/payments"
    )
    assert spelt(read_reference(SHORT, HOME), SHORT) == KEY_ID
    assert spelt(None, "no reference") == "no reference"


def test_other_clouds_name_a_key_by_its_resource_name() -> None:
    name = "projects/p/locations/europe/keyRings/r/cryptoKeys/k"
    reference = read_reference(name, Place(Provider.GCP, "p", "europe"))
    assert reference is not None
    assert reference.key == name


@pytest.mark.parametrize(("project", "ours"), [("123456", None), ("bank", True), ("supplier", False)])
def test_a_key_that_is_named_by_the_number_of_its_project_may_be_ours(project, ours):
    shard = worlds.google()
    found = look(shard, neighbours([shard])).is_ours(f"projects/{project}/locations/eu/keyRings/r/cryptoKeys/k")
    assert found is ours or (ours is None and isinstance(found, Unknown))
