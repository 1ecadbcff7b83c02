"""A configured platform whose SDK is not installed is one clear line that names the extra."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("section", "missing", "extra"),
    [
        ("aws: {regions: [us-east-1]}", ("boto3", "botocore"), "aws"),
        ("gcp: {projects: [{id: bank-payments}]}", ("google.auth", "grpc"), "gcp"),
        ("azure: {}", ("azure.identity",), "azure"),
    ],
)
def test_a_missing_sdk_names_the_extra_to_install(tmp_path, section, missing, extra):
    (tmp_path / "keymuster.yaml").write_text(f"providers: {{{section}}}\n")
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({missing!r}))\n"
        "from scanner.cli.main import run\n"
        "sys.exit(run(['scan', '--out', 'pack']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert f"pip install 'keymuster[{extra}]'" in done.stderr
    assert not (tmp_path / "pack").exists()
