"""A run that reads what AWS Config has recorded judges as one that asks every key."""

from pathlib import Path

import pytest

from worlds import ACCOUNT, HOME, OTHER, document, good_world, scan

AWS = f"regions: [{HOME}, {OTHER}], max_attempts: 1, rate_limiter: false"
OUTPUTS = "outputs: {formats: [csv]}\n"


def verdicts(pack: Path) -> dict[tuple[str, str], object]:
    """Every finding without where and when it was read."""
    return {
        (finding["rule"], finding["subject"]["id"]): (finding["verdict"], finding["severity"])
        for finding in document(pack, "findings.json")["findings"]
    }


@pytest.fixture
def world():
    """A good estate with a few faults in it, recorded into an aggregator."""
    made = good_world()
    bad = made.add_key(account=ACCOUNT, region=HOME, alias="bad", created=made.clock.replace(year=made.clock.year - 3))
    made.schedule_deletion(made.add_key(account=ACCOUNT, region=HOME, alias="doomed"), 7)
    made.disable(made.add_key(account=ACCOUNT, region=OTHER, alias="off", rotation_days=365))
    made.use(bad)
    made.record_all("all", ACCOUNT, HOME)
    return made


def test_verdicts_are_those_of_a_run_that_asks_every_key(world, tmp_path):
    (tmp_path / "plain").mkdir()
    (tmp_path / "bulk").mkdir()
    aggregator = f"config_aggregator: {{name: all, region: {HOME}}}"

    plain, one = scan(world, tmp_path / "plain", config=f"providers: {{aws: {{{AWS}}}}}\n{OUTPUTS}")
    asked = len(world.calls)
    bulk, other = scan(world, tmp_path / "bulk", config=f"providers: {{aws: {{{AWS}, {aggregator}}}}}\n{OUTPUTS}")

    assert not bulk.stderr.count("Traceback"), bulk.stderr
    assert (bulk.returncode, len(verdicts(other))) == (plain.returncode, len(verdicts(one)))
    assert verdicts(other) == verdicts(one)
    assert len(world.calls) - asked < asked
    evidence = [item for finding in document(other, "findings.json")["findings"] for item in finding["evidence"]]
    recorded = [item for item in evidence if item["call"] == "config:SelectAggregateResourceConfig"]
    assert recorded
    assert all(item["captured_at"] for item in recorded)
    assert not [item for item in evidence if item["call"] == "kms:GetKeyPolicy" and "captured_at" in item]
