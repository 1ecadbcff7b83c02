"""Every subject of a shard with its facts, one shard at a time. Reads nothing but its arguments."""

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter

from scanner.facts.access.duties import access_facts
from scanner.facts.access.holders import NOT_ASKED
from scanner.facts.account_region import derive_account_region
from scanner.facts.container import derive_container
from scanner.facts.cost import derive_cost
from scanner.facts.coverage.protection import derive_protection
from scanner.facts.coverage.stores import derive_store
from scanner.facts.coverage.view import View, look
from scanner.facts.deletion import derive_deletion
from scanner.facts.display import key_name
from scanner.facts.given import derive_given
from scanner.facts.last_use import derive_last_use
from scanner.facts.neighbours import Neighbours
from scanner.facts.parts import EVERY_PART, LEFT_OUT, KeyParts
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.policy_shape import derive_policy
from scanner.facts.population import derive_population
from scanner.facts.reading import leaf, unseen
from scanner.facts.recovery import guard_of
from scanner.facts.replica import derive_replica
from scanner.facts.rotation import derive_material, derive_rotation
from scanner.facts.subjects import GivenFacts, KeyFacts, PolicyFacts, ProtectionFacts, SubjectFacts
from scanner.facts.tagging import derive_tags
from scanner.facts.versions import derive_versions
from scanner.facts.windows import Guard, derive_guard
from scanner.model.key import Key, KeyStore, KeyType, Metadata, Provider
from scanner.model.settings import TagVocabulary
from scanner.model.snapshot import Shard
from scanner.model.unknown import Cause, Unknown


def derive(shard: Shard, *, as_of: datetime, vocabulary: TagVocabulary, around: Neighbours) -> tuple[SubjectFacts, ...]:
    """Every subject of a shard among its neighbours."""
    return derive_all(look(shard, around), as_of=as_of, vocabulary=vocabulary)


def derive_all(
    view: View, *, as_of: datetime, vocabulary: TagVocabulary, parts: KeyParts = EVERY_PART
) -> tuple[SubjectFacts, ...]:
    """Every subject of a view's shard."""
    return tuple(derive_each(view, as_of=as_of, vocabulary=vocabulary, parts=parts))


def derive_each(
    view: View, *, as_of: datetime, vocabulary: TagVocabulary, parts: KeyParts = EVERY_PART
) -> Iterator[SubjectFacts]:
    """The population scope, the account-region when it was entered, then containers, keys and stores in their order.

    Of keys only the `parts` asked for are derived, besides what is always.
    """
    shard = view.shard
    yield derive_population(shard)
    if shard.audit is not None:
        yield derive_account_region(shard.audit, view, as_of)
    for container in shard.containers:
        yield derive_container(container, vocabulary, as_of)
    for key in shard.keys:
        yield derive_key(key, as_of=as_of, vocabulary=vocabulary, view=view, parts=parts)
    for store in shard.stores:
        yield derive_store(store, view, as_of)


_NAMES = attrgetter("names")
_NO_GUARD = Guard(denied=LEFT_OUT, least=LEFT_OUT)
_NO_POLICY = PolicyFacts(changeable_by_owner=LEFT_OUT, unresolved_principals=LEFT_OUT)
_NO_GIVEN = GivenFacts(use_logged=LEFT_OUT)
_NO_PROTECTION = ProtectionFacts(stores=LEFT_OUT, complete=LEFT_OUT, in_use=LEFT_OUT)


def derive_key(
    key: Key, *, as_of: datetime, vocabulary: TagVocabulary, view: View, parts: KeyParts = EVERY_PART
) -> KeyFacts:
    """Everything rules may ask about one key of the view's shard, less the parts that nobody asks for."""
    metadata, aliases, store = key.metadata, key.aliases, key.key_store
    created = _created(key)
    material = derive_material(key, as_of)
    guard = _guard(key, view) if parts.guard else _NO_GUARD
    return KeyFacts(
        id=key.id,
        name=key_name(key),
        provider=key.provider,
        account=key.account,
        region=key.region,
        manager=metadata if type(metadata) is Unknown else metadata.manager,
        state=metadata if type(metadata) is Unknown else metadata.state,
        type=metadata if type(metadata) is Unknown else _type(metadata, key.provider),
        spec=metadata if type(metadata) is Unknown else metadata.spec,
        usage=metadata if type(metadata) is Unknown else metadata.usage,
        origin=metadata if type(metadata) is Unknown else metadata.origin,
        multi_region=metadata if type(metadata) is Unknown else metadata.multi_region,
        created_at=created,
        age=created if type(created) is Unknown else as_of - created,
        deletion=derive_deletion(key, as_of, guard, view.shard.history),
        protection_level=metadata if type(metadata) is Unknown else metadata.protection,
        container=key.container,
        material=material,
        rotation=derive_rotation(key, material, as_of),
        versions=derive_versions(key, as_of),
        replica=derive_replica(key, view.around.primaries),
        policy=derive_policy(key) if parts.policy else _NO_POLICY,
        given=derive_given(key, view.above) if parts.given else _NO_GIVEN,
        access=access_facts(key, view.sites, view.ours, as_of) if parts.access else NOT_ASKED,
        aliases=leaf(aliases, _NAMES),
        tags=derive_tags(key, vocabulary),
        last_use=derive_last_use(key, as_of),
        protection=derive_protection(key, view) if parts.protection else _NO_PROTECTION,
        cost=derive_cost(key),
        key_store_connected=store.connected if type(store) is KeyStore else unseen(store),
        evidence=key.evidence,
    )


def _created(key: Key) -> datetime | Unknown:
    """When the key was made. On Azure a key is as old as its oldest version, which the newest does not tell."""
    if key.provider is Provider.AZURE and isinstance(key.versions, Unknown) and not isinstance(key.metadata, Unknown):
        return key.versions
    return key.metadata if isinstance(key.metadata, Unknown) else key.metadata.created_at


def _guard(key: Key, view: View) -> Guard:
    """What keeps the key from being deleted on short notice: policies, or what guards the container it is kept in."""
    if key.provider is not Provider.AZURE:
        return derive_guard(key, view.bounds())
    return guard_of(view.containers.get(key.container or ""))


def _type(metadata: Metadata, provider: Provider) -> KeyType | Unknown:
    """A kind of key that is newer than we are is of one of the types we know; which one, the answer did not tell."""
    if metadata.type is KeyType.UNRECOGNISED:
        return Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[provider].describe)
    return metadata.type
