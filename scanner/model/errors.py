"""The errors users meet, by who must act. Prints nothing."""


class ScannerError(Exception):
    """What happened, and what to do next (`hint`)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ScannerError):
    """The command line asks for something that cannot be done."""


class ConfigError(ScannerError):
    """A file that people write (configuration, waivers, registers) is not valid; the message holds every fault."""


class PolicyError(ScannerError):
    """A rule, pack, baseline or control file is not valid; the message holds every fault."""


class InputError(ScannerError):
    """A snapshot or pack cannot be read."""


class AccessError(ScannerError):
    """No provider could be asked at all: credentials, network or region."""


class TamperError(ScannerError):
    """A pack does not match its own hashes."""
