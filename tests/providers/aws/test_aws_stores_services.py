"""Topics, queues, streams, files, warehouses, caches, functions and clusters: what they are, and what was not seen."""

import time
from collections import Counter

import msgspec
import pytest
from msgspec.structs import replace
from store_reading import ACCOUNT, HERE, HOME, KEY, MADE, new_world, put, read

from scanner.model.store import Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores import ecr, kafka, kinesis, opensearch, sqs
from scanner.providers.aws.stores.service import Where
from scanner.providers.aws.stores.services import LISTINGS
from scanner.providers.failure import MalformedReplyError
from scanner.simulator.aws.estate import Topic
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.stores import caches, compute, files, queues, warehouses

WHERE = Where(partition="aws", account=ACCOUNT, region=HOME)
OWN = Encryption(encrypted=True, key=KEY)
PROVIDERS = Encryption(encrypted=True, key=None)
NONE = Encryption(encrypted=False, key=None)
FORMS = ("11111111-1111-4111-a111-111111111111", KEY, "alias/own", f"arn:aws:kms:{HOME}:{ACCOUNT}:alias/own")
MARK = "canary-7f3a"


@pytest.fixture
def world():
    return new_world()


def topic(world, name, key=""):
    world.estate.around(ACCOUNT, HOME).topics.append(Topic(name=name, policy="{}", key=key))


def one_of_each(world, key, suffix=""):
    """One store of each kind under a key, or under none that was chosen."""
    system = files.windows_system(HERE, f"fs-w{suffix}", key or "alias/aws/fsx", MADE)
    topic(world, f"alerts{suffix}", key or "")
    for shelf, row in (
        (queues.QUEUES, queues.queue(HERE, f"jobs{suffix}", key)),
        (queues.STREAMS, queues.stream(HERE, f"clicks{suffix}", key, MADE)),
        (files.SYSTEMS, files.system(HERE, f"fs-e{suffix}", key, MADE)),
        (files.WINDOWS_SYSTEMS, system),
        (warehouses.CLUSTERS, warehouses.cluster(HERE, f"dwh{suffix}", key, MADE)),
        (warehouses.DOMAINS, warehouses.domain(HERE, f"search{suffix}", key)),
        (warehouses.COLLECTIONS, warehouses.collection(HERE, f"vectors{suffix}", key)),
        (caches.GROUPS, caches.group(HERE, f"carts{suffix}", key, MADE, "sse-kms" if key else "none")),
        (caches.SERVERLESS, caches.serverless(HERE, f"views{suffix}", key, MADE)),
        (compute.FUNCTIONS, compute.function(HERE, f"resize{suffix}", key)),
        (compute.REPOSITORIES, compute.repository(HERE, f"app{suffix}", key, MADE)),
        (compute.CLUSTERS, compute.cluster(HERE, f"prod{suffix}", key, MADE)),
        (compute.BROKERS, compute.brokers(HERE, f"events{suffix}", key, MADE)),
    ):
        put(world, shelf, row)


@pytest.mark.parametrize("form", FORMS, ids=["id", "arn", "alias", "alias arn"])
def test_a_key_is_kept_as_each_service_names_it(world, monkeypatch, form):
    one_of_each(world, form)

    found = read(world, monkeypatch)

    assert len(found.all) == 14
    assert {store.name: store.encryption for store in found.all} == {
        store.name: Encryption(encrypted=True, key=form) for store in found.all
    }


def test_without_a_key_some_are_plain_and_others_under_a_key_of_the_provider(world, monkeypatch):
    one_of_each(world, None)
    put(world, queues.QUEUES, queues.queue(HERE, "open", None, managed=False))

    found = read(world, monkeypatch)

    plain = {"alerts", "open", "clicks", "fs-e", "dwh", "search", "carts"}
    assert {store.name for store in found.all if store.encryption == NONE} == plain
    provided = {"jobs", "vectors", "views", "resize", "app", "prod", "events"}
    assert {store.name for store in found.all if store.encryption == PROVIDERS} == provided


def test_each_store_has_the_kind_name_and_arn_of_its_service(world, monkeypatch):
    one_of_each(world, KEY)

    found = read(world, monkeypatch)

    kinds = {
        "alerts": (StoreKind.TOPIC, HERE.arn("sns", "alerts")),
        "jobs": (StoreKind.QUEUE, HERE.arn("sqs", "jobs")),
        "clicks": (StoreKind.STREAM, HERE.arn("kinesis", "stream/clicks")),
        "fs-e": (StoreKind.FILE_SYSTEM, HERE.arn("elasticfilesystem", "file-system/fs-e")),
        "fs-w": (StoreKind.FILE_SYSTEM, HERE.arn("fsx", "file-system/fs-w")),
        "dwh": (StoreKind.WAREHOUSE, HERE.arn("redshift", "cluster:dwh")),
        "search": (StoreKind.SEARCH_DOMAIN, HERE.arn("es", "domain/search")),
        "carts": (StoreKind.CACHE, HERE.arn("elasticache", "replicationgroup:carts")),
        "views": (StoreKind.CACHE, HERE.arn("elasticache", "serverlesscache:views")),
        "resize": (StoreKind.FUNCTION, HERE.arn("lambda", "function:resize")),
        "app": (StoreKind.IMAGE_REPOSITORY, HERE.arn("ecr", "repository/app")),
        "prod": (StoreKind.CLUSTER, HERE.arn("eks", "cluster/prod")),
    }
    assert {name: (found.named(name).type, found.named(name).id) for name in kinds} == kinds
    assert found.named("events").type is StoreKind.BROKER
    assert {store.copy for store in found.all} == {CopyKind.ORIGINAL}


NEW = (
    *("ListTopics", "ListQueues", "ListStreams", "ListClustersV2", "ListFunctions", "DescribeRepositories"),
    *("DescribeReplicationGroups", "DescribeCacheClusters", "DescribeServerlessCaches", "ListClusters"),
    *("DescribeServerlessCacheSnapshots", "DescribeClusters", "DescribeClusterSnapshots", "ListDomainNames"),
    *("ListCollections", "DescribeBackups"),
)


@pytest.mark.parametrize("name", NEW)
def test_a_listing_that_is_denied_is_unknown_and_no_other_is(world, monkeypatch, name):
    one_of_each(world, KEY)
    (listing,) = (listing for listing in LISTINGS if listing.operation.name == name)
    world.faults.append(Fault(effect=Effect.DENY, operation=name))

    found = read(world, monkeypatch)

    unknown = {row.call: row.stores for row in found.inventory.listings if isinstance(row.stores, Unknown)}
    action = listing.operation.action
    assert unknown == {action: Unknown(cause=Cause.DENIED, call=action)}
    assert 13 <= len(found.all) <= 14


@pytest.mark.parametrize("service", ["elasticfilesystem", "fsx"])
def test_file_systems_of_one_service_that_are_denied_hide_none_of_the_other(world, monkeypatch, service):
    one_of_each(world, KEY)
    world.faults.append(Fault(effect=Effect.DENY, service=service, operation="DescribeFileSystems"))

    found = read(world, monkeypatch)

    unknown = [row.call for row in found.inventory.listings if isinstance(row.stores, Unknown)]
    assert unknown == [f"{service}:DescribeFileSystems"]
    assert len(found.all) == 13


@pytest.mark.parametrize(
    ("name", "call", "resource"),
    [
        ("GetTopicAttributes", "sns:GetTopicAttributes", HERE.arn("sns", "alerts-2")),
        ("GetQueueAttributes", "sqs:GetQueueAttributes", f"https://sqs.{HOME}.amazonaws.com/{ACCOUNT}/jobs-2"),
        ("DescribeStreamSummary", "kinesis:DescribeStreamSummary", "clicks-2"),
        ("DescribeDomain", "es:DescribeDomain", "search-2"),
        ("DescribeCluster", "eks:DescribeCluster", "prod-2"),
    ],
)
def test_a_store_that_cannot_be_asked_about_stays_and_others_are_known(world, monkeypatch, name, call, resource):
    one_of_each(world, KEY)
    one_of_each(world, KEY, "-2")
    world.faults.append(Fault(effect=Effect.DENY, operation=name, resource=resource))

    found = read(world, monkeypatch)

    unknown = [store.encryption for store in found.all if isinstance(store.encryption, Unknown)]
    assert unknown == [Unknown(cause=Cause.DENIED, call=call)]
    assert len(found.all) == 28


def test_every_listing_goes_through_its_pages(world, monkeypatch):
    for suffix in ("-1", "-2", "-3"):
        one_of_each(world, KEY, suffix)
    world.page_limit = 2

    found = read(world, monkeypatch)

    assert Counter(store.type for store in found.all) == Counter(
        dict.fromkeys({store.type for store in found.all}, 3)
        | {StoreKind.FILE_SYSTEM: 6, StoreKind.CACHE: 6}
        | {StoreKind.SEARCH_DOMAIN: 6}
    )
    assert found.asked["ListStreams"] == found.asked["ListFunctions"] == found.asked["ListCollections"] == 2


@pytest.mark.parametrize("effect", [Effect.MALFORMED, Effect.TRUNCATE, Effect.RESET])
def test_a_listing_that_cannot_be_read_is_an_error_beside_the_others(world, monkeypatch, effect):
    one_of_each(world, KEY)
    world.faults += [
        Fault(effect=effect, operation=name) for name in ("ListFunctions", "ListStreams", "ListClustersV2")
    ]

    found = read(world, monkeypatch)

    unknown = {row.stores.call: row.stores.cause for row in found.inventory.listings if isinstance(row.stores, Unknown)}
    calls = ("lambda:ListFunctions", "kinesis:ListStreams", "kafka:ListClustersV2")
    assert unknown == dict.fromkeys(calls, Cause.ERROR)
    assert len(found.all) == 11


def test_topics_are_asked_about_once_for_stores_and_alerts_and_each_keeps_its_own_unknown(world, monkeypatch):
    topic(world, "alerts", KEY)
    topic(world, "denied", KEY)
    world.faults.append(Fault(effect=Effect.DENY, operation="GetTopicAttributes", resource=HERE.arn("sns", "denied")))

    found = read(world, monkeypatch)

    assert (found.asked["ListTopics"], found.asked["GetTopicAttributes"]) == (1, 2)
    missing = Unknown(cause=Cause.DENIED, call="sns:GetTopicAttributes")
    assert [store.encryption for store in found.all] == [OWN, missing]
    settings = [one.settings for one in found.collected.shard(ACCOUNT, HOME).alerting.topics.items]
    assert (settings[0].key, settings[1]) == (KEY, missing)


def test_topics_that_cannot_be_listed_are_unknown_as_stores_and_as_alerts(world, monkeypatch):
    topic(world, "alerts", KEY)
    world.faults.append(Fault(effect=Effect.DENY, operation="ListTopics"))

    found = read(world, monkeypatch)

    missing = Unknown(cause=Cause.DENIED, call="sns:ListTopics")
    assert (found.asked["ListTopics"], found.all) == (1, ())
    assert found.listing("sns:ListTopics").stores == missing
    assert found.collected.shard(ACCOUNT, HOME).alerting.topics == missing


def test_a_queue_that_tells_nothing_of_its_encryption_is_no_answer(world, monkeypatch):
    put(world, queues.QUEUES, queues.queue(HERE, "jobs", KEY))
    store = read(world, monkeypatch).named("jobs")

    with pytest.raises(MalformedReplyError):
        sqs.with_attributes(store, [sqs.GetQueueAttributes(attributes=sqs.QueueAttributes())])


def test_a_stream_with_a_word_for_its_encryption_that_nobody_knows_is_no_answer(world, monkeypatch):
    put(world, queues.STREAMS, queues.stream(HERE, "clicks", KEY, MADE))
    store = read(world, monkeypatch).named("clicks")
    summary = kinesis.StreamDescriptionSummary(encryption_type="NEW")

    with pytest.raises(MalformedReplyError):
        kinesis.with_summary(store, [kinesis.DescribeStreamSummary(stream_description_summary=summary)])


def test_collections_that_the_listing_says_nothing_of_are_asked_about(world, monkeypatch):
    for name, key, listed in (("a", KEY, True), ("b", KEY, False), ("c", None, False), ("d", None, True)):
        put(world, warehouses.COLLECTIONS, warehouses.collection(HERE, name, key, listed=listed))

    found = read(world, monkeypatch)

    assert {store.name: store.encryption for store in found.all} == {"a": OWN, "b": OWN, "c": PROVIDERS, "d": PROVIDERS}
    assert found.asked["BatchGetCollection"] == 2


def test_a_collection_that_is_not_described_is_no_answer(world, monkeypatch):
    put(world, warehouses.COLLECTIONS, warehouses.collection(HERE, "a", KEY))
    store = read(world, monkeypatch).named("a")

    with pytest.raises(MalformedReplyError):
        opensearch.with_details(store, [opensearch.BatchGetCollection()])


def test_a_function_keeps_what_durable_executions_remember_under_a_key_of_its_own(world, monkeypatch):
    other = FORMS[3]
    put(world, compute.FUNCTIONS, compute.function(HERE, "plain", None))
    put(world, compute.FUNCTIONS, compute.function(HERE, "long", KEY) | {"DurableConfig": {"KMSKeyArn": other}})
    put(world, compute.FUNCTIONS, compute.function(HERE, "short", KEY) | {"DurableConfig": {"ExecutionTimeout": 60}})

    found = read(world, monkeypatch)

    assert {store.name: store.encryption for store in found.all} == {
        "plain": PROVIDERS,
        "long": OWN,
        "long (durable executions)": Encryption(encrypted=True, key=other),
        "short": OWN,
        "short (durable executions)": PROVIDERS,
    }
    assert len({store.id for store in found.all}) == 5


def test_environments_and_what_services_say_in_free_words_are_found_nowhere(world, monkeypatch):
    environment = {"Variables": {MARK: f"{MARK}-password"}, "Error": {"Message": MARK}}
    function = compute.function(HERE, "f", KEY) | {"Environment": environment, "Description": MARK, "Handler": MARK}
    put(world, compute.FUNCTIONS, function)
    put(
        world,
        warehouses.CLUSTERS,
        warehouses.cluster(HERE, "dwh", KEY, MADE) | {"MasterUsername": MARK, "DBName": MARK},
    )
    put(world, caches.GROUPS, caches.group(HERE, "g", KEY, MADE) | {"Description": MARK})
    put(
        world,
        files.SYSTEMS,
        files.system(HERE, "fs-1", KEY, MADE) | {"Name": MARK, "Tags": [{"Key": MARK, "Value": MARK}]},
    )
    put(world, compute.CLUSTERS, compute.cluster(HERE, "c", KEY, MADE) | {"certificateAuthority": {"data": MARK}})

    found = read(world, monkeypatch)

    assert len(found.all) == 5
    assert MARK.encode() not in msgspec.json.encode(list(found.collected.shards.values()))


def test_a_key_that_is_absent_where_the_service_always_encrypts_is_one_of_the_provider():
    cluster = kafka.Cluster(cluster_arn="a", cluster_name="a", cluster_type="SERVERLESS")
    repository = ecr.Repository(repository_arn="b", repository_name="b")
    named = replace(repository, encryption_configuration=ecr.EncryptionConfiguration(encryption_type="KMS_DSSE"))

    (broker,) = kafka.clusters(WHERE, [kafka.ListClustersV2(cluster_info_list=(cluster,))])
    plain, missing = ecr.repositories(WHERE, [ecr.DescribeRepositories(repositories=(repository, named))])

    assert (broker.encryption, plain.encryption) == (PROVIDERS, PROVIDERS)
    assert missing.encryption == Unknown(cause=Cause.ERROR, call="ecr:DescribeRepositories")


def test_a_service_that_is_throttled_is_said_to_be(world, monkeypatch):
    world.faults += [Fault(effect=Effect.THROTTLE, operation=name) for name in ("ListStreams", "ListFunctions")]

    found = read(world, monkeypatch)

    causes = {row.call: row.stores.cause for row in found.inventory.listings if isinstance(row.stores, Unknown)}
    assert causes == {"kinesis:ListStreams": Cause.THROTTLED, "lambda:ListFunctions": Cause.THROTTLED}


def test_listings_do_not_wait_for_each_other(world, monkeypatch):
    world.latency = 0.2
    began = time.monotonic()

    found = read(world, monkeypatch, concurrency=16)

    assert time.monotonic() - began < len(LISTINGS) * world.latency
    assert sum(found.asked.values()) >= len(LISTINGS)


def test_a_region_with_nothing_in_it_costs_a_call_for_each_listing_and_few_more(world, monkeypatch):
    found = read(world, monkeypatch)

    stores = Counter(listing.operation.name for listing in LISTINGS)
    rest = found.asked - stores
    assert (sum(stores.values()), sum(rest.values())) == (34, 15)
