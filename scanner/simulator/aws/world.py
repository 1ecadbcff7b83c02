"""The mutable state of a simulated AWS: accounts, keys, trails, buckets and a clock that moves when told to.

Mutations are methods here, never API writes. What the services answer is in the handlers.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Unpack

from scanner.simulator.aws.building import KeyTraits, build_key, build_replica
from scanner.simulator.aws.clockwork import rotate, run_until
from scanner.simulator.aws.errors import bad_token, expired_token
from scanner.simulator.aws.estate import Estate
from scanner.simulator.aws.faults import Fault
from scanner.simulator.aws.identifiers import digest, token_of, unique_id, uuid_of
from scanner.simulator.aws.records import (
    Account,
    Aggregator,
    Alias,
    Bucket,
    Call,
    Caller,
    Key,
    KeyEvent,
    Organisation,
    Place,
    Recorder,
    Role,
    Row,
    Session,
    Store,
    Trail,
)

DEFAULT_REGIONS: Mapping[str, bool] = {"eu-central-1": False, "us-east-1": False, "eu-south-1": True}
"""Region -> whether an account must opt in before it can use it."""

USER_KEY_PREFIX = "AKIASIM0"
"""An access key of this prefix and an account id belongs to that account's user `scanner`."""

_UNBOUND_SERVICES = frozenset({"sts", "organizations", "account", "iam"})


class World:
    """A simulated AWS. Its clock stands still until `advance`; `lock` guards it while it is served.

    Callers sign with `credentials(account)`; the secret is not checked. `page_limit` caps every page, so that small
    estates have several; `latency` (seconds) delays every reply. `calls` logs what was asked, `bugs` holds tracebacks
    of the simulator's own faults.
    """

    def __init__(
        self,
        now: datetime,
        *,
        regions: Mapping[str, bool] = DEFAULT_REGIONS,
        tracking_since: datetime | None = None,
    ) -> None:
        """Starts empty. `tracking_since` is when KMS began to record last use, 400 days ago by default."""
        if now.tzinfo is None:
            raise ValueError("the clock of a world is an aware datetime")
        self.lock = threading.RLock()
        self.clock = now
        self.regions = dict(regions)
        self.tracking_since = tracking_since or now - timedelta(days=400)
        self.accounts: dict[str, Account] = {}
        self.organisation: Organisation | None = None
        self.roles: dict[str, Role] = {}
        self.estate = Estate()
        self.trails: dict[str, Trail] = {}
        self.buckets: dict[str, Bucket] = {}
        self.aggregators: list[Aggregator] = []
        self.places: dict[tuple[str, str], Place] = {}
        self.sessions: dict[str, Session] = {}
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.bugs: list[str] = []
        self.page_limit: int | None = None
        self.latency = 0.0
        self._asked: Counter[str] = Counter()
        self._serial = 0

    # what is there

    def place(self, account: str, region: str) -> Place:
        """What the account holds in the region; empty when it holds nothing."""
        return self.places.get((account, region)) or Place()

    def keys(self) -> Iterable[Key]:
        """Every key of every account and region."""
        return (key for place in self.places.values() for key in place.keys.values())

    def key(self, arn: str) -> Key | None:
        """The key of that ARN, unless it is gone."""
        parts = arn.split(":", 5)
        if len(parts) != 6 or not parts[5].startswith("key/"):  # noqa: PLR2004 (an ARN has six parts)
            return None
        return self.place(parts[4], parts[3]).keys.get(parts[5].removeprefix("key/"))

    def primary_of(self, key: Key) -> Key:
        """The key that rotation is set on: the primary of a replica, else the key itself."""
        return (self.key(key.primary) if key.multi_region == "REPLICA" else None) or key

    def state_of(self, key: Key) -> str:
        """The key's state in AWS's words."""
        if key.deletion_window is not None:
            return "PendingDeletion" if key.deletion_date else "PendingReplicaDeletion"
        if key.origin == "EXTERNAL" and not key.imported:
            return "PendingImport"
        store = self.place(key.account, key.region).stores.get(key.store)
        if store is not None and store.state != "CONNECTED":
            return "Unavailable"
        return "Enabled" if key.enabled else "Disabled"

    def is_enabled(self, region: str, account: str) -> bool:
        """Whether the account can use the region."""
        needs_opt_in = self.regions.get(region)
        return needs_opt_in is False or (needs_opt_in is True and region in self.accounts[account].opted_in)

    def record(self, call: Call) -> None:
        """Logs a call."""
        with self.lock:
            self.calls.append(call)

    def request_id(self, *parts: str) -> str:
        """An id that depends on what is asked and how often it was asked before, not on the order of threads."""
        with self.lock:
            seed = "\0".join(parts)
            self._asked[seed] += 1
            return uuid_of(seed, self._asked[seed])

    # who calls

    def credentials(self, account: str) -> tuple[str, str]:
        """Access key id and secret of the account's user `scanner`: `AKIASIM0` and the account id."""
        return f"{USER_KEY_PREFIX}{account}", "simulated-secret-of-no-use-elsewhere"

    def caller(self, access_key: str, region: str, service: str) -> Caller:
        """Whom the access key stands for; raises AwsError for a stranger, a dead session or a closed region."""
        session = self.sessions.get(access_key) or self._user(access_key)
        if session is None or self.accounts[session.account].status != "ACTIVE":
            raise bad_token(service)
        if session.expires is not None and session.expires <= self.clock:
            raise expired_token(service)
        if service not in _UNBOUND_SERVICES and not self.is_enabled(region, session.account):
            raise bad_token(service)
        return Caller(account=session.account, region=region, principal=session.principal, user_id=session.user_id)

    def open_session(self, role: Role, name: str, seconds: int) -> tuple[str, Session]:
        """A new access key for a session of the role."""
        role_id = unique_id("AROA", role.arn)
        access_key = unique_id("ASIA", self.request_id("session", role.arn, name))
        session = Session(
            account=role.account,
            principal=f"arn:aws:sts::{role.account}:assumed-role/{role.name}/{name}",
            user_id=f"{role_id}:{name}",
            expires=self.clock + timedelta(seconds=seconds),
        )
        self.sessions[access_key] = session
        return access_key, session

    def session_token(self, access_key: str) -> str:
        """The token that goes with a session's access key."""
        return token_of("session", access_key)

    def _user(self, access_key: str) -> Session | None:
        account = access_key.removeprefix(USER_KEY_PREFIX)
        if account not in self.accounts or not access_key.startswith(USER_KEY_PREFIX):
            return None
        return Session(
            account=account,
            principal=f"arn:aws:iam::{account}:user/scanner",
            user_id=unique_id("AIDA", account, "scanner"),
        )

    # what happens

    def advance(self, step: timedelta) -> None:
        """Moves the clock on; whatever falls due on the way comes true."""
        if step < timedelta(0):
            raise ValueError("time runs forward")
        with self.lock:
            until = self.clock + step
            run_until(tuple(self.keys()), until, self._remove)
            self.clock = until

    def _remove(self, key: Key, at: datetime) -> list[Key]:
        """Deletes a key for good; the last replica's going starts the waiting period of its primary."""
        place = self.place(key.account, key.region)
        del place.keys[key.id]
        for name in [alias.name for alias in place.aliases.values() if alias.target == key.id]:
            del place.aliases[name]
        primary = self.key(key.primary) if key.multi_region == "REPLICA" else None
        if primary is None:
            return []
        primary.replicas.remove(key.arn)
        if primary.replicas or primary.deletion_window is None:
            return []
        primary.deletion_date = at + timedelta(days=primary.deletion_window)
        return [primary]

    def schedule_deletion(self, key: Key, days: int = 30, *, actor: str = "operator") -> None:
        """Starts the waiting period; a primary with replicas waits for them first and has no date."""
        with self.lock:
            self._note_deletion(key, self.clock, days, actor)
            key.enabled = False
            key.deletion_window = days
            key.deletion_date = None if key.replicas else self.clock + timedelta(days=days)

    def _note_deletion(self, key: Key, at: datetime, days: int | None, actor: str = "operator") -> None:
        """Keeps a request for a deletion after so many days, or to cancel one."""
        name = "CancelKeyDeletion" if days is None else "ScheduleKeyDeletion"
        event = KeyEvent(name=name, at=at, actor=actor, key=key.arn, days=days)
        self.add_place(key.account, key.region).events.append(event)

    def cancel_deletion(self, key: Key, *, actor: str = "operator") -> None:
        """Ends the waiting period; as on AWS the key is disabled afterwards."""
        with self.lock:
            self._note_deletion(key, self.clock, None, actor)
            key.deletion_window = key.deletion_date = None

    def disable(self, key: Key) -> None:
        """Disables the key; it does not rotate while disabled."""
        with self.lock:
            key.enabled = False

    def enable(self, key: Key) -> None:
        """Enables the key; a rotation that fell due meanwhile happens at once."""
        with self.lock:
            key.enabled = True
            if key.next_rotation is not None and key.next_rotation <= self.clock and not key.rotation_stuck:
                rotate(key, self.clock, how="AUTOMATIC")

    def enable_rotation(self, key: Key, days: int = 365) -> None:
        """Switches automatic rotation on; the first comes after a whole period."""
        with self.lock:
            self._refuse_unless_rotatable(key)
            key.rotation_days = days
            key.next_rotation = self.clock + timedelta(days=days)
            key.rotation_stuck = False

    def disable_rotation(self, key: Key) -> None:
        """Switches automatic rotation off."""
        with self.lock:
            self._refuse_unless_rotatable(key)
            key.rotation_days = key.next_rotation = None

    def rotate_now(self, key: Key) -> None:
        """Rotates on demand; the date of the next automatic rotation stays."""
        with self.lock:
            rotate(key, self.clock, how="ON_DEMAND")

    def import_material(self, key: Key, expires: datetime | None = None) -> None:
        """Imports material into an EXTERNAL key, for good or until it expires."""
        with self.lock:
            key.imported, key.had_material, key.expires = True, True, expires

    def delete_material(self, key: Key) -> None:
        """Deletes imported material at once: the key waits for an import."""
        with self.lock:
            key.imported, key.expires = False, None

    def tag(self, key: Key, tags: Mapping[str, str]) -> None:
        """Adds tags or changes their values."""
        with self.lock:
            key.tags.update(tags)

    def untag(self, key: Key, *names: str) -> None:
        """Takes tags away."""
        with self.lock:
            for name in names:
                del key.tags[name]

    def put_policy(self, key: Key, policy: str) -> None:
        """Replaces the key policy (JSON text)."""
        with self.lock:
            key.policy = policy

    def use(self, key: Key, operation: str = "Decrypt") -> None:
        """Uses the key now."""
        with self.lock:
            key.last_used, key.last_operation = self.clock, operation

    def _refuse_unless_rotatable(self, key: Key) -> None:
        if not key.can_rotate_by_itself or key.multi_region == "REPLICA":
            raise ValueError(f"{key.arn} cannot be told to rotate")

    # what is added

    def add_account(
        self, account: str, name: str = "", *, status: str = "ACTIVE", opted_in: Iterable[str] = ()
    ) -> Account:
        """Adds an account; once there is an organisation it joins it."""
        added = Account(
            id=account,
            name=name or f"account-{account}",
            email=f"aws+{account}@example.com",
            joined=self.clock - timedelta(days=1000),
            status=status,
            opted_in=set(opted_in),
        )
        self.accounts[account] = added
        if self.organisation is not None:
            self.organisation.members.append(account)
        return added

    def add_organisation(self, management: str) -> Organisation:
        """Puts every account there is, and every one to come, into an organisation."""
        members = list(self.accounts)
        self.organisation = Organisation(id=f"o-{digest(management)[:10]}", management=management, members=members)
        return self.organisation

    def add_role(self, account: str, name: str, *, external_id: str = "", trusted: Iterable[str] = ()) -> Role:
        """Adds a role that callers of the trusted accounts may assume."""
        role = Role(account=account, name=name, external_id=external_id, trusted=frozenset(trusted))
        self.roles[role.arn] = role
        return role

    def add_place(self, account: str, region: str) -> Place:
        """The place, made when it is not there yet."""
        if account not in self.accounts or region not in self.regions:
            raise ValueError(f"the world has no account {account} or no region {region}")
        return self.places.setdefault((account, region), Place())

    def add_key(self, **traits: Unpack[KeyTraits]) -> Key:
        """Adds a key; the keyword arguments and their defaults are those of `KeyTraits` in building.py."""
        self._serial += 1
        key = build_key(traits, now=self.clock, serial=self._serial)
        self.add_place(key.account, key.region).keys[key.id] = key
        if key.deletion_date is not None and key.deletion_window is not None:
            self._note_deletion(key, key.deletion_date - timedelta(days=key.deletion_window), key.deletion_window)
        if "alias" in traits:
            self.add_alias(key, traits["alias"])
        return key

    def add_replica(self, primary: Key, region: str) -> Key:
        """Adds a replica of a multi-region primary, with the default policy and no tags."""
        replica = build_replica(primary, region, self.clock)
        self.add_place(replica.account, region).keys[replica.id] = replica
        primary.replicas.append(replica.arn)
        return replica

    def add_aws_key(self, account: str, region: str, service: str, *, used: bool = True) -> Key | None:
        """Adds the `alias/aws/<service>` of an account and, when it is used, the AWS managed key behind it."""
        alias = Alias(name=f"alias/aws/{service}")
        self.add_place(account, region).aliases[alias.name] = alias
        if not used:
            return None
        description = f"Default key that protects my {service} data when no other key is defined"
        key = self.add_key(account=account, region=region, manager="AWS", description=description, rotation_days=365)
        alias.target, alias.created = key.id, key.created
        return key

    def add_alias(self, key: Key, name: str) -> Alias:
        """Adds an alias of the key, named without `alias/`."""
        alias = Alias(name=f"alias/{name}", target=key.id, created=key.created)
        self.add_place(key.account, key.region).aliases[alias.name] = alias
        return alias

    def add_store(self, account: str, region: str, store: Store) -> Store:
        """Adds a custom key store."""
        self.add_place(account, region).stores[store.id] = store
        return store

    def put(self, account: str, region: str, shelf: str, *rows: Row) -> None:
        """Adds things that a service keeps, in the shape in which it lists them, to a shelf such as `logs:Groups`."""
        self.add_place(account, region).shelves.setdefault(shelf, []).extend(rows)

    def record_all(self, name: str, account: str, region: str) -> Aggregator:
        """Switches a recorder on in every place there is, and adds an aggregator of them all."""
        for place in self.places.values():
            place.recorder = Recorder()
        self.aggregators.append(Aggregator(name=name, account=account, region=region))
        return self.aggregators[-1]

    def add_trail(self, trail: Trail) -> Trail:
        """Adds a trail."""
        self.trails[trail.arn] = trail
        return trail

    def add_bucket(self, bucket: Bucket) -> Bucket:
        """Adds a bucket; names are unique in the world, as on AWS."""
        if bucket.name in self.buckets:
            raise ValueError(f"there is a bucket {bucket.name} already")
        self.buckets[bucket.name] = bucket
        return bucket
