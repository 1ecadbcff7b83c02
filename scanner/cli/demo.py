"""`keymuster demo`: the real scan of a simulated bank, pack and all. Touches no cloud."""

import argparse
from pathlib import Path

HELP = "muster a simulated bank and leave a whole evidence pack: the 60-second tour"

_COMPLETE = (0, 1, 4)
"""Codes of a scan that ends with a complete pack, whatever the verdicts."""


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--out", type=Path, default=Path("keymuster-demo"), metavar="DIR", help="folder of the pack")


def run(arguments: argparse.Namespace) -> int:
    """Starts the estate, runs `keymuster scan` against it as a user would, and says what to open."""
    import subprocess
    import sys
    import tempfile

    from scanner.cli.clock import now
    from scanner.cli.exit_codes import ExitCode
    from scanner.cli.terminal import say, show
    from scanner.config import environment
    from scanner.simulator.aws.bank import bank
    from scanner.simulator.aws.server import serve
    from scanner.simulator.azure.bank import bank as azure_bank
    from scanner.simulator.azure.server import serve as azure_serve
    from scanner.simulator.demo import configuration, credentials, waivers
    from scanner.simulator.gcp.bank import bank as gcp_bank
    from scanner.simulator.gcp.server import serve as gcp_serve

    world, tenant = bank(now()), azure_bank(now())
    with (
        tempfile.TemporaryDirectory(prefix="keymuster-demo-") as folder,
        serve(world) as endpoint,
        gcp_serve(gcp_bank(now())) as google,
        azure_serve(tenant) as microsoft,
    ):
        config = Path(folder) / "keymuster.yaml"
        config.write_text(configuration(endpoint.url, google.url, microsoft), encoding="utf-8")
        (Path(folder) / "waivers.yaml").write_text(waivers(world), encoding="utf-8")
        say("demo: a simulated bank on this machine, in AWS accounts, Google Cloud projects and Azure subscriptions;")
        say("      the real SDKs read it")
        command = [sys.executable, "-m", "scanner", "scan", "--config", str(config), "--out", str(arguments.out)]
        signed_in = credentials(world, environment.read(), tenant)
        done = subprocess.run(command, check=False, env=signed_in)  # noqa: S603 (our own command)
    if done.returncode not in _COMPLETE:
        return done.returncode
    show(f"\nopen {arguments.out / 'report.html'} and {arguments.out / 'report.pdf'}")
    return ExitCode.CLEAN
