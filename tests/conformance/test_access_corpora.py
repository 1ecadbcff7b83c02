"""The evaluator of access over the corpora, when they are there."""

import subprocess
import sys
from pathlib import Path

import pytest

CORPORA = Path(__file__).parents[3] / "shared/corpora/access"

FILES = (
    "aws_kms_dev.jsonl",
    "aws_kms_matrix_dev.jsonl",
    "aws_key_policy_reach_dev.jsonl",
    "gcp_kms_dev.jsonl",
    "azure_kv_dev.jsonl",
)


@pytest.mark.parametrize("name", FILES)
def test_every_decision_agrees(name):
    if not (CORPORA / name).is_file():
        pytest.skip("the corpora are not part of this project")
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.access", CORPORA / name],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].endswith("agree, 0 disagree")
