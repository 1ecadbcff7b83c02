"""One key of AWS with every caller of the snapshot that may have a say there. Reads nothing but its arguments."""

from collections.abc import Iterable, Iterator

from scanner.facts.access.cells import Cells, Decisions, Extra, decisions
from scanner.facts.access.classes import AWS_WITHOUT_KEY, aws_class
from scanner.facts.access.doors import Door
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.parties import Party, unread_party
from scanner.facts.access.reach import Reach
from scanner.facts.access.site import Caller, Found, Supposed
from scanner.facts.access.stepping import Comer, stepping
from scanner.facts.reading import reading
from scanner.model.key import Key
from scanner.model.unknown import Unknown


class AwsSite:
    """One key; see `Site`."""

    def __init__(self, key: Key, matrices: Matrices, action: str | None = None) -> None:
        self._key = key
        self._matrices = matrices
        self._visit = matrices.visit(key) if action is None else matrices.visit_for(key, action)
        self._door = self._visit.door

    def only(self, action: str) -> "AwsSite":
        """The key as far as one action goes."""
        return AwsSite(self._key, self._matrices, action)

    def found(self) -> Iterator[Found]:
        """Every caller with a say at the key."""
        for comer, cells in self._visit.comers:
            yield Found(caller=caller_of(comer.party), cells=cells)

    def cells(self, caller: Caller) -> Cells:
        """What one caller may do."""
        party = self._party(caller)
        comers = [comer for comer, _ in self._visit.comers]
        steps = stepping(self._matrices, self._door, comers)
        return steps.cells(Comer(party=party, standing=self._matrices.standing(party, self._door)))

    def decisions(self, caller: Caller, supposed: Supposed) -> Decisions:
        """The decision on every action that the key can do."""
        party = self._party(caller)
        return decisions(party, self._door, self._matrices.over(party), Extra(values=supposed))

    def reach(self) -> str:
        """How far the key policy opens the key."""
        return reach_text(self._matrices.reach(self._door))

    def gaps(self) -> Iterator[str]:
        """Policy, grants, identities and organisation policies that were not read."""
        return _gaps(self._key, self._door, self._matrices)

    def unclassified(self) -> Iterable[str]:
        """Actions of KMS that the policy names and that have no class."""
        return sorted(_unclassified(self._door))

    def notes(self) -> Iterator[str]:
        """The state of the key, and endpoints that were not read."""
        return _notes(self._door)

    def _party(self, caller: Caller) -> Party:
        here = next((comer.party for comer, _ in self._visit.comers if comer.party.id == caller.id), None)
        return here or party_called(caller.id, self._matrices) or unread_party(caller.id)


def caller_of(party: Party) -> Caller:
    """A party as a caller of any cloud."""
    return Caller(id=party.id, kind=party.kind, account=party.account)


def party_called(name: str, matrices: Matrices) -> Party | None:
    """The caller of an ARN or service name; None for a name that is neither."""
    found = next((party for party in matrices.parties() if party.id == name), None)
    if found is not None:
        return found
    is_name = name.startswith("arn:") or name.endswith(".amazonaws.com")
    return matrices.named(name) or unread_party(name) if is_name else None


def reach_text(found: Reach | None) -> str:
    """A reach in one word, with the accounts or organisations it is about."""
    if found is None:
        return "unread"
    return ":".join((found.kind.value, *((",".join(found.whom),) if found.whom else ())))


def _gaps(key: Key, door: Door, matrices: Matrices) -> Iterator[str]:
    """What was not read and may hold more or less for anybody."""
    policy, grants = reading(key.policy), reading(key.grants)
    if isinstance(policy, Unknown):
        yield f"the key policy ({policy.cause} {policy.call})"
    elif door.policy is None:
        yield "the key policy (not in the grammar of policies)"
    if isinstance(grants, Unknown):
        yield f"the grants ({grants.cause} {grants.call})"
    yield from (gap for account in sorted(door.accounts) if (gap := _unread(account, matrices)))
    if door.bounds.service_control is None:
        yield f"the service control policies over {key.account}"
    if door.bounds.resource_control is None:
        yield f"the resource control policies over {key.account}"


def _notes(door: Door) -> Iterator[str]:
    """What bears on every row and adds to none."""
    yield from door.dormant.notes
    yield from (f"not read, and may stop requests that come through: {text}" for text in door.gates.unread)


def _unread(account: str, matrices: Matrices) -> str | None:
    callers = matrices.callers(account)
    if callers is None:
        return f"the identities of {account} (not collected)"
    return f"the identities of {account} ({callers.cause} {callers.call})" if isinstance(callers, Unknown) else None


def _unclassified(door: Door) -> set[str]:
    """Actions of KMS that the policy names by their full name and that have no class."""
    without = {f"kms:{name}".lower() for name in AWS_WITHOUT_KEY}
    named = {name for statement in (door.policy.statements if door.policy else ()) for name in statement.actions}
    return {
        name
        for name in named
        if name.startswith("kms:") and not {"*", "?"} & {*name} and aws_class(name) is None and name not in without
    }
