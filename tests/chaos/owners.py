"""Companies that turn their visibility off and on, edit their cards and move between regions, as a row says how often."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.chaos.client import Answer, Client
from tests.chaos.ledger import MOVE, OFF, ON, Change, Ledger, last_answer
from tests.chaos.names import REGIONS, Names


@dataclass(frozen=True, slots=True)
class Habits:
    """Weights of what a company does next, and the longest that its client rests in between, in seconds."""

    switch: float = 8
    edit: float = 1
    move: float = 1
    rest_s: float = 0.05
    stay_hidden: float = 0.3  # the share of opt-outs that are followed by no opt-in at once


def owner(
    client: Client, ledger: Ledger, names: Names, companies: Sequence[str], habits: Habits
) -> Callable[[random.Random], None]:
    """Acts for these companies, which nobody else does. One whose opt-in or move was not answered is left alone."""
    left = list(companies)
    regions = dict(ledger.regions)

    def act(rng: random.Random) -> None:
        if not left:
            time.sleep(0.1)
            return
        company = rng.choice(left)
        what = rng.choices(("switch", "edit", "move"), (habits.switch, habits.edit, habits.move))[0]
        if what == "switch":
            switch(company, rng)
        elif what == "edit":
            client.edits(company, names.card(company, regions[company], rng.randrange(100))["name"])
        else:
            move(company, rng)
        time.sleep(rng.random() * habits.rest_s)

    def switch(company: str, rng: random.Random) -> None:
        if last_answer(ledger.changes[company]) is False and not turn(company, ON):
            left.remove(company)
            return
        turned = turn(company, OFF)
        time.sleep(rng.random() * habits.rest_s)
        if turned and rng.random() > habits.stay_hidden and not turn(company, ON):
            left.remove(company)

    def turn(company: str, kind: str) -> bool:
        ledger.asks(company, kind, time.monotonic())
        answer = client.turns(company, visible=kind == ON)
        confirmed = answer.status == 200 and bool(answer.json["index_confirmed"])
        keep(company, kind, answer, confirmed=confirmed)
        return answer.status == 200

    def move(company: str, rng: random.Random) -> None:
        region = REGIONS[1 - REGIONS.index(regions[company])]
        ledger.asks(company, MOVE, time.monotonic())
        answer = client.moves(company, names.card(company, region, rng.randrange(100)), region)
        keep(company, MOVE, answer, region=region)
        if answer.status == 200:
            regions[company] = region
        else:
            left.remove(company)

    def keep(company: str, kind: str, answer: Answer, *, confirmed: bool = False, region: str = "") -> None:
        change = Change(kind, answer.sent, answer.received, answer.status, confirmed, region)
        ledger.answered(company, change)

    return act
