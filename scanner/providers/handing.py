"""How shards are handed over: each scope's first one, whoever read it, of one run's one identity. Writes nothing."""

import threading

from msgspec.structs import replace

from scanner.model.errors import UsageError
from scanner.model.raw import CollectedShard
from scanner.providers.protocol import Finished, Sink


def once(sink: Sink, finished: Finished, signed_in: str | None) -> Sink:
    """Hands over the first shard of each scope, with who the run signed in as, whatever process read it.

    Raises UsageError when what is finished was read as somebody else: nobody could say as whom the whole was.
    """
    _refuse_others(finished, signed_in)
    seen = set(finished.parts)
    lock = threading.Lock()

    def hand_over(collected: CollectedShard) -> None:
        place = (collected.shard.scope.account, collected.shard.scope.region)
        with lock:
            if place in seen:
                return
            seen.add(place)
        part = collected.part
        sink(replace(collected, part=replace(part, signed_in=signed_in)) if part else collected)

    return hand_over


def _refuse_others(finished: Finished, signed_in: str | None) -> None:
    others = sorted({part.signed_in for part in finished.known() if part.signed_in} - {signed_in})
    if others and signed_in is not None:
        raise UsageError(
            f"the interrupted run cannot be resumed: it signed in as {others[0]}, and this one as {signed_in}",
            hint="sign in as it was begun, or leave --resume out to begin anew",
        )
