"""The runner over cases of access: a line out for every line in, whatever the line."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOME = "111122223333"
KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OPEN = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}}
ROLE = f"arn:aws:iam::{HOME}:role/app"
DECISION = {"id": "d", "principal": ROLE, "action": "kms:Decrypt", "resource": KEY, "key_policy": OPEN}


def run(folder, *lines, name="cases.jsonl"):
    source, out = folder / name, folder / "out.jsonl"
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    source.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    command = [sys.executable, "-m", "tests.conformance.access", "--emit", out, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return [json.loads(line) for line in out.read_text().splitlines()], done


def test_a_decision_without_an_expectation_is_written_and_not_counted(tmp_path):
    out, done = run(tmp_path, DECISION, {**DECISION, "id": "x", "anything": {"else": 1}}, name="cases.jsonl.gz")
    assert out == [{"id": name, "verdict": "Allowed", "allow": True} for name in ("d", "x")]
    assert done.stdout.splitlines()[-1] == "0 agree, 0 disagree"


def test_a_key_policy_without_resource_is_about_its_key_in_these_cases(tmp_path):
    statement = {name: value for name, value in OPEN["Statement"].items() if name != "Resource"}
    out, _ = run(tmp_path, {**DECISION, "key_policy": {**OPEN, "Statement": [statement]}})
    assert out == [{"id": "d", "verdict": "Allowed", "allow": True}]


def test_lines_of_any_kind_may_be_mixed(tmp_path):
    principals = {ROLE: {"identity_policies": [], "context": {}}, "sns.amazonaws.com": {"context": {}}}
    matrix = {"id": "m", "key_policy": OPEN, "resource": KEY, "principals": principals, "actions": ["kms:Decrypt"]}
    google = {
        "id": "g",
        "principal": "user:a@b.c",
        "permission": "cloudkms.cryptoKeys.get",
        "key": "k",
        "hierarchy": [],
    }
    vault = {"id": "/subscriptions/1/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v", "properties": {}}
    azure = {"id": "a", "principal": "u", "operation": "decrypt", "key": "k", "source": "10.0.0.1", "vault": vault}
    out, _ = run(tmp_path, matrix, google, azure, {"id": "r", "account": HOME, "key": KEY, "policy": OPEN}, DECISION)
    assert out == [
        {"id": "m", "cells": {ROLE: {"Decrypt": "allow"}, "sns.amazonaws.com": {"Decrypt": "allow"}}},
        {"id": "g", "verdict": "deny", "allow": False},
        {"id": "a", "verdict": "deny", "allow": False},
        {"id": "r", "public": True, "reach": "public"},
        {"id": "d", "verdict": "Allowed", "allow": True},
    ]


def test_cells_that_are_not_scored_are_written_with_our_verdict(tmp_path):
    matrix = {
        "id": "m",
        "key_policy": OPEN,
        "resource": KEY,
        "actions": ["kms:Decrypt"],
        "principals": {ROLE: {"identity_policies": [], "context": {}}},
        "expected": {ROLE: {"Decrypt": "skip"}},
    }
    out, done = run(tmp_path, matrix)
    assert out == [{"id": "m", "cells": {ROLE: {"Decrypt": "allow"}}}]
    assert done.stdout.splitlines()[-1] == "0 agree, 0 disagree"


def test_a_line_that_cannot_be_read_is_written_as_an_error_and_disagrees(tmp_path):
    broken = (
        "{",
        "[]",
        "3",
        {},
        {"id": "p", **DECISION, "key_policy": {"Statement": [{"Effect": "Maybe"}]}},
        {"id": 7},
    )
    out, done = run(tmp_path, *broken, DECISION)
    assert [line["verdict"] for line in out] == ["error"] * len(broken) + ["Allowed"]
    assert all(line["allow"] is False for line in out[:-1])
    assert done.stdout.splitlines()[-1] == f"0 agree, {len(broken)} disagree"
    assert done.returncode == 1


def test_a_disagreement_is_told_with_its_reason(tmp_path):
    expected = {"verdict": "ImplicitlyDenied", "allow": False}
    _, done = run(tmp_path, {**DECISION, "expected": expected})
    assert done.stdout.splitlines() == [
        "d: expected ImplicitlyDenied, got Allowed, key policy key policy[0] allow",
        "missed public: 0",
        "full verdict: 0 agree, 1 disagree",
        "0 agree, 1 disagree",
    ]
    assert done.returncode == 1
