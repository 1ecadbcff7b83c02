"""A key as callers come to it: its policy, its grants, and what it fixes of a request. Evaluates nothing."""

import re
from collections.abc import Hashable, Iterable, Mapping

import msgspec

from scanner.facts.access.classes import AWS
from scanner.facts.access.conditions import Clause
from scanner.facts.access.dormant import Dormant, dormant_of
from scanner.facts.access.endpoints import Gates
from scanner.facts.access.grants import Grant
from scanner.facts.access.organisations import Bounds
from scanner.facts.access.policies import Policy, PolicyError, Statement, read_policy
from scanner.facts.access.principals import PrincipalKind, is_account, principal
from scanner.model.key import Aliases, Grants, Key, KeyType, KeyUsage, Metadata, MultiRegionRole, Origin, Tags
from scanner.model.key import Grant as ReadGrant
from scanner.model.key import Policy as ReadPolicy

_VARIABLE = re.compile(r"\$\{([^,}]*)")
_REGION = "aws:requestedregion"
_OF_CALLERS = ("aws:principalarn", "aws:userid", "aws:username", "aws:principaltag/")
"""How condition keys begin that differ between callers of one account."""

_SYMMETRIC = frozenset(
    {
        *("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"),
        *("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"),
    }
)
_OF_USAGE: Mapping[KeyUsage, frozenset[str]] = {
    KeyUsage.ENCRYPT_DECRYPT: frozenset({"Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"}),
    KeyUsage.SIGN_VERIFY: frozenset({"Sign", "Verify"}),
    KeyUsage.MAC: frozenset({"GenerateMac", "VerifyMac"}),
    KeyUsage.KEY_AGREEMENT: frozenset({"DeriveSharedSecret"}),
}
_OF_PRIMARY = frozenset({"ReplicateKey", "UpdatePrimaryRegion"})
_OF_COPIES: Mapping[MultiRegionRole, frozenset[str]] = {
    MultiRegionRole.NONE: _OF_PRIMARY | {"SynchronizeMultiRegionKey"},
    MultiRegionRole.REPLICA: _OF_PRIMARY,
}
_OF_IMPORT = frozenset({"ImportKeyMaterial", "DeleteImportedKeyMaterial", "GetParametersForImport"})
_OF_ROTATION = frozenset({"EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand"})
_CRYPTOGRAPHIC = _SYMMETRIC.union(*_OF_USAGE.values(), {"Encapsulate", "Decapsulate"})


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """One key. `policy` and `grants` are None where they were not read.

    `values`, `unread` and `closed` are what it fixes of a request, as in a context. `callers` are the principals that
    policy and grants name, with their kind; `names` their names, `named` users and roles by account and name.
    `clauses` and `variables` are the conditions of the policy on who calls. `dormant` is what a key that is
    not enabled waits for. `same` is equal for keys that no caller can tell apart. `rest` is the key as
    those come to it whom policy and grants do not name, without what they say of others by name.
    """

    id: str
    account: str
    policy: Policy | None
    grants: tuple[Grant, ...] | None
    bounds: Bounds
    gates: Gates
    dormant: Dormant
    values: Mapping[str, tuple[str, ...]]
    closed: tuple[str, ...]
    unread: tuple[str, ...]
    callers: frozenset[tuple[str, str]]
    names: frozenset[str]
    named: frozenset[tuple[str, str]]
    clauses: tuple[Clause, ...]
    variables: tuple[str, ...]
    unused: frozenset[str]
    same: Hashable
    rest: "Door | None" = None

    @property
    def accounts(self) -> frozenset[str]:
        """Every account that policy or grants name, and the key's own."""
        named = {
            principal(name).account if not is_account(name) else name for kind, name in self.callers if kind == "AWS"
        }
        return frozenset({*named, self.account} - {""})

    @property
    def is_for_everyone(self) -> bool:
        """Whether a statement is for everybody, or for all but those it names."""
        statements = self.policy.statements if self.policy else ()
        return ("AWS", "*") in self.callers or any(item.allows and item.principals_inverse for item in statements)


def door_of(key: Key, bounds: Bounds, gates: Gates, asked: frozenset[str]) -> Door:
    """The key as callers come to it; `asked` are the condition keys that policies of callers ask about."""
    policy = _policy(key)
    grants = tuple(map(_grant, key.grants.items)) if isinstance(key.grants, Grants) else None
    door = _door(key, (policy, grants), (bounds, gates), asked)
    rest = _door(key, (policy and _of_others(policy), grants and _to_accounts(grants)), (bounds, gates), asked)
    return msgspec.structs.replace(door, rest=rest)


def narrowed(door: Door, action: str, beside: Iterable[str]) -> Door:
    """The key as if it could do one action and those beside it alone."""
    return msgspec.structs.replace(
        door,
        unused=door.unused | (frozenset(AWS) - {action, *beside}),
        same=(door.same, action),
        rest=door.rest and narrowed(door.rest, action, beside),
    )


def _door(
    key: Key, own: tuple[Policy | None, tuple[Grant, ...] | None], above: tuple[Bounds, Gates], asked: frozenset[str]
) -> Door:
    (policy, grants), (bounds, gates) = own, above
    through = [endpoint.policy for endpoint in gates.endpoints if endpoint.policy is not None]
    levels = bounds.resource_control or ()
    policies = (*([policy] if policy else []), *(one for level in levels for one in level), *through)
    statements = [statement for one in policies for statement in one.statements]
    values, unread, closed = _fixed(key, bounds, asked | keys_of(statements))
    clauses, variables = of_callers(statements)
    everywhere = all(item.resources == ("*",) and not item.resources_inverse for item in statements)
    unused, dormant = _unused(key), dormant_of(key, AWS)
    callers = frozenset(_callers(policy, grants))
    whom = [principal(name) for kind, name in callers if kind == "AWS" and name.startswith("arn:")]
    return Door(
        id=key.id,
        account=key.account,
        policy=policy,
        grants=grants,
        bounds=bounds,
        gates=gates,
        dormant=dormant,
        values=values,
        closed=closed,
        unread=unread,
        callers=callers,
        names=frozenset(name for _, name in callers),
        named=frozenset((who.account, who.name) for who in whom if who.kind is not PrincipalKind.ROOT),
        clauses=clauses,
        variables=variables,
        unused=unused,
        same=(
            key.account,
            policy,
            grants and msgspec.json.encode(grants),
            tuple(sorted(values.items())),
            unread,
            unused,
            dormant,
            key.region if gates.endpoints else "",
            "" if everywhere else key.id,
        ),
    )


def _of_others(policy: Policy) -> Policy:
    """What the policy says of callers whom it does not name one by one."""
    statements = (
        one
        if one.principals_inverse
        else msgspec.structs.replace(one, principals=tuple(whom for whom in one.principals if _is_of_many(*whom)))
        for one in policy.statements
    )
    kept = tuple(one for one in statements if one.principals or one.principals_inverse)
    return msgspec.structs.replace(policy, statements=kept)


def _is_of_many(kind: str, name: str) -> bool:
    return name == "*" or (kind == "AWS" and (is_account(name) or principal(name).kind is PrincipalKind.ROOT))


def _to_accounts(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """The grants that are held or may be retired by whole accounts."""
    return tuple(one for one in grants if any(_is_of_many("AWS", name) for name in (one.grantee, one.retiring or "")))


def keys_of(statements: Iterable[Statement]) -> frozenset[str]:
    """Every condition key that the statements ask about or fill in, in lower case."""
    found: set[str] = set()
    for statement in statements:
        texts = [*statement.resources, *(value for clause in statement.clauses for value in clause.values)]
        found.update(clause.key.lower() for clause in statement.clauses)
        found.update(name.strip().lower() for text in texts if "${" in text for name in _VARIABLE.findall(text))
    return frozenset(found)


def of_callers(statements: Iterable[Statement]) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """The conditions on who calls, without those that fill in values; and the keys that are filled in or asked with."""
    clauses: dict[Clause, None] = {}
    variables: set[str] = set()
    for statement in statements:
        for clause in statement.clauses:
            of_caller = clause.key.lower().startswith(_OF_CALLERS)
            if of_caller and not any("${" in value for value in clause.values):
                clauses[clause] = None
            elif of_caller:
                variables.add(clause.key.lower())
        texts = (*statement.resources, *(value for clause in statement.clauses for value in clause.values))
        variables.update(name for name in _filled_in(texts) if name.startswith(_OF_CALLERS))
    return tuple(clauses), tuple(sorted(variables))


def _filled_in(texts: Iterable[str]) -> Iterable[str]:
    return (name.strip().lower() for text in texts if "${" in text for name in _VARIABLE.findall(text))


def _policy(key: Key) -> Policy | None:
    if not isinstance(key.policy, ReadPolicy):
        return None
    try:
        return read_policy(key.policy.document, "key policy", of_key=True)
    except PolicyError:
        return None


def _grant(grant: ReadGrant) -> Grant:
    return Grant(
        id=grant.id,
        grantee=grant.grantee,
        to_service=grant.grantee_is_service,
        operations=frozenset(name.lower() for name in grant.operations),
        equals=grant.context_equals,
        subset=grant.context_subset,
        source_arn=grant.source_arn,
        retiring=grant.retiring,
        retired_by_service=principal(grant.retiring or "").kind is PrincipalKind.SERVICE,
    )


def _callers(policy: Policy | None, grants: Iterable[Grant] | None) -> Iterable[tuple[str, str]]:
    for statement in policy.statements if policy else ():
        yield from statement.principals
    for grant in grants or ():
        yield "Service" if grant.to_service else "AWS", grant.grantee
        if grant.retiring is not None:
            yield "Service" if grant.retired_by_service else "AWS", grant.retiring


def _fixed(
    key: Key, bounds: Bounds, asked: frozenset[str]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...], tuple[str, ...]]:
    """What the key fixes of a request, as far as somebody asks: values, what was not read, what is absent."""
    values: dict[str, tuple[str, ...]] = {"aws:resourceaccount": (key.account,)}
    if _REGION in asked:
        values[_REGION] = (key.region,)
    unread: list[str] = []
    closed: list[str] = []
    if any(name.startswith("aws:resourcetag/") for name in asked):
        if isinstance(key.tags, Tags):
            found = {f"aws:resourcetag/{name.lower()}": (value,) for name, value in key.tags.items.items()}
            values |= {name: value for name, value in found.items() if name in asked}
            closed.append("aws:resourcetag/")
        else:
            unread.append("aws:resourcetag/")
    if "kms:resourcealiases" in asked:
        if isinstance(key.aliases, Aliases):
            values["kms:resourcealiases"] = key.aliases.names
        else:
            unread.append("kms:resourcealiases")
    if bounds.organisation is not None:
        values["aws:resourceorgid"] = (bounds.organisation,)
    else:
        (closed if bounds.is_placed else unread).append("aws:resourceorg")
    return values, tuple(unread), tuple(closed)


def _unused(key: Key) -> frozenset[str]:
    """Operations that the key cannot do, whoever asks."""
    return _unfit(key.metadata) | _uses_unfit(key.metadata) if isinstance(key.metadata, Metadata) else frozenset()


def _unfit(metadata: Metadata) -> frozenset[str]:
    """What administers copies, imported material or rotation where the key has none of it."""
    found = _OF_COPIES.get(metadata.multi_region, frozenset())
    if metadata.origin not in {Origin.IMPORTED, Origin.UNRECOGNISED}:
        found |= _OF_IMPORT
    return found | _OF_ROTATION if metadata.type in {KeyType.ASYMMETRIC, KeyType.MAC} else found


def _uses_unfit(metadata: Metadata) -> frozenset[str]:
    if metadata.usage not in _OF_USAGE:
        return frozenset()
    fitting = _OF_USAGE[metadata.usage]
    if metadata.usage is KeyUsage.ENCRYPT_DECRYPT and metadata.type is not KeyType.ASYMMETRIC:
        fitting = _SYMMETRIC
    return _CRYPTOGRAPHIC - fitting
