"""What a leaf of a subject's facts carries besides its value. Names no subject.

Every leaf carries `Fact(groups, doc)`: the groups of the records it is derived from (so that a finding can name the
call and an unread group the rules it leaves open) and one line for the generated schema page. A leaf is Unknown when
it rests on something unread; None when the provider says there is none.
"""

import msgspec


class Fact(msgspec.Struct, frozen=True):
    """What a leaf is derived from, and what it means."""

    groups: tuple[str, ...]
    doc: str


class Facts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The settings all fact records share; like records they cannot form cycles."""

    @property
    def said(self) -> str:
        """What an element of a list is called in a finding; empty for one that has no name of its own."""
        return ""


META = ("metadata",)
KEY_STATE = ("encryption", "aliases", "keys", "metadata")
"""What the state of the key behind a reference rests on."""
