"""Turns conditions into lines of Python that give the interpreter's answers. Writes only templates and model names.

Literals of a rule never stand in the lines: they are bound by name in the namespace the lines run in. Every distinct
path and condition is worked out once, into a local variable; a truth is True, False or None as in `evaluate`.
"""

from collections.abc import Mapping

import msgspec

from scanner.model.unknown import Unknown
from scanner.rules.conditions import (
    AllOf,
    AnyOf,
    Compare,
    CompareField,
    Condition,
    Count,
    Elements,
    Not,
    Operator,
    Path,
)
from scanner.rules.evaluate import TESTS, quantified
from scanner.rules.shape import Block, Field, Leaf

STEP = "    "
_ORDER: Mapping[Operator, str] = {
    Operator.LT: "<",
    Operator.LTE: "<=",
    Operator.GT: ">",
    Operator.GTE: ">=",
    Operator.LT_FIELD: "<",
    Operator.LTE_FIELD: "<=",
    Operator.GT_FIELD: ">",
    Operator.GTE_FIELD: ">=",
}
_PLAIN: Mapping[Operator, str] = {
    Operator.EQ: "==",
    Operator.NE: "!=",
    Operator.IN: "in",
    Operator.NOT_IN: "not in",
    Operator.IN_LIST: "in",
    Operator.NOT_IN_LIST: "not in",
    Operator.EQ_FIELD: "==",
    Operator.NE_FIELD: "!=",
}
"""The signs of the operators that need no more; the rest is asked of the interpreter's own tests."""


class Place(msgspec.Struct, frozen=True):
    """The local variable that holds the value at a path, and whether that can be absent or unread."""

    name: str
    field: Field
    absent: bool
    unread: bool


class Truth(msgspec.Struct, frozen=True):
    """The local variable that holds the truth of a condition, and whether it can be None."""

    name: str
    open: bool


class Scope(msgspec.Struct):
    """What was worked out where the lines stand: places by path, truths by condition."""

    places: dict[Path, Place]
    truths: dict[Condition, Truth]

    def inner(self) -> "Scope":
        """What is known inside a branch; what is worked out there is not known outside."""
        return Scope(dict(self.places), dict(self.truths))


class Module:
    """The functions written so far with the names they use; a helper function asks one element of a list."""

    def __init__(self) -> None:
        self.namespace: dict[str, object] = {"Unknown": Unknown, "quantified": quantified, "tests": TESTS}
        self.lines: list[str] = []
        self._names = 0

    def name(self, letter: str) -> str:
        """A name that was not used yet."""
        self._names += 1
        return f"{letter}{self._names}"

    def bind(self, value: object) -> str:
        """A name for a value that the lines refer to."""
        name = self.name("c")
        self.namespace[name] = value
        return name


class Writer:
    """Writes the body of one function over one value, line by line, at the current depth."""

    def __init__(self, module: Module, of: Field, *, unread: bool = False, absent: bool = False) -> None:
        self._module = module
        self._lines: list[str] = []
        self._depth = 1
        self.scope = Scope({(): Place("of", of, absent, unread)}, {})

    @property
    def lines(self) -> list[str]:
        """The body so far."""
        return self._lines

    def line(self, text: str) -> None:
        """Adds a line."""
        self._lines.append(STEP * self._depth + text)

    def open(self, text: str) -> Scope:
        """Adds a line that opens a branch; returns what was known before it, to be given back to `close`."""
        self.line(text)
        self._depth += 1
        outside, self.scope = self.scope, self.scope.inner()
        return outside

    def close(self, outside: Scope) -> None:
        """Ends a branch."""
        self._depth -= 1
        self.scope = outside

    def place(self, path: Path) -> Place:
        """The variable of a path, after a line that works it out if none did; raises KeyError off the model."""
        known = self.scope.places.get(path)
        if known is not None:
            return known
        block = self.place(path[:-1])
        fields = block.field.fields if isinstance(block.field, Block) else {}
        field = fields[path[-1]]
        name = self._module.name("v")
        stop = _missing(block)
        value = f"{block.name}.{path[-1]}"
        self.line(f"{name} = {block.name} if {stop} else {value}" if stop else f"{name} = {value}")
        place = Place(name, field, block.absent or field.optional, block.unread or field.unread)
        self.scope.places[path] = place
        return place

    def truth(self, condition: Condition) -> Truth:
        """The variable of a condition, after the lines that work it out if none did."""
        known = self.scope.truths.get(condition)
        if known is None:
            known = self.scope.truths[condition] = self._worked_out(condition)
        return known

    def _worked_out(self, condition: Condition) -> Truth:
        match condition:
            case AllOf(of=parts):
                return self._all(tuple(self.truth(part) for part in parts))
            case AnyOf(of=parts):
                return self._any(tuple(self.truth(part) for part in parts))
            case Not(of=part):
                inner = self.truth(part)
                return self._guarded(f"not {inner.name}", f"{inner.name} is None" if inner.open else "")
            case Compare():
                return self._compared(condition)
            case CompareField():
                return self._compared_fields(condition)
            case _:
                return self._quantified(condition)

    def _guarded(self, test: str, unknown: str) -> Truth:
        """A truth that is None when `unknown` holds; a blank `unknown` never does."""
        name = self._module.name("t")
        self.line(f"{name} = None if {unknown} else {test}" if unknown else f"{name} = {test}")
        return Truth(name, open=bool(unknown))

    def _all(self, parts: tuple[Truth, ...]) -> Truth:
        """`and` stops at the first part that is not true; one that is None there may still hide a later false."""
        name, is_open = self._module.name("t"), any(part.open for part in parts)
        self.line(f"{name} = {' and '.join(part.name for part in parts) or 'True'}")
        if is_open and len(parts) > 1:
            self.line(f"if {name} is None and ({' or '.join(f'{part.name} is False' for part in parts)}):")
            self.line(f"{STEP}{name} = False")
        return Truth(name, is_open)

    def _any(self, parts: tuple[Truth, ...]) -> Truth:
        """`or` ends with the last part when none is true; an earlier one that is None leaves it open."""
        name = self._module.name("t")
        unknown = [f"{part.name} is None" for part in parts if part.open]
        self.line(f"{name} = {' or '.join(part.name for part in parts) or 'False'}")
        if unknown:
            self.line(f"if not {name}:")
            self.line(f"{STEP}{name} = None if {' or '.join(unknown)} else False")
        return Truth(name, bool(unknown))

    def _compared(self, compare: Compare) -> Truth:
        place = self.place(compare.path)
        return self._guarded(self._test(compare, place), _unread(place))

    def _test(self, compare: Compare, place: Place) -> str:
        operator, name = compare.operator, place.name
        if operator is Operator.ABSENT:
            return f"{name} is {'' if compare.value else 'not '}None"
        if operator is Operator.EMPTY:
            return f"not {'' if compare.value else 'not '}{name}"
        literal = self._module.bind(compare.value)
        if operator in _PLAIN:
            return f"{name} {_PLAIN[operator]} {literal}"
        if operator in _ORDER:
            return f"{f'{name} is not None and ' if place.absent else ''}{name} {_ORDER[operator]} {literal}"
        return f"{self._module.bind(TESTS[operator])}({name}, {literal})"

    def _compared_fields(self, compare: CompareField) -> Truth:
        sides = (self.place(compare.path), self.place(compare.other))
        present = [f"{side.name} is not None" for side in sides if side.absent]
        sign = _ORDER.get(compare.operator) or _PLAIN[compare.operator]
        test = " and ".join((*present, f"{sides[0].name} {sign} {sides[1].name}"))
        return self._guarded(test, " or ".join(filter(None, map(_unread, sides))))

    def _quantified(self, condition: Elements | Count) -> Truth:
        """Every element is asked by a function of its own; the truths are put together as the interpreter does."""
        place = self.place(condition.path)
        element = place.field.element if isinstance(place.field, Leaf) else None
        if element is None:
            raise KeyError(condition.path)
        writer = Writer(self._module, element, unread=element.unread, absent=element.optional)
        inner = writer.truth(condition.where if isinstance(condition, Count) else condition.of)
        name = self._module.name("ask")
        self._module.lines += [f"def {name}(of):", *writer.lines, f"{STEP}return {inner.name}"]
        truths = f"[{name}(element) for element in {place.name}{' or ()' if place.absent else ''}]"
        found = self._guarded(f"quantified({self._module.bind(condition)}, {truths})", _unread(place))
        return Truth(found.name, found.open or inner.open)


def _unread(place: Place) -> str:
    return f"type({place.name}) is Unknown" if place.unread else ""


def _missing(place: Place) -> str:
    """A test for a block that has no fields to look at."""
    return " or ".join(filter(None, (f"{place.name} is None" if place.absent else "", _unread(place))))
