"""Which key of a snapshot is meant by a name. Judges nothing."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import islice

import msgspec

from scanner.cli.key_missing import traces
from scanner.facts.display import key_name
from scanner.facts.population import MEANT
from scanner.model.errors import UsageError
from scanner.model.key import Aliases, Key
from scanner.model.scope import scope_id
from scanner.model.snapshot import Shard, Snapshot
from scanner.model.unknown import Unknown
from scanner.outputs.escape import line
from scanner.outputs.sentences import counted

NEAREST = 3
CANDIDATES = 20
"""Keys that an ambiguous name lists."""

BEGINNING = 4
"""Characters that say enough to look for names that begin so."""

COMPARED = 20_000
"""Names among which the nearest are looked for: comparing more takes longer than anybody waits."""

_ALIAS = "alias/"
_ARN_PARTS = 6


class _Seen(msgspec.Struct, kw_only=True):
    """What one look through the snapshot found for a name."""

    found: list[tuple[Shard, Key]] = []
    names: list[str] = []
    begun: list[str] = []
    unlisted: list[str] = []
    nameless: int = 0


def chosen_key(snapshot: Snapshot, asked: str) -> tuple[Shard, Key]:
    """The one key that an ARN, id, alias name or alias ARN means, with its shard; raises UsageError otherwise."""
    seen = _look(snapshot.shards, asked)
    if not seen.found:
        raise _unknown(asked, seen, traces(snapshot, asked))
    if len(seen.found) > 1:
        raise _ambiguous(asked, [key for _, key in seen.found])
    return seen.found[0]


def names_of(key: Key) -> tuple[str, ...]:
    """Everything a key may be called by: its id, the last part of it, its aliases, short, whole and as ARN."""
    aliases = key.aliases.names if isinstance(key.aliases, Aliases) else ()
    short = (name.removeprefix(_ALIAS) for name in aliases)
    return tuple(dict.fromkeys((key.id, key.id.rpartition("/")[2], *aliases, *short, *_alias_arns(key, aliases))))


def _alias_arns(key: Key, aliases: Iterable[str]) -> Iterator[str]:
    parts = key.id.split(":", _ARN_PARTS - 1)
    if len(parts) == _ARN_PARTS and parts[0] == "arn":
        yield from (":".join((*parts[:-1], name)) for name in aliases)


def _look(shards: Iterable[Shard], asked: str) -> _Seen:
    seen = _Seen()
    for shard in shards:
        scope = shard.scope
        if isinstance(scope.keys, Unknown) and scope.status in MEANT:
            seen.unlisted.append(scope_id(scope.provider, scope.account, scope.region))
        for key in shard.keys:
            names = names_of(key)
            if asked in names:
                seen.found.append((shard, key))
            if len(asked) >= BEGINNING and any(name.startswith(asked) for name in names):
                seen.begun.append(key.id)
            seen.names.extend(islice(names, max(0, COMPARED - len(seen.names))))
            seen.nameless += isinstance(key.aliases, Unknown)
    return seen


def _ambiguous(asked: str, keys: Sequence[Key]) -> UsageError:
    listed = [f"  {line(key.id)}  {line(key_name(key))}" for key in keys[:CANDIDATES]]
    more = [f"  and {len(keys) - CANDIDATES:,} more"] if len(keys) > CANDIDATES else []
    return UsageError(
        "\n".join((f"{line(asked)}: means {len(keys):,} keys of the snapshot:", *listed, *more)), hint="give the ARN"
    )


def _unknown(asked: str, seen: _Seen, missing: Sequence[str]) -> UsageError:
    """Says what is nearest, and what could not be seen: a key that was not listed may be there all the same."""
    near = get_close_matches(asked, seen.names, NEAREST, 0.6)
    nearest = f"; nearest: {', '.join(map(line, near))}" if near else ""
    hints = [*missing[:CANDIDATES]]
    if seen.begun:
        verb = "begins" if len(seen.begun) == 1 else "begin"
        hints.append(
            f"{counted(len(seen.begun), 'key', 'keys')} {verb} so: {', '.join(map(line, seen.begun[:NEAREST]))}"
        )
    if seen.unlisted:
        hints.append(f"it may be where keys could not be listed: {', '.join(map(line, seen.unlisted[:CANDIDATES]))}")
    if seen.nameless:
        hints.append(f"the aliases of {counted(seen.nameless, 'key', 'keys')} were not read: give the ARN or id")
    return UsageError(f"{line(asked)}: no key of this name in the snapshot{nearest}", hint="; ".join(hints))
