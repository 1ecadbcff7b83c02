"""What stands around keys on Google Cloud and Azure is read back as it was written."""

from datetime import timedelta

from records import AS_OF, days_ago, header, key, scope, shard
from scanner.model.access_inputs import Access
from scanner.model.container import ContainerKind, KeyContainer
from scanner.model.history import History, KeyEvent, KeyEvents, KeyEventType
from scanner.model.key import KeyState, KeyVersion, Provider, Rotation, Versions
from scanner.model.permission import (
    AccessLevel,
    AccessLevels,
    Bindings,
    Denial,
    Denials,
    PermissionBlock,
    RoleBinding,
    RoleDefinition,
    RoleDefinitions,
)
from scanner.model.raw import CollectedShard
from scanner.model.surroundings import (
    AutomaticKeys,
    ExternalConnections,
    KeyHandles,
    RetiredKey,
    RetiredKeys,
    Surroundings,
)
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown
from scanner.model.watching_google import (
    AlertPolicies,
    LogBuckets,
    LogExclusions,
    LogLevel,
    LogMetrics,
    NotificationChannel,
    NotificationChannels,
    ProjectWatching,
    Verification,
)
from scanner.snapshots.read import read_snapshot
from scanner.snapshots.write import SnapshotWriter

NONE = Inapplicable(reason="key rings have none", call="cloudkms.keyRings.get")
BINDING = RoleBinding(role="roles/owner", members=("user:a@example.com",), condition="request.time < x")
DENIAL = Denial(
    name="deny", members=None, excepted=(), blocks=(PermissionBlock(actions=("cloudkms.googleapis.com/*.*",)),)
)
HEADER = header(finished_at=AS_OF)


def test_containers_versions_and_access_come_back(tmp_path) -> None:
    level = AccessLevel(
        id="organizations/1",
        parent=None,
        name=None,
        bindings=Bindings(items=(BINDING,)),
        denials=Denials(items=(DENIAL,)),
    )
    access = Access(
        provider=Provider.GCP,
        account="bank",
        region="global",
        levels=AccessLevels(items=(level,)),
        roles=RoleDefinitions(
            items=(RoleDefinition(id="roles/owner", name="Owner", custom=False, blocks=(PermissionBlock(),)),)
        ),
        groups=OutOfScope(reason="not asked", call="groups"),
        evidence=(),
    )
    ring = KeyContainer(
        id="projects/bank/locations/global/keyRings/r",
        provider=Provider.GCP,
        account="bank",
        region="global",
        type=ContainerKind.KEY_RING,
        name="r",
        created_at=AS_OF,
        recovery=NONE,
        access=NONE,
        network=NONE,
        tags=NONE,
        policy=Unknown(cause=Cause.DENIED, call="cloudkms.keyRings.getIamPolicy"),
        source={},
        evidence=(),
    )
    version = KeyVersion(
        id="v/1",
        state=KeyState.PENDING_DELETION,
        word="DESTROY_SCHEDULED",
        enabled=False,
        created_at=days_ago(9),
        destroy_at=days_ago(-3),
    )
    held = key(
        container=ring.id,
        policy=Bindings(items=(BINDING,)),
        versions=Versions(items=(version,), primary=None),
        rotation=Rotation(enabled=True, period=timedelta(seconds=7_776_001), next_at=None),
    )
    one = shard(held, containers=(ring,), access=access)
    writer = SnapshotWriter(tmp_path / "snapshot")

    writer.write(CollectedShard(shard=one, raw=()))
    writer.finish(HEADER)

    assert list(read_snapshot(tmp_path).shards) == [one]


def test_logs_alerts_history_and_what_stands_around_keys_come_back(tmp_path) -> None:
    place = {"provider": Provider.GCP, "account": "bank", "region": "global", "evidence": ()}
    denied = Unknown(cause=Cause.DENIED, call="logging.sinks.list")
    level = LogLevel(id="projects/bank", sinks=denied, exclusions=LogExclusions(items=()), buckets=LogBuckets(items=()))
    channel = NotificationChannel(id="c", means="email", enabled=None, verification=Verification.UNVERIFIED)
    watching = ProjectWatching(
        levels=(level,),
        metrics=LogMetrics(items=()),
        alerts=AlertPolicies(items=()),
        snoozes=denied,
        channels=NotificationChannels(items=(channel,)),
        **place,
    )
    event = KeyEvent(
        at=AS_OF, type=KeyEventType.RESTORED, subject="k/1", actor=None, refused=False, call="RestoreCryptoKeyVersion"
    )
    surroundings = Surroundings(
        retired=RetiredKeys(items=(RetiredKey(id="r", key="k", deleted_at=AS_OF),)),
        imports=denied,
        connections=ExternalConnections(items=()),
        handles=KeyHandles(items=()),
        automatic=AutomaticKeys(project=None),
        **place,
    )
    one = shard(
        scope=scope(provider=Provider.GCP, account="bank", region="global"),
        audit=None,
        watching=watching,
        history=History(events=KeyEvents(since=AS_OF, items=(event,)), **place),
        surroundings=surroundings,
    )
    writer = SnapshotWriter(tmp_path / "snapshot")

    writer.write(CollectedShard(shard=one, raw=()))
    writer.finish(HEADER)

    assert list(read_snapshot(tmp_path).shards) == [one]
