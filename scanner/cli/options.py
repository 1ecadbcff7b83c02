"""Options that several commands share. Loads nothing heavy."""

import argparse
from pathlib import Path

SEVERITIES = ("critical", "high", "medium", "low")
RESULT_FORMATS = ("text", "json", "csv", "sarif", "junit", "markdown")


def add_config(parser: argparse.ArgumentParser, *, default: str = "keymuster.yaml") -> None:
    """How every command finds its configuration; `default` says what holds without one."""
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help=f"configuration (default: {default})")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="override one configuration key, e.g. providers.aws.regions=eu-central-1",
    )


def add_judging(parser: argparse.ArgumentParser) -> None:
    """What decides how a run is judged, printed and ended."""
    parser.add_argument("--previous", metavar="PACK", help="the pack of the run before, or `none`")
    parser.add_argument(
        "--fail-on", choices=SEVERITIES, help="lowest severity that ends the run with 1 (default: high)"
    )
    parser.add_argument("--format", choices=RESULT_FORMATS, default="text", help="what standard output shows")
    parser.add_argument("--sarif-unknown", choices=("none", "note"), help="level of unknowns in SARIF")
    parser.add_argument("--sarif-all", action="store_true", help="put passes into SARIF too")
    parser.add_argument(
        "--exit-zero", action="store_true", help="end with 0 whatever the findings (errors still count)"
    )


def flags(arguments: argparse.Namespace) -> dict[str, str | None]:
    """The configuration keys that `add_judging`'s options stand for."""
    return {
        "history.previous": arguments.previous,
        "fail_on": arguments.fail_on,
        "outputs.sarif_unknown": arguments.sarif_unknown,
        "outputs.sarif_all": "true" if arguments.sarif_all else None,
    }


def add_execution(parser: argparse.ArgumentParser) -> None:
    """Where a command that collects or judges does its work."""
    parser.add_argument("--workers", metavar="N", help="processes that collect and judge (default: 1, this one)")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="Dask scheduler whose workers do it instead, e.g. tcp://HOST:8786"
    )


def execution_flags(arguments: argparse.Namespace) -> dict[str, str | None]:
    """The configuration keys that `add_execution`'s options stand for."""
    return {"execution.workers": arguments.workers, "execution.scheduler": arguments.scheduler}
