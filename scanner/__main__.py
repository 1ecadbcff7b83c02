"""Starts the command line: `keymuster` and `python -m scanner`."""

import sys


def main() -> None:
    """Runs the command and ends the process with its exit code."""
    from scanner.cli.main import run  # noqa: PLC0415 (nothing is loaded before it is needed)

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
