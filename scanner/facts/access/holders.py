"""The facts of access to one key of AWS: who holds which duty, and which texts do what nobody meant. Judges nothing."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from scanner.facts.access.aws import CROSS_ACCOUNT, Decision, Result
from scanner.facts.access.cells import Cells, Extra
from scanner.facts.access.classes import AWS
from scanner.facts.access.conditions import Clause, holds
from scanner.facts.access.context import Context
from scanner.facts.access.doors import Door
from scanner.facts.access.grants import Grant
from scanner.facts.access.held import DECIDE, USE, may
from scanner.facts.access.matrix import Matrices, Visit
from scanner.facts.access.parties import ORGANISATION, Party
from scanner.facts.access.policies import Statement
from scanner.facts.access.principals import federated, is_account, principal
from scanner.facts.access.reach import ReachKind
from scanner.facts.access.sites import is_evaluated
from scanner.facts.access.stepping import Comer
from scanner.facts.access.truth import Open
from scanner.facts.access.wording import way_text
from scanner.facts.glob import matches
from scanner.facts.kleene import Truth, any_of
from scanner.facts.parts import LEFT_OUT
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import reading
from scanner.facts.subjects.access import AccessFacts, HolderFacts
from scanner.model.effective import ActionClass, PrincipalKind
from scanner.model.key import Grants as ReadGrants
from scanner.model.key import Key, Provider
from scanner.model.unknown import Cause, Unknown

IDENTITIES = "iam:GetAccountAuthorizationDetails"
_UNREAD = Unknown(cause=Cause.NOT_COLLECTED, call=IDENTITIES)
_OWN_POWERS = frozenset({"kms:PutKeyPolicy", "kms:CreateGrant"})
_MFA, _MFA_AGE = "aws:multifactorauthpresent", "aws:multifactorauthage"
_NO_MFA = (
    Extra(absent=frozenset({_MFA, _MFA_AGE})),
    Extra(values={_MFA: ("false",)}, absent=frozenset({_MFA_AGE})),
)
_NO_ENDPOINT = Extra(
    values={"aws:viaawsservice": ("false",)},
    absent=frozenset(
        {
            *("aws:sourcevpce", "aws:sourcevpc", "aws:sourcevpcarn", "aws:vpcsourceip", "aws:sourcevpceaccount"),
            *("aws:sourcevpceorgid", "aws:sourcevpceorgpaths", "kms:viaservice"),
            *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"),
        }
    ),
)
"""A call of one's own through no endpoint; what a service of AWS does for somebody never comes through one.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-aws.html
"""

_FOREIGN = "705318264097"
_FOREIGN_SOURCE = Extra(
    values={
        "aws:sourceaccount": (_FOREIGN,),
        "aws:sourcearn": (f"arn:aws:service:eu-west-1:{_FOREIGN}:thing/x",),
        "aws:sourceorgid": ("o-stranger000",),
        "aws:sourceorgpaths": ("o-stranger000/r-0000/",),
    }
)
_PEOPLE = frozenset({PrincipalKind.USER, PrincipalKind.ROLE, PrincipalKind.SESSION, PrincipalKind.FEDERATED})


def without(reason: Unknown | None) -> AccessFacts:
    """Every fact of a key whose access was not worked out."""
    return AccessFacts(
        public=reason,
        holders=reason,
        users=reason,
        users_seen=reason,
        administrators=reason,
        administrators_seen=reason,
        purgers=reason,
        purgers_seen=reason,
        unbound_services=reason,
        unbound_grants=reason,
        oldest_grant=reason,
        without_effect=reason,
        mfa_holes=reason,
    )


NOT_ASKED = without(LEFT_OUT)
_NOT_EVALUATED = without(None)
_WITHOUT_IDENTITIES = without(_UNREAD)


def derive_access(key: Key, matrices: Matrices | None, ours: frozenset[str], as_of: datetime) -> AccessFacts:
    """The facts of access to a key; absent where access is not worked out, unknown where identities were not read.

    `ours` are the accounts of the population.
    """
    if key.provider is not Provider.AWS or not is_evaluated(key):
        return _NOT_EVALUATED
    if matrices is None:
        return _WITHOUT_IDENTITIES
    visit = matrices.visit(key)
    door = visit.door
    comers = tuple(comer for comer, _ in visit.comers)
    holders = tuple(_holders(visit, matrices, (ours, as_of)))
    people = [holder for holder in holders if holder.kind is not PrincipalKind.ROOT]
    policy = reading(key.policy)
    of_policy = policy if isinstance(policy, Unknown) else None
    unread = of_policy or (Unknown(cause=Cause.ERROR, call=_policy_call(key)) if door.policy is None else None)
    grants = reading(key.grants)
    return AccessFacts(
        public=unread or _public(comers, matrices, door),
        holders=unread or holders,
        users=unread or _count((holder.uses, holder.size) for holder in people),
        users_seen=unread or sum(holder.size for holder in people if holder.uses is True),
        administrators=unread or _count((holder.changes_policy, holder.size) for holder in people),
        administrators_seen=unread or sum(holder.size for holder in people if holder.changes_policy is True),
        purgers=None,
        purgers_seen=None,
        unbound_services=unread or tuple(sorted(_unbound(comers, matrices, door))),
        unbound_grants=grants if isinstance(grants, Unknown) else tuple(sorted(_loose(door.grants or ()))),
        oldest_grant=grants if isinstance(grants, Unknown) else _oldest(grants, as_of),
        without_effect=unread or tuple(_without_effect(door)),
        mfa_holes=unread or tuple(_holes(door.policy.statements if door.policy else ())),
    )


def _policy_call(key: Key) -> str:
    return PERMISSIONS[key.provider].policy


def _holders(visit: Visit, matrices: Matrices, about: tuple[frozenset[str], datetime]) -> Iterator[HolderFacts]:
    """A holder for each set of callers to whom the same applies; the way is that of the first by name.

    Callers that were worked out as one differ in what their role's trust and last use say alone.
    """
    groups: dict[HolderFacts, dict[str, Cells]] = {}
    alike: dict[Hashable, HolderFacts] = {}
    for comer, cells in visit.comers:
        if cells:
            party = comer.party
            case = (id(comer.standing), id(cells), party.kind, _is_guarded(party), party.last_used_at)
            if case not in alike:
                alike[case] = _holder(comer, cells, (matrices, visit.door), about)
            groups.setdefault(alike[case], {})[party.id] = cells
    for holder, names in sorted(groups.items(), key=lambda item: min(item[1])):
        first = min(names)
        yield replace(holder, principal=first, size=len(names), way=way_text(names[first]))


def _holder(
    comer: Comer, cells: Cells, at: tuple[Matrices, Door], about: tuple[frozenset[str], datetime]
) -> HolderFacts:
    party, (ours, as_of) = comer.party, about
    untold = _is_untold(party, at[1])
    held = comer.standing.cells
    uses = may(held, (USE,), _UNREAD)
    decides = may(held, DECIDE, _UNREAD)
    return HolderFacts(
        principal="",
        size=0,
        way="",
        kind=party.kind,
        account=party.account,
        ours=_is_ours(party, at[1], ours),
        uses=uses,
        decides=decides,
        changes_policy=_result(comer.standing.powers["PutKeyPolicy"]),
        steps_to_use=_UNREAD if untold else _steps(cells, (USE,)),
        steps_to_decide=_UNREAD if untold else _steps(cells, DECIDE),
        broad=uses if isinstance(uses, Unknown) else uses and _is_broad(comer, at[1]),
        without_mfa=_of_people(party, decides, lambda: _without_mfa(comer, at)),
        outside_endpoint=_of_people(party, uses, lambda: _outside(comer, at)),
        idle=_UNREAD if untold else _idle(party, as_of),
        hidden=None,
        purges=None,
    )


def _is_ours(party: Party, door: Door, ours: frozenset[str]) -> Truth:
    """Whether the caller is of the population or a service; open for an organisation where the key's was not read."""
    if party.kind is PrincipalKind.SERVICE:
        return True
    if ORGANISATION in party.values and party.kind is PrincipalKind.PUBLIC and not door.bounds.is_placed:
        return Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[Provider.AWS].bounds)
    if party.caller.is_federated and not federated(party.id).account:
        return _UNREAD
    return party.account in ours


def _is_untold(party: Party, door: Door) -> bool:
    """Whether the caller stands for principals that were not read, or is one of the key's account that was not."""
    own = party.account == door.id.split(":")[4] and party.kind in _PEOPLE
    return party.identity is None and (own or party.kind is PrincipalKind.ACCOUNT)


def _of_people(party: Party, may: Truth, tell: Callable[[], Truth]) -> Truth:
    """What only people and roles can be asked; who stands for principals that were not read may be any of them."""
    if may is False:
        return False
    if party.kind is PrincipalKind.ACCOUNT:
        return _UNREAD
    return tell() if party.kind in _PEOPLE else False


def _result(decision: Decision) -> Truth:
    if decision.result is Result.UNKNOWN:
        return _UNREAD
    return decision.result is not Result.DENY


def _steps(cells: Cells, kinds: Iterable[ActionClass]) -> Truth:
    """Whether the caller is a step away by something other than the power over the key that it has anyway."""
    found = (step for kind in kinds if kind in cells and (step := cells[kind].step) is not None)
    return any_of(_UNREAD if step.missing else True for step in found if step.by not in _OWN_POWERS)


def _is_broad(comer: Comer, door: Door) -> bool:
    """Whether an Allow of the caller's own gives the use on keys that it does not name."""
    cell = comer.standing.cells[USE]
    if not any(step.layer == "identity policy" for step in cell.why):
        return False
    other = f"{door.id.rpartition('/')[0]}/00000000-0000-0000-0000-000000000000"
    wanted = [f"kms:{name}".lower() for name in cell.actions]
    statements = (one for policy in comer.party.identity or () for one in policy.statements if one.allows)
    return any(_gives(one, wanted) and _is_on(one, other) and _is_on(one, door.id) for one in statements)


def _gives(statement: Statement, wanted: Iterable[str]) -> bool:
    return any(
        any(matches(pattern, name) for pattern in statement.actions) is not statement.actions_inverse for name in wanted
    )


def _is_on(statement: Statement, arn: str) -> bool:
    return any(matches(pattern, arn) for pattern in statement.resources) is not statement.resources_inverse


def _without_mfa(comer: Comer, at: tuple[Matrices, Door]) -> Truth:
    """Whether the caller decides about the key although no second factor was shown."""
    if _is_guarded(comer.party):
        return False
    return any_of(_supposing(comer, at, extra, DECIDE) for extra in _NO_MFA)


def _is_guarded(party: Party) -> bool:
    """Whether nobody becomes the role without a second factor."""
    allows = [one for one in (party.trust.statements if party.trust else ()) if one.allows]
    return bool(allows) and all(any(map(_asks_for_mfa, one.clauses)) for one in allows)


def _asks_for_mfa(clause: Clause) -> bool:
    """Whether the clause is false of every request without a second factor."""
    return clause.key.lower() in {_MFA, _MFA_AGE} and all(_holds(clause, extra.values) is False for extra in _NO_MFA)


def _outside(comer: Comer, at: tuple[Matrices, Door]) -> Truth:
    return _supposing(comer, at, _NO_ENDPOINT, (USE,))


def _supposing(comer: Comer, at: tuple[Matrices, Door], extra: Extra, kinds: Iterable[ActionClass]) -> Truth:
    """Whether anything of these classes is left to the caller under what is supposed."""
    matrices, door = at
    wanted = set(kinds)
    found = matrices.supposing(comer.party, door, extra)
    return any_of(_result(decision) for name, decision in found.items() if AWS[name] in wanted)


def _idle(party: Party, as_of: datetime) -> timedelta | None:
    return as_of - party.last_used_at if party.last_used_at is not None else None


def _public(comers: Iterable[Comer], matrices: Matrices, door: Door) -> Truth:
    """Whether everybody is let in by the key's policy, and nothing of the organisation closes it again."""
    found = matrices.reach(door)
    if found is None or found.kind is not ReachKind.PUBLIC:
        return False
    strangers = [comer for comer in comers if comer.party.kind is PrincipalKind.PUBLIC]
    return any_of(may(comer.standing.cells, ActionClass, _UNREAD) for comer in strangers) if strangers else True


def _count(found: Iterable[tuple[Truth, int]]) -> int | Unknown:
    total = 0
    for truth, size in found:
        if isinstance(truth, Unknown):
            return truth
        total += size if truth else 0
    return total


def _unbound(comers: Iterable[Comer], matrices: Matrices, door: Door) -> Iterator[str]:
    """Services that may use the key for resources of anybody (the confused deputy)."""
    for comer in comers:
        held = comer.party.kind is PrincipalKind.SERVICE and comer.standing.cells
        if held and not _names_own(comer, door):
            found = matrices.supposing(comer.party, door, _FOREIGN_SOURCE)
            if any(decision.result is not Result.DENY and _by_policy(decision) for decision in found.values()):
                yield comer.party.id


def _by_policy(decision: Decision) -> bool:
    return any(step.layer == "key policy" for step in decision.why)


def _names_own(comer: Comer, door: Door) -> bool:
    """Whether every Allow for the service asks for an encryption context that names the key's account."""
    statements = door.policy.statements if door.policy else ()
    allows = [one for one in statements if one.allows and ("Service", comer.party.id) in one.principals]
    return bool(allows) and all(any(_is_of_own(clause, door.account) for clause in one.clauses) for one in allows)


def _is_of_own(clause: Clause, account: str) -> bool:
    """Whether the clause asks for an encryption context that names the account, and is false without it."""
    key = clause.key.lower()
    others: tuple[dict[str, tuple[str, ...]], ...] = ({}, {key: (_FOREIGN,)})
    return (
        key.startswith("kms:encryptioncontext:")
        and all(f":{account}:" in value for value in clause.values)
        and all(_holds(clause, values) is False for values in others)
    )


def _loose(grants: Iterable[Grant]) -> Iterator[str]:
    """Grants that let their grantee read data and ask for no encryption context and no source."""
    for grant in grants:
        reads = any(name in {"decrypt", "generatedatakey", "reencryptfrom"} for name in grant.operations)
        if reads and grant.equals is None and grant.subset is None and grant.source_arn is None:
            yield grant.id


def _oldest(grants: ReadGrants | object, as_of: datetime) -> timedelta | None:
    items = grants.items if isinstance(grants, ReadGrants) else ()
    return max((as_of - grant.created_at for grant in items if grant.created_at is not None), default=None)


def _without_effect(door: Door) -> Iterator[str]:
    """Allows of the key policy that allow nothing: of another resource, of none, or for others what they cannot do."""
    for statement in door.policy.statements if door.policy else ():
        if not statement.allows:
            continue
        elsewhere = "${" not in "".join(statement.resources) and not _is_on(statement, door.id)
        if elsewhere or not statement.actions or _is_foreign_only(statement, door):
            yield statement.label


def _is_foreign_only(statement: Statement, door: Door) -> bool:
    """Whether only other accounts are named, for operations that have no effect across accounts."""
    accounts = {
        name if is_account(name) else principal(name).account if kind == "AWS" else ""
        for kind, name in statement.principals
    }
    outside = bool(accounts) and not statement.principals_inverse and not {"", door.account} & accounts
    return outside and not _gives(statement, CROSS_ACCOUNT)


def _holes(statements: Iterable[Statement]) -> Iterator[str]:
    """Denials without a second factor that long-term credentials slip through: they do not carry the key at all."""
    denials = [statement for statement in statements if not statement.allows]
    for one in denials:
        if any(map(_lets_slip, one.clauses)) and not any(_catches_all(other, one) for other in denials):
            yield one.label


def _lets_slip(clause: Clause) -> bool:
    absent, refused = (_holds(clause, extra.values) for extra in _NO_MFA)
    return clause.key.lower() == _MFA and refused is True and absent is False and not clause.null


def _catches_all(other: Statement, one: Statement) -> bool:
    """Whether the other denies the same to those who do not carry the key."""
    asked = (clause for clause in other.clauses if clause.key.lower() == _MFA)
    return _but_for_mfa(other) == _but_for_mfa(one) and all(
        _holds(clause, _NO_MFA[0].values) is True for clause in asked
    )


def _but_for_mfa(statement: Statement) -> Statement:
    return replace(statement, label="", clauses=tuple(one for one in statement.clauses if one.key.lower() != _MFA))


def _holds(clause: Clause, values: Mapping[str, tuple[str, ...]]) -> bool | Open:
    """Whether the clause holds of a request that has these values and no others."""
    return holds(clause, Context(values=values, complete=True))
