"""What Meridian Bank keeps in queues, streams, files, warehouses, caches, searches, functions and clusters.

As with its other stores, most of it is under the right key; some lies in the clear, some under the provider's keys, and
some under keys that are on their way out.
"""

from scanner.simulator.aws.bank_stores import (
    ANALYTICS_HOME,
    ANALYTICS_US,
    PAYMENTS_HOME,
    PAYMENTS_US,
    SECURITY_HOME,
    ago,
    key_arn,
    made_id,
    put,
)
from scanner.simulator.aws.estate import Topic
from scanner.simulator.aws.stores import caches, compute, files, queues, warehouses
from scanner.simulator.aws.stores.shelves import Spot
from scanner.simulator.aws.world import World


def fill_services(world: World) -> None:
    """Adds them all; the bank's keys and its other stores are there already."""
    _messages(world)
    _streams(world)
    _files(world)
    _warehouses(world)
    _caches(world)
    _searches(world)
    _code(world)
    _clusters(world)


def _topic(world: World, spot: Spot, name: str, key: str) -> None:
    world.estate.around(spot.account, spot.region).topics.append(Topic(name=name, policy="{}", key=key))


def _messages(world: World) -> None:
    """Topics and queues: two under their keys, one whose key goes next week, one in the clear."""
    _topic(world, PAYMENTS_HOME, "payouts-done", key_arn(world, "payouts"))
    put(world, PAYMENTS_HOME, queues.QUEUES, queues.queue(PAYMENTS_HOME, "payout-jobs", "alias/payouts"))
    put(world, PAYMENTS_HOME, queues.QUEUES, queues.queue(PAYMENTS_HOME, "mq-bridge", key_arn(world, "legacy-mq")))
    put(world, PAYMENTS_HOME, queues.QUEUES, queues.queue(PAYMENTS_HOME, "receipts", None))
    put(world, ANALYTICS_HOME, queues.QUEUES, queues.queue(ANALYTICS_HOME, "scrapes", None, managed=False))


def _streams(world: World) -> None:
    """Streams and brokers, and the one stream that nobody has encrypted."""
    made = ago(world, 300)
    cards = queues.stream(PAYMENTS_HOME, "card-events", key_arn(world, "cards-pan"), made)
    rates = queues.stream(PAYMENTS_HOME, "fx-rates", key_arn(world, "fx-stream"), made)
    put(world, PAYMENTS_HOME, queues.STREAMS, cards, rates)
    put(world, ANALYTICS_US, queues.STREAMS, queues.stream(ANALYTICS_US, "clicks", key_arn(world, "clickstream"), made))
    put(world, ANALYTICS_US, queues.STREAMS, queues.stream(ANALYTICS_US, "page-views", None, made))
    ledger = compute.brokers(PAYMENTS_HOME, "ledger-events", key_arn(world, "ledger"), made)
    put(world, PAYMENTS_HOME, compute.BROKERS, ledger)
    put(world, ANALYTICS_US, compute.BROKERS, compute.brokers(ANALYTICS_US, "beta-events", None, ago(world, 40)))


def _files(world: World) -> None:
    """Shares with their backups; the last one of the old message system outlives its key."""
    made, batch, queue = ago(world, 500), key_arn(world, "batch-files"), key_arn(world, "legacy-mq")
    shared = files.system(PAYMENTS_HOME, made_id("fs", "statements"), key_arn(world, "statements"), made)
    put(world, PAYMENTS_HOME, files.SYSTEMS, shared)
    put(world, ANALYTICS_HOME, files.SYSTEMS, files.system(ANALYTICS_HOME, made_id("fs", "notebooks"), None, made))
    share = files.windows_system(PAYMENTS_HOME, made_id("fs", "batch"), batch, made, days=14)
    nightly = files.backup(PAYMENTS_HOME, made_id("backup", "nightly"), share, batch, ago(world, 1))
    gone = files.windows_system(PAYMENTS_HOME, made_id("fs", "mq"), queue, ago(world, 900))
    last = files.backup(PAYMENTS_HOME, made_id("backup", "mq-final"), gone, queue, ago(world, 60))
    put(world, PAYMENTS_HOME, files.WINDOWS_SYSTEMS, share)
    put(world, PAYMENTS_HOME, files.BACKUPS, nightly | {"Type": "AUTOMATIC"}, last)


def _warehouses(world: World) -> None:
    """The warehouse with snapshots that end, a final one of 2019 that outlives its key, and one in the clear."""
    raw, old = key_arn(world, "dwh-raw"), key_arn(world, "etl-2019")
    put(
        world,
        ANALYTICS_HOME,
        warehouses.CLUSTERS,
        warehouses.cluster(ANALYTICS_HOME, "lake-house", raw, ago(world, 700)),
    )
    put(world, ANALYTICS_HOME, warehouses.CLUSTERS, warehouses.cluster(ANALYTICS_HOME, "trials", None, ago(world, 50)))
    month = warehouses.snapshot(ANALYTICS_HOME, "lake-house-month", "lake-house", raw, ago(world, 10))
    for row in (
        warehouses.snapshot(ANALYTICS_HOME, "rs:lake-house-nightly", "lake-house", raw, ago(world, 1)),
        month | {"ManualSnapshotRetentionPeriod": 90},
        warehouses.snapshot(ANALYTICS_HOME, "cube-2019-final", "cube-2019", old, ago(world, 420)),
    ):
        put(world, ANALYTICS_HOME, warehouses.SNAPSHOTS, row)


def _caches(world: World) -> None:
    """Caches under a key, under the provider's, and one node of the early days in the clear."""
    key, made = key_arn(world, "loyalty-points"), ago(world, 250)
    points = caches.group(PAYMENTS_HOME, "points", key, made)
    put(world, PAYMENTS_HOME, caches.GROUPS, points)
    nightly = caches.snapshot(PAYMENTS_HOME, "automatic.points", points, key, ago(world, 1))
    put(world, PAYMENTS_HOME, caches.SNAPSHOTS, nightly)
    put(world, PAYMENTS_US, caches.SERVERLESS, caches.serverless(PAYMENTS_US, "quotes", None, made))
    saved = caches.serverless_snapshot(PAYMENTS_US, "quotes-before-move", "quotes", None, ago(world, 30))
    put(world, PAYMENTS_US, caches.SERVERLESS_SNAPSHOTS, saved)
    put(world, ANALYTICS_HOME, caches.CLUSTERS, caches.cluster(ANALYTICS_HOME, "lookups", ago(world, 1500)))


def _searches(world: World) -> None:
    """Domains and collections: under a key, in the clear, and under a key of the provider."""
    profiles = warehouses.domain(ANALYTICS_HOME, "profiles", key_arn(world, "customer-profiles"))
    put(world, ANALYTICS_HOME, warehouses.DOMAINS, profiles, warehouses.domain(ANALYTICS_HOME, "app-logs", None))
    risk = warehouses.collection(ANALYTICS_HOME, "risk-vectors", key_arn(world, "risk-models"), listed=False)
    put(world, ANALYTICS_HOME, warehouses.COLLECTIONS, risk, warehouses.collection(ANALYTICS_HOME, "help-texts", None))


def _code(world: World) -> None:
    """Functions and images; a report still runs with an environment whose key was switched off."""
    rates = compute.function(
        PAYMENTS_HOME, "fx-rates", f"arn:aws:kms:{PAYMENTS_HOME.region}:{PAYMENTS_HOME.account}:alias/fx-stream"
    )
    state = {"DurableConfig": {"KMSKeyArn": key_arn(world, "payouts"), "RetentionPeriodInDays": 14}}
    put(world, PAYMENTS_HOME, compute.FUNCTIONS, rates, compute.function(PAYMENTS_HOME, "payouts", None) | state)
    late = compute.function(ANALYTICS_US, "monthly-report", key_arn(world, "reports-old"))
    put(world, ANALYTICS_US, compute.FUNCTIONS, late)
    built = compute.repository(SECURITY_HOME, "images/base", key_arn(world, "ci-artifacts"), ago(world, 500))
    put(world, SECURITY_HOME, compute.REPOSITORIES, built)
    lab = compute.repository(ANALYTICS_HOME, "notebooks/lab", None, ago(world, 100))
    put(world, ANALYTICS_HOME, compute.REPOSITORIES, lab)


def _clusters(world: World) -> None:
    """A cluster whose secrets are wrapped with a key of the bank, and one that leaves that to the provider."""
    core = compute.cluster(PAYMENTS_HOME, "core", key_arn(world, "merchant-files"), ago(world, 300))
    put(world, PAYMENTS_HOME, compute.CLUSTERS, core)
    put(world, ANALYTICS_HOME, compute.CLUSTERS, compute.cluster(ANALYTICS_HOME, "lab", None, ago(world, 100)))
