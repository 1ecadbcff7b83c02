"""A planned deletion, from the key's own description. Knows no change register."""

from datetime import datetime

from scanner.facts.reading import known
from scanner.facts.subjects import DeletionFacts
from scanner.model.key import Key


def derive_deletion(key: Key, as_of: datetime) -> DeletionFacts:
    """When the key will be deleted and how long that is away; negative when the date has passed."""
    at = known(key.metadata, lambda metadata: metadata.deletion_at)
    return DeletionFacts(at=at, remaining=at - as_of if isinstance(at, datetime) else at)
