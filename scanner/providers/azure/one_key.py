"""Reads one key of a vault or managed HSM: each group by a call of its own. No group hides another."""

import msgspec
from msgspec.structs import replace

from scanner.model.evidence import Evidence
from scanner.model.key import Key, Provider, Rotation, RotationHistory, Versions
from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause, Inapplicable, Unknown
from scanner.providers.answer import Answer
from scanner.providers.azure import normalise, replies
from scanner.providers.azure.api import Question
from scanner.providers.azure.guard import Door
from scanner.providers.azure.operations import GET_MANAGED_KEY
from scanner.providers.azure.place import Place
from scanner.providers.azure.reader import Reader
from scanner.providers.failure import Failure
from scanner.providers.operation import AnyOperation, Kept, Operation

PAGE = {"maxresults": "25"}
"""As many as a vault puts on one page."""

_NO_POLICY = "keys carry no policy of their own: the vault's access policies or role assignments decide"
_NO_GRANTS = "Azure has no grants on keys"
_NO_ALIASES = "Azure keys have no other names"
_NO_STORE = "the key is kept in its vault"
_NO_USE = "Azure tells of no uses; they stand in the vault's log alone"
_LIVE = "the key is not deleted"
_GONE = "a deleted key does not rotate, and its versions are not listed"
_CERTIFICATE = "the key belongs to a certificate and is renewed with it"


class KeyReading(msgspec.Struct, frozen=True, kw_only=True):
    """One key, and the replies for it alone."""

    key: Key
    raw: tuple[RawResponse, ...]


class _Questions:
    """Asks about one key and keeps what came back."""

    def __init__(self, reader: Reader, place: Place, door: Door, name: str) -> None:
        self._reader = reader
        self._place = place
        self._door = door
        self._name = name
        self.evidence: tuple[Evidence, ...] = ()
        self.raw: tuple[RawResponse, ...] = ()

    def ask(self, operation: Operation[Kept], *groups: str, is_listing: bool = False) -> Answer[Kept]:
        """The answer to one operation of the data plane, as evidence of the groups."""
        question = Question(places={"key": self._name}, query=PAGE if is_listing else {})
        answer = self._reader.ask(operation, question, door=self._door, subject=f"{self._place.name}/{self._name}")
        self.raw += answer.raw
        for group in groups:
            self.evidence += answer.evidence(group)
        return answer


def read_key(reader: Reader, place: Place, door: Door, item: replies.KeyItem) -> KeyReading:
    """A live key with its versions and its rotation policy."""
    operations = place.operations
    questions = _Questions(reader, place, door, normalise.name_of(item.kid))
    described = questions.ask(operations.get_key, "metadata", "tags")
    bundle = described.pages[0] if described.pages else None
    listed = questions.ask(operations.list_versions, "versions", "rotation_history", is_listing=True)
    kty = bundle.key.kty if bundle else None
    versions = listed.group(lambda pages: normalise.versions(pages, single_tenant=place.is_hsm, kty=kty))
    known = versions if isinstance(versions, Versions) else None
    key = replace(
        _blank(reader, place, item),
        metadata=described.group(lambda pages: normalise.metadata(pages, known, single_tenant=place.is_hsm)),
        rotation=_rotation(questions, place, item, bundle),
        rotation_history=_history(versions),
        versions=versions,
        tags=described.group(normalise.tags),
        source=normalise.own_words(bundle),
    )
    return KeyReading(key=replace(key, evidence=questions.evidence), raw=questions.raw)


def read_deleted_key(reader: Reader, place: Place, door: Door, item: replies.DeletedKeyItem) -> KeyReading:
    """A key that was deleted and can still be recovered."""
    operations = place.operations
    questions = _Questions(reader, place, door, normalise.name_of(item.kid))
    described = questions.ask(operations.get_deleted, "metadata", "tags", "deletion_request")
    key = replace(
        _blank(reader, place, item),
        metadata=described.group(lambda pages: normalise.metadata(pages, None, single_tenant=place.is_hsm)),
        rotation=Inapplicable(reason=_GONE, call=operations.get_rotation.action),
        rotation_history=Inapplicable(reason=_GONE, call=operations.list_versions.action),
        versions=Inapplicable(reason=_GONE, call=operations.list_versions.action),
        tags=described.group(normalise.tags),
        deletion_request=described.group(normalise.deletion_request),
        source=normalise.own_words(described.pages[0] if described.pages else None),
    )
    return KeyReading(key=replace(key, evidence=questions.evidence), raw=questions.raw)


def read_managed_key(reader: Reader, place: Place, found: replies.ManagedKey, missing: Failure) -> KeyReading:
    """A key of a vault whose data plane does not let us in, as far as the management plane tells of it."""
    question = Question(places={**place.places, "key": found.name})
    described = reader.ask(GET_MANAGED_KEY, question, subject=f"{place.name}/{found.name}")
    bundle = described.group(normalise.described_by_management)
    policy = described.pages[0].properties.rotation_policy if described.pages else None
    key = replace(
        _blank(reader, place, replies.KeyItem(kid=found.properties.key_uri)),
        metadata=described.group(lambda pages: normalise.metadata((normalise.described_by_management(pages),), None)),
        rotation=missing.unknown if policy is None else described.group(normalise.managed_rotation),
        rotation_history=missing.unknown,
        versions=missing.unknown,
        tags=described.group(lambda pages: normalise.tags((normalise.described_by_management(pages),))),
        source=normalise.own_words(None if isinstance(bundle, Unknown) else bundle),
        evidence=described.evidence("metadata") + described.evidence("tags"),
    )
    return KeyReading(key=key, raw=described.raw)


def _rotation(
    questions: _Questions, place: Place, item: replies.KeyItem, bundle: replies.KeyBundle | None
) -> Rotation | Inapplicable | Unknown:
    """The rotation policy; a certificate's key follows the certificate."""
    operation = place.operations.get_rotation
    if item.managed or (bundle and bundle.managed):
        return Inapplicable(reason=_CERTIFICATE, call=operation.action)
    newest = bundle.attributes if bundle else item.attributes
    return questions.ask(operation, "rotation").group(lambda pages: normalise.rotation(pages, newest))


def _history(versions: Versions | Unknown) -> RotationHistory | Unknown:
    return versions if isinstance(versions, Unknown) else normalise.rotation_history(versions)


def _blank(reader: Reader, place: Place, item: replies.KeyItem) -> Key:
    """The key of which nothing was read but its name, and what no key of Azure has."""
    operations = place.operations
    unread = Unknown(cause=Cause.NOT_COLLECTED, call=operations.get_key.action)
    return Key(
        id=normalise.key_id(item.kid),
        provider=Provider.AZURE,
        account=reader.account,
        region=place.region,
        metadata=unread,
        rotation=unread,
        rotation_history=unread,
        policy=_none(_NO_POLICY, operations.get_key),
        grants=_none(_NO_GRANTS, operations.get_key),
        aliases=_none(_NO_ALIASES, operations.get_key),
        tags=unread,
        last_use=_none(_NO_USE, operations.get_key),
        key_store=_none(_NO_STORE, operations.get_key),
        deletion_request=_none(_LIVE, operations.get_deleted),
        source={},
        evidence=(),
        versions=unread,
        container=place.id,
    )


def _none(reason: str, operation: AnyOperation) -> Inapplicable:
    return Inapplicable(reason=reason, call=operation.action)
