"""Audit coverage: what each trail that covers an account-region records, delivers and protects. Requires nothing."""

from datetime import datetime

from scanner.facts.coverage.references import Place
from scanner.facts.coverage.stores import behind_reference, customer_key, is_listed, state_of
from scanner.facts.coverage.view import View
from scanner.facts.kleene import Truth, all_of
from scanner.facts.reading import known
from scanner.facts.selectors import KEY_SERVICE, SOME_SERVICE, records_changes
from scanner.facts.subjects import LogKeyFacts, TrailFacts
from scanner.model.trail import AuditCoverage, ObjectLock, Trail, TrailStatus
from scanner.model.unknown import Cause, Inapplicable, Unknown

_RETENTION_MODES = ("compliance", "governance")


def derive_trail(trail: Trail, as_of: datetime, view: View) -> TrailFacts:
    """One trail; each leaf is unknown exactly when the call behind it was not answered."""
    logging = known(trail.status, lambda status: status.logging)
    records_keys = known(trail.selectors, lambda selectors: records_changes(selectors, KEY_SERVICE))
    return TrailFacts(
        name=trail.name,
        home_region=trail.home_region,
        logging=logging,
        records_key_changes=records_keys,
        records_management=known(trail.selectors, lambda selectors: records_changes(selectors, SOME_SERVICE)),
        effective=all_of((logging, records_keys)),
        multi_region=trail.multi_region,
        log_validation=trail.log_validation,
        delivery_age=known(
            trail.status, lambda status: as_of - status.latest_delivery_at if status.latest_delivery_at else None
        ),
        delivery_failing=known(trail.status, _failing),
        bucket_versioned=known(trail.bucket_versioning, lambda versioning: versioning.enabled),
        bucket_locked=known(trail.object_lock, _locked),
        bucket_lock_mode=known(trail.object_lock, _lock_mode),
        bucket_private=_private(trail),
        log_key=_log_key(trail, view),
    )


def covers(trail: Trail, region: str) -> bool:
    """Whether a trail that is visible in a region records it."""
    return trail.multi_region or trail.home_region == region


def covering(audit: AuditCoverage) -> tuple[Trail, ...] | Unknown:
    """The trails that record the account-region; one kept in another region for that region alone is left out."""
    if isinstance(audit.trails, Unknown):
        return audit.trails
    if isinstance(audit.trails, Inapplicable):
        return Unknown(cause=Cause.NOT_COLLECTED, call=audit.trails.call)
    return tuple(trail for trail in audit.trails.items if covers(trail, audit.region))


def _log_key(trail: Trail, view: View) -> LogKeyFacts:
    """A trail without a key of its own leaves encryption to the default of its bucket."""
    home = Place(trail.provider, trail.account, trail.home_region)
    behind = None if trail.key is None else behind_reference(trail.key, view, home)
    return LogKeyFacts(
        encrypted_with_customer_key=customer_key(behind, trail.provider),
        key_state=state_of(behind),
        key_listed=is_listed(behind),
    )


def _failing(status: TrailStatus) -> bool:
    return bool(status.latest_delivery_error)


def _lock_mode(lock: ObjectLock) -> str | None:
    return lock.mode.casefold() if lock.enabled and lock.mode else None


def _locked(lock: ObjectLock) -> Truth:
    """Both retention modes count; one that the provider adds later is not judged."""
    mode = _lock_mode(lock)
    if mode is None:
        return False
    if mode in _RETENTION_MODES:
        return True
    return Unknown(cause=Cause.UNSUPPORTED, call="s3:GetBucketObjectLockConfiguration")


def _private(trail: Trail) -> Truth:
    blocked = known(
        trail.public_access_block,
        lambda block: block.block_acls and block.ignore_acls and block.block_policy and block.restrict_buckets,
    )
    return all_of((blocked, known(trail.bucket_exposure, lambda exposure: not exposure.public_policy)))
