"""The wheel carries rules and templates and works outside the checkout."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, cwd=folder, env={"PATH": "/usr/bin:/bin"}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A fresh environment with nothing but the wheel; libraries come from the environment of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (
        "import sys; from hatchling.builders.wheel import WheelBuilder;"
        "print(*WheelBuilder('.').build(directory=sys.argv[1]))"
    )
    wheel = run(sys.executable, "-c", build, folder, folder=ROOT).strip()
    venv.create(folder / "env", with_pip=False, symlinks=True)
    site = next((folder / "env").glob("lib/python*/site-packages"))
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel, folder=folder)
    libraries = next(Path(sys.prefix).glob("lib/python*/site-packages"))
    (site / "libraries.pth").write_text("".join(f"{path}\n" for path in [libraries]))
    return folder


@pytest.mark.slow
def test_rules_and_templates_travel_in_the_wheel(installed: Path):
    python = installed / "env" / "bin" / "python"
    where = run(python, "-c", "import scanner; print(scanner.__file__)", folder=installed).strip()
    assert Path(where).is_relative_to(installed)
    listed = run(python, "-m", "scanner", "rules", "list", folder=installed)
    assert "KEY-ROT-001" in listed
    assert "all tests passed" in run(python, "-m", "scanner", "rules", "test", folder=installed)


@pytest.mark.slow
def test_the_demo_runs_from_the_wheel(installed: Path):
    python = installed / "env" / "bin" / "python"
    run(python, "-m", "scanner", "demo", "--out", installed / "pack", folder=installed)
    assert {"report.pdf", "report.html", "manifest.json"} <= {path.name for path in (installed / "pack").iterdir()}
