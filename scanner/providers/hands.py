"""The threads that a collection works with. Reads nothing."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

ACCOUNTS_AT_ONCE = 8
_REGIONS_AT_ONCE = 8


@contextmanager
def pools(concurrency: int) -> Iterator[tuple[Executor, Executor, Executor]]:
    """Accounts wait for regions, regions for calls, and calls for nobody; a fault stops what has not begun."""
    sizes = {"account": ACCOUNTS_AT_ONCE, "region": _REGIONS_AT_ONCE, "call": concurrency}
    with ExitStack() as stack:
        accounts, regions, calls = (
            stack.enter_context(ThreadPoolExecutor(size, thread_name_prefix=f"read-{name}"))
            for name, size in sizes.items()
        )
        try:
            yield accounts, regions, calls
        except BaseException:
            for pool in (accounts, regions, calls):
                pool.shutdown(wait=False, cancel_futures=True)
            raise
