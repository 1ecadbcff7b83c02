"""Who could give themselves a right on a key that they do not have: one step away. Decides nothing about keys.

The ways are those that change policies or hand out credentials of another; the list is ours and not complete.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

import msgspec

from scanner.facts.access.aws import Asked, Decision, Layers, Result, decide
from scanner.facts.access.cells import path_step
from scanner.facts.access.context import Context
from scanner.facts.access.doors import of_callers
from scanner.facts.access.organisations import Bounds
from scanner.facts.access.parties import Party, Told
from scanner.facts.access.policies import Policy, Statement, read_policy
from scanner.facts.access.principals import principal
from scanner.facts.access.truth import NeedKind
from scanner.facts.glob import matches
from scanner.model.effective import PrincipalKind, StepAway

ANYTHING = read_policy(
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', "a policy of its own choice"
)
"""What somebody can write who may write policies."""

ITSELF = "itself"
"""The target of a step that changes the caller's own policies."""

_OWN: Mapping[PrincipalKind, tuple[str, ...]] = {
    PrincipalKind.USER: ("iam:PutUserPolicy", "iam:AttachUserPolicy"),
    PrincipalKind.ROLE: ("iam:PutRolePolicy", "iam:AttachRolePolicy"),
}
_UNBIND: Mapping[PrincipalKind, tuple[str, ...]] = {
    PrincipalKind.USER: ("iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary"),
    PrincipalKind.ROLE: ("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"),
}
_JOIN = "iam:AddUserToGroup"
_OF_GROUPS = ("iam:PutGroupPolicy", "iam:AttachGroupPolicy")
_OF_POLICIES = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
_OF_USERS = ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile")
_BECOME, _OPEN, _PASS = "sts:AssumeRole", "iam:UpdateAssumeRolePolicy", "iam:PassRole"
_RUNS: Mapping[str, str] = {
    "ec2.amazonaws.com": "ec2:RunInstances",
    "ecs-tasks.amazonaws.com": "ecs:RunTask",
    "lambda.amazonaws.com": "lambda:CreateFunction",
    "codebuild.amazonaws.com": "codebuild:CreateProject",
    "glue.amazonaws.com": "glue:CreateJob",
    "sagemaker.amazonaws.com": "sagemaker:CreateNotebookInstance",
    "states.amazonaws.com": "states:CreateStateMachine",
    "ssm.amazonaws.com": "ssm:StartAutomationExecution",
    "tasks.apprunner.amazonaws.com": "apprunner:CreateService",
}
"""Services that run code or calls of their caller under a role handed to them, with the action that starts it."""


_MOVES = (_BECOME, _OPEN, _PASS, *_OF_USERS)


class Crowd(msgspec.Struct, frozen=True, kw_only=True):
    """Whom callers of an account could act as: its own users and roles, and roles elsewhere that trust the account.

    `trusted` are users and roles that a trust policy names, by account and name; `told_apart` whether one of them
    asks who calls. `groups` are those of each account, as callers with the policies of their members.
    """

    others: Mapping[str, tuple[Party, ...]]
    trusted: frozenset[tuple[str, str]]
    told_apart: bool
    groups: Mapping[str, tuple[Party, ...]]


def crowd_of(parties: Mapping[str, tuple[Party, ...]], groups: Mapping[str, tuple[Party, ...]]) -> Crowd:
    """The users and roles of all accounts as somebody to act as."""
    every = [party for found in parties.values() for party in found if party.kind in _OWN]
    trusting = [(party, statement) for party in every if party.trust for statement in party.trust.statements]
    trusted: set[tuple[str, str]] = set()
    from_outside: dict[str, dict[str, Party]] = {}
    for party, statement in trusting:
        for kind, name in statement.principals:
            caller = principal(name)
            if kind != "AWS":
                continue
            trusted.add((caller.account, caller.name))
            accounts = parties if name == "*" else (caller.account or name,)
            for account in accounts:
                if account != party.account:
                    from_outside.setdefault(account, {})[party.id] = party
    own = {account: tuple(party for party in found if party.kind in _OWN) for account, found in parties.items()}
    return Crowd(
        others={account: (*found, *from_outside.get(account, {}).values()) for account, found in own.items()},
        trusted=frozenset(trusted),
        told_apart=any(of_callers([statement]) != ((), ()) for _, statement in trusting),
        groups=groups,
    )


class Steps:
    """The steps that callers of a snapshot have, each worked out when it is first asked for."""

    def __init__(self, bounds: Callable[[str], Bounds], told: Callable[[Party], Told], crowd: Crowd) -> None:
        self._bounds = bounds
        self._told = told
        self._crowd = crowd
        self._own: dict[Hashable, StepAway | None] = {}
        self._targets: dict[Hashable, Mapping[str, StepAway]] = {}
        self._turned: dict[str, tuple[tuple[StepAway, Party], ...]] = {}
        self._of: dict[str, tuple[StepAway | None, Mapping[str, StepAway]]] = {}

    def of(self, party: Party) -> tuple[StepAway | None, Mapping[str, StepAway]]:
        """How the caller may write its own policies, None when it may not; and whom it may act as, by id, and how."""
        if party.id not in self._of:
            self._of[party.id] = self._written(party), self._acted(party)
        return self._of[party.id]

    def turned(self, party: Party) -> tuple[tuple[StepAway, Party], ...]:
        """What else the caller may make of itself: rid of its boundary, or in one more group."""
        if party.id not in self._turned:
            self._turned[party.id] = tuple(self._turn(party))
        return self._turned[party.id]

    def _turn(self, party: Party) -> Iterator[tuple[StepAway, Party]]:
        if party.has_boundary:
            freed = msgspec.structs.replace(
                party, boundary=None, has_boundary=False, id=f"{party.id} without its boundary"
            )
            step = self._first(party, [(action, party.id) for action in _UNBIND.get(party.kind, ())])
            if step is not None:
                yield msgspec.structs.replace(step, target=ITSELF), freed
        if party.kind is PrincipalKind.USER and may_be_given(party, _JOIN):
            for group in self._crowd.groups.get(party.account, ()):
                step = self._first(party, [(_JOIN, group.id)]) if group.id not in party.groups else None
                if step is not None:
                    identity = (*(party.identity or ()), *(group.identity or ()))
                    gaps = (*party.gaps, *group.gaps)
                    name = f"{party.id} in {group.id}"
                    yield step, msgspec.structs.replace(party, identity=identity, gaps=gaps, id=name)

    def _written(self, party: Party) -> StepAway | None:
        told = self._told(party)
        case = (told.alike, tuple(party.id if "${" in one else matches(one, party.id) for one in told.patterns))
        if case not in self._own:
            wanted = [(action, party.id) for action in _OWN.get(party.kind, ())]
            found = self._first(party, wanted + _more(party))
            itself = found is not None and found.target == party.id
            self._own[case] = msgspec.structs.replace(found, target=ITSELF) if found and itself else found
        return self._own[case]

    def _acted(self, party: Party) -> Mapping[str, StepAway]:
        named = self._crowd.told_apart or (party.account, party.caller.name) in self._crowd.trusted
        told = party.id if named else self._told(party).alike
        if told not in self._targets:
            moves = named or any(may_be_given(party, action) for action in _MOVES)
            others = self._crowd.others.get(party.account, ()) if moves else ()
            found = {other.id: step for other in others if (step := self._become(party, other)) is not None}
            self._targets[told] = found
        return self._targets[told]

    def _become(self, party: Party, other: Party) -> StepAway | None:
        if other.kind is PrincipalKind.USER:
            same = party.account == other.account
            return self._first(party, [(action, other.id) for action in _OF_USERS]) if same else None
        taken = self._taken(party, other)
        if _is_sure(taken) or party.account != other.account:
            return taken
        return _surest([taken, self._first(party, [(_OPEN, other.id)]), self._run(party, other)])

    def _taken(self, party: Party, other: Party) -> StepAway | None:
        """Assumes the role, as far as its trust policy was read."""
        if other.trust is None:
            unread = (f"the trust policy of {other.caller.name}",)
            return StepAway(by=_BECOME, target=other.id, conditional=False, why=(), missing=unread)
        return step_of(self._asked(party, _BECOME, other.id, other.trust), _BECOME, other.id)

    def _run(self, party: Party, other: Party) -> StepAway | None:
        """Has a service run code under the role."""
        passed = self._first(party, [(_PASS, other.id)])
        if passed is None:
            return None
        services = {name for s in (other.trust.statements if other.trust else ()) for _, name in s.principals}
        started = {service: self._first(party, [(_RUNS[service], "*")]) for service in sorted(services & _RUNS.keys())}
        return _surest(
            msgspec.structs.replace(
                passed,
                by=f"{_PASS} and {_RUNS[service]}",
                conditional=passed.conditional or start.conditional,
                missing=tuple(dict.fromkeys((*passed.missing, *start.missing))),
            )
            for service, start in started.items()
            if start is not None
        )

    def _first(self, party: Party, wanted: list[tuple[str, str]]) -> StepAway | None:
        """The first of these actions that the caller's own policies give, one that is sure before others."""
        return _surest(
            step_of(self._asked(party, action, target, None), action, target)
            for action, target in wanted
            if may_be_given(party, action)
        )

    def _asked(self, party: Party, action: str, target: str, trust: Policy | None) -> Decision:
        """The decision on an action that is not about a key; a role's trust policy is the policy of its resource."""
        bounds = self._bounds(party.account)
        account = target.split(":")[4] if trust is not None else party.account
        layers = Layers(
            key_policy=trust or _delegating(party.account),
            identity=party.identity,
            identity_gaps=party.gaps,
            boundary=party.boundary,
            has_boundary=party.has_boundary,
            service_control=bounds.service_control,
        )
        organisation = {"aws:principalorgid": (bounds.organisation,)} if bounds.organisation else {}
        request = Context(values={**party.values, **organisation}, complete=False, closed=party.closed)
        return decide(layers, Asked(caller=party.caller, action=action, key=target, account=account, request=request))


def step_of(found: Decision, action: str, target: str) -> StepAway | None:
    """The step that an action on a target is, as far as it was decided; None where it is shown not to be allowed."""
    if found.result is Result.DENY:
        return None
    missing = tuple(need.text for need in found.needs if need.kind is NeedKind.DATA)
    return StepAway(
        by=action,
        target=target,
        conditional=found.result is Result.CONDITIONAL,
        why=tuple(map(path_step, found.why)),
        missing=missing,
    )


def _is_sure(step: StepAway | None) -> bool:
    return step is not None and not step.missing


def _surest(steps: Iterable[StepAway | None]) -> StepAway | None:
    """The first step that is known to be there, one without conditions before others."""
    found = [step for step in steps if step is not None]
    return min(found, key=lambda step: (bool(step.missing), step.conditional), default=None)


def may_be_given(party: Party, action: str) -> bool:
    """Whether any policy of the caller says that it may do this at all, whatever on, or was not read."""
    if party.identity is None or party.gaps:
        return True
    lower = action.lower()
    return any(
        statement.allows and _covers(statement, lower) for policy in party.identity for statement in policy.statements
    )


def _covers(statement: Statement, action: str) -> bool:
    return any(matches(pattern, action) for pattern in statement.actions) is not statement.actions_inverse


def _more(party: Party) -> list[tuple[str, str]]:
    """Policies that are not the caller's own and bind it all the same: of its groups, and those it is attached to."""
    return [
        *((action, group) for group in party.groups for action in _OF_GROUPS),
        *((action, policy) for policy in party.managed for action in _OF_POLICIES),
    ]


def _delegating(account: str) -> Policy:
    """What lets the policies of an account decide."""
    whom = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "*", "Resource": "*"}
    return read_policy(json.dumps({"Version": "2012-10-17", "Statement": whom}), "account")
