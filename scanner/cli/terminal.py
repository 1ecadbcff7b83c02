"""Standard output is the result, standard error the progress and the messages. Formats nothing."""

import os
import sys


def show(text: str) -> None:
    """Prints a result; a reader that has gone away (`| head`) does not change how the command ends."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Prints a message to standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def is_terminal() -> bool:
    """Progress may redraw lines: standard error is a terminal that can."""
    return sys.stderr.isatty()
