"""Who does what in a world: members who change their companies and look others up, the product, workers, operators.

Each call is made as the API or the command makes it, in a process that may die under it.
"""

from collections.abc import Callable
from typing import Any

from directory.companies import edit_own_card, read_own_card
from directory.erasure.erase import erase
from directory.errors import CarnetError, Stale, Unavailable
from directory.lookup import MOST_SUGGESTIONS
from directory.members import require_network
from directory.ports import nothing
from directory.product.enrolment import enrol
from directory.regions import Regions
from directory.values import Asker, Kind, Plan, Role, Status
from directory.visibility import set_visibility
from indexer.drain import drain
from indexer.janitor import tidy
from indexer.rebuild import rebuild_region
from indexer.reconcile import reconcile_region
from indexer.rollback import rollback_region
from tests.simulator.hub import Task
from tests.simulator.process import Process
from tests.simulator.witness import Broken, Crashed

REGIONS = ("ca", "us")
COMPANIES = {"c0": "ca", "c1": "ca", "c2": "ca", "c3": "us", "c4": "us", "c5": "ca"}
NEW_COMPANIES = ("n0", "n1")
# Hidden ones, whose members look others up; the last of them moves.
WATCHERS = {"w-ca": "ca", "w-us": "us", "w-roams": "ca"}
ROAMER = "w-roams"
WORDS = ("Acer", "Beech", "Cedar", "Dogwood", "Elm", "Fir")
FIRST_WORD = "maple"
NAMES = [f"{FIRST_WORD} {word.lower()}" for word in WORDS]


def asker(company_id: str, region: str) -> Asker:
    return Asker(
        subject=subject(company_id),
        role=Role.PRIMARY_ADMIN,
        company_id=company_id,
        company_name=company_id,
        region=region,
        kind=Kind.BUSINESS,
        plan=Plan.PLUS,
        status=Status.ACTIVE,
        visible=True,
        city="",
        province="",
    )


def row(company_id: str, region: str, word: str) -> dict[str, Any]:
    hidden = company_id in WATCHERS
    return {"id": company_id, "region": region, "name": f"Maple {word} Ltd.", "visible": "false" if hidden else "true"}


def subject(company_id: str) -> str:
    return f"admin@{company_id}.example"


class Actors:
    def __init__(self, world: Any) -> None:
        self.world, self.random = world, world.random
        self.calls: list[Task] = []
        self.typed: dict[str, str] = {}  # by those who look up

    def call(self, process: Process, work: Callable[[Process], Any]) -> Task:
        """Start one call in a process. Nobody minds an answer that says no."""
        name = work.__name__

        def run() -> None:
            try:
                work(process)
                self.world.counts[name] += 1
            except CarnetError as error:
                self.world.note(f"{name} failed: {error.code} {getattr(error, 'reason', error)}")
                self.world.counts[f"{name} failed"] += 1

        self.calls.append(process.run(run))
        return self.calls[-1]

    def in_turn(self, name: str, work: Callable[[Process], Any], pauses: list[float]) -> Task:
        """One call after the other, each so many seconds after the one before has ended or died."""

        def each() -> None:
            for pause in pauses:
                self.world.hub.sleep(pause)
                self.world.hub.join(self.call(self.world.alive(name), work))

        return self.world.hub.spawn(each)

    def switch(self, process: Process) -> None:
        company_id, visible = self.random.choice([*COMPANIES]), self.random.random() < 0.4
        said = self.world.witness.calls_for(company_id, visible=visible)
        try:
            who = asker(company_id, COMPANIES[company_id])
            receipt = set_visibility(process.records, process.journal, process.publisher, who, visible)
            self.world.witness.answered(said, receipt.index_version)
            self.world.note(f"{company_id} visible={visible} answered, version {receipt.index_version}")
        finally:
            said.over = self.world.hub.step

    def edit(self, process: Process) -> None:
        company_id = self.random.choice([*COMPANIES])
        name = f"Maple {self.random.choice(WORDS)} Ltd."
        card = read_own_card(process.records, company_id)
        fields = {**card.card.fields(), "name": name}
        who = asker(company_id, COMPANIES[company_id])
        try:
            edit_own_card(process.records, process.publisher, who, fields, card.version)
        except Stale:
            self.world.note("stale")

    def move(self, process: Process) -> None:
        company_id = self.random.choice([*COMPANIES, ROAMER])
        moved = row(company_id, self.random.choice(REGIONS), self.random.choice(WORDS))
        enrol(process.records, process.publisher, Regions(), "books", [moved])

    def import_again(self, process: Process) -> None:
        rows = [row(company_id, region, "Acer") for company_id, region in COMPANIES.items()]
        if self.random.random() < 0.3:
            rows.append(row(self.random.choice(NEW_COMPANIES), self.random.choice(REGIONS), "New"))
        enrol(process.records, process.publisher, Regions(), "books", rows)

    def erase(self, process: Process) -> None:
        company_id = self.random.choice(["c5", *NEW_COMPANIES])
        erase(process.records, process.journal, process.publisher, "books", company_id)

    def look_up(self, process: Process) -> None:
        """Somebody types the next letter of a name, or begins with another one."""
        company_id, started = self.random.choice([*WATCHERS]), self.world.hub.step
        text = self.typed[company_id] = self._a_letter_more(self.typed.get(company_id, ""))
        who, witness = (subject(company_id), company_id), self.world.witness

        def may(asker: Asker) -> None:
            require_network(asker, Regions())

        try:
            asker, answer = process.typists.look_up(
                process.records, process.engine, who, may, nothing, text, MOST_SUGGESTIONS
            )
        except Unavailable as error:
            if company_id != ROAMER:  # of whom nobody else knows which region was asked
                witness.failed(WATCHERS[company_id], error.reason)
            raise
        witness.served.add(asker.region)
        self.world.note(
            f"found by {text!r} {[one.company_id for one in answer.suggestions]}, dropped {dict(answer.dropped)}"
        )
        self.world.counts["shown"] += len(answer.suggestions)
        self.world.counts["shown by more letters"] += len(answer.suggestions) if text > FIRST_WORD else 0
        self.world.counts["dropped at confirmation"] += sum(answer.dropped.values())
        witness.looked_up(asker.region, answer.suggestions, started)

    def _a_letter_more(self, typed: str) -> str:
        longer = [name for name in NAMES if name.startswith(typed) and name != typed]
        if typed and longer and self.random.random() < 0.7:
            return self.random.choice(longer)[: len(typed) + 1]
        return FIRST_WORD

    def sweep(self, process: Process) -> None:
        """What a worker does every second, and at a ring: late, doubled, or at the same moment as another."""
        drain(process.records, process.engine)

    def rebuild(self, process: Process) -> None:
        rebuild_region(process.records, process.engine, self.random.choice(REGIONS))
        self.world.counts["rebuilt"] += 1

    def roll_back(self, process: Process) -> None:
        rollback_region(process.records, process.engine, self.random.choice(REGIONS))
        self.world.counts["rolled back"] += 1

    def operate(self, process: Process) -> None:
        """What an operator starts: a rebuild, and now and then the way back."""
        (self.roll_back if self.random.random() < 0.2 else self.rebuild)(process)

    def keep_up(self, process: Process) -> None:
        """What servers and workers do every minute."""
        self.tidy(process)
        reconcile_region(process.records, process.engine, self.random.choice(REGIONS))

    def tidy(self, process: Process) -> None:
        tidy(process.records, process.engine)

    def change(self, process: Process) -> None:
        """Any change of a company; opt-outs more often than others."""
        what = self.random.choices(
            [self.switch, self.edit, self.move, self.import_again, self.erase], [10, 3, 3, 2, 0.5]
        )[0]
        what(process)
        self.world.counts[what.__name__] += 1

    def check_failures(self) -> None:
        """What no call may end with."""
        for task in self.calls:
            if task.error is not None:
                raise task.error if isinstance(task.error, Broken) else Crashed(repr(task.error)) from task.error
        self.calls = [task for task in self.calls if not task.done]
