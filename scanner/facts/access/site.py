"""One key as access to it is asked about, on every cloud alike; each has its own way to answer. Answers nothing.

AWS asks the identities of accounts, Google Cloud and Azure the roles that were given above the key.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from scanner.facts.access.cells import Cells, Decisions
from scanner.facts.access.role_ways import Ways
from scanner.facts.access.steps_beside import with_steps
from scanner.model.effective import PrincipalKind

Supposed = Mapping[str, tuple[str, ...]]
"""What is supposed of a request, by the provider's name for it."""

THE_KEY = "the key itself"
"""The target of a step that changes who may do what with this key."""


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """One who may ask. `account` is what it belongs to: an account, a project, a domain, a tenant; blank for none."""

    id: str
    kind: PrincipalKind
    account: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A caller at a key with what it may do there, steps included."""

    caller: Caller
    cells: Cells


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A caller at a key where roles decide: what it may do, its steps aside, and the ways it has to more."""

    caller: Caller
    cells: Cells
    ways: Ways

    @property
    def whole(self) -> Cells:
        """What it may do, steps included."""
        return with_steps(self.cells, self.ways.to)

    @property
    def found(self) -> Found:
        """The caller with what it may do."""
        return Found(caller=self.caller, cells=self.whole)


class Site(Protocol):
    """A key with everybody who may have a say there."""

    def only(self, action: str) -> "Site":
        """The key as far as one action goes, so that steps are those to it."""
        ...

    def found(self) -> Iterable[Found]:
        """Everybody who is named anywhere that decides about the key, with what each may do."""
        ...

    def cells(self, caller: Caller) -> Cells:
        """What one caller may do, named or not."""
        ...

    def decisions(self, caller: Caller, supposed: Supposed) -> Decisions:
        """The decision on every action that the key can do, by the provider's name for it."""
        ...

    def reach(self) -> str:
        """How far the key's own policy alone opens it, in one word, with the accounts it is about."""
        ...

    def gaps(self) -> Iterable[str]:
        """What was not read and may hold more or less for anybody."""
        ...

    def unclassified(self) -> Iterable[str]:
        """Actions that are named and have no class."""
        ...

    def notes(self) -> Iterable[str]:
        """What bears on everybody and adds nobody."""
        ...
