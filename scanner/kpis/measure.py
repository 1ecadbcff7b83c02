"""The key performance indicators. What cannot be computed says why; it is never 0. Judges no key."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import accumulate

import msgspec

from scanner.facts.deletion import days_left
from scanner.facts.subjects import KeyFacts
from scanner.kpis.score import percent
from scanner.kpis.tally import AGE_STEP, KeyTally, Share, tally
from scanner.model.kpi import Kpi, KpiStatus
from scanner.model.report import Counts, Population

_NO_KEYS = "no customer keys"
_DAY = timedelta(days=1)
_SNAPSHOT, _COLLECTION, _VERDICTS = ("snapshot/",), ("collection.json",), ("verdicts.jsonl.gz",)


class _Target(msgspec.Struct, frozen=True):
    """A bound on a percentage, either way."""

    at_least: int | None = None
    at_most: int | None = None

    def __str__(self) -> str:
        return f">= {self.at_least}" if self.at_most is None else f"<= {self.at_most}"

    def holds(self, part: int, whole: int) -> bool:
        """Compares the exact fraction, not its rounded print."""
        if self.at_most is None:
            return 100 * part >= (self.at_least or 0) * whole
        return 100 * part <= self.at_most * whole


class _Definition(msgspec.Struct, frozen=True):
    """What an indicator is, whatever its value."""

    id: str
    title: str
    unit: str
    sources: tuple[str, ...]
    target: _Target | None = None


_NOT_COLLECTED: tuple[tuple[_Definition, str], ...] = (
    (
        _Definition("time_to_detect", "Time to detect a dangerous key event", "seconds", ()),
        "key events and alarm history are not collected yet",
    ),
    (
        _Definition("mean_time_to_remediate", "Mean time to remediate a dangerous key event", "hours", ()),
        "key events are not collected yet",
    ),
    (
        _Definition("keys_monitored", "Customer keys with a working alert path", "percent", ()),
        "alert paths are not collected yet",
    ),
    (
        _Definition("false_positive_alerts", "Alerts without a dangerous event behind them", "percent", ()),
        "alarm history and change requests are not collected yet",
    ),
)
_READ = _Definition("keys_read", "Customer keys read completely", "percent", _COLLECTION, _Target(at_least=100))
_OWNER = _Definition("keys_with_owner", "Customer keys with an owner", "percent", _SNAPSHOT, _Target(at_least=95))
_ROTATION = _Definition(
    "rotation_coverage",
    "Keys that can rotate by themselves with rotation on",
    "percent",
    _SNAPSHOT,
    _Target(at_least=95),
)
_AGE_MEAN = _Definition("material_age_mean", "Mean age of key material", "days", _SNAPSHOT)
_AGE_P90 = _Definition("material_age_p90", "Age that 90 % of key material does not exceed", "days", _SNAPSHOT)
_DUE = _Definition("rotation_due_30_days", "Keys due for rotation within 30 days", "count", _SNAPSHOT)
_PENDING = _Definition("pending_deletion", "Keys pending deletion", "count", _SNAPSHOT)
_WINDOW = _Definition("deletion_window_min", "Time left until the first planned deletion", "days", _SNAPSHOT)
_WAIVED = _Definition("waiver_load", "Fails that are waived", "percent", _VERDICTS)
_UNKNOWN = _Definition("unknown_share", "Verdicts that are unknown", "percent", _VERDICTS, _Target(at_most=5))


def measure(keys: Iterable[KeyFacts], population: Population, counts: Counts, as_of: datetime) -> tuple[Kpi, ...]:
    """Every indicator, in the order of every report."""
    return indicators(tally(keys, as_of), population, counts)


def indicators(keys: KeyTally, population: Population, counts: Counts) -> tuple[Kpi, ...]:
    """The same from a tally that was added up shard by shard."""
    judged = counts.passed + counts.fail + counts.unknown
    return (
        *(_not_computable(definition, reason) for definition, reason in _NOT_COLLECTED),
        _keys_read(population),
        _share(_OWNER, keys.owner, _NO_KEYS),
        _share(_ROTATION, keys.rotation, _none_of(keys, "no customer key can rotate by itself")),
        _mean_age(keys),
        _age_at_90_percent(keys),
        _count(_DUE, keys.due, _none_of(keys, "no customer key can rotate by itself")),
        _count(_PENDING, keys.pending, _NO_KEYS),
        _first_deletion(keys),
        _share(_WAIVED, Share(met=counts.waived, judged=counts.fail), "no rule failed"),
        _share(_UNKNOWN, Share(met=counts.unknown, judged=judged), "nothing was judged"),
    )


def _keys_read(population: Population) -> Kpi:
    """A key that was not or not wholly read is surely not read; an unlisted scope may hide more of them."""
    seen = population.read + population.partly_read + population.unread
    share = Share(met=population.read, judged=max(population.listed - population.excluded, seen))
    if population.unlisted_scopes and share.met == share.judged:
        reason = f"scopes that could not be listed: {population.unlisted_scopes}"
        return _not_computable(_READ, reason, share, unknown=0)
    return msgspec.structs.replace(_share(_READ, share, _NO_KEYS), unknown=share.judged - share.met)


def _share(definition: _Definition, share: Share, empty: str) -> Kpi:
    """A percentage of what was judged; against a target it stands only if no unread key could turn it."""
    if share.judged == 0:
        return _not_computable(definition, _nothing_read(share, empty), unknown=share.unknown)
    value = percent(share.met, share.judged)
    if definition.target is None:
        return _kpi(definition, value, share, KpiStatus.NO_TARGET)
    whole = share.judged + share.unknown
    at_worst = definition.target.holds(share.met, whole)
    if at_worst == definition.target.holds(share.met + share.unknown, whole):
        return _kpi(definition, value, share, KpiStatus.MET if at_worst else KpiStatus.MISSED)
    lowest, highest = percent(share.met, whole), percent(share.met + share.unknown, whole)
    reason = f"between {lowest} and {highest} %, depending on keys that were not read: {share.unknown}"
    return _not_computable(definition, reason, share, unknown=share.unknown)


def _count(definition: _Definition, share: Share, empty: str) -> Kpi:
    if share.judged == 0:
        return _not_computable(definition, _nothing_read(share, empty), unknown=share.unknown)
    return _kpi(definition, float(share.met), share, KpiStatus.NO_TARGET)


def _mean_age(keys: KeyTally) -> Kpi:
    share = _aged(keys)
    if share.judged == 0:
        return _not_computable(_AGE_MEAN, _nothing_read(share, _NO_KEYS), unknown=share.unknown)
    mean = keys.age_seconds / share.judged / _DAY.total_seconds()
    return msgspec.structs.replace(_kpi(_AGE_MEAN, mean, share, KpiStatus.NO_TARGET), numerator=None)


def _age_at_90_percent(keys: KeyTally) -> Kpi:
    """Nearest rank: the smallest age that at least nine tenths of the keys do not exceed."""
    share = _aged(keys)
    if share.judged == 0:
        return _not_computable(_AGE_P90, _nothing_read(share, _NO_KEYS), unknown=share.unknown)
    steps = sorted(keys.ages)
    reached = accumulate(keys.ages[step] for step in steps)
    step = next(step for step, count in zip(steps, reached, strict=True) if 10 * count >= 9 * share.judged)
    return msgspec.structs.replace(_kpi(_AGE_P90, step * AGE_STEP / _DAY, share, KpiStatus.NO_TARGET), numerator=None)


def _first_deletion(keys: KeyTally) -> Kpi:
    pending = keys.pending
    if keys.first_deletion is not None:
        share = Share(judged=pending.met, unknown=pending.unknown)
        return msgspec.structs.replace(
            _kpi(_WINDOW, float(days_left(keys.first_deletion)), share, KpiStatus.NO_TARGET), numerator=None
        )
    if pending.met:
        return _not_computable(_WINDOW, "no deletion date is set", unknown=pending.unknown)
    reason = _nothing_read(pending, _none_of(keys, "no key is pending deletion"))
    return _not_computable(_WINDOW, reason, unknown=pending.unknown)


def _aged(keys: KeyTally) -> Share:
    return Share(judged=sum(keys.ages.values()), unknown=keys.age_unknown)


def _none_of(keys: KeyTally, reason: str) -> str:
    return reason if keys.pending.judged else _NO_KEYS


def _nothing_read(share: Share, empty: str) -> str:
    return f"no key counts; keys that were not read: {share.unknown}" if share.unknown else empty


def _kpi(definition: _Definition, value: float, share: Share, status: KpiStatus) -> Kpi:
    return Kpi(
        id=definition.id,
        title=definition.title,
        unit=definition.unit,
        value=round(value, 1),
        numerator=share.met,
        denominator=share.judged,
        unknown=share.unknown,
        status=status,
        target=str(definition.target) if definition.target else None,
        reason=None,
        sources=definition.sources,
    )


def _not_computable(definition: _Definition, reason: str, share: Share | None = None, *, unknown: int = 0) -> Kpi:
    return Kpi(
        id=definition.id,
        title=definition.title,
        unit=definition.unit,
        value=None,
        numerator=share.met if share else None,
        denominator=share.judged if share else None,
        unknown=unknown,
        status=KpiStatus.NOT_COMPUTABLE,
        target=str(definition.target) if definition.target else None,
        reason=reason,
        sources=definition.sources,
    )
