"""`keymuster scan` against a living AWS: clean, denied, unreachable, and one night after the other."""

import stat
from datetime import timedelta

from scanner.simulator.aws.faults import Effect, Fault
from worlds import ACCOUNT, HOME, OTHER, document, good_world, scan, unknowns


def keys(world):
    """The world's keys in order of their ids."""
    return sorted(world.keys(), key=lambda key: key.arn)


def arn(world, region, number):
    return [key.arn for key in keys(world) if key.region == region][number]


def test_a_good_estate_is_clean(tmp_path):
    done, pack = scan(good_world(), tmp_path)
    assert (done.returncode, document(pack, "findings.json")["findings"]) == (0, [])
    assert done.stdout.startswith("Clean: 0 fail")


def test_one_finding_ends_with_1_and_is_the_only_one(tmp_path):
    world = good_world()
    key = next(key for key in keys(world) if key.region == HOME)
    world.disable_rotation(key)
    done, pack = scan(world, tmp_path)
    findings = document(pack, "findings.json")["findings"]
    assert (done.returncode, {(row["rule"], row["subject"]["id"]) for row in findings}) == (
        1,
        {("KEY-ROT-001", key.arn)},
    )


def test_denied_calls_are_unknown_exactly_there_and_end_with_4(tmp_path):
    world = good_world()
    first, second = arn(world, HOME, 0), arn(world, HOME, 1)
    world.faults += [
        Fault(effect=Effect.DENY, service="kms", operation="GetKeyRotationStatus", resource=first),
        Fault(effect=Effect.DENY, service="kms", operation="GetKeyPolicy", resource=first),
        Fault(effect=Effect.DENY, service="kms", operation="DescribeKey", resource=second),
        Fault(effect=Effect.DENY, service="kms", operation="ListKeys", region=OTHER),
    ]
    done, pack = scan(world, tmp_path)
    missing = unknowns(pack)
    assert done.returncode == 4
    assert {call for _, call in missing} == {
        "kms:GetKeyRotationStatus",
        "kms:GetKeyPolicy",
        "kms:DescribeKey",
        "kms:ListKeys",
    }
    assert all(row["verdict"] == "unknown" for row in document(pack, "findings.json")["findings"])
    scopes = {scope["region"]: scope for scope in document(pack, "collection.json")["scopes"]}
    home = scopes[HOME]
    assert (home["listed"], home["read"], home["partly_read"], home["unread"], home["excluded"]) == (3, 1, 2, 0, 0)
    assert scopes[OTHER]["listed"] == {"unknown": "denied", "call": "kms:ListKeys"}


def test_a_denial_beside_a_finding_ends_with_1(tmp_path):
    world = good_world()
    world.disable_rotation(next(key for key in keys(world) if key.region == HOME))
    world.faults.append(
        Fault(effect=Effect.DENY, service="kms", operation="GetKeyPolicy", resource=arn(world, OTHER, 0))
    )
    done, _ = scan(world, tmp_path)
    assert done.returncode == 1


def test_a_region_out_of_reach_leaves_the_other_whole(tmp_path):
    world = good_world()
    world.faults.append(Fault(effect=Effect.RESET, region=OTHER))
    done, pack = scan(world, tmp_path)
    scopes = {scope["region"]: scope for scope in document(pack, "collection.json")["scopes"]}
    assert (done.returncode, scopes[HOME]["read"], scopes[OTHER]["listed"]["unknown"]) == (4, 3, "error")


def test_nothing_answered_ends_with_3(tmp_path):
    world = good_world()
    world.faults.append(Fault(effect=Effect.DENY))
    done, _ = scan(world, tmp_path)
    assert done.returncode == 3
    assert "not one provider call succeeded" in done.stderr or "credential" in done.stderr


def test_no_operation_outside_the_table_is_ever_tried(tmp_path):
    world = good_world()
    scan(world, tmp_path)
    assert [
        call for call in world.calls if call.status == 400 and call.operation.startswith(("Put", "Create", "Delete"))
    ] == []
    per_key = {}
    for call in world.calls:
        if call.service == "kms" and call.resource.startswith("arn:aws:kms") and ":key/" in call.resource:
            per_key[call.resource] = per_key.get(call.resource, 0) + 1
    assert len(per_key) == 4
    assert max(per_key.values()) <= 6


def test_accepted_unknowns_lift_the_exit_code_and_nothing_else(tmp_path):
    world = good_world()
    world.faults.append(
        Fault(effect=Effect.DENY, service="kms", operation="GetKeyPolicy", resource=arn(world, HOME, 0))
    )
    today = world.clock.date()
    (tmp_path / "waivers.yaml").write_text(
        "accepted_unknowns:\n"
        f"  - id: AU-1\n    scopes: ['aws:{ACCOUNT}:{HOME}']\n    call: kms:GetKeyPolicy\n    cause: denied\n"
        f"    reason: vendor key\n    approvers: [alice]\n    created: {today - timedelta(days=1)}\n"
        f"    expires: {today + timedelta(days=30)}\n"
    )
    config = (
        f"providers: {{aws: {{regions: [{HOME}, {OTHER}], max_attempts: 1, rate_limiter: false}}}}\n"
        "outputs: {formats: [csv, markdown]}\nwaivers: waivers.yaml\n"
    )
    done, pack = scan(world, tmp_path, config=config)
    assert done.returncode == 0
    assert document(pack, "findings.json")["summary"]["unknown"] > 0
    assert "AU-1" in (pack / "summary.md").read_text()


def test_two_nights_form_a_chain_that_says_what_is_new_fixed_and_open(tmp_path):
    world = good_world()
    first, second, third = (key for key in keys(world) if key.region == HOME)
    world.disable_rotation(first)
    world.disable_rotation(second)
    monday, tuesday = tmp_path / "monday", tmp_path / "tuesday"
    scan(world, tmp_path, "--out", monday)
    world.enable_rotation(first, 365)
    world.disable_rotation(third)
    done, _ = scan(world, tmp_path, "--out", tuesday, "--previous", monday)
    manifest = document(tuesday, "manifest.json")
    assert manifest["previous"]["evidence_root"] == document(monday, "manifest.json")["evidence_root"]
    assert "1 new, 1 fixed, 1 still open" in done.stdout
    ages = {row["subject"]["id"]: row["first_seen"] for row in document(tuesday, "findings.json")["findings"]}
    as_of = {night: document(night, "findings.json")["as_of"] for night in (monday, tuesday)}
    assert (ages[second.arn], ages[third.arn]) == (as_of[monday], as_of[tuesday])


def test_a_missing_previous_pack_is_said_and_ends_with_4(tmp_path):
    done, pack = scan(good_world(), tmp_path, "--previous", tmp_path / "lost")
    assert done.returncode == 4
    assert "first of chain" in document(pack, "manifest.json")["previous"]["note"]


def test_a_tampered_previous_pack_ends_with_5_before_anything_is_asked(tmp_path):
    world = good_world()
    scan(world, tmp_path, "--out", tmp_path / "monday")
    findings = tmp_path / "monday" / "findings.json"
    findings.write_text(findings.read_text().replace('"fail": 0', '"fail": 1'))
    world.calls.clear()
    done, _ = scan(world, tmp_path, "--previous", tmp_path / "monday")
    assert (done.returncode, world.calls) == (5, [])


def test_everything_written_is_private(tmp_path):
    _, pack = scan(good_world(), tmp_path)
    assert {stat.S_IMODE(path.stat().st_mode) for path in pack.rglob("*") if path.is_file()} == {0o600}


def test_a_wrong_configuration_asks_nothing(tmp_path):
    world = good_world()
    done, _ = scan(world, tmp_path, config="providers: {aws: {regoins: [eu-central-1]}}\n")
    assert (done.returncode, world.calls) == (2, [])
    assert "keymuster.yaml:1:" in done.stderr
    assert "did you mean 'regions'" in done.stderr
