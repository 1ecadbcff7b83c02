"""What a provider itself names as resting on a key. Judges nothing."""

from scanner.model.record import Record
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Inapplicable


class NamedResource(Record, frozen=True, kw_only=True, tag="named_resource"):
    """One resource of the organisation by its full name, which is the id that a listing of stores gives it.

    `word` is the provider's own for what it is; `versions` are those of the key that it is encrypted with.
    """

    id: str
    word: str
    type: StoreKind
    copy: CopyKind
    account: str
    region: str
    versions: tuple[str, ...] = ()


class NamedResources(Record, frozen=True, kw_only=True, tag="named_resources"):
    """Every resource that the provider names when it is asked by `call`, sorted by id, each once."""

    call: str
    items: tuple[NamedResource, ...]


NOT_NAMED = Inapplicable(reason="the provider does not name what a key protects", call="kms:DescribeKey")
"""What stands for them where there are none."""
