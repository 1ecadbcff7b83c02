"""Queues, streams, files, warehouses, caches, functions and clusters answer the real SDK, in pages and by name."""

from datetime import timedelta

import pytest

from scanner.simulator.aws.stores import caches, compute, files, queues, warehouses
from scanner.simulator.aws.stores.shelves import Spot

ACCOUNT, HOME = "222222222222", "eu-central-1"
HERE = Spot(account=ACCOUNT, region=HOME)
KEY = f"arn:aws:kms:{HOME}:{ACCOUNT}:key/1"


def rows(made, name):
    """One of everything."""
    system = files.windows_system(HERE, f"fs-{name}", KEY, made)
    group = caches.group(HERE, name, KEY, made)
    return (
        (queues.QUEUES, queues.queue(HERE, name, KEY)),
        (queues.STREAMS, queues.stream(HERE, name, KEY, made)),
        (files.SYSTEMS, files.system(HERE, f"fs-{name}", KEY, made)),
        (files.WINDOWS_SYSTEMS, system),
        (files.BACKUPS, files.backup(HERE, f"backup-{name}", system, KEY, made)),
        (warehouses.CLUSTERS, warehouses.cluster(HERE, name, KEY, made)),
        (warehouses.SNAPSHOTS, warehouses.snapshot(HERE, f"rs:{name}", name, KEY, made)),
        (warehouses.DOMAINS, warehouses.domain(HERE, name, KEY)),
        (warehouses.COLLECTIONS, warehouses.collection(HERE, name, KEY)),
        (caches.GROUPS, group),
        (caches.CLUSTERS, caches.cluster(HERE, name, made)),
        (caches.SNAPSHOTS, caches.snapshot(HERE, f"automatic.{name}", group, KEY, made)),
        (caches.SERVERLESS, caches.serverless(HERE, name, KEY, made)),
        (caches.SERVERLESS_SNAPSHOTS, caches.serverless_snapshot(HERE, name, name, KEY, made)),
        (compute.FUNCTIONS, compute.function(HERE, name, KEY)),
        (compute.REPOSITORIES, compute.repository(HERE, name, KEY, made)),
        (compute.CLUSTERS, compute.cluster(HERE, name, KEY, made)),
        (compute.BROKERS, compute.brokers(HERE, name, KEY, made)),
    )


@pytest.fixture
def filled(world):
    """Three of everything."""
    for number in range(3):
        for shelf, row in rows(world.clock - timedelta(days=3), f"thing-{number}"):
            world.put(ACCOUNT, HOME, shelf, row)
    return world


@pytest.mark.parametrize(
    ("service", "operation", "member", "extra"),
    [
        ("sqs", "list_queues", "QueueUrls", {"MaxResults": 100}),
        ("kinesis", "list_streams", "StreamNames", {}),
        ("efs", "describe_file_systems", "FileSystems", {}),
        ("fsx", "describe_file_systems", "FileSystems", {}),
        ("fsx", "describe_backups", "Backups", {}),
        ("redshift", "describe_clusters", "Clusters", {}),
        ("redshift", "describe_cluster_snapshots", "Snapshots", {"OwnerAccount": ACCOUNT}),
        ("elasticache", "describe_replication_groups", "ReplicationGroups", {}),
        ("elasticache", "describe_cache_clusters", "CacheClusters", {"ShowCacheClustersNotInReplicationGroups": True}),
        ("elasticache", "describe_snapshots", "Snapshots", {}),
        ("elasticache", "describe_serverless_caches", "ServerlessCaches", {}),
        ("elasticache", "describe_serverless_cache_snapshots", "ServerlessCacheSnapshots", {}),
        ("lambda", "list_functions", "Functions", {}),
        ("ecr", "describe_repositories", "repositories", {}),
        ("eks", "list_clusters", "clusters", {}),
        ("kafka", "list_clusters_v2", "ClusterInfoList", {}),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_listing_comes_in_pages_and_from_its_own_place_alone(client, filled, service, operation, member, extra):  # noqa: PLR0917, PLR0913 (a listing has as many sides)
    filled.page_limit = 2
    pages = list(client(service).get_paginator(operation).paginate(**extra))
    assert [len(page[member]) for page in pages] == [2, 1]
    assert len({str(thing) for page in pages for thing in page[member]}) == 3
    assert getattr(client(service, "us-east-1"), operation)(**extra).get(member, []) == []


def test_collections_come_in_pages_and_domains_at_once(client, filled):
    filled.page_limit = 2
    serverless = client("opensearchserverless")
    first = serverless.list_collections()
    second = serverless.list_collections(nextToken=first["nextToken"])
    assert [len(page["collectionSummaries"]) for page in (first, second)] == [2, 1]
    assert len(client("opensearch").list_domain_names()["DomainNames"]) == 3


def test_without_a_size_there_is_no_way_to_further_queues(client, filled):
    filled.page_limit = 2
    found = client("sqs").list_queues()
    assert (len(found["QueueUrls"]), "NextToken" in found) == (2, False)


def test_what_is_asked_about_one_thing_is_that_thing(client, filled):  # noqa: ARG001 (fills the world)
    queue = client("sqs").list_queues()["QueueUrls"][1]
    asked = {"QueueUrl": queue, "AttributeNames": ["KmsMasterKeyId"]}
    assert client("sqs").get_queue_attributes(**asked)["Attributes"] == {"KmsMasterKeyId": KEY}
    stream = client("kinesis").describe_stream_summary(StreamName="thing-1")["StreamDescriptionSummary"]
    assert (stream["EncryptionType"], stream["KeyId"]) == ("KMS", KEY)
    domain = client("opensearch").describe_domain(DomainName="thing-1")["DomainStatus"]
    assert domain["EncryptionAtRestOptions"] == {"Enabled": True, "KmsKeyId": KEY}
    cluster = client("eks").describe_cluster(name="thing-1")["cluster"]
    assert cluster["encryptionConfig"][0]["provider"]["keyArn"] == KEY


def test_collections_are_described_by_id_and_strangers_named(client, filled):  # noqa: ARG001 (fills the world)
    serverless = client("opensearchserverless")
    known = serverless.list_collections()["collectionSummaries"][0]["id"]
    found = serverless.batch_get_collection(ids=[known, "stranger"])
    assert [item["id"] for item in found["collectionDetails"]] == [known]
    assert found["collectionErrorDetails"] == [{"id": "stranger", "errorCode": "NOT_FOUND"}]


@pytest.mark.parametrize(
    ("service", "operation", "asked", "code"),
    [
        ("sqs", "get_queue_attributes", {"QueueUrl": "https://sqs/none"}, "QueueDoesNotExist"),
        ("kinesis", "describe_stream_summary", {"StreamName": "none"}, "ResourceNotFoundException"),
        ("opensearch", "describe_domain", {"DomainName": "none"}, "ResourceNotFoundException"),
        ("eks", "describe_cluster", {"name": "none"}, "ResourceNotFoundException"),
    ],
)
def test_what_is_not_there_is_refused_by_name(client, service, operation, asked, code):
    made = client(service)
    with pytest.raises(made.exceptions.ClientError, match=code):
        getattr(made, operation)(**asked)


def test_caches_of_groups_are_left_out_on_request(client, world):
    own = caches.cluster(HERE, "alone", world.clock)
    world.put(ACCOUNT, HOME, caches.CLUSTERS, own, own | {"CacheClusterId": "in", "ReplicationGroupId": "g"})
    listed = client("elasticache").describe_cache_clusters
    assert len(listed()["CacheClusters"]) == 2
    assert len(listed(ShowCacheClustersNotInReplicationGroups=True)["CacheClusters"]) == 1
