"""Hypothesis strategies for facts of any shape, and ways to blind them: by leaf, or by group as a denied call does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import strategies as st

from scanner.model.unknown import Cause, Unknown
from scanner.rules.shape import Block, Field, Kind, Leaf

WORDS = ("", "a", "b", "alias/prod", "payments", "arn:aws:iam::111122223333:root", "\ud800<script>", "ü\n\x1b[0m")
DAYS = (-30, 0, 1, 30, 60, 365, 730)

unknowns = st.builds(
    Unknown,
    cause=st.sampled_from(Cause),
    call=st.sampled_from(["kms:GetKeyPolicy", "kms:ListGrants", "tag:GetResources"]),
)
_SCALARS = {
    Kind.BOOLEAN: st.booleans(),
    Kind.INTEGER: st.integers(-1, 5),
    Kind.DURATION: st.sampled_from([timedelta(days=days) for days in DAYS]),
    Kind.TIME: st.sampled_from([datetime(2025, month, 1, tzinfo=UTC) for month in (1, 6, 12)]),
    Kind.TEXT: st.sampled_from(WORDS),
    Kind.MAPPING: st.dictionaries(st.sampled_from(WORDS), st.sampled_from(WORDS), max_size=3),
}


def facts_of(block: Block) -> st.SearchStrategy[msgspec.Struct]:
    """Any facts of a shape with everything read; absent wherever that is possible."""
    extra = {"evidence": st.just(())} if "evidence" in block.build.__struct_fields__ else {}
    return st.builds(block.build, **{name: _value(field) for name, field in block.fields.items()}, **extra)


def _value(field: Field) -> st.SearchStrategy[object]:
    if isinstance(field, Block):
        known = facts_of(field)
    elif field.kind is Kind.LIST:
        known = st.lists(_value(field.element), max_size=3).map(tuple)
    else:
        known = st.sampled_from(list(field.choices)) if field.choices else _SCALARS[field.kind]
    return st.one_of(st.none(), known) if field.optional else known


def blind(value: object, field: Field, hidden: Callable[[Field], Unknown | None]) -> object:
    """The value with every part replaced for which `hidden` names an Unknown and whose type allows it."""
    if field.unread and (unknown := hidden(field)) is not None:
        return unknown
    if value is None or isinstance(value, Unknown):
        return value
    if isinstance(field, Block):
        parts = {name: blind(getattr(value, name), inner, hidden) for name, inner in field.fields.items()}
        return msgspec.structs.replace(value, **parts)
    if field.kind is Kind.LIST:
        return tuple(blind(item, field.element, hidden) for item in value)
    return value


@st.composite
def blinded_leaves(draw: st.DrawFn, facts: msgspec.Struct, block: Block) -> msgspec.Struct:
    """The facts with any of their parts unread, each by itself."""
    return blind(facts, block, lambda _: draw(unknowns) if draw(st.integers(0, 3)) == 0 else None)


@st.composite
def blinded_groups(draw: st.DrawFn, facts: msgspec.Struct, block: Block) -> msgspec.Struct:
    """The facts with some groups unread: every leaf that rests on one of them is unknown."""
    hidden = draw(st.sets(st.sampled_from(sorted(groups_of(block))), min_size=1))
    unknown = draw(unknowns)

    def of(field: Field) -> Unknown | None:
        return unknown if isinstance(field, Leaf) and hidden & set(field.groups) else None

    return blind(facts, block, of)


def groups_of(field: Field) -> set[str]:
    """Every group that facts of a shape rest on."""
    if isinstance(field, Leaf):
        return set(field.groups) | (groups_of(field.element) if field.element else set())
    return set().union(*(groups_of(inner) for inner in field.fields.values()))
