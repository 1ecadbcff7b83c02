"""Which regions an account has, and which of them are read. Reads no key."""

from typing import Literal

import msgspec

from scanner.model.unknown import Unknown
from scanner.providers.aws.operations import DESCRIBE_REGIONS, LIST_REGIONS
from scanner.providers.aws.reader import Reader
from scanner.providers.scopes import Proof

Wanted = Literal["all"] | tuple[str, ...]

_ENABLED = ["ENABLED", "ENABLED_BY_DEFAULT"]


class EnabledRegions(msgspec.Struct, frozen=True, kw_only=True):
    """The regions that are switched on in an account, sorted."""

    names: tuple[str, ...] | Unknown
    proof: Proof


class ChosenRegions(msgspec.Struct, frozen=True, kw_only=True):
    """The regions to read, and those that are switched on besides; sorted."""

    regions: tuple[str, ...] | Unknown
    outside: tuple[str, ...] | Unknown


def enabled_regions(reader: Reader) -> EnabledRegions:
    """Asks the account, and the compute service when the account does not say; Unknown with the first's refusal."""
    listed = reader.ask(LIST_REGIONS, {"RegionOptStatusContains": _ENABLED, "MaxResults": 50})
    asked = Proof(evidence=listed.evidence("regions"), raw=listed.raw)
    if listed.failure is None:
        names = {region.region_name for page in listed.pages for region in page.regions}
        return EnabledRegions(names=tuple(sorted(names)), proof=asked)
    described = reader.ask(DESCRIBE_REGIONS, {"AllRegions": False})
    asked = asked.and_also(Proof(evidence=described.evidence("regions"), raw=described.raw))
    if described.failure is None:
        names = {region.region_name for page in described.pages for region in page.regions}
        return EnabledRegions(names=tuple(sorted(names)), proof=asked)
    refusal = described.failure if listed.failure.lacking else listed.failure
    return EnabledRegions(names=refusal.unknown, proof=asked)


def choose_regions(wanted: Wanted, enabled: tuple[str, ...] | Unknown) -> ChosenRegions:
    """What the configuration makes of the enabled regions; a named region is read whether it is among them or not."""
    if wanted == "all":
        return ChosenRegions(regions=enabled, outside=() if not isinstance(enabled, Unknown) else enabled)
    regions = tuple(sorted(set(wanted)))
    if isinstance(enabled, Unknown):
        return ChosenRegions(regions=regions, outside=enabled)
    return ChosenRegions(regions=regions, outside=tuple(sorted(set(enabled) - set(regions))))
