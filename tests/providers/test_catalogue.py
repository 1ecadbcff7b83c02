"""A configured platform whose SDK is not installed is one clear line that names the extra."""

import subprocess
import sys


def test_a_missing_sdk_names_the_extra_to_install(tmp_path):
    (tmp_path / "keymuster.yaml").write_text("providers: {aws: {regions: [us-east-1]}}\n")
    code = (
        "import sys; sys.modules['boto3'] = None; sys.modules['botocore'] = None\n"
        "from scanner.cli.main import run\n"
        "sys.exit(run(['scan', '--out', 'pack']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'keymuster[aws]'" in done.stderr
    assert not (tmp_path / "pack").exists()
