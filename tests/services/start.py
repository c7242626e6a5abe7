"""Which of the three ways each service is had by, and all three at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.services import PREFIX, Addresses, NotToBeHad, containers, given, packages
from tests.services.local_database import start_database
from tests.services.local_redis import start_redis
from tests.services.local_search import start_search
from tests.services.process import Process

_LOCAL: dict[str, Callable[[Path], Process]] = {
    "search_url": start_search,
    "redis_url": start_redis,
    "database_url": start_database,
}
_INSTALL: dict[str, Callable[[], object]] = {
    "search_url": packages.opensearch,
    "redis_url": packages.redis_server,
    "database_url": packages.postgresql,
}


@contextmanager
def started(folder: Path) -> Iterator[Addresses]:
    """All three, answering. What was started here is stopped, by its id, when the block ends. Raises NotToBeHad."""
    with ExitStack() as running:
        # Its threads outlive the processes that they start: the system kills those whose starting thread has gone.
        pool = running.enter_context(ThreadPoolExecutor(len(_LOCAL)))
        docker = containers.engine_answers()

        def have(name: str) -> str:
            return given.address(name) or running.enter_context(_one(name, folder, docker=docker))

        asked = {name: pool.submit(have, name) for name in _LOCAL}
        reasons = [str(reason) for result in asked.values() if isinstance(reason := result.exception(), NotToBeHad)]
        if reasons:
            raise NotToBeHad("\n".join(reasons))
        yield Addresses(**{name: result.result() for name, result in asked.items()})


@contextmanager
def _one(name: str, folder: Path, *, docker: bool) -> Iterator[str]:
    if docker:
        with containers.container(name) as address:
            yield address
    else:
        with _LOCAL[name](folder / name.removesuffix("_url")) as process:
            yield process.address


@contextmanager
def another_search() -> Iterator[str]:
    """One more OpenSearch, its address: for tests that change what holds for a whole node, while others use the
    shared one, even where that is given.
    """
    with TemporaryDirectory(prefix=f"{PREFIX}-node-") as folder:
        Path(folder).chmod(0o711)  # the node runs as somebody else
        with _one("search_url", Path(folder), docker=containers.engine_answers()) as address:
            yield address


def install() -> None:
    """Fetch and install what `started` and `another_search` would need from packages. Raises NotToBeHad."""
    if containers.engine_answers():
        return
    for name, needed in _INSTALL.items():
        if given.address(name) is None or name == "search_url":
            needed()
