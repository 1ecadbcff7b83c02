"""How shards are handed over: each scope's first one, whoever read it. Writes nothing."""

import threading

from scanner.model.raw import CollectedShard
from scanner.providers.protocol import Finished, Sink


def once(sink: Sink, finished: Finished) -> Sink:
    """Hands over the first shard of each scope."""
    seen = set(finished.parts)
    lock = threading.Lock()

    def hand_over(collected: CollectedShard) -> None:
        place = (collected.shard.scope.account, collected.shard.scope.region)
        with lock:
            if place in seen:
                return
            seen.add(place)
        sink(collected)

    return hand_over
