"""One decision of AWS: may a principal do something with a key? Pure; every layer that was not read is a need.

The order is that of the policy evaluation logic: an explicit Deny anywhere, then what bounds the caller, then one way
to be allowed. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

import msgspec

from scanner.facts.access.context import Context
from scanner.facts.access.endpoints import Endpoint, is_past
from scanner.facts.access.grants import GRANTABLE, Grant, allows
from scanner.facts.access.policies import Policy, Statement, is_about
from scanner.facts.access.principals import Named, Principal, PrincipalKind, is_spared, means
from scanner.facts.access.truth import Need, NeedKind, Open, Truth, all_of, any_of, negate, on_data

CROSS_ACCOUNT = frozenset(
    f"kms:{name}".lower()
    for name in (
        *("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"),
        *("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateMac", "VerifyMac", "Sign", "Verify"),
        *("DeriveSharedSecret", "Encapsulate", "Decapsulate", "CreateGrant", "DescribeKey", "GetKeyRotationStatus"),
        *("GetPublicKey", "ListGrants", "RetireGrant", "RevokeGrant"),
    )
)
"""What has an effect on a key of another account, whatever a policy says.

AWS KMS API Reference, "Cross-account use" of each operation.
"""

_ENOUGH = frozenset({Named.USER, Named.SESSION, Named.SERVICE})
"""To be named like this is enough: neither boundary nor session policy limits it."""

_WITHOUT_POLICIES = frozenset({PrincipalKind.SERVICE, PrincipalKind.ROOT})
"""Callers without policies of their own: a service has no rights by them, a root user has all of its account's."""

_RETIRE = "kms:retiregrant"
_NOT_OF_RCP = frozenset({_RETIRE})


class Result(StrEnum):
    """What came out; `conditional` lists what must hold, `unknown` what is missing."""

    ALLOW = "allow"
    CONDITIONAL = "conditional"
    DENY = "deny"
    UNKNOWN = "unknown"


class Layers(msgspec.Struct, frozen=True, kw_only=True):
    """Every policy that has a say. None is a layer that was not read; an empty one was read and holds nothing.

    `service_control` and `resource_control` have one tuple of policies for each level of the organisation, the root
    first; they are empty where no organisation binds the caller or the key. `identity_gaps` are policies of the
    caller that are known to exist and were not read. `endpoints` are the VPC endpoints that may stop a request.
    """

    key_policy: Policy | None
    identity: tuple[Policy, ...] | None
    boundary: Policy | None = None
    session: Policy | None = None
    service_control: tuple[tuple[Policy, ...], ...] | None = ()
    resource_control: tuple[tuple[Policy, ...], ...] | None = ()
    grants: tuple[Grant, ...] | None = ()
    has_boundary: bool = False
    has_session: bool = False
    identity_gaps: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for what, on which key, with what is known of the request."""

    caller: Principal
    action: str
    key: str
    account: str
    request: Context


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One statement or grant on the way to the answer: the layer, its label, and what it does."""

    layer: str
    label: str
    effect: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer with its reasons. `explicit` marks a Deny that was written, against none that allows."""

    result: Result
    explicit: bool
    why: tuple[Step, ...]
    needs: tuple[Need, ...]

    def given(self, need: str) -> "Decision":
        """The decision where the request has to be such as well, which denies nothing and allows nothing more."""
        if self.result is Result.DENY:
            return self
        result = Result.CONDITIONAL if self.result is Result.ALLOW else self.result
        return msgspec.structs.replace(self, result=result, needs=(*self.needs, Need(NeedKind.REQUEST, need)))


class _Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way to be allowed, as far as it is open, and whether what bounds the caller bounds it too."""

    truth: Truth
    steps: tuple[Step, ...]


def decide(layers: Layers, asked: Asked) -> Decision:
    """The decision for one request."""
    if not _has_effect(asked):
        return Decision(result=Result.DENY, explicit=False, why=(), needs=())
    denied, denying = _denied(layers, asked)
    if denied is True:
        return Decision(result=Result.DENY, explicit=True, why=denying, needs=())
    past = is_past(layers.endpoints, asked.caller, asked.action, asked.key, asked.request)
    bounds = all_of((past, _bounds(layers, asked)))
    ways = [way for way in _ways(layers, asked) if way.truth is not False]
    allowed = all_of((bounds, any_of(way.truth for way in ways)))
    if allowed is False:
        return Decision(result=Result.DENY, explicit=False, why=denying, needs=())
    truth = all_of((allowed, _unless(denied)))
    open_ways = [way for way in ways if way.truth is True] or ways
    steps = (*(step for way in open_ways for step in way.steps), *denying)
    if not isinstance(truth, Open):
        return Decision(result=Result.ALLOW, explicit=False, why=steps, needs=())
    missing = any(need.kind is NeedKind.DATA for need in truth.needs)
    return Decision(
        result=Result.UNKNOWN if missing else Result.CONDITIONAL, explicit=False, why=steps, needs=truth.needs
    )


def _unless(denied: Truth) -> Truth:
    """That nothing denies it: what a Deny hangs on must not hold."""
    if not isinstance(denied, Open):
        return negate(denied)
    turned = (
        msgspec.structs.replace(need, text=f"unless {need.text}") if need.kind is NeedKind.REQUEST else need
        for need in denied.needs
    )
    return Open(tuple(turned))


def _has_effect(asked: Asked) -> bool:
    """Whether the operation can be done from the caller's account at all, whatever a policy says of a key."""
    if not asked.action.lower().startswith("kms:"):
        return True
    at_home = asked.caller.account == asked.account or asked.caller.kind is PrincipalKind.SERVICE
    return at_home or asked.action.lower() in CROSS_ACCOUNT


def _denied(layers: Layers, asked: Asked) -> tuple[Truth, tuple[Step, ...]]:
    """Whether a Deny hits, and the statements that do or may."""
    found = [
        (truth, Step(layer=layer, label=statement.label, effect="deny"))
        for layer, policies in _denying_layers(layers, asked)
        for policy in policies
        for statement in policy.statements
        if not statement.allows and (truth := _hits(statement, asked, _meant_by(layer, layers))) is not False
    ]
    truth = any_of([truth for truth, _ in found] + [on_data(text) for text in _unread(layers, asked)])
    certain = tuple(step for truth, step in found if truth is True)
    return truth, certain or tuple(step for _, step in found)


def _denying_layers(layers: Layers, asked: Asked) -> Iterable[tuple[str, Sequence[Policy]]]:
    yield "key policy", (layers.key_policy,) if layers.key_policy else ()
    if asked.caller.kind not in _WITHOUT_POLICIES:
        yield "identity policy", layers.identity or ()
        yield "permissions boundary", (layers.boundary,) if layers.boundary else ()
        yield "session policy", (layers.session,) if layers.session else ()
    if _is_bound_by_scp(asked):
        yield "service control policy", [policy for level in layers.service_control or () for policy in level]
    if _is_bound_by_rcp(asked):
        yield "resource control policy", [policy for level in layers.resource_control or () for policy in level]


def _unread(layers: Layers, asked: Asked) -> Iterable[str]:
    """Layers that may hold a Deny nobody has read; what does not bind the caller holds none."""
    if layers.key_policy is None:
        yield "the key policy"
    if asked.caller.kind not in _WITHOUT_POLICIES:
        if layers.identity is None:
            yield "the caller's identity policies"
        yield from layers.identity_gaps
        if layers.has_boundary and layers.boundary is None:
            yield "the caller's permissions boundary"
        if layers.has_session and layers.session is None:
            yield "the session policy"
    if layers.service_control is None and _is_bound_by_scp(asked):
        yield "the service control policies"
    if layers.resource_control is None and _is_bound_by_rcp(asked):
        yield "the resource control policies"


_Meant = Callable[[Statement, Principal], Truth]


def _hits(statement: Statement, asked: Asked, meant: _Meant) -> Truth:
    """Whether a Deny is about the request and means the caller."""
    about = is_about(statement, asked.action, asked.key, asked.request)
    return about if about is False else all_of((about, meant(statement, asked.caller)))


def _meant_by(layer: str, layers: Layers) -> _Meant:
    """How statements of the layer say whom they mean; those of identities and organisations say it by their place.

    NotPrincipal in a Deny spares nobody who has a permissions boundary, whatever it names.
    """
    if layer != "key policy":
        return _everybody
    return _is_meant_bounded if layers.has_boundary else _is_meant


def _everybody(_statement: Statement, _caller: Principal) -> Truth:
    return True


def _is_meant(statement: Statement, caller: Principal) -> Truth:
    """Whether a statement of a key policy means the caller, its whole account included."""
    if statement.principals_inverse:
        return negate(is_spared(statement.principals, caller))
    return any(means(kind, name, caller) is not Named.NOT for kind, name in statement.principals)


def _is_meant_bounded(statement: Statement, caller: Principal) -> Truth:
    return True if statement.principals_inverse else _is_meant(statement, caller)


def _is_bound_by_scp(asked: Asked) -> bool:
    return asked.caller.kind is not PrincipalKind.SERVICE and not asked.caller.is_service_linked


def _is_bound_by_rcp(asked: Asked) -> bool:
    return not asked.caller.is_service_linked and asked.action.lower() not in _NOT_OF_RCP


def _bounds(layers: Layers, asked: Asked) -> Truth:
    """Whether every level of the organisation lets the caller do it."""
    if not _is_bound_by_scp(asked):
        return True
    if layers.service_control is None:
        return on_data("the service control policies")
    return all_of(_allowed_by(level, asked) for level in layers.service_control)


def _allowed_by(policies: Iterable[Policy], asked: Asked) -> Truth:
    return any_of(
        is_about(statement, asked.action, asked.key, asked.request)
        for policy in policies
        for statement in policy.statements
        if statement.allows
    )


def _limited(layers: Layers, asked: Asked) -> Truth:
    """Whether boundary and session policy let through what they limit."""
    parts: list[Truth] = []
    for present, policy, name in (
        (layers.has_boundary, layers.boundary, "the caller's permissions boundary"),
        (layers.has_session, layers.session, "the session policy"),
    ):
        if policy is not None:
            parts.append(_allowed_by((policy,), asked))
        elif present:
            parts.append(on_data(name))
    return all_of(parts)


def _ways(layers: Layers, asked: Asked) -> Iterable[_Way]:
    """Every way to be allowed: named directly, through the account, by a grant."""
    at_home = asked.caller.account == asked.account or asked.caller.kind is PrincipalKind.SERVICE
    if layers.key_policy is None:
        yield _Way(truth=on_data("the key policy"), steps=())
    else:
        for statement in layers.key_policy.statements:
            if statement.allows:
                yield from _through(statement, layers, asked, at_home=at_home)
    if layers.grants is not None:
        yield from _granted(layers, asked)
    elif asked.action.lower() in GRANTABLE:
        yield _Way(truth=on_data("the grants"), steps=())


def _through(statement: Statement, layers: Layers, asked: Asked, *, at_home: bool) -> Iterable[_Way]:
    """The ways through one Allow of the key policy; across accounts the caller's own policies must agree."""
    about = is_about(statement, asked.action, asked.key, asked.request)
    if about is False:
        return
    step = Step(layer="key policy", label=statement.label, effect="allow")
    named, about = _meant(statement, asked.caller, about)
    if not at_home:
        if named:
            yield _by_account(layers, asked, about, step)
        return
    if named & _ENOUGH:
        yield _Way(truth=about, steps=(step,))
    if Named.ROLE in named:
        yield _Way(truth=all_of((about, _limited(layers, asked))), steps=(step,))
    if Named.EVERYONE in named:
        yield _Way(truth=all_of((about, _of_everyone(layers, asked))), steps=(step,))
    if Named.ACCOUNT in named:
        yield _by_account(layers, asked, about, step)


def _meant(statement: Statement, caller: Principal, about: Truth) -> tuple[set[Named], Truth]:
    """The ways in which a statement means the caller, and whether it is about the request for that caller."""
    if statement.principals_inverse:
        return {Named.EVERYONE}, all_of((about, negate(is_spared(statement.principals, caller))))
    return {means(kind, name, caller) for kind, name in statement.principals} - {Named.NOT}, about


def _by_account(layers: Layers, asked: Asked, about: Truth, step: Step) -> _Way:
    """The way through the caller's own policies; a root user has all rights of its account."""
    if asked.caller.kind is PrincipalKind.ROOT:
        return _Way(truth=about, steps=(step,))
    own, steps = _identity(layers, asked)
    return _Way(truth=all_of((about, own, _limited(layers, asked))), steps=(step, *steps))


def _of_everyone(layers: Layers, asked: Asked) -> Truth:
    """Whether `*` alone is enough: what a limit does to a role here is not documented."""
    limited = _limited(layers, asked)
    if limited is False and asked.caller.is_of_role:
        return on_data("whether a boundary or session policy limits an allow to everyone")
    return True if asked.caller.kind is PrincipalKind.USER else limited


def _identity(layers: Layers, asked: Asked) -> tuple[Truth, tuple[Step, ...]]:
    """Whether the caller's own policies allow it, and which statements do or may."""
    if layers.identity is None:
        return on_data("the caller's identity policies"), ()
    found = [
        (truth, Step(layer="identity policy", label=statement.label, effect="allow"))
        for policy in layers.identity
        for statement in policy.statements
        if statement.allows and (truth := is_about(statement, asked.action, asked.key, asked.request)) is not False
    ]
    gaps = [on_data(gap) for gap in layers.identity_gaps]
    return any_of([*(truth for truth, _ in found), *gaps]), tuple(step for _, step in found)


def _granted(layers: Layers, asked: Asked) -> Iterable[_Way]:
    """The ways by a grant: to use it as its grantee, or to retire it as the one it names for that."""
    for grant in layers.grants or ():
        step = Step(layer="grant", label=grant.id, effect="allow")
        truth = allows(grant, asked.action, asked.request)
        named = means("Service" if grant.to_service else "AWS", grant.grantee, asked.caller)
        if named is not Named.NOT and truth is not False:
            yield _by_grant(layers, asked, _Way(truth=truth, steps=(step,)), named)
        if asked.action.lower() == _RETIRE and _may_retire(grant, asked.caller):
            yield _by_grant(layers, asked, _Way(truth=True, steps=(step,)), Named.USER)


def _may_retire(grant: Grant, caller: Principal) -> bool:
    kind = "Service" if grant.retired_by_service else "AWS"
    return grant.retiring is not None and means(kind, grant.retiring, caller) is not Named.NOT


def _by_grant(layers: Layers, asked: Asked, way: _Way, named: Named) -> _Way:
    """The way by a grant; to the account of its grantee a grant delegates, as a key policy does.

    What other policies of the caller do to a grant by not allowing it is not documented.
    """
    if asked.caller.kind in _WITHOUT_POLICIES:
        return way
    own, own_steps = _identity(layers, asked)
    if named is Named.ACCOUNT:
        way = _Way(truth=all_of((way.truth, own)), steps=(*way.steps, *own_steps))
    elif asked.caller.account != asked.account and own is not True:
        way = _doubted(way, "whether a grant is enough for a caller of another account")
    if _limited(layers, asked) is not True:
        way = _doubted(way, "whether a boundary or session policy limits a grant")
    return way


def _doubted(way: _Way, doubt: str) -> _Way:
    return _Way(truth=all_of((way.truth, on_data(doubt))), steps=way.steps)
