"""Reads one key: described first, then each group by a call of its own. No group hides another."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from scanner.model.evidence import Evidence
from scanner.model.key import (
    Aliases,
    Key,
    KeyState,
    KeyStore,
    KeyType,
    Manager,
    Metadata,
    Origin,
    Provider,
    Rotation,
    RotationHistory,
    Tags,
)
from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown
from scanner.providers.answer import Answer, AnyAnswer, Group
from scanner.providers.aws import normalise, normalise_config, replies
from scanner.providers.aws.bulk import RecordedKey
from scanner.providers.aws.causes import NOT_FOR_THIS_KEY
from scanner.providers.aws.operations import (
    DESCRIBE_CUSTOM_KEY_STORES,
    DESCRIBE_KEY,
    GET_KEY_LAST_USAGE,
    GET_KEY_POLICY,
    GET_KEY_ROTATION_STATUS,
    LIST_GRANTS,
    LIST_KEY_ROTATIONS,
    LOOKUP_EVENTS,
)
from scanner.providers.aws.reader import Reader
from scanner.providers.operation import AnyOperation, Kept, Operation

_MANAGED = "AWS manages this key: it is only described"
_NOT_PENDING = "the key is not pending deletion"
_NO_STORE = "the key is not in a custom key store"
_REFUSED = f"{NOT_FOR_THIS_KEY}: AWS has no such answer for this kind of key"
_WHOLE_HISTORY: Mapping[str, object] = {"IncludeKeyMaterial": "ALL_KEY_MATERIAL", "Limit": 1000}
_KINDS: Mapping[KeyType, str] = {
    KeyType.ASYMMETRIC: "asymmetric keys do not rotate",
    KeyType.MAC: "HMAC keys do not rotate",
}
_ORIGINS: Mapping[Origin, str] = {
    Origin.IMPORTED: "imported key material does not rotate automatically",
    Origin.HSM_CLUSTER: "keys in a CloudHSM key store do not rotate automatically",
    Origin.EXTERNAL_STORE: "keys in an external key store do not rotate automatically",
}


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What is listed once for all keys of a region: alias names by key id, tags by key ARN."""

    aliases: Mapping[str, tuple[str, ...]] | Unknown
    alias_evidence: tuple[Evidence, ...]
    tags: Mapping[str, dict[str, str]] | Unknown
    tag_evidence: tuple[Evidence, ...]


class KeyReading(msgspec.Struct, frozen=True, kw_only=True):
    """One key, and the replies for it alone."""

    key: Key
    raw: tuple[RawResponse, ...]


class _Questions:
    """Asks about one key and keeps what came back; what was recorded of it elsewhere may stand in for an answer."""

    def __init__(self, reader: Reader, arn: str, recorded: RecordedKey | None) -> None:
        self._reader = reader
        self._arn = arn
        self._answers: dict[str, AnyAnswer] = {}
        self.recorded = recorded
        self.evidence: tuple[Evidence, ...] = ()
        self.raw: tuple[RawResponse, ...] = ()

    def ask(self, group: str, operation: Operation[Kept], more: Mapping[str, object] | None = None) -> Answer[Kept]:
        """The answer to one operation, asked once, as evidence of the group."""
        if group in self._answers:
            return self._answers[group]
        params = {"KeyId": self._arn, **(more or {})}
        return self.take(group, self._reader.ask(operation, params, normalise.key_id(self._arn)))

    def take(self, group: str, answer: Answer[Kept]) -> Answer[Kept]:
        """The answer, as evidence of the group."""
        self._answers[group] = answer
        self.evidence += answer.evidence(group)
        self.raw += answer.raw
        return answer


def read_key(reader: Reader, arn: str, shared: Shared, recorded: RecordedKey | None = None) -> KeyReading:
    """The key with every group that has an answer and is ours to ask for; `recorded` saves some of the asking."""
    questions = _Questions(reader, arn, recorded)
    described = _describe(questions)
    metadata = described.group(normalise.metadata)
    tags, tag_evidence = _tags(questions, shared, arn)
    key = Key(
        id=arn,
        provider=Provider.AWS,
        account=reader.account,
        region=reader.region,
        metadata=metadata,
        rotation=_out_of_scope(GET_KEY_ROTATION_STATUS),
        rotation_history=_out_of_scope(LIST_KEY_ROTATIONS),
        policy=_out_of_scope(GET_KEY_POLICY),
        grants=_out_of_scope(LIST_GRANTS),
        aliases=_aliases(shared, arn),
        tags=tags,
        last_use=_out_of_scope(GET_KEY_LAST_USAGE),
        key_store=key_store(metadata, {}),
        deletion_request=_deletion_request(metadata),
        source=normalise.own_words(described.pages),
        evidence=(),
    )
    if isinstance(metadata, Unknown) or metadata.manager is Manager.CUSTOMER:
        key = _read_own(questions, key, is_recorded=described.captured_at is not None)
    evidence = questions.evidence + shared.alias_evidence + tag_evidence
    return KeyReading(key=replace(key, evidence=evidence), raw=questions.raw)


def _describe(questions: _Questions) -> Answer[replies.DescribeKey]:
    """The description as it was recorded, when that is all of it; the material in use stands in the key's history."""
    recorded = questions.recorded.description() if questions.recorded else None
    if recorded is None:
        return questions.ask("metadata", DESCRIBE_KEY)
    if normalise.metadata(recorded.pages).type is not KeyType.SYMMETRIC:
        return questions.take("metadata", recorded)
    history = questions.ask("rotation_history", LIST_KEY_ROTATIONS, _WHOLE_HISTORY)
    material = None if history.failure else normalise_config.current_material(history.pages)
    if material is None:
        return questions.ask("metadata", DESCRIBE_KEY)
    questions.evidence += history.evidence("metadata")
    told = replace(recorded.pages[0].key_metadata, current_key_material_id=material)
    return questions.take("metadata", replace(recorded, pages=(replies.DescribeKey(key_metadata=told),)))


def key_store(
    metadata: Metadata | Unknown, stores: Mapping[str, KeyStore] | Unknown
) -> KeyStore | Inapplicable | Unknown:
    """The custom key store that the description names; one that is not among the stores is an error."""
    if isinstance(metadata, Unknown):
        return metadata
    if metadata.key_store is None:
        return Inapplicable(reason=_NO_STORE, call=DESCRIBE_CUSTOM_KEY_STORES.action)
    if isinstance(stores, Unknown):
        return stores
    return stores.get(metadata.key_store) or Unknown(cause=Cause.ERROR, call=DESCRIBE_CUSTOM_KEY_STORES.action)


def _read_own(questions: _Questions, key: Key, *, is_recorded: bool) -> Key:
    """The groups of a customer's key; tried as well for a key that could not be described.

    Where the description is one that was recorded, so may be the rotation setting: a replica's is that of its primary
    and a key on its way out has none, whatever was recorded last.
    """
    recorded = questions.recorded.policy() if questions.recorded else None
    policy = (
        questions.take("policy", recorded)
        if recorded
        else questions.ask("policy", GET_KEY_POLICY, {"PolicyName": "default"})
    )
    grants = questions.ask("grants", LIST_GRANTS, {"Limit": 100})
    usage = questions.ask("last_use", GET_KEY_LAST_USAGE)
    return replace(
        key,
        policy=policy.group(normalise.policy),
        grants=grants.group(normalise.grants),
        last_use=usage.group(normalise.last_use),
        rotation=_rotation(questions, key.metadata, is_recorded=is_recorded),
        rotation_history=_rotation_history(questions, key.metadata),
    )


def _deletion_request(metadata: Metadata | Unknown) -> Inapplicable | Unknown:
    """Who asked for the deletion stands in the account's event history, which is read for the whole region."""
    if isinstance(metadata, Unknown):
        return metadata
    if metadata.state is not KeyState.PENDING_DELETION:
        return Inapplicable(reason=_NOT_PENDING, call=LOOKUP_EVENTS.action)
    return Unknown(cause=Cause.NOT_COLLECTED, call=LOOKUP_EVENTS.action)


def _rotation(
    questions: _Questions, metadata: Metadata | Unknown, *, is_recorded: bool
) -> Rotation | Inapplicable | Unknown:
    ruled_out = _kind_ruled_out(metadata, GET_KEY_ROTATION_STATUS) or _origin_ruled_out(metadata)
    if ruled_out:
        return ruled_out
    recorded = questions.recorded.rotation() if questions.recorded and is_recorded else None
    answer = questions.take("rotation", recorded) if recorded else questions.ask("rotation", GET_KEY_ROTATION_STATUS)
    return _unless_refused(answer, normalise.rotation)


def _rotation_history(questions: _Questions, metadata: Metadata | Unknown) -> RotationHistory | Inapplicable | Unknown:
    ruled_out = _kind_ruled_out(metadata, LIST_KEY_ROTATIONS)
    if ruled_out:
        return ruled_out
    answer = questions.ask("rotation_history", LIST_KEY_ROTATIONS, _WHOLE_HISTORY)
    return _unless_refused(answer, normalise.rotation_history)


def _kind_ruled_out(metadata: Metadata | Unknown, operation: AnyOperation) -> Inapplicable | Unknown | None:
    """Only symmetric keys rotate. Of a kind that we do not recognise that is not known, and it is not asked."""
    if isinstance(metadata, Unknown) or metadata.type is KeyType.SYMMETRIC:
        return None
    if metadata.type in _KINDS:
        return Inapplicable(reason=_KINDS[metadata.type], call=operation.action)
    return Unknown(cause=Cause.UNSUPPORTED, call=operation.action)


def _origin_ruled_out(metadata: Metadata | Unknown) -> Inapplicable | None:
    """Automatic rotation needs key material that the provider made."""
    if isinstance(metadata, Unknown) or metadata.origin not in _ORIGINS:
        return None
    return Inapplicable(reason=_ORIGINS[metadata.origin], call=GET_KEY_ROTATION_STATUS.action)


def _unless_refused(answer: Answer[Kept], make: Callable[[Sequence[Kept]], Group]) -> Group | Inapplicable | Unknown:
    """The group; one that the provider says this kind of key does not have cannot exist."""
    if answer.failure and answer.failure.code == NOT_FOR_THIS_KEY:
        return Inapplicable(reason=_REFUSED, call=answer.operation.action)
    return answer.group(make)


def _out_of_scope(operation: AnyOperation) -> OutOfScope:
    return OutOfScope(reason=_MANAGED, call=operation.action)


def _aliases(shared: Shared, arn: str) -> Aliases | Unknown:
    if isinstance(shared.aliases, Unknown):
        return shared.aliases
    return Aliases(names=shared.aliases.get(normalise.key_id(arn), ()))


def _tags(questions: _Questions, shared: Shared, arn: str) -> tuple[Tags | Unknown, tuple[Evidence, ...]]:
    """The tags as recorded, else as listed for the region."""
    recorded = questions.recorded.tags() if questions.recorded else None
    if recorded is not None:
        return Tags(items=normalise.tags_by_key(recorded.pages)[arn]), recorded.evidence("tags")
    found = shared.tags if isinstance(shared.tags, Unknown) else Tags(items=shared.tags.get(arn, {}))
    return found, shared.tag_evidence
