"""Meridian Bank is what the demo says it is: three accounts, two regions, about sixty keys, the same for one moment."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from commands import keymuster
from scanner.cli.clock import now
from scanner.simulator import demo
from scanner.simulator.aws.bank import SCANNED, bank, named, next_night
from scanner.simulator.aws.server import serve
from worlds import document

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


def customer_keys(world):
    return [key for key in world.keys() if key.manager == "CUSTOMER"]  # noqa: SIM118 (a method of the world)


def test_about_sixty_customer_keys_in_three_accounts_and_two_regions():
    keys = customer_keys(bank(NOW))
    places = Counter((key.account, key.region) for key in keys)
    assert 55 <= len(keys) <= 65
    assert {account for account, _ in places} == set(SCANNED)
    assert len(places) == 6


def test_equal_moments_give_equal_keys_and_dates():
    first, second = bank(NOW), bank(NOW)
    assert [(key.arn, key.created, key.tags) for key in customer_keys(first)] == [
        (key.arn, key.created, key.tags) for key in customer_keys(second)
    ]


def test_a_night_changes_three_things():
    world = bank(NOW)
    next_night(world)
    assert world.clock == NOW + timedelta(days=1)
    assert named(world, "loyalty-points").rotation_days == 365
    assert "owner" not in {name.lower() for name in named(world, "fraud-scores").tags}
    assert named(world, "card-archive").deletion_date is not None


def test_the_demos_own_waivers_and_configuration_are_valid_and_hostile_text_stays_text(tmp_path):
    world = bank(now())
    (tmp_path / "waivers.yaml").write_text(demo.waivers(world))
    with serve(world) as endpoint:
        config = demo.configuration(endpoint.url).replace('"waivers"', '"outputs": {"formats": ["csv"]}, "waivers"')
        (tmp_path / "keymuster.yaml").write_text(config)
        done = keymuster(
            "scan",
            "-c",
            tmp_path / "keymuster.yaml",
            "--out",
            tmp_path / "pack",
            environment=demo.credentials(world, {}),
        )
    assert done.returncode == 1
    assert "\x1b[31m" not in done.stdout
    summary = document(tmp_path / "pack", "findings.json")["summary"]
    assert summary["waived"] == 1
    states = {row["account"]: row["status"] for row in document(tmp_path / "pack", "collection.json")["scopes"]}
    assert {"scanned", "unreachable", "excluded", "closed"} == set(states.values())
