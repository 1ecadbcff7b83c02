"""Whether a scan goes on with an interrupted one, and what the user is told about it. Collects nothing."""

from scanner import __version__
from scanner.cli.clock import now
from scanner.cli.terminal import say
from scanner.config.schema import Config
from scanner.evidence.pack import Pack
from scanner.snapshots.journal import Journal, Run, digests_of

_PACE = frozenset(
    {
        "concurrency",
        "rate_limiter",
        "rate_limits",
        "max_attempts",
        "connect_timeout_seconds",
        "read_timeout_seconds",
    }
)
"""Keys that say how fast and how patiently a platform is read, not what is read: a resumed run may change them."""


def begun(pack: Pack, config: Config, *, resume: bool) -> Journal:
    """The journal of the run: the interrupted one's when it is resumed and there is one, else a new one's."""
    run = Run(as_of=now(), version=__version__, collecting=digests_of(_collecting(config)))
    if resume and pack.interrupted:
        journal = pack.resume(run)
        say(f"resuming the run of {journal.run.as_of:%Y-%m-%dT%H:%M:%SZ}: {journal.count()} scopes are done")
        return journal
    if resume:
        say("keymuster: there is no interrupted run to resume; a new one begins")
    elif pack.interrupted:
        say("keymuster: an interrupted run is replaced; --resume would have gone on with it")
    return pack.begin(run)


def _collecting(config: Config) -> dict[str, object]:
    """What decides the collection, by dotted key."""
    providers = config.providers.model_dump(mode="json", exclude_none=True)
    return {
        f"providers.{name}.{key}": value
        for name, section in providers.items()
        for key, value in section.items()
        if key not in _PACE
    }
