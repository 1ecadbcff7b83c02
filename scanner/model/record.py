"""The base of everything machines write: frozen, strict, tagged. Holds no field of its own."""

import msgspec


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """A frozen value with a tag, so that a union with `Unknown` can be told apart when it is read back.

    Subclasses say `kw_only=True, tag="..."` themselves: msgspec does not inherit those two.
    """
