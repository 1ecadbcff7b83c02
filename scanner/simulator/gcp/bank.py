"""Meridian Bank's Google organisation: good keys, bad ones, and what cannot be read. Judges nothing; it only exists."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from scanner.simulator.gcp.bank_watching import route, watch_badly, watch_nothing, watch_well
from scanner.simulator.gcp.faults import Effect, Fault
from scanner.simulator.gcp.records import Key, Ring
from scanner.simulator.gcp.world import World, binding, policy

ORGANISATION, PRODUCTION, LABORATORY = "organizations/700000000001", "folders/710000000001", "folders/710000000002"
RISK, LENDING, MODELS = "meridian-risk", "meridian-lending", "meridian-models"
WEB, SANDBOX, RETIRED = "meridian-web", "meridian-sandbox", "meridian-retired"
HOME, EUROPE, GLOBAL = "europe-west3", "europe", "global"

_QUARTER, _YEAR = timedelta(days=90), timedelta(days=365)
_KEYS, _OPERATORS = "serviceAccount:app@{}.iam.gserviceaccount.com", "user:kms-operator@meridian.example"
_USER, _ADMIN = "roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/cloudkms.admin"

GOOD: Mapping[tuple[str, str], tuple[str, ...]] = {
    (RISK, HOME): ("exposure", "limits", "stress-tests", "market-data"),
    (LENDING, HOME): ("mortgages", "contracts", "scoring"),
    (LENDING, EUROPE): ("archive",),
}
"""Keys with nothing to say against them, by project and location."""


def bank(now: datetime) -> World:
    """The organisation as it stands at `now`."""
    world = World(now)
    _tree(world)
    rings = {
        (project, location): world.ring(project, location, "main")
        for project, location in (*GOOD, (RISK, GLOBAL), (MODELS, "us-central1"))
    }
    for (project, location), names in GOOD.items():
        for number, name in enumerate(names):
            _add(world, rings[project, location], name, age_days=400 + 30 * number)
    _rotation(world, rings[RISK, HOME])
    _ends(world, rings[LENDING, HOME])
    _kinds(world, rings[RISK, GLOBAL])
    _given(world, rings)
    _stores(world)
    _around(world, rings[RISK, GLOBAL])
    route(world, ORGANISATION, (RISK, LENDING, MODELS), named(world, "market-data").id)
    watch_well(world, RISK)
    watch_badly(world, LENDING)
    watch_nothing(world, MODELS)
    world.faults.append(Fault(effect=Effect.DENY, method="GetIamPolicy", resource="cryptoKeys/scoring"))
    return world


def named(world: World, name: str) -> Key:
    """The key of this name."""
    return next(key for key in world.estate.keys.values() if key.name == name)


def _tree(world: World) -> None:
    """Two folders; a project without the key service, one left out on purpose, one about to go."""
    world.node(ORGANISATION, title="meridian.example").policy = policy(
        binding("roles/resourcemanager.organizationAdmin", "user:cto@meridian.example"),
        binding("roles/browser", "domain:meridian.example"),
    )
    world.node(PRODUCTION, ORGANISATION, "Production")
    world.node(LABORATORY, ORGANISATION, "Laboratory")
    for project, folder, title in (
        (RISK, PRODUCTION, "risk"),
        (LENDING, PRODUCTION, "lending"),
        (MODELS, LABORATORY, "models"),
        (WEB, PRODUCTION, "web"),
        (SANDBOX, LABORATORY, "sandbox"),
        (RETIRED, PRODUCTION, "retired"),
    ):
        world.node(project, folder, title)
    world.estate.nodes[WEB].disabled = {"cloudkms.googleapis.com", "kmsinventory.googleapis.com"}
    world.estate.nodes[RETIRED].active = False
    rule = {
        "deniedPrincipals": ["principalSet://goog/public:all"],
        "exceptionPrincipals": ["principal://goog/subject/kms-operator@meridian.example"],
        "deniedPermissions": ["cloudkms.googleapis.com/cryptoKeyVersions.destroy"],
    }
    world.estate.nodes[PRODUCTION].policy = {
        **policy(),
        "auditConfigs": [{"service": "cloudkms.googleapis.com", "auditLogConfigs": [{"logType": "DATA_READ"}]}],
    }
    world.estate.nodes[PRODUCTION].denials = [{"name": "keep-versions", "rules": [{"denyRule": rule}]}]


def _add(world: World, ring: Ring, name: str, *, age_days: float, **settings: object) -> Key:
    """A key with everything as it should be, unless `settings` say otherwise."""
    labels = {
        "owner": f"{ring.project.removeprefix('meridian-')}-team",
        "purpose": name,
        "data-class": "confidential",
        "environment": "production",
    }
    made = {"period": _QUARTER, "protection": "HSM", "labels": labels, **settings}
    key = world.key(ring, name, age_days=age_days, **made)
    key.policy = policy(binding(_USER, _KEYS.format(ring.project)), binding(_ADMIN, _OPERATORS))
    return key


def _rotation(world: World, ring: Ring) -> None:
    """Never set, once in two years, put off for years, and gone back to an old version."""
    _add(world, ring, "no-rotation", age_days=900, period=None)
    _add(world, ring, "slow-rotation", age_days=700, period=2 * _YEAR)
    _add(world, ring, "put-off", age_days=100).next_rotation = world.clock + 10 * _YEAR
    _add(world, ring, "gone-back", age_days=800).primary = 1


def _ends(world: World, ring: Ring) -> None:
    """A version and a whole key that wait for destruction, a key that is gone, one that waits only a day."""
    old = _add(world, ring, "old-version-waits", age_days=400)
    world.destroy(old, 1, world.clock - timedelta(days=10))
    doomed = _add(world, ring, "branch-files", age_days=300, period=None)
    world.destroy(doomed, 1, world.clock - timedelta(days=3))
    shredded = _add(world, ring, "closed-accounts", age_days=600, period=None)
    world.destroy(shredded, 1, world.clock - timedelta(days=60))
    _add(world, ring, "one-day-wait", age_days=200, wait=timedelta(days=1))
    off = _add(world, ring, "switched-off", age_days=200, period=None)
    world.disable(off, 1)


def _kinds(world: World, ring: Ring) -> None:
    """Signing, MAC, imported material, material that another system holds, and software where a module belongs."""
    _add(world, ring, "statement-signing", age_days=500, period=None, purpose="ASYMMETRIC_SIGN")
    _add(world, ring, "webhook-mac", age_days=200, period=None, purpose="MAC")
    _add(world, ring, "brought-along", age_days=700, period=None, import_only=True)
    _add(world, ring, "held-elsewhere", age_days=300, period=None, protection="EXTERNAL", backend="")
    _add(world, ring, "in-software", age_days=100, protection="SOFTWARE")


def _around(world: World, ring: Ring) -> None:
    """A key that was deleted for good, a version that was taken back, an import, a key manager outside, Autokey."""
    world.delete(_add(world, ring, "retired-portal", age_days=700, period=None), actor="kms-operator@meridian.example")
    kept = named(world, "mortgages")
    world.destroy(kept, 1, world.clock - timedelta(days=2), actor="temp@meridian.example")
    world.restore(kept, 1)
    world.enable(kept, 1)
    place = f"projects/{RISK}/locations/{HOME}"
    job = {"name": f"{ring.id}/importJobs/own", "importMethod": "RSA_OAEP_4096_SHA256_AES_256"}
    world.put(ring.id, "importJobs", {**job, "protectionLevel": "HSM", "state": "EXPIRED"})
    world.put(place, "ekmConnections", {"name": f"{place}/ekmConnections/vault", "keyManagementMode": "MANUAL"})
    handle = {"name": f"{place}/keyHandles/1", "resourceTypeSelector": "storage.googleapis.com/Bucket"}
    world.put(place, "keyHandles", {**handle, "kmsKey": named(world, "exposure").id})
    world.put(f"projects/{RISK}", "autokey", {"keyProject": f"projects/{RISK}"})


def _given(world: World, rings: Mapping[tuple[str, str], Ring]) -> None:
    """Open to everybody, both duties in one hand, a member who is gone, and a laboratory without labels."""
    _add(world, rings[RISK, GLOBAL], "open-to-all", age_days=120).policy = policy(
        binding("roles/cloudkms.cryptoKeyDecrypter", "allAuthenticatedUsers")
    )
    _add(world, rings[RISK, GLOBAL], "one-hand", age_days=120).policy = policy(
        binding(_USER, _OPERATORS), binding(_ADMIN, _OPERATORS)
    )
    _add(world, rings[RISK, GLOBAL], "leaver", age_days=120).policy = policy(
        binding(_USER, "deleted:user:ann@meridian.example?uid=100000000000000000001")
    )
    laboratory = rings[MODELS, "us-central1"]
    laboratory.policy = policy(binding("roles/cloudkms.viewer", "allUsers"))
    _add(world, laboratory, "weights", age_days=150, labels={})
    world.estate.nodes[MODELS].policy = policy(binding("roles/owner", "user:head-of-models@meridian.example"))


def _stores(world: World) -> None:
    """Data under good keys, under Google's own, under one that waits for its end, and where no key of ours is."""
    key = {one.name: one.id for one in world.estate.keys.values()}
    for project, name, under in ((RISK, "exposure-db", "exposure"), (LENDING, "mortgages-db", "mortgages")):
        world.asset(
            project,
            "sqladmin.googleapis.com/Instance",
            f"//cloudsql.googleapis.com/projects/{project}/instances/{name}",
            HOME,
            diskEncryptionConfiguration={"kmsKeyName": key[under]},
        )
    disk = f"projects/{LENDING}/zones/{HOME}-a/disks/branch-share"
    version = f"{key['branch-files']}/cryptoKeyVersions/1"
    world.asset(
        LENDING,
        "compute.googleapis.com/Disk",
        f"//compute.googleapis.com/{disk}",
        f"{HOME}-a",
        diskEncryptionKey={"kmsKeyName": version},
    )
    world.asset(
        LENDING,
        "compute.googleapis.com/Snapshot",
        f"//compute.googleapis.com/projects/{LENDING}/global/snapshots/branch-share-2026",
        HOME,
        sourceDisk=f"https://www.googleapis.com/compute/v1/{disk}",
    )
    world.asset(
        LENDING,
        "storage.googleapis.com/Bucket",
        "//storage.googleapis.com/meridian-contracts",
        HOME.upper(),
        encryption={"defaultKmsKeyName": key["contracts"]},
    )
    world.asset(
        RISK, "bigquery.googleapis.com/Dataset", f"//bigquery.googleapis.com/projects/{RISK}/datasets/market", "EU"
    )
    world.asset(
        LENDING,
        "container.googleapis.com/Cluster",
        f"//container.googleapis.com/projects/{LENDING}/locations/{HOME}/clusters/origination",
        HOME,
        databaseEncryption={"state": "ENCRYPTED", "keyName": key["switched-off"]},
    )
    world.asset(
        MODELS,
        "composer.googleapis.com/Environment",
        f"//composer.googleapis.com/projects/{MODELS}/locations/{HOME}/environments/branch-scores",
        HOME,
        config={"encryptionConfig": {"kmsKeyName": key["branch-files"]}},
    )
    world.asset(
        RISK,
        "pubsub.googleapis.com/Topic",
        f"//pubsub.googleapis.com/projects/{RISK}/topics/limits",
        GLOBAL,
        kmsKeyName=key["switched-off"],
    )
