"""The ways to more than somebody may do where roles decide, on Google Cloud and Azure alike. Finds none itself."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from scanner.facts.access.cells import NONE, Cells
from scanner.facts.access.steps_beside import leading
from scanner.model.effective import ActionClass, StepAway


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """The ways of one caller, those first that come first; what of a way was not read stands in its `missing`.

    By `everything` the caller could give itself whatever there is, so that it would have the cells `armed`; `some` are
    ways to one class.
    """

    everything: tuple[StepAway, ...] = ()
    armed: Cells = {}
    some: Mapping[ActionClass, tuple[StepAway, ...]] = {}

    def to(self, kind: ActionClass) -> StepAway | None:
        """The first way to a class that is known to be there, else the first that may be; None for none."""
        return _first(self._each(kind))

    def besides(self, kind: ActionClass, powers: Iterable[str]) -> StepAway | None:
        """The same of somebody who is not meant to decide about the key; none for one who is, by these powers."""
        sure = next((step for step in self._each(kind) if not step.missing), None)
        own = frozenset(powers)
        if sure is not None and sure.by in own:
            return None
        return _first(step for step in self._each(kind) if step.by not in own)

    def _each(self, kind: ActionClass) -> Iterator[StepAway]:
        for step in self.everything:
            yield from leading(step, self.armed.get(kind, NONE))
        yield from self.some.get(kind, ())


NO_WAYS = Ways()


def _first(steps: Iterable[StepAway]) -> StepAway | None:
    """The first step that is known to be there, else the first of all."""
    return min(steps, key=lambda step: bool(step.missing), default=None)
