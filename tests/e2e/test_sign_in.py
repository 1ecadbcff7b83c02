"""Credentials that do not work: one clear line, code 3, no trace of a bug."""

import pytest

from commands import keymuster

CASES = {
    "no credentials at all": ({}, "", "no usable credentials were found"),
    "a profile that does not exist": ({"AWS_PROFILE": "lost"}, "", "the profile that was named does not exist"),
    "a profile that leads nowhere": (
        {"AWS_PROFILE": "audit"},
        "[profile audit]\nrole_arn = arn:aws:iam::111122223333:role/audit\nsource_profile = lost\n",
        "no usable credentials were found",
    ),
    "settings that are no settings": ({}, "nonsense\n[[[", "no usable credentials were found"),
    "a token that is not there": (
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "lost", "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/nightly"},
        "",
        "a file to sign in with could not be read",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_credentials_that_do_not_work_are_said_in_one_line(case, tmp_path):
    environment, settings, words = CASES[case]
    (tmp_path / "keymuster.yaml").write_text("providers: {aws: {regions: [eu-central-1]}}\n")
    (tmp_path / "settings").write_text(settings)
    own = {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": str(tmp_path / "settings")}
    done = keymuster("scan", "-c", "keymuster.yaml", "--out", "pack", environment=own | environment, folder=tmp_path)
    message, hint = done.stderr.splitlines()
    assert (done.returncode, done.stdout, (tmp_path / "pack").exists()) == (3, "", False)
    assert message == f"keymuster: AWS: {words}"
    assert hint.startswith("  ")
