"""What Meridian Bank keeps under its keys: databases, volumes, buckets, tables, secrets, logs and their backups.

Some of it is odd: keys on their way out that still protect something, copies that lost the customer's key, backups that
outlive theirs, volumes without encryption, and references to keys that nobody can see.
"""

from datetime import datetime, timedelta

from scanner.simulator.aws.bank_keys import ANALYTICS, HOME, PAYMENTS, SECURITY, US, named
from scanner.simulator.aws.identifiers import digest, uuid_of
from scanner.simulator.aws.records import Alias, Bucket, Row
from scanner.simulator.aws.stores import backup, dynamodb, ec2, rds, records
from scanner.simulator.aws.stores.shelves import Spot
from scanner.simulator.aws.world import World

SECURITY_HOME, SECURITY_US = Spot(account=SECURITY, region=HOME), Spot(account=SECURITY, region=US)
PAYMENTS_HOME, PAYMENTS_US = Spot(account=PAYMENTS, region=HOME), Spot(account=PAYMENTS, region=US)
ANALYTICS_HOME, ANALYTICS_US = Spot(account=ANALYTICS, region=HOME), Spot(account=ANALYTICS, region=US)

VENDOR_KEY = f"arn:aws:kms:{HOME}:999999999999:key/{uuid_of('vendor', 'key')}"
"""A key of a supplier, which no account of the bank can list."""


def fill_stores(world: World) -> None:
    """Adds every store of the bank; its keys are there already."""
    _defaults(world)
    _payments(world)
    _payments_copies(world)
    _payments_ends(world)
    _analytics(world)
    _analytics_ends(world)
    _security(world)
    _vaults(world)
    _lost(world)


def key_arn(world: World, alias: str) -> str:
    """The ARN of the key that an alias points at."""
    return named(world, alias).arn


def _providers(world: World, spot: Spot, service: str) -> str:
    """The ARN of the key that AWS manages for a service."""
    place = world.place(spot.account, spot.region)
    return place.keys[place.aliases[f"alias/aws/{service}"].target].arn


def ago(world: World, days: float) -> datetime:
    """So many days before the world's moment."""
    return world.clock - timedelta(days=days)


def put(world: World, spot: Spot, shelf: str, *rows: Row) -> None:
    """Lays rows on a shelf of a spot."""
    world.put(spot.account, spot.region, shelf, *rows)


def made_id(kind: str, name: str) -> str:
    """An id such as `vol-0123…`, the same in every run."""
    return f"{kind}-0{digest(kind, name)[:16]}"


def _volume(world: World, spot: Spot, name: str, key: str | None, *, days: float = 200) -> str:
    """Adds a volume and gives its id; `name` is for the id alone, since volumes have none."""
    row = ec2.volume(spot, made_id("vol", name), key, ago(world, days))
    put(world, spot, ec2.VOLUMES, row)
    return str(row["VolumeId"])


def _snapshot(world: World, spot: Spot, of: str, key: str | None, *, days: float) -> str:
    """Adds a snapshot of a volume and gives its ARN."""
    row = ec2.snapshot(spot, made_id("snap", f"{of}-{days}"), of, key, ago(world, days))
    put(world, spot, ec2.SNAPSHOTS, row)
    return f"arn:aws:ec2:{spot.region}::snapshot/{row['SnapshotId']}"


def _database(world: World, spot: Spot, name: str, key: str | None, *, days: float = 400) -> str:
    """Adds a database with its automated backup, and gives its ARN."""
    row = rds.instance(spot, name, key, ago(world, days))
    arn = str(row["DBInstanceArn"])
    put(world, spot, rds.INSTANCES, row)
    put(world, spot, rds.BACKUPS, rds.backup(spot, arn, key, ago(world, 0.005)))
    return arn


def _bucket(world: World, spot: Spot, name: str, key: str, *, algorithm: str = "aws:kms") -> None:
    world.add_bucket(
        Bucket(name=name, account=spot.account, region=spot.region, blocks_public=True, encryption=(algorithm, key))
    )


def _table(world: World, spot: Spot, name: str, key: str | None, *, recovers: bool = True) -> None:
    put(world, spot, dynamodb.TABLES, dynamodb.table(spot, name, key, ago(world, 300)))
    if recovers:
        held = dynamodb.continuous(name, ago(world, 35), ago(world, 0.005))
        put(world, spot, dynamodb.CONTINUOUS, held)


def _defaults(world: World) -> None:
    """New volumes are encrypted at home; across the sea only the security team has thought of it."""
    keys = {
        SECURITY_HOME: "alias/aws/ebs",
        SECURITY_US: "alias/aws/ebs",
        PAYMENTS_HOME: key_arn(world, "batch-files"),
        ANALYTICS_HOME: "alias/aws/ebs",
    }
    for spot, key in keys.items():
        place = world.add_place(spot.account, spot.region)
        place.ebs_encrypted, place.ebs_key = True, key


def _payments(world: World) -> None:
    """What works as it should: every copy under the key of its original."""
    ledger, cards = key_arn(world, "ledger"), key_arn(world, "cards-pan")
    cluster = rds.cluster(PAYMENTS_HOME, "ledger", ledger, ago(world, 700))
    member = rds.instance(PAYMENTS_HOME, "ledger-1", ledger, ago(world, 700)) | {"DBClusterIdentifier": "ledger"}
    taken = rds.cluster_snapshot(PAYMENTS_HOME, "ledger-year-end", "ledger", ledger, ago(world, 150))
    put(world, PAYMENTS_HOME, rds.CLUSTERS, cluster)
    put(world, PAYMENTS_HOME, rds.INSTANCES, rds.with_insights(member, ledger))
    put(world, PAYMENTS_HOME, rds.CLUSTER_SNAPSHOTS, taken)
    held = rds.cluster_backup(PAYMENTS_HOME, str(cluster["DBClusterArn"]), ledger, ago(world, 0.005), days=35)
    put(world, PAYMENTS_HOME, rds.CLUSTER_BACKUPS, held)
    vault = _database(world, PAYMENTS_HOME, "cards-vault", cards)
    replica = rds.instance(PAYMENTS_US, "cards-vault-us", key_arn(world, "cards-pan-us"), ago(world, 200))
    put(world, PAYMENTS_US, rds.INSTANCES, replica | {"ReadReplicaSourceDBInstanceIdentifier": vault})
    audit = records.group(PAYMENTS_HOME, "/aws/rds/instance/cards-vault/audit", cards, ago(world, 400))
    put(world, PAYMENTS_HOME, records.GROUPS, audit)
    for name in ("merchant-files", "statements", "vendor-exchange"):
        _bucket(world, PAYMENTS_HOME, f"meridian-{name}", key_arn(world, name))
    for name in ("fraud-scores", "loyalty-points"):
        _table(world, PAYMENTS_HOME, name, key_arn(world, name))
    volume = _volume(world, PAYMENTS_HOME, "batch-1", key_arn(world, "batch-files"))
    _snapshot(world, PAYMENTS_HOME, volume, key_arn(world, "batch-files"), days=7)
    hsm = records.secret(PAYMENTS_HOME, "cards/hsm/partition", key_arn(world, "hsm-import"), ago(world, 240))
    gateway = records.secret(PAYMENTS_HOME, "swift/gateway", "alias/swift-gateway", ago(world, 240))
    put(world, PAYMENTS_HOME, records.SECRETS, hsm, gateway)
    world.add_aws_key(PAYMENTS, HOME, "ssm")
    feed = records.parameter(PAYMENTS_HOME, "/fx/feed/token", "alias/fx-stream", ago(world, 90))
    webhook = records.parameter(PAYMENTS_HOME, "/shop/webhook/token", "alias/aws/ssm", ago(world, 90))
    put(world, PAYMENTS_HOME, records.PARAMETERS, feed, webhook)


def _payments_copies(world: World) -> None:
    """Copies that are no longer under the key of their original."""
    managed = _providers(world, PAYMENTS_HOME, "rds")
    settled = _database(world, PAYMENTS_US, "settlement", key_arn(world, "settlement-us"))
    replica = rds.instance(PAYMENTS_HOME, "settlement-eu", managed, ago(world, 100))
    put(world, PAYMENTS_HOME, rds.INSTANCES, replica | {"ReadReplicaSourceDBInstanceIdentifier": settled})
    copied = rds.backup(PAYMENTS_HOME, settled, managed, ago(world, 0.01), days=14)
    put(world, PAYMENTS_HOME, rds.BACKUPS, copied)
    payouts = rds.instance(PAYMENTS_HOME, "payouts", key_arn(world, "payouts"), ago(world, 380))
    put(world, PAYMENTS_HOME, rds.INSTANCES, rds.with_insights(payouts, managed))
    shared = rds.snapshot(PAYMENTS_HOME, "payouts-for-test", "payouts", managed, ago(world, 60))
    put(world, PAYMENTS_HOME, rds.SNAPSHOTS, shared)
    exported = records.group(PAYMENTS_HOME, "/aws/rds/cluster/ledger/postgresql", None, ago(world, 700))
    put(world, PAYMENTS_HOME, records.GROUPS, exported)


def _payments_ends(world: World) -> None:
    """Under keys that are pending deletion or disabled."""
    queue = key_arn(world, "legacy-mq")
    volume = _volume(world, PAYMENTS_HOME, "mq-journal", queue, days=900)
    _snapshot(world, PAYMENTS_HOME, volume, queue, days=20)
    put(world, PAYMENTS_HOME, records.SECRETS, records.secret(PAYMENTS_HOME, "mq/admin", queue, ago(world, 900)))
    archive = key_arn(world, "card-archive")
    _bucket(world, PAYMENTS_HOME, "meridian-card-archive", archive, algorithm="aws:kms:dsse")
    for year in (2023, 2024, 2025):
        made = ago(world, 365 * (2026 - year))
        row = rds.snapshot(PAYMENTS_HOME, f"cards-archive-{year}", "cards-archive", archive, made)
        put(world, PAYMENTS_HOME, rds.SNAPSHOTS, row)
    _table(world, PAYMENTS_HOME, "token-vault", key_arn(world, "global-tokens"))
    _table(world, PAYMENTS_US, "token-vault", key_arn(world, "global-tokens-us"), recovers=False)


def _analytics(world: World) -> None:
    """The lake and what lies around it, some of it without encryption."""
    for spot, name in ((ANALYTICS_HOME, "data-lake"), (ANALYTICS_US, "data-lake-us")):
        _bucket(world, spot, f"meridian-{name}", key_arn(world, name))
    _bucket(world, ANALYTICS_HOME, "meridian-uploads", f"arn:aws:kms:{HOME}:{ANALYTICS}:alias/uploads")
    _database(world, ANALYTICS_HOME, "profiles", key_arn(world, "customer-profiles"))
    _database(world, ANALYTICS_HOME, "dwh", key_arn(world, "dwh-raw"), days=1300)
    _database(world, ANALYTICS_HOME, "campaign-cms", None)
    plain = rds.snapshot(ANALYTICS_HOME, "campaign-cms-export", "campaign-cms", None, ago(world, 45))
    put(world, ANALYTICS_HOME, rds.SNAPSHOTS, plain)
    _table(world, ANALYTICS_US, "campaigns", None, recovers=False)
    _table(world, ANALYTICS_HOME, "consents", key_arn(world, "lapsed-import"))
    scratch = _volume(world, ANALYTICS_HOME, "notebook", None)
    _snapshot(world, ANALYTICS_HOME, scratch, None, days=3)
    for name in ("spark-1", "spark-2"):
        _volume(world, ANALYTICS_US, name, None, days=15)
    _volume(world, ANALYTICS_HOME, "sandbox", key_arn(world, "sandbox-copy"))
    flow = records.group(ANALYTICS_HOME, "/analytics/flows", key_arn(world, "intake"), ago(world, 200))
    clicks = records.group(ANALYTICS_US, "/analytics/clicks", None, ago(world, 200))
    put(world, ANALYTICS_HOME, records.GROUPS, flow)
    put(world, ANALYTICS_US, records.GROUPS, clicks)


def _analytics_ends(world: World) -> None:
    """A warehouse of 2019 that nobody remembers, and reports whose key was switched off too early."""
    old = key_arn(world, "etl-2019")
    _database(world, ANALYTICS_HOME, "dwh-2019", old, days=1000)
    last = rds.snapshot(ANALYTICS_HOME, "dwh-2019-final", "dwh-2019", old, ago(world, 365))
    put(world, ANALYTICS_HOME, rds.SNAPSHOTS, last)
    _bucket(world, ANALYTICS_HOME, "meridian-etl-landing", old)
    _database(world, ANALYTICS_US, "reports", key_arn(world, "reports-old"))


def _security(world: World) -> None:
    """Secrets, sessions and logs of the security team."""
    core = key_arn(world, "secrets-core")
    for name in ("root/break-glass", "pki/issuing", "idp/signing"):
        put(world, SECURITY_HOME, records.SECRETS, records.secret(SECURITY_HOME, name, core, ago(world, 400)))
    far = records.secret(SECURITY_US, "pki/issuing", key_arn(world, "secrets-core-us"), ago(world, 400))
    put(world, SECURITY_US, records.SECRETS, far | {"PrimaryRegion": HOME})
    _table(world, SECURITY_HOME, "sessions", key_arn(world, "global-sessions"))
    _table(world, SECURITY_US, "sessions", key_arn(world, "global-sessions-us"))
    trail = records.group(SECURITY_HOME, "audit-trail", key_arn(world, "audit-logs"), ago(world, 900))
    put(world, SECURITY_HOME, records.GROUPS, trail)
    _volume(world, SECURITY_HOME, "hsm-proxy", key_arn(world, "datacentre"))
    _snapshot(world, SECURITY_US, "vol-ffffffff", key_arn(world, "dr-test"), days=220)
    _bucket(world, SECURITY_HOME, "meridian-evidence", key_arn(world, "evidence-packs"))
    _bucket(world, SECURITY_HOME, "meridian-artifacts", "", algorithm="AES256")


def _vaults(world: World) -> None:
    """Backups that end by themselves, one that outlives its key by years, and one that is kept for good."""
    central = backup.vault(SECURITY_HOME, "central", key_arn(world, "backup-vault"), ago(world, 800))
    legacy = backup.vault(PAYMENTS_HOME, "legacy", key_arn(world, "legacy-mq"), ago(world, 900))
    put(world, SECURITY_HOME, backup.VAULTS, central)
    put(world, PAYMENTS_HOME, backup.VAULTS, legacy)
    ledger = PAYMENTS_HOME.arn("rds", "cluster:ledger")
    mail = PAYMENTS_HOME.arn("ec2", f"volume/{made_id('vol', 'mq-journal')}")
    for row, spot, of, ends in (
        (central, SECURITY_HOME, ledger, 365),
        (central, SECURITY_HOME, SECURITY_HOME.arn("dynamodb", "table/sessions"), 90),
        (legacy, PAYMENTS_HOME, mail, 2200),
        (legacy, PAYMENTS_HOME, PAYMENTS_HOME.arn("dynamodb", "table/mq-offsets"), None),
    ):
        arn = spot.arn("backup", f"recovery-point:{uuid_of(of)}")
        until = world.clock + timedelta(days=ends) if ends else None
        put(world, spot, backup.POINTS, backup.recovery_point(row, arn, of, ago(world, 30), until))
    taken = dynamodb.backup(
        PAYMENTS_HOME, "fraud-before-v4", "fraud-scores", key_arn(world, "fraud-scores"), ago(world, 80)
    )
    put(world, PAYMENTS_HOME, dynamodb.BACKUPS, taken)


def _lost(world: World) -> None:
    """References that lead to no key of the bank: a supplier's, one that is gone, and names of nothing."""
    audit = rds.snapshot(ANALYTICS_HOME, "scoring-from-supplier", "scoring", VENDOR_KEY, ago(world, 75))
    put(world, ANALYTICS_HOME, rds.SNAPSHOTS, audit)
    gone = f"arn:aws:kms:{US}:{PAYMENTS}:key/{uuid_of('payments', 'gone')}"
    _volume(world, PAYMENTS_US, "tape-import", gone, days=1200)
    retired = records.parameter(PAYMENTS_US, "/acquirer/link/token", "alias/acquirer-2017", ago(world, 1500))
    put(world, PAYMENTS_US, records.PARAMETERS, retired)
    for spot, name in ((PAYMENTS_HOME, "ledger-2018"), (ANALYTICS_US, "clicks-beta")):
        alias = Alias(name=f"alias/{name}", target=uuid_of(name, "gone"), created=ago(world, 1500))
        world.add_place(spot.account, spot.region).aliases[alias.name] = alias
