"""Members who search all the time, mostly for companies that must not be shown, in both regions."""

import random
import time
from collections.abc import Callable, Sequence

from tests.chaos.client import Answer, Client
from tests.chaos.ledger import Ledger, Search
from tests.chaos.names import ASKERS, Names

_AT_HIDDEN = 0.7
_TRIES = 20
_REFUSED_REST_S = 0.2  # or those who ask again at once keep the processors from what is being restarted


def searcher(
    client: Client, ledger: Ledger, names: Names, companies: Sequence[str], rest_s: float
) -> Callable[[random.Random], None]:
    regions = list(ASKERS)

    def act(rng: random.Random) -> None:
        company = rng.choice(companies)
        if rng.random() < _AT_HIDDEN:
            tried = (rng.choice(companies) for _ in range(_TRIES))
            company = next((one for one in tried if ledger.hidden(one)), company)
        search = look(client, ledger, names, company, rng.choice(regions), names.words[company][: rng.randint(4, 8)])
        time.sleep(rng.random() * (rest_s if search.status == 200 else _REFUSED_REST_S))

    return act


def look(client: Client, ledger: Ledger, names: Names, company: str, region: str, text: str) -> Search:
    """Type the text, and note every company whose name stands anywhere in the answer."""
    answer = client.types(ASKERS[region], text)
    shown = tuple(dict.fromkeys(names.in_text(answer.text)))
    search = Search(answer.sent, answer.received, region, company, answer.status, shown, _doubles(answer, names))
    ledger.saw(search)
    return search


def _doubles(answer: Answer, names: Names) -> int:
    """How many suggestions show a company that an earlier one shows."""
    if answer.status != 200:
        return 0
    first = [tuple(names.in_text(one["name"])) for one in answer.json["suggestions"]]
    return len(first) - len(set(first))
