"""What a rule demands of its waivers. Reads no file and knows no day but those written in the waiver."""

from collections.abc import Iterator
from datetime import timedelta

from scanner.rules.ruleset import Rule
from scanner.waivers.schema import Waiver


def names(rule: Rule) -> frozenset[str]:
    """The ids under which waivers may name a rule: its own and those it had before."""
    return frozenset((rule.id, *rule.aliases))


def breaches(waiver: Waiver, rule: Rule) -> Iterator[tuple[str, str]]:
    """Every demand of the rule that the waiver does not meet, as the field at fault and a sentence."""
    bounds = rule.waiver
    if not bounds.allowed:
        yield "rule", f"rule {rule.id} allows no waivers"
    span = waiver.expires - waiver.created
    if span > timedelta(days=bounds.max_days):
        yield (
            "expires",
            f"expected at most {bounds.max_days} days after created for rule {rule.id}, got {span.days}",
        )
    if len(waiver.approvers) < bounds.approvers:
        yield (
            "approvers",
            f"expected at least {bounds.approvers} approvers for rule {rule.id}, got {len(waiver.approvers)}",
        )
