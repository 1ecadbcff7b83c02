"""Builders of waivers, accepted unknowns, rules and subjects for tests: a sound default, and changes to it by name."""

from datetime import date

import msgspec

from scanner.model.finding import Guardrail, Severity, Subject, SubjectKind
from scanner.model.key import Provider
from scanner.model.report import PolicyPack
from scanner.rules.conditions import Compare, Operator
from scanner.rules.ruleset import DisabledRule, Rule, RuleSet, WaiverBounds
from scanner.waivers.schema import AcceptedUnknown, Waiver

TODAY = date(2026, 11, 24)
ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def rule(name: str = "KEY-ROT-001", *, aliases: tuple[str, ...] = (), **bounds: object) -> Rule:
    """A rule of this id whose waivers have these bounds."""
    return Rule(
        id=name,
        title="Keys rotate",
        guardrail=Guardrail.ROTATION,
        subject=SubjectKind.KEY,
        severity=Severity.HIGH,
        status="stable",
        aliases=aliases,
        params={},
        values={},
        defaults={},
        controls={},
        when=None,
        require=Compare(path=("rotation", "enabled"), operator=Operator.EQ, value=True),
        rationale="",
        remediation={},
        waiver=WaiverBounds(**bounds),
        tests=(),
        file=f"policies/rules/rotation/{name}.yaml",
        text="",
        line=1,
        changes=(),
    )


def rule_set(*rules: Rule, disabled: tuple[Rule, ...] = ()) -> RuleSet:
    """A set of these rules."""
    pack = PolicyPack(name="t", version="1", model="keys/v1", baseline="default", weights={}, sha256="0" * 64)
    off = tuple(DisabledRule(rule=item, reason="not here", expires=TODAY) for item in disabled)
    return RuleSet(pack=pack, rules=rules, frameworks=(), files={}, disabled=off)


def subject(**changes: object) -> Subject:
    """A key of the first account."""
    default = Subject(
        kind=SubjectKind.KEY,
        id=KEY,
        name="alias/payments",
        provider=Provider.AWS,
        account=ACCOUNT,
        region="eu-central-1",
    )
    return msgspec.structs.replace(default, **changes)


def waiver(**changes: object) -> Waiver:
    """A waiver of KEY-ROT-001 for the key, in its second month."""
    default = {
        "id": "WV-1",
        "rule": "KEY-ROT-001",
        "resources": (KEY,),
        "reason": "vendor import until spring",
        "ticket": "CHG-4411",
        "approvers": ("alice@example.org",),
        "created": date(2026, 10, 1),
        "expires": date(2027, 3, 1),
    }
    return Waiver(**{**default, **changes})


def accepted(**changes: object) -> AcceptedUnknown:
    """An accepted denial of the key's policy."""
    default = {
        "id": "AU-1",
        "resources": (KEY,),
        "call": "kms:GetKeyPolicy",
        "cause": "denied",
        "reason": "the owner answers in January",
        "approvers": ("alice@example.org",),
        "created": date(2026, 11, 1),
        "expires": date(2027, 1, 15),
    }
    return AcceptedUnknown(**{**default, **changes})
