"""Where collecting and judging run: this process, several on this machine, or a cluster. Decides nothing else."""

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager

from scanner.config.schema import Execution
from scanner.model.errors import ConfigError, UsageError

_LOST = "a worker was lost; what is finished is kept"
_SECONDS_TO_CONNECT = 30


@contextmanager
def executor(chosen: Execution) -> Iterator[Executor | None]:
    """The executor that the configuration asks for; None stays in this process."""
    if chosen.scheduler is not None:
        with _cluster(chosen.scheduler) as pool:
            yield pool
    elif chosen.workers > 1:
        with _processes(chosen.workers) as pool:
            yield pool
    else:
        yield None


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    """Fresh processes: a fork would copy the locks of threads that are gone."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            yield pool
        except BrokenExecutor as error:
            raise UsageError(_LOST, hint="go on with --resume, with fewer workers if memory ran out") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    """The workers of a Dask scheduler."""
    try:
        from distributed import Client, KilledWorker
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"execution.scheduler is configured, but {error.name} is not installed",
            hint="pip install 'keymuster[distributed]'",
        ) from error
    try:
        client = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]  # Dask leaves it untyped
    except (OSError, ValueError) as error:
        raise UsageError(f"{address}: no scheduler could be reached there: {error}", hint="tcp://HOST:8786") from error
    with client:
        _require_same_version(client.run(_version), address)
        try:
            yield client.get_executor(pure=False, retries=0)  # type: ignore[no-untyped-call]  # the same
        except KilledWorker as error:
            raise UsageError(_LOST, hint="go on with --resume") from error


def _version() -> str:
    from scanner import __version__

    return __version__


def _require_same_version(found: dict[str, str], address: str) -> None:
    """Workers of another version would collect or judge something else."""
    if not found:
        raise UsageError(f"{address}: the scheduler has no workers", hint="start some: dask worker ADDRESS")
    others = sorted({version for version in found.values() if version != _version()})
    if others:
        raise UsageError(f"{address}: workers run keymuster {', '.join(others)}, this is {_version()}")
