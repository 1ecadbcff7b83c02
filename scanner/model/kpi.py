"""Key performance indicators as numbers with their definition. Computes nothing."""

from enum import StrEnum

import msgspec


class KpiStatus(StrEnum):
    """How an indicator stands against its target."""

    MET = "met"
    MISSED = "missed"
    NO_TARGET = "no_target"
    NOT_COMPUTABLE = "not_computable"


class Kpi(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One indicator. `value` is None exactly when `status` is not_computable, and then `reason` says why.

    `unit` is one of percent, days, count, seconds, hours. `unknown` counts subjects that could not be judged;
    `target` is printed text such as `>= 95`; `sources` names the files of the pack the numbers come from.
    """

    id: str
    title: str
    unit: str
    value: float | None
    numerator: int | None
    denominator: int | None
    unknown: int
    status: KpiStatus
    target: str | None
    reason: str | None
    sources: tuple[str, ...]
