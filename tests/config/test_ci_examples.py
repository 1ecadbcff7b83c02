"""The nightly examples keep no key, lose no pack, run one at a time, and ask for no more than they need."""

import re
from pathlib import Path

import pytest

from scanner.config.nodes import parse
from scanner.config.scalars import resolve

FOLDER = Path(__file__).parents[2] / "examples" / "ci"
FILES = ["nightly.yml", "nightly.gitlab-ci.yml"]


def text(name):
    return (FOLDER / name).read_text()


def read(name):
    root, faults = parse(text(name), name)
    assert faults == []
    return resolve(root, None)


@pytest.fixture
def github():
    return read("nightly.yml")


@pytest.fixture
def steps(github):
    return github["jobs"]["scan"]["steps"]


@pytest.fixture
def gitlab():
    return read("nightly.gitlab-ci.yml")["keymuster nightly"]


def using(steps, action):
    (step,) = (step for step in steps if step.get("uses", "").startswith(f"{action}@"))
    return step


def running(steps, words):
    (step,) = (step for step in steps if words in step.get("run", ""))
    return step


@pytest.mark.parametrize("name", FILES)
def test_no_key_is_stored_or_asked_for(name):
    found = re.findall(r"(?i)secrets\.|access[-_]key|secret[-_]key|AKIA|ASIA", text(name))
    assert found == []


@pytest.mark.parametrize("name", FILES)
def test_the_scan_is_chained_to_the_last_pack(name):
    assert 'keymuster scan --config keymuster.yaml --previous "$PREVIOUS" --out pack' in text(name)


def test_github_runs_every_night_and_one_at_a_time(github):
    assert re.fullmatch(r"\d+ \d+ \* \* \*", github["on"]["schedule"][0]["cron"])
    assert github["concurrency"] == {"group": "keymuster-nightly", "cancel-in-progress": False}


def test_github_has_the_least_permissions(github):
    assert github["permissions"] == {}
    assert github["jobs"]["scan"]["permissions"] == {
        "contents": "read",
        "id-token": "write",
        "actions": "read",
        "security-events": "write",
    }


def test_github_takes_a_role_by_its_own_token(steps):
    given = using(steps, "aws-actions/configure-aws-credentials")["with"]
    assert given["role-to-assume"].startswith("arn:aws:iam::")
    assert int(given["role-duration-seconds"]) <= 3600


def test_github_pins_every_action_by_commit_and_names_its_version():
    uses = re.findall(r"uses: (.+)", text("nightly.yml"))
    assert len(uses) == 5
    assert [line for line in uses if not re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_github_leaves_no_token_in_the_checkout(steps):
    assert using(steps, "actions/checkout")["with"]["persist-credentials"] is False


def test_github_restores_only_a_whole_pack_and_before_the_scan(steps):
    restore, scan = running(steps, "gh run download"), running(steps, "keymuster scan")
    assert steps.index(restore) < steps.index(scan)
    assert "[ -f last-pack/manifest.json ]" in restore["run"]
    assert "--status completed" in restore["run"]
    assert scan["env"]["PREVIOUS"] == "${{ inputs.first && 'none' || 'last-pack' }}"


def test_github_keeps_what_it_later_restores_even_when_red(steps):
    keep, restore = using(steps, "actions/upload-artifact"), running(steps, "gh run download")
    assert keep["if"] == "${{ always() }}"
    assert keep["with"]["path"] == "pack/"
    assert f"--name {keep['with']['name']} " in restore["run"]


def test_github_shows_the_findings_even_when_red(steps):
    show = using(steps, "github/codeql-action/upload-sarif")
    assert show["if"].startswith("${{ always() && ")
    assert show["with"]["sarif_file"] == "pack/findings.sarif"


def test_github_puts_no_expression_into_a_shell(steps):
    assert [step for step in steps if "${{" in step.get("run", "")] == []


def test_gitlab_runs_on_schedule_and_one_at_a_time(gitlab):
    assert {"if": '$CI_PIPELINE_SOURCE == "schedule"'} in gitlab["rules"]
    assert gitlab["resource_group"] == "keymuster-nightly"
    assert gitlab["interruptible"] is False


def test_gitlab_takes_a_role_by_its_own_token(gitlab):
    (token,) = gitlab["id_tokens"]
    assert gitlab["id_tokens"][token]["aud"]
    assert gitlab["variables"]["AWS_ROLE_ARN"].startswith("arn:aws:iam::")
    exported, written = gitlab["before_script"][-2:]
    assert exported == 'export AWS_WEB_IDENTITY_TOKEN_FILE="$(mktemp)"'
    assert written == f'printf \'%s\' "${token}" > "$AWS_WEB_IDENTITY_TOKEN_FILE"'


def test_gitlab_restores_and_keeps_the_last_whole_pack_even_when_red(gitlab):
    assert gitlab["cache"]["paths"] == ["last-pack/"]
    assert (gitlab["cache"]["when"], gitlab["cache"]["policy"]) == ("always", "pull-push")
    assert gitlab["variables"]["PREVIOUS"] == "last-pack"
    (keep,) = gitlab["after_script"]
    assert keep.startswith("if [ -f pack/manifest.json ]; then ")


def test_gitlab_keeps_the_pack_even_when_red(gitlab):
    assert (gitlab["artifacts"]["when"], gitlab["artifacts"]["paths"]) == ("always", ["pack/"])
    assert gitlab["artifacts"]["reports"] == {"junit": "pack/junit.xml"}
