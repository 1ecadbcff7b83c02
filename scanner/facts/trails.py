"""Audit coverage of an account-region: what each covering trail records, delivers and protects. Requires nothing."""

from datetime import datetime

from scanner.facts.display import scope_name
from scanner.facts.kleene import Truth, all_of
from scanner.facts.reading import known
from scanner.facts.selectors import KEY_SERVICE, SOME_SERVICE, records_changes
from scanner.facts.subjects import AccountRegionFacts, LogKeyFacts, TrailFacts
from scanner.model.scope import Scope, scope_id
from scanner.model.trail import AuditCoverage, ObjectLock, Trail, TrailStatus
from scanner.model.unknown import Cause, Inapplicable, Unknown

_NOT_YET = Unknown(cause=Cause.NOT_COLLECTED, call="kms:ListAliases")
_RETENTION_MODES = ("compliance", "governance")


def derive_account_region(scope: Scope, audit: AuditCoverage, as_of: datetime) -> AccountRegionFacts:
    """The trails that cover the account-region; one kept in another region for that region alone is left out.

    A trail of the organisation counts, whoever owns it.
    """
    trails = _covering(audit)
    evidence = audit.evidence
    if not isinstance(trails, Unknown):
        evidence += tuple(item for trail in trails for item in trail.evidence)
    return AccountRegionFacts(
        id=scope_id(audit.provider, audit.account, audit.region),
        name=scope_name(scope),
        provider=audit.provider,
        account=audit.account,
        region=audit.region,
        trails=trails if isinstance(trails, Unknown) else tuple(derive_trail(trail, as_of) for trail in trails),
        volumes_encrypted_by_default=_NOT_YET,
        volume_default_customer_key=_NOT_YET,
        orphan_aliases=_NOT_YET,
        evidence=evidence,
    )


def derive_trail(trail: Trail, as_of: datetime) -> TrailFacts:
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
        log_key=LogKeyFacts(encrypted_with_customer_key=_NOT_YET, key_state=_NOT_YET, key_listed=_NOT_YET),
    )


def covers(trail: Trail, region: str) -> bool:
    """Whether a trail that is visible in a region records it."""
    return trail.multi_region or trail.home_region == region


def _covering(audit: AuditCoverage) -> tuple[Trail, ...] | Unknown:
    if isinstance(audit.trails, Unknown):
        return audit.trails
    if isinstance(audit.trails, Inapplicable):
        return Unknown(cause=Cause.NOT_COLLECTED, call=audit.trails.call)
    return tuple(trail for trail in audit.trails.items if covers(trail, audit.region))


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
