"""Meridian Bank as the SDK reads it: every reply fits, every word is one of AWS's, and the odd keys are there."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from scanner.simulator.aws.bank import bank, named, next_night
from scanner.simulator.aws.bank_keys import HOME, SECURITY
from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.replies import check
from scanner.simulator.aws.served import SERVED
from scanner.simulator.aws.service_models import operation

NOW = datetime(2026, 11, 1, 2, tzinfo=UTC)
OF_A_KEY = ("DescribeKey", "GetKeyPolicy", "ListGrants", "ListResourceTags", "ListKeyRotations", "GetKeyLastUsage")


@pytest.fixture
def world():
    """The bank; `client` serves it."""
    return bank(NOW)


def words(shape, value):
    """Every value of an enumeration that is not among the words of the service's model."""
    match value:
        case dict() if shape.type_name == "structure":
            return {word for name, item in value.items() for word in words(shape.members[name], item)}
        case list():
            return {word for item in value for word in words(shape.member, item)}
        case str() if getattr(shape, "enum", None):
            return set() if value in shape.enum else {value}
        case _:
            return set()


def answers(world):
    """Every answer of KMS about every key and store, straight from the handlers, with its operation."""
    for key in world.keys():  # noqa: SIM118 (a method of the world)
        caller = Caller(account=key.account, region=key.region, principal="p", user_id="u")
        for name in (*OF_A_KEY, "GetKeyRotationStatus", "DescribeCustomKeyStores"):
            with suppress(AwsError):
                yield operation("kms", name), SERVED["kms", name](world, caller, {"KeyId": key.id})


def test_every_answer_fits_its_model_and_speaks_its_words(world):
    wrong, asked = set(), Counter()
    for made, reply in answers(world):
        check(made.output, reply, made.name)
        wrong |= words(made.output, reply)
        asked[made.name] += 1
    assert wrong == set()
    assert asked["DescribeKey"] == len(list(world.keys()))


def test_the_unreadable_keys_refuse_one_call_each(client, world):
    def refused(alias):
        key = named(world, alias)
        kms = client("kms", key.region, credentials=world.credentials(key.account))
        found = []
        for method in ("describe_key", "get_key_policy", "get_key_rotation_status", "list_grants"):
            try:
                getattr(kms, method)(KeyId=key.id)
            except ClientError as error:
                found.append((method, error.response["Error"]["Code"]))
        return found

    assert refused("hr-payroll") == [("describe_key", "AccessDeniedException")]
    assert refused("swift-gateway") == [("get_key_rotation_status", "AccessDeniedException")]
    assert refused("vault-root") == [("get_key_policy", "AccessDeniedException")]
    assert refused("ledger") == []


def test_every_state_and_kind_that_rules_judge_is_there(world):
    keys = list(world.keys())
    assert {world.state_of(key) for key in keys} >= {
        "Enabled",
        "Disabled",
        "PendingImport",
        "PendingDeletion",
        "Unavailable",
    }
    assert {key.origin for key in keys} == {"AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"}
    assert {key.spec.partition("_")[0] for key in keys} == {"SYMMETRIC", "RSA", "ECC", "HMAC", "ML"}
    assert {key.multi_region for key in keys} == {"", "PRIMARY", "REPLICA"}
    assert {key.manager for key in keys} == {"AWS", "CUSTOMER"}


def test_the_hub_enters_the_three_accounts_and_no_other(client, world):
    sts = client("sts", credentials=world.credentials(SECURITY))
    entered = []
    for account in world.accounts:
        with suppress(ClientError):
            role = f"arn:aws:iam::{account}:role/key-auditor"
            sts.assume_role(RoleArn=role, RoleSessionName="night", ExternalId="meridian-audit")
            entered.append(account)
    assert entered == ["111111111111", "222222222222", "333333333333"]


def test_after_a_night_exactly_three_keys_differ(client, world):
    def picture():
        reads = client("kms", HOME, credentials=world.credentials("222222222222"))
        return {
            key.arn: (world.state_of(key), key.rotation_days, tuple(key.tags.items()))
            for key in world.keys()  # noqa: SIM118 (a method of the world)
        }, reads.list_keys()["Keys"]

    (before, listed), _ = picture(), next_night(world)
    after, listed_then = picture()
    changed = {arn for arn in before if before[arn] != after[arn]}
    assert changed == {named(world, alias).arn for alias in ("loyalty-points", "fraud-scores", "card-archive")}
    assert (listed, world.clock) == (listed_then, NOW + timedelta(days=1))


LISTED = {
    "rds:DBInstances": ("rds", "DescribeDBInstances"),
    "rds:DBClusters": ("rds", "DescribeDBClusters"),
    "rds:DBSnapshots": ("rds", "DescribeDBSnapshots"),
    "rds:DBClusterSnapshots": ("rds", "DescribeDBClusterSnapshots"),
    "rds:DBInstanceAutomatedBackups": ("rds", "DescribeDBInstanceAutomatedBackups"),
    "rds:DBClusterAutomatedBackups": ("rds", "DescribeDBClusterAutomatedBackups"),
    "ec2:Volumes": ("ec2", "DescribeVolumes"),
    "ec2:Snapshots": ("ec2", "DescribeSnapshots"),
    "dynamodb:Tables": ("dynamodb", "ListTables"),
    "dynamodb:Backups": ("dynamodb", "ListBackups"),
    "secretsmanager:Secrets": ("secretsmanager", "ListSecrets"),
    "ssm:Parameters": ("ssm", "DescribeParameters"),
    "logs:Groups": ("logs", "DescribeLogGroups"),
    "backup:Vaults": ("backup", "ListBackupVaults"),
    "sqs:Queues": ("sqs", "ListQueues"),
    "kinesis:Streams": ("kinesis", "ListStreams"),
    "kafka:Clusters": ("kafka", "ListClustersV2"),
    "efs:FileSystems": ("elasticfilesystem", "DescribeFileSystems"),
    "fsx:FileSystems": ("fsx", "DescribeFileSystems"),
    "fsx:Backups": ("fsx", "DescribeBackups"),
    "redshift:Clusters": ("redshift", "DescribeClusters"),
    "redshift:Snapshots": ("redshift", "DescribeClusterSnapshots"),
    "elasticache:Groups": ("elasticache", "DescribeReplicationGroups"),
    "elasticache:Clusters": ("elasticache", "DescribeCacheClusters"),
    "elasticache:Snapshots": ("elasticache", "DescribeSnapshots"),
    "elasticache:Serverless": ("elasticache", "DescribeServerlessCaches"),
    "elasticache:ServerlessSnapshots": ("elasticache", "DescribeServerlessCacheSnapshots"),
    "es:Domains": ("es", "ListDomainNames"),
    "aoss:Collections": ("aoss", "ListCollections"),
    "lambda:Functions": ("lambda", "ListFunctions"),
    "ecr:Repositories": ("ecr", "DescribeRepositories"),
    "eks:Clusters": ("eks", "ListClusters"),
}


def test_everything_the_bank_keeps_fits_the_model_of_its_service(world):
    wrong, seen = set(), 0
    for (account, region), place in world.places.items():
        caller = Caller(account=account, region=region, principal="p", user_id="u")
        for shelf, name in LISTED.items():
            made, reply = operation(*name), SERVED[name](world, caller, {"OwnerIds": ["self"]})
            check(made.output, reply, made.name)
            wrong |= words(made.output, reply)
            seen += len(place.shelves.get(shelf, ()))
    assert wrong == set()
    assert seen > 100


def test_the_bank_has_something_on_every_shelf_that_is_listed(world):
    filled = {shelf for place in world.places.values() for shelf, rows in place.shelves.items() if rows}
    assert set(LISTED) <= filled


def keys_named(world):
    """Every key that a store names, with the account and region that names it."""
    names = ("KmsKeyId", "kmsKeyId", "EncryptionKeyArn", "KeyId", "PerformanceInsightsKMSKeyId")
    for place, held in world.places.items():
        for rows in held.shelves.values():
            for row in rows:
                described = row.get("SSEDescription", {})
                yield from ((place, row[name]) for name in names if name in row)
                yield from ((place, described[name]) for name in described if name == "KMSMasterKeyArn")


def test_keys_that_are_going_or_off_still_protect_something(world):
    used = {key for _, key in keys_named(world)} | {bucket.encryption[1] for bucket in world.buckets.values()}
    for alias in ("legacy-mq", "etl-2019", "reports-old", "dr-test", "global-tokens", "lapsed-import", "datacentre"):
        assert named(world, alias).arn in used, alias


def test_some_references_lead_nowhere_and_all_others_to_a_key_of_the_bank(world):
    known = {key.arn for key in world.keys()}  # noqa: SIM118 (a method of the world)
    known |= {alias.name for place in world.places.values() for alias in place.aliases.values()}
    lost = sorted(reference for _, reference in keys_named(world) if reference not in known)
    assert [reference.split(":")[4] if ":" in reference else reference for reference in lost] == [
        "alias/acquirer-2017",
        "999999999999",
        "222222222222",
    ]
    targets = {key.id for key in world.keys()}  # noqa: SIM118 (a method of the world)
    places = world.places.values()
    orphans = [a.name for place in places for a in place.aliases.values() if a.target and a.target not in targets]
    assert sorted(orphans) == ["alias/clicks-beta", "alias/ledger-2018"]


def test_new_volumes_are_encrypted_in_some_places_alone(world):
    found = {place: held.ebs_encrypted for place, held in world.places.items()}
    assert found["222222222222", HOME]
    assert not found["222222222222", "us-east-1"]
