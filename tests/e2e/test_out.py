"""A folder that cannot be made is the user's to mend: said before anything is asked."""

import pytest

from commands import keymuster


@pytest.mark.parametrize("command", ["scan", "snapshot"])
@pytest.mark.parametrize("out", ["file", "file/pack"])
def test_an_out_that_cannot_be_a_folder_ends_with_2(command, out, tmp_path):
    (tmp_path / "keymuster.yaml").write_text("providers: {aws: {regions: [eu-central-1]}}\n")
    (tmp_path / "file").write_text("taken\n")
    done = keymuster(command, "-c", "keymuster.yaml", "--out", out, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("keymuster: ")
    assert "Traceback" not in done.stderr
