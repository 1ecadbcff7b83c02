"""What each caller at one key is one step away from, beside what it may do there now. Decides nothing about keys."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Protocol

import msgspec

from scanner.facts.access.cells import NONE, Cells, Standing
from scanner.facts.access.doors import Door
from scanner.facts.access.parties import Party
from scanner.facts.access.principals import principal
from scanner.facts.access.steps import ANYTHING, Steps, step_of
from scanner.facts.access.steps_beside import leading, with_steps
from scanner.model.effective import HELD, ActionClass, PrincipalKind, StepAway

_BY_GRANT = frozenset({ActionClass.USE_PLAINTEXT, ActionClass.USE_ENCRYPT, ActionClass.READ})
"""Classes that a grant can give."""

_NOBODY: Mapping[str, StepAway] = {}
_IDENTITIES = frozenset({PrincipalKind.ROLE, PrincipalKind.USER})


class Comer(msgspec.Struct, frozen=True, kw_only=True):
    """A caller at a key, with what it may do there."""

    party: Party
    standing: Standing


class Standings(Protocol):
    """What any caller may do at any key, and the steps that callers have."""

    @property
    def steps(self) -> Steps:
        """The steps of callers."""

    def standing(self, party: Party, door: Door) -> Standing:
        """What one caller may do at one key."""


class Stepping:
    """What callers at one key are one step away from. `holders` are the users and roles that have each class there."""

    def __init__(self, standings: Standings, door: Door, holders: "_Holders") -> None:
        self._standings = standings
        self._door = door
        self._holders = holders
        self._found: dict[Hashable, Cells] = {}
        self._firsts: dict[int, frozenset[str | None]] = {}
        self._led: dict[tuple[int, int], tuple[str, ...]] = {}

    def cells(self, comer: Comer) -> Cells:
        """The cells of a caller, with what it is one step away from."""
        party = comer.party
        if party.kind in {PrincipalKind.SERVICE, PrincipalKind.PUBLIC}:
            return comer.standing.cells
        away = _Away(own=None, armed=None, targets=_NOBODY)
        if party.kind in _IDENTITIES:
            own, targets = self._standings.steps.of(party)
            armed = self._armed(party) if own is not None else None
            turned = () if own is not None and not own.missing else self._standings.steps.turned(party)
            away = _Away(own=own, armed=armed, targets=targets, turned=turned)
        among = party.id in away.targets and self._is_first(party, away)
        apart = party.identity is None or bool(away.turned) or among
        case = (id(comer.standing), away.own, id(away.armed), id(away.targets), party.id if apart else "")
        if case not in self._found:
            self._found[case] = self._stepped(comer, away)
        return self._found[case]

    def _stepped(self, comer: Comer, away: "_Away") -> Cells:
        return with_steps(comer.standing.cells, lambda kind: self._step(comer, away, kind))

    def _step(self, comer: Comer, away: "_Away", kind: ActionClass) -> StepAway | None:
        doubtful: StepAway | None = None
        for step in self._ways(comer, away, kind):
            if not step.missing:
                return step
            doubtful = doubtful or step
        return doubtful

    def _ways(self, comer: Comer, away: "_Away", kind: ActionClass) -> Iterator[StepAway]:
        yield from _by_power(comer.standing, kind, self._door)
        if away.own is not None and away.armed is not None:
            yield from leading(away.own, away.armed.cells.get(kind, NONE))
        for step, after in away.turned:
            yield from leading(step, self._standings.standing(after, self._door).cells.get(kind, NONE))
        for found in (self._holders.sure[kind], self._holders.perhaps[kind]):
            name = self._first(found, away, besides=comer.party.id)
            if name is not None:
                doubt = () if found is self._holders.sure[kind] else (f"whether {name} can",)
                step = away.targets[name]
                yield msgspec.structs.replace(step, missing=(*step.missing, *doubt))
        if comer.party.identity is None:
            yield from self._unread(comer.party, kind)

    def _first(self, holders: tuple[str, ...], away: "_Away", besides: str = "") -> str | None:
        """The first of the holders whom the caller may act as, one that it surely may before others."""
        if not (holders and away.targets):
            return None
        case = (id(holders), id(away.targets))
        if case not in self._led:
            self._led[case] = _two(holders, away.targets)
        return next((name for name in self._led[case] if name != besides), None)

    def _is_first(self, party: Party, away: "_Away") -> bool:
        """Whether the caller is itself whom those like it would act as."""
        case = id(away.targets)
        if case not in self._firsts:
            lists = (*self._holders.sure.values(), *self._holders.perhaps.values())
            self._firsts[case] = frozenset(self._first(holders, away) for holders in lists)
        return party.id in self._firsts[case]

    def _unread(self, party: Party, kind: ActionClass) -> Iterator[StepAway]:
        """A caller whose policies were not read may be able to act as any holder of its account."""
        for name in self._holders.sure[kind]:
            if name != party.id and principal(name).account == party.account:
                unread = ("the caller's identity policies",)
                yield StepAway(by="sts:AssumeRole", target=name, conditional=False, why=(), missing=unread)
                return

    def _armed(self, party: Party) -> Standing:
        """What the caller could do had it the policies that it may write itself."""
        identity = (*(party.identity or ()), ANYTHING)
        armed = msgspec.structs.replace(party, identity=identity, id=f"{party.id} with {ANYTHING.name}")
        return self._standings.standing(armed, self._door)


class _Away(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of a caller: how it writes its own policies and what it could do then, and whom it may act as.

    `turned` is what else it may make of itself where it may not surely write them.
    """

    own: StepAway | None
    armed: Standing | None
    targets: Mapping[str, StepAway]
    turned: tuple[tuple[StepAway, Party], ...] = ()


_Names = Mapping[ActionClass, tuple[str, ...]]


class _Holders(msgspec.Struct, frozen=True, kw_only=True):
    """The users and roles that have each class, and those of whom it is not known."""

    sure: _Names
    perhaps: _Names


def stepping(standings: Standings, door: Door, comers: Iterable[Comer]) -> Stepping:
    """What steps at the key rest on."""
    sure: dict[ActionClass, list[str]] = {kind: [] for kind in ActionClass}
    perhaps: dict[ActionClass, list[str]] = {kind: [] for kind in ActionClass}
    for comer in comers:
        if comer.party.kind in _IDENTITIES:
            for kind, cell in comer.standing.cells.items():
                (sure if cell.state in HELD else perhaps)[kind].append(comer.party.id)
    return Stepping(standings, door, _Holders(sure=_settled(sure), perhaps=_settled(perhaps)))


def _settled(found: Mapping[ActionClass, list[str]]) -> _Names:
    return {kind: tuple(names) for kind, names in found.items()}


def _two(holders: tuple[str, ...], targets: Mapping[str, StepAway]) -> tuple[str, ...]:
    """The first two holders among the targets, those that are surely reached before others."""
    sure = tuple(islice((name for name in holders if name in targets and not targets[name].missing), 2))
    others = (name for name in holders if name in targets and name not in sure)
    return (*sure, *islice(others, 2 - len(sure)))


def _by_power(found: Standing, kind: ActionClass, door: Door) -> Iterator[StepAway]:
    """Whoever may write the key's policy can have everything, and whoever may make grants what a grant can give."""
    for action, source in (("PutKeyPolicy", ActionClass.POLICY), ("CreateGrant", ActionClass.GRANT)):
        decision = found.powers[action]
        gives = kind is not source and (source is ActionClass.POLICY or kind in _BY_GRANT)
        by_grant = any(step.layer == "grant" for step in decision.why)
        step = step_of(decision, f"kms:{action}", door.id) if gives and not by_grant else None
        if step is not None:
            yield step
