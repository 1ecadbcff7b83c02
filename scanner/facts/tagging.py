"""Tags by meaning: owner, purpose, data class, environment. Requires none of them."""

from collections.abc import Iterable
from functools import lru_cache

from scanner.facts.reading import reading
from scanner.facts.subjects import TagFacts
from scanner.model.key import Key
from scanner.model.settings import TagVocabulary
from scanner.model.unknown import Unknown

_MEANINGS = ("owner", "purpose", "data_class", "environment")
_Lookup = tuple[tuple[tuple[str, ...], frozenset[str]], ...]


def derive_tags(key: Key, vocabulary: TagVocabulary) -> TagFacts:
    """The value of each meaning, trimmed: that of its first configured tag key with a value that is not blank.

    Of tag keys that differ only by case the first in sorted order counts. An absent meaning is not `not_allowed`.
    """
    tags = reading(key.tags)
    if isinstance(tags, Unknown):
        return TagFacts(owner=tags, purpose=tags, data_class=tags, environment=tags, not_allowed=tags)
    lookup = _lookup(vocabulary)
    folded = _folded(tags.items)
    owner, purpose, data_class, environment = values = [_first(folded, keys) for keys, _ in lookup]
    return TagFacts(
        owner=owner,
        purpose=purpose,
        data_class=data_class,
        environment=environment,
        not_allowed=tuple(
            meaning
            for meaning, value, (_, allowed) in zip(_MEANINGS, values, lookup, strict=True)
            if value is not None and allowed and value.casefold() not in allowed
        ),
    )


@lru_cache(maxsize=8)
def _lookup(vocabulary: TagVocabulary) -> _Lookup:
    """Tag keys and allowed values of every meaning, without case."""
    meanings = (vocabulary.owner, vocabulary.purpose, vocabulary.data_class, vocabulary.environment)
    return tuple(
        (
            tuple(name.casefold() for name in meaning.keys),
            frozenset(value.strip().casefold() for value in meaning.allowed),
        )
        for meaning in meanings
    )


def _folded(items: dict[str, str]) -> dict[str, str]:
    folded: dict[str, str] = {}
    for name, value in sorted(items.items()):
        if value.strip():
            folded.setdefault(name.casefold(), value.strip())
    return folded


def _first(folded: dict[str, str], keys: Iterable[str]) -> str | None:
    return next((folded[name] for name in keys if name in folded), None)
