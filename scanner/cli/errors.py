"""Turns errors into a message on standard error and an exit code. The only place that catches broadly."""

import os
import signal
import traceback
from collections.abc import Callable, Mapping

from scanner.cli.exit_codes import ExitCode
from scanner.cli.terminal import say
from scanner.model.errors import (
    AccessError,
    ConfigError,
    InputError,
    PolicyError,
    ScannerError,
    TamperError,
    UsageError,
)

CODES: Mapping[type[ScannerError], ExitCode] = {
    UsageError: ExitCode.USAGE,
    ConfigError: ExitCode.USAGE,
    PolicyError: ExitCode.USAGE,
    InputError: ExitCode.USAGE,
    AccessError: ExitCode.NOTHING_READ,
    TamperError: ExitCode.TAMPERED,
}


def guarded(command: Callable[[], int]) -> int:
    """Runs a command; every error becomes a message that says what happened and what to do, and a code."""
    try:
        return command()
    except ScannerError as error:
        say(f"keymuster: {error.message}")
        if error.hint:
            say(f"  {error.hint}")
        return next((code for kind, code in CODES.items() if isinstance(error, kind)), ExitCode.BUG)
    except KeyboardInterrupt:
        say("keymuster: interrupted")
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
        return ExitCode.BUG
    except Exception:  # noqa: BLE001 (the one broad catch: whatever reaches it is our fault, and is said so)
        say(traceback.format_exc())
        say("keymuster: this is a bug; please report it with the lines above")
        return ExitCode.BUG
