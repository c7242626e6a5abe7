"""One world: a cluster, one database, a clock, and the processes that use them. Everything in it follows from the seed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from opensearchpy.exceptions import ConnectionError as Refused
from opensearchpy.exceptions import ConnectionTimeout

from tests.simulator.cluster import Answer, Cluster
from tests.simulator.hub import Hub
from tests.simulator.indices import Indices
from tests.simulator.odds import Odds
from tests.simulator.process import Process, SteppingRecords
from tests.simulator.witness import Witness


class World:
    """`quiet`: nothing fails any more and nothing is slow."""

    def __init__(self, seed: int, odds: Odds, folder: Path, spare: list[SteppingRecords]) -> None:
        self.seed, self.odds, self.folder, self.spare = seed, odds, folder, spare
        self.random = Random(seed)
        self.hub = Hub()
        self.quiet = False
        self.named = 0
        self.processes: list[Process] = []
        self.cluster = Cluster(Indices(lambda: self.hub.now), self._sheds)
        self.gone_until = self.frozen_until = 0.0
        self.witness = Witness(self.hub, folder / "carnet.db")
        self.trace: list[str] = []
        self.counts: Counter[str] = Counter()
        self.rings: Callable[[], None] = lambda: None

    def start(self, name: str) -> Process:
        process = Process(self, name)
        self.processes.append(process)
        return process

    def alive(self, name: str) -> Process:
        """The process of this name, started if need be."""
        for process in self.processes:
            if process.alive and process.name == name:
                return process
        return self.start(name)

    def kill(self, process: Process) -> None:
        self.note(f"killed {process.name}")
        self.counts["kills"] += 1
        self.processes.remove(process)
        process.kill()

    def step(self, what: str, *, brief: bool = False) -> None:
        """Where others may run. `brief`: with the records' write lock in hand, where a pause stops everybody else."""
        if self.hub.current is None:
            return
        self.note(what)
        worst = self.odds.pause_before and self.odds.pause_before in what
        if worst and not self.hub.current.process.name.startswith("operator"):
            self.hub.sleep(self.takes(likely=0.3))
        else:
            self.hub.sleep(self.takes(0.1 if brief else 1.0))

    def takes(self, share: float = 1.0, *, likely: float = 0.0) -> float:
        """How long the next step takes."""
        if self.quiet:
            return 0.001
        if self.random.random() < max(likely, self.odds.pause * share):
            return self.random.uniform(0.1, 1.0) ** 3 * self.odds.longest_pause * share
        return 10 ** self.random.uniform(-4, -1.5)

    def carry(self, asked: str, apply: Callable[[], Answer], within: float) -> Answer:
        """One request to the cluster and back. It arrives whether its sender lives to see it or not."""
        if self.hub.current is None:
            return apply()
        self.note(asked)
        there, back, answered = self.takes(), self.takes(), []
        if not self.quiet and self.random.random() < self.odds.lost:
            there, back = self.random.choice([(float("inf"), back), (there, float("inf"))])
        if not self.quiet and self.odds.unanswered and self.odds.unanswered in asked and self.random.random() < 0.4:
            back = float("inf")

        def arrives() -> None:
            if self.hub.now < self.frozen_until:
                self.hub.at(self.frozen_until - self.hub.now, arrives)
            elif self.hub.now >= self.gone_until:
                answered.append(apply())
                self.note(f"{asked}: {answered[0][0]}")

        if there < float("inf"):
            self.hub.at(there, arrives)
        self.hub.sleep(min(there + back, within))
        if answered and there + back <= within:
            return answered[0]
        if there <= within and self.hub.now < self.gone_until:
            raise Refused("N/A", "refused", Exception())
        raise ConnectionTimeout("TIMEOUT", "no answer", Exception())

    def ring(self) -> None:
        """The doorbell: it may be lost, late or doubled."""
        for _ in range(self.random.choice([0, 1, 1, 2])):
            self.hub.at(self.takes(), self.rings)

    def _sheds(self) -> bool:
        return not self.quiet and self.random.random() < self.odds.shed

    def committed(self) -> None:
        self.witness.note_state()

    def note(self, what: str) -> None:
        task = self.hub.current
        who = task.process.name if task and task.process else "-"
        self.trace.append(f"{self.hub.now - 1_800_000_000:11.4f} {who:9} {what}")

    def take_records(self) -> SteppingRecords:
        records = self.spare.pop() if self.spare else SteppingRecords(f"sqlite:///{self.folder / 'carnet.db'}")
        records.world = self
        return records

    def give_back_records(self, records: SteppingRecords) -> None:
        records.close()
        records.world = None
        self.spare.append(records)

    @contextmanager
    def to_the_end(self) -> Iterator[None]:
        """Leaves nothing behind, whatever happened."""
        try:
            yield
        finally:
            for process in self.processes:
                process.kill()
            self.processes.clear()
            self.hub.stop_all()
            self.witness.close()
