"""Writes a new rule that loads and whose tests run, ready to be changed; gives the next free id. Writes no file."""

import re
from collections.abc import Mapping

from scanner.model.errors import UsageError
from scanner.model.finding import Guardrail, SubjectKind
from scanner.rules.rule_file import RULE_ID
from scanner.rules.ruleset import RuleSet

_AREA = re.compile(r"[A-Z][A-Z0-9]*")
_NUMBERS = 999
PREFIX = "KEY"


def chosen_id(rules: RuleSet, asked: str) -> str:
    """The id asked for when it is whole and free, else the next of the area asked for (`ROT`, `ACME-ROT`).

    Raises UsageError for an id that is taken and for what is neither.
    """
    whole = RULE_ID.fullmatch(asked) is not None
    prefix, _, area = (asked.rpartition("-")[0] if whole else asked).rpartition("-")
    if not all(_AREA.fullmatch(part) for part in (area, *(prefix or PREFIX).split("-"))):
        raise UsageError(f"'{asked}' is neither a rule id nor an area", hint="e.g. KEY-ROT-042, or ROT for the next id")
    if not whole:
        return next_id(rules, area, prefix or PREFIX)
    if asked in _taken(rules):
        raise UsageError(f"{asked}: exists already", hint=f"next free: {next_id(rules, area, prefix)}")
    return asked


def next_id(rules: RuleSet, area: str, prefix: str = PREFIX) -> str:
    """The id after the highest one of an area (`ROT`), counting former and disabled ones too.

    Raises UsageError when the area is no word of capitals or has no number left.
    """
    if not _AREA.fullmatch(area):
        raise UsageError(f"'{area}' is not an area", hint="an area is a word of capitals such as ROT")
    start = f"{prefix}-{area}-"
    numbers = (name.removeprefix(start) for name in _taken(rules) if name.startswith(start))
    number = max((int(text) for text in numbers if text.isdecimal()), default=0) + 1
    if number > _NUMBERS:
        raise UsageError(f"area {area} has no number left", hint="choose another area")
    return f"{start}{number:03}"


def _taken(rules: RuleSet) -> list[str]:
    """Every id in use, former ones and those of disabled rules too."""
    every = (*rules.rules, *(off.rule for off in rules.disabled))
    return [name for rule in every for name in (rule.id, *rule.aliases)]


def new_rule(rule_id: str, guardrail: Guardrail, subject: SubjectKind) -> str:
    """The text of a rule file that loads, with one test for each verdict."""
    return _TEMPLATE.format(id=rule_id, guardrail=guardrail.value, subject=subject.value, **_EXAMPLES[subject])


_TEMPLATE = """\
id: {id}
title: State the good condition in one line
guardrail: {guardrail}
subject: {subject}
severity: medium
status: experimental
controls: {{}}                # framework: [control ids], as catalogued under controls/
when:                       # outside of this: not_applicable
{when}
require:
{require}
rationale: >-
  Say what goes wrong when this does not hold.
remediation:
  aws: Say what to do, for instance with {{id}} and {{region}}.
waiver: {{allowed: true, max_days: 90, approvers: 1}}
tests:                      # facts not named are those of a healthy subject: keymuster rules schema
{tests}
"""

_EXAMPLES: Mapping[SubjectKind, Mapping[str, str]] = {
    SubjectKind.KEY: {
        "when": "  manager: customer\n  state: enabled",
        "require": "  tags.owner: {absent: false}",
        "tests": """\
  - {name: the owner is named, expect: pass}
  - name: nobody is named
    facts: {tags: {owner: null}}
    expect: fail
    because: "tags.owner: expected present, was absent"
  - {name: tags were denied, facts: {tags: !unknown denied tag:GetResources}, expect: unknown}
  - {name: the provider manages the key, facts: {manager: provider}, expect: not_applicable}
  - {name: the key is disabled, facts: {state: disabled}, expect: not_applicable}""",
    },
    SubjectKind.POPULATION_SCOPE: {
        "when": "  status: scanned",
        "require": "  all_described: true",
        "tests": """\
  - {name: every key was described, expect: pass}
  - name: a key was left out
    facts: {all_described: false}
    expect: fail
    because: "all_described: expected true, was false"
  - {name: a key was denied, facts: {all_described: !unknown denied kms:DescribeKey}, expect: unknown}
  - {name: the account is excluded, facts: {status: excluded}, expect: not_applicable}""",
    },
    SubjectKind.ACCOUNT_REGION: {
        "when": "  provider: aws",
        "require": "  trails: {any: {logging: true}}",
        "tests": """\
  - {name: a trail is on, expect: pass}
  - {name: one of two trails is on, facts: {trails: [{logging: false}, {}]}, expect: pass}
  - name: the trail is off
    facts: {trails: [{logging: false}]}
    expect: fail
    because: "trails[0].logging: expected true, was false"
  - {name: trails were denied, facts: {trails: !unknown denied cloudtrail:DescribeTrails}, expect: unknown}
  - {name: another cloud, facts: {provider: gcp}, expect: not_applicable}""",
    },
    SubjectKind.DATA_STORE: {
        "when": "  kind: database\n  copy: original",
        "require": "  customer_key: true",
        "tests": """\
  - {name: a customer manages the key, expect: pass}
  - name: it is a key of the provider
    facts: {customer_key: false}
    expect: fail
    because: "customer_key: expected true, was false"
  - {name: the key was denied, facts: {customer_key: !unknown denied kms:DescribeKey}, expect: unknown}
  - {name: a bucket, facts: {kind: bucket}, expect: not_applicable}
  - {name: a snapshot, facts: {copy: snapshot}, expect: not_applicable}""",
    },
    SubjectKind.KEY_CONTAINER: {
        "when": "  kind: vault",
        "require": "  recovery.purge_protection: true",
        "tests": """\
  - {name: nobody can purge, expect: pass}
  - name: somebody can
    facts: {recovery.purge_protection: false}
    expect: fail
    because: "recovery.purge_protection: expected true, was false"
  - {name: it was denied, facts: {recovery.purge_protection: !unknown denied vaults/read}, expect: unknown}
  - {name: a key ring, facts: {kind: key_ring}, expect: not_applicable}""",
    },
}
