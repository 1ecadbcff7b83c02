"""The base of everything machines write: frozen, strict, tagged. Holds no field of its own."""

import msgspec


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", gc=False):
    """A frozen value with a tag, so that a union with `Unknown` can be told apart when it is read back.

    Records are frozen and hold no other record that could hold them, so the garbage collector need not look for
    cycles among them; that halves the time a snapshot takes to be read.
    Subclasses say `kw_only=True, tag="..."` themselves: msgspec does not inherit those two.
    """
