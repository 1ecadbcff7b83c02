"""The base of everything machines write: frozen, strict, tagged. Holds no field of its own."""

import gc

import msgspec

_NEW_OBJECTS = 50_000


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", gc=False):
    """A frozen value with a tag, so that a union with `Unknown` can be told apart when it is read back.

    Records are frozen and hold no other record that could hold them, so the garbage collector need not look for
    cycles among them; that halves the time a snapshot takes to be read.
    Subclasses say `kw_only=True, tag="..."` themselves: msgspec does not inherit those two.
    """


def collect_seldom() -> None:
    """Has Python look for cycles only after so many new tuples, lists and dicts, for a whole process.

    By default it looks after 700. A shard of records is full of them, none part of a cycle: to look through them again
    and again takes a twentieth of the time that judging takes.
    """
    gc.set_threshold(_NEW_OBJECTS)
