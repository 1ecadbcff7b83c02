"""What the snapshot says of a name that none of its keys has: of a key that is gone or elsewhere. Judges nothing."""

from collections.abc import Iterator

from scanner.facts.coverage.blast import GONE, protections, unlisted_rows
from scanner.facts.coverage.borrowed import KnownKey
from scanner.facts.coverage.references import ALIAS, read_reference, spelt
from scanner.facts.coverage.view import View, look
from scanner.facts.neighbours import neighbours
from scanner.model.protection import KeyProtection
from scanner.model.scope import scope_id
from scanner.model.snapshot import Snapshot
from scanner.model.store import AliasTable
from scanner.model.unknown import Unknown
from scanner.outputs.escape import line
from scanner.outputs.protection_words import kinds_text

_FATES = {GONE: "is gone: where it was lists it no more"}


def traces(snapshot: Snapshot, asked: str) -> tuple[str, ...]:
    """A sentence for each alias and each key that the name may mean: what it points at, what rests on it."""
    around = neighbours(snapshot.shards)
    parts: list[KeyProtection] = []
    pointing: dict[str, str] = {}
    for shard in snapshot.shards:
        view = look(shard, around)
        parts += unlisted_rows(view)
        pointing.update(_aliases(view, asked))
    rows = (row for row in protections(parts) if row.key in pointing or asked in _names(row.key))
    return (*pointing.values(), *map(_said, rows))


def _aliases(view: View, asked: str) -> Iterator[tuple[str, str]]:
    """The aliases of the place that are called so, by what they point at, each as a sentence."""
    inventory, scope = view.shard.inventory, view.shard.scope
    if inventory is None or not isinstance(inventory.aliases, AliasTable):
        return
    for name in inventory.aliases.targets:
        whole = spelt(read_reference(name, view.place), name)
        if asked in (name, name.removeprefix(ALIAS), whole):
            place = scope_id(scope.provider, scope.account, scope.region)
            target = view.target(name).key
            if isinstance(target, str):
                yield target, f"{line(name)} of {line(place)} points at {line(target)}{_state(view, target)}"
            else:
                yield whole, f"{line(name)} of {line(place)} points at no key"


def _state(view: View, key: str) -> str:
    match view.key(key):
        case KnownKey():
            return ": give that"
        case Unknown():
            return ", which is not in the snapshot"
        case None:
            return ", which is gone"


def _names(key: str) -> tuple[str, ...]:
    """What a key that nobody listed may be called by: its id, the last part of it, the alias that stands for it."""
    alias = key.partition(f":{ALIAS}")[2]
    return (key, key.rpartition("/")[2], *((alias, ALIAS + alias) if alias else ()))


def _said(row: KeyProtection) -> str:
    fate = _FATES.get(row.state, "is not in the snapshot")
    return f"{line(row.key)} {fate}; {kinds_text(row.stores)} under it, see protection.json of the pack"
