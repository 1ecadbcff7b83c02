"""Tags by meaning: owner, purpose, data class, environment. Requires none of them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from scanner.facts.reading import unseen
from scanner.facts.subjects import TagFacts
from scanner.model.key import Key, Tags
from scanner.model.settings import TagVocabulary
from scanner.model.unknown import Inapplicable, OutOfScope, Unknown

_MEANINGS = ("owner", "purpose", "data_class", "environment")


class _Lookup(NamedTuple):
    """Tag keys by meaning, and the allowed values of the meanings that allow only some; without case."""

    keys: tuple[tuple[str, ...], ...]
    allowed: tuple[tuple[str, frozenset[str]], ...]


def derive_tags(key: Key, vocabulary: TagVocabulary) -> TagFacts:
    """The meanings of a key's tags."""
    return tags_of(key.tags, vocabulary)


def tags_of(tags: Tags | Inapplicable | OutOfScope | Unknown, vocabulary: TagVocabulary) -> TagFacts:
    """The value of each meaning, trimmed: that of its first configured tag key with a value that is not blank.

    Of tag keys that differ only by case the first in sorted order counts. An absent meaning is not `not_allowed`.
    """
    if not isinstance(tags, Tags):
        none = unseen(tags)
        return TagFacts(owner=none, purpose=none, data_class=none, environment=none, not_allowed=none)
    lookup, folded = _lookup(vocabulary), _folded(tags.items)
    owner, purpose, data_class, environment = values = [_first(folded, keys) for keys in lookup.keys]
    return TagFacts(
        owner=owner,
        purpose=purpose,
        data_class=data_class,
        environment=environment,
        not_allowed=_not_allowed(values, lookup) if lookup.allowed else (),
    )


@lru_cache(maxsize=8)
def _lookup(vocabulary: TagVocabulary) -> _Lookup:
    meanings = (vocabulary.owner, vocabulary.purpose, vocabulary.data_class, vocabulary.environment)
    return _Lookup(
        keys=tuple(tuple(name.casefold() for name in meaning.keys) for meaning in meanings),
        allowed=tuple(
            (name, frozenset(value.strip().casefold() for value in meaning.allowed))
            for name, meaning in zip(_MEANINGS, meanings, strict=True)
            if meaning.allowed
        ),
    )


def _folded(items: dict[str, str]) -> dict[str, str]:
    """Values that are not blank by tag key; only where two keys differ by nothing but case does order matter."""
    filled = [(name.casefold(), text) for name, value in items.items() if (text := value.strip())]
    folded = dict(filled)
    return folded if len(folded) == len(filled) else _folded_in_order(items)


def _folded_in_order(items: dict[str, str]) -> dict[str, str]:
    last_first = sorted(items.items(), reverse=True)
    return {name.casefold(): text for name, value in last_first if (text := value.strip())}


def _first(folded: dict[str, str], keys: Iterable[str]) -> str | None:
    for name in keys:
        if name in folded:
            return folded[name]
    return None


def _not_allowed(values: Sequence[str | None], lookup: _Lookup) -> tuple[str, ...]:
    by_meaning = dict(zip(_MEANINGS, values, strict=True))
    return tuple(
        meaning
        for meaning, allowed in lookup.allowed
        if (value := by_meaning[meaning]) is not None and value.casefold() not in allowed
    )
