"""The partition of a place is told from its region's name."""

import boto3
import pytest

from scanner.facts.coverage.references import Place, key_arn
from scanner.model.key import Provider
from scanner.model.partitions import partition_of


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-central-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_belongs_to_the_partition_that_its_name_begins_with(region, partition):
    assert partition_of(region) == partition
    assert key_arn(Place(Provider.AWS, "111122223333", region), "one").split(":")[1] == partition


def test_every_region_that_the_sdk_knows_belongs_to_its_partition():
    session = boto3.Session(region_name="eu-central-1")
    known = {
        region: partition
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("kms", partition)
    }

    assert len(known) > 30
    assert {region: partition_of(region) for region in known} == known
