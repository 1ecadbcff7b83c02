"""How long a deletion waits: what was asked for where the date fits it, else what the date says."""

from datetime import timedelta

import pytest

from records import AS_OF, days_ago, key, metadata
from scanner.facts.deletion import derive_deletion
from scanner.facts.windows import Guard
from scanner.model.key import DeletionRequest, KeyState, MultiRegionRole

UNGUARDED = Guard(denied=False, least=None)


def waiting(asked, days, role=MultiRegionRole.NONE):
    """The waiting time of a key whose deletion was asked for ten days ago and is due so long after the request."""
    doomed = metadata(state=KeyState.PENDING_DELETION, deletion_at=days_ago(10) + days, multi_region=role)
    request = DeletionRequest(at=days_ago(10), actor=None, window_days=asked)
    return derive_deletion(key(metadata=doomed, deletion_request=request), AS_OF, UNGUARDED).waiting


@pytest.mark.parametrize("off", [timedelta(milliseconds=-60), timedelta(hours=-13), timedelta(hours=9)])
def test_a_date_that_is_rounded_waits_for_what_was_asked(off):
    assert waiting(30, timedelta(days=30) + off) == timedelta(days=30)


def test_a_date_that_does_not_fit_the_request_is_believed():
    assert waiting(30, timedelta(days=7)) == timedelta(days=7)
    assert waiting(7, timedelta(days=30)) == timedelta(days=30)


def test_a_request_without_a_window_is_judged_by_its_date():
    assert waiting(None, timedelta(days=29, hours=23)) == timedelta(days=29, hours=23)


def test_a_primary_is_judged_by_what_was_asked_for_before_and_after_its_replicas_are_gone():
    assert waiting(7, timedelta(days=47), MultiRegionRole.PRIMARY) == timedelta(days=7)
    assert waiting(30, timedelta(days=3), MultiRegionRole.PRIMARY) == timedelta(days=3)
