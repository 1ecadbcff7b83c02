"""Reads one rule file into a checked draft, before any baseline. Opens no file."""

import re
from collections.abc import Callable

import msgspec

from scanner.config.faults import Place
from scanner.config.nodes import MapNode, Node
from scanner.model.finding import Guardrail, Severity, SubjectKind, Verdict
from scanner.model.key import Provider
from scanner.rules import scalars
from scanner.rules.faults import FaultError, Faults, Result, did_you_mean
from scanner.rules.fields import check_keys, read_fields
from scanner.rules.fixtures import read_facts
from scanner.rules.params import Param, read_params
from scanner.rules.ruleset import RuleTest, WaiverBounds

ORDER = (
    "id", "title", "guardrail", "subject", "severity", "status", "aliases", "params", "controls", "when", "require",
    "rationale", "remediation", "waiver", "tests",
)  # fmt: skip
REQUIRED = ("id", "title", "guardrail", "subject", "severity", "require", "rationale", "remediation")
STATUSES = ("stable", "experimental", "deprecated")
MAX_WAIVER_DAYS = 180
MAX_APPROVERS = 10
RULE_ID = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)+-[0-9]{3}")


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a rule file comes from: its path for messages and in an evidence pack, its text, its pack's name."""

    shown: str
    file: str
    text: str
    pack: str


class Fix(msgspec.Struct, frozen=True):
    """The text of a remediation and its place."""

    text: str
    place: Place


class Controls(msgspec.Struct, frozen=True):
    """The controls a rule names, with the place of each."""

    ids: dict[str, tuple[str, ...]]
    places: dict[tuple[str, str], Place]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as written; its conditions are still nodes, because they need the effective parameters."""

    id: str
    place: Place
    title: str
    guardrail: Guardrail
    subject: SubjectKind
    severity: Severity
    status: str
    aliases: tuple[str, ...]
    params: dict[str, Param]
    controls: Controls
    when: MapNode | None
    require: MapNode | None
    rationale: str
    remediation: dict[str, Fix]
    waiver: WaiverBounds
    tests: tuple[RuleTest, ...]
    source: Source


class _Fields:
    """The keys of one rule file; a faulty one is noted and a stand-in takes its place, so that all are looked at."""

    def __init__(self, node: MapNode, faults: Faults) -> None:
        self._fields = check_keys(node, ORDER, REQUIRED, faults)
        self._faults = faults

    def read(self, key: str, reader: Callable[[Node], Result], otherwise: Result) -> Result:
        """The value of a key."""
        node = self._fields.get(key)
        return otherwise if node is None else self._faults.attempt(lambda: reader(node), otherwise)

    def place(self, key: str, otherwise: Place) -> Place:
        """Where a key's value stands."""
        node = self._fields.get(key)
        return node.place if node else otherwise


def read_rule(node: Node, source: Source, faults: Faults) -> Draft | None:
    """The draft of a rule, with stand-ins for what is faulty; None when it cannot be told what it is about."""
    top = faults.attempt(lambda: scalars.mapping(node, "a rule"), None)
    if top is None:
        return None
    fields = _Fields(top, faults)
    rule_id = fields.read("id", lambda value: _id(value, source.shown), "")
    subject = fields.read("subject", lambda value: scalars.choice(value, SubjectKind), None)
    if not rule_id or subject is None:
        return None
    return Draft(
        id=rule_id,
        place=fields.place("id", top.place),
        title=fields.read("title", scalars.filled_text, ""),
        guardrail=fields.read("guardrail", lambda value: scalars.choice(value, Guardrail), Guardrail.POPULATION),
        subject=subject,
        severity=fields.read("severity", lambda value: scalars.choice(value, Severity), Severity.LOW),
        status=fields.read("status", _status, STATUSES[0]),
        aliases=fields.read("aliases", scalars.texts, ()),
        params=fields.read("params", lambda value: read_params(value, faults), {}),
        controls=fields.read("controls", _controls, Controls({}, {})),
        when=fields.read("when", scalars.mapping, None),
        require=fields.read("require", scalars.mapping, None),
        rationale=fields.read("rationale", scalars.filled_text, ""),
        remediation=fields.read("remediation", lambda value: _remediation(value, faults), {}),
        waiver=fields.read("waiver", _waiver, WaiverBounds()),
        tests=fields.read("tests", lambda value: _tests(value, subject, faults), ()),
        source=source,
    )


def _id(node: Node, file: str) -> str:
    found = scalars.filled_text(node, "a rule id such as KEY-ROT-001")
    if not RULE_ID.fullmatch(found):
        raise FaultError(node.place, f"'{found}' is not a rule id; expected the form KEY-ROT-001")
    stem = file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    if found != stem:
        raise FaultError(
            node.place, f"rule {found} stands in {stem}.yaml; expected one rule a file, named {found}.yaml"
        )
    return found


def _status(node: Node) -> str:
    found = scalars.filled_text(node)
    if found not in STATUSES:
        raise FaultError(node.place, f"'{found}' is not a status{did_you_mean(found, STATUSES)}")
    return found


def _controls(node: Node) -> Controls:
    ids: dict[str, tuple[str, ...]] = {}
    places: dict[tuple[str, str], Place] = {}
    for framework, named in scalars.mapping(node, "a mapping of frameworks to control ids").entries:
        ids[framework.text] = scalars.texts(named)
        nodes = scalars.items(named)
        places |= {
            (framework.text, control): item.place for control, item in zip(ids[framework.text], nodes, strict=True)
        }
        places[framework.text, ""] = framework.place
    return Controls(ids, places)


def _remediation(node: Node, faults: Faults) -> dict[str, Fix]:
    found: dict[str, Fix] = {}
    known = tuple(provider.value for provider in Provider)
    for key, value in scalars.mapping(node, f"a mapping with a text for {', '.join(known)}").entries:
        if key.text not in known:
            faults.add(key.place, f"'{key.text}' is not a provider{did_you_mean(key.text, known)}")
            continue
        with faults.collect():
            found[key.text] = Fix(scalars.filled_text(value), value.place)
    return found


def _waiver(node: Node) -> WaiverBounds:
    fields = read_fields(node, (), ("allowed", "max_days", "approvers"))
    allowed = scalars.boolean(fields["allowed"]) if "allowed" in fields else True
    days = _between(fields.get("max_days"), MAX_WAIVER_DAYS, MAX_WAIVER_DAYS)
    return WaiverBounds(allowed=allowed, max_days=days, approvers=_between(fields.get("approvers"), 1, MAX_APPROVERS))


def _between(node: Node | None, default: int, most: int) -> int:
    if node is None:
        return default
    found = scalars.integer(node)
    if not 1 <= found <= most:
        raise FaultError(node.place, f"expected a whole number from 1 to {most}, got {found}")
    return found


def _tests(node: Node, subject: SubjectKind, faults: Faults) -> tuple[RuleTest, ...]:
    found: list[RuleTest] = []
    names: set[str] = set()
    for item in scalars.items(node, "a list of tests"):
        with faults.collect():
            test = _test(item, subject, faults)
            if test.name in names:
                raise FaultError(item.place, f"two tests are called '{test.name}'")
            names.add(test.name)
            found.append(test)
    return tuple(found)


def _test(node: Node, subject: SubjectKind, faults: Faults) -> RuleTest:
    fields = read_fields(node, ("name", "expect"), ("facts", "because", "lists"))
    lists = scalars.mapping(fields["lists"], "a mapping of list names").entries if "lists" in fields else ()
    facts = fields.get("facts", MapNode((), node.place))
    return RuleTest(
        name=scalars.filled_text(fields["name"]),
        facts=read_facts(subject, facts, faults),
        expect=scalars.choice(fields["expect"], Verdict),
        because=scalars.filled_text(fields["because"]) if "because" in fields else None,
        lists={key.text: scalars.texts(value) for key, value in lists},
        line=node.place.line,
    )
