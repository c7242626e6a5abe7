"""What a crawler gets, and that somebody who works gets everything. The whole of it: docs/harvesting.md, bench/crawler.py."""

from collections.abc import Callable
from typing import Any

from carnet.demo import invent_contact_data, sample
from carnet.files import read_lines
from tests.clock import Clock
from tests.crawler import Account, Crawler

DAYS = 5
SMALL = {
    "CARNET_QUOTA_UNSAVED_HOUR": "4",
    "CARNET_QUOTA_UNSAVED_DAY": "10",
    "CARNET_QUOTA_NEWCOMER_DAY": "3",
    "CARNET_QUOTA_NEWCOMER_DAYS": "2",
    "CARNET_QUOTA_SAVED_DAY": "12",
}
CRAWLERS = {f"crawler-{n}": f"Moissonneur {n} inc." for n in range(3)}


def real_companies(most: int) -> dict[str, dict[str, str]]:
    """Real companies of ca, each name once, with invented contact data."""
    found: dict[str, dict[str, str]] = {}
    for line in read_lines(sample()):
        if line.fields and line.fields["region"] == "ca" and line.fields["name"].isascii() and len(found) < most:
            fields = invent_contact_data(line.fields)
            name = fields["name"].casefold()
            if name not in {one["name"].casefold() for one in found.values()}:
                found[fields.pop("id")] = {**fields, "email": f"info@company{len(found)}.example"}
    return found


def crawl(network: Any, clock: Clock, companies: dict[str, Any], *, saving: bool) -> Crawler:
    names = [company["name"] for company in companies.values()]
    accounts = [Account(network.member(crawler), names[n :: len(CRAWLERS)]) for n, crawler in enumerate(CRAWLERS)]
    crawler = Crawler(clock, accounts, saving)
    crawler.crawl(DAYS)
    return crawler


def test_a_crawler_that_saves_nothing_gets_the_quota_of_unsaved_cards_and_no_more(
    new_network: Callable[..., Any], clock: Clock
) -> None:
    network, companies = new_network(CARNET_LIMITS="on", **SMALL), real_companies(150)
    network.load(**companies, **CRAWLERS)
    crawler = crawl(network, clock, companies, saving=False)
    most = {0: 3, 1: 3, 2: 10, 3: 10, 4: 10}  # the first two days as a newcomer
    for day in range(DAYS):
        assert 0 < crawler.per_day[day] <= most[day] * len(CRAWLERS), crawler.per_day
    assert sum(crawler.per_day.values()) >= 0.9 * sum(most.values()) * len(CRAWLERS) - len(CRAWLERS)
    assert crawler.refused["quota_reached"] > 0
    assert {kind for (kind,) in network.sql("SELECT kind FROM signals")} == {"unsaved_reveals"}


def test_a_crawler_that_saves_everything_gets_the_larger_one(new_network: Callable[..., Any], clock: Clock) -> None:
    network, companies = new_network(CARNET_LIMITS="on", **SMALL), real_companies(150)
    network.load(**companies, **CRAWLERS)
    crawler = crawl(network, clock, companies, saving=True)
    for day in range(DAYS - 1):
        assert 0 < crawler.per_day[day] <= 12 * len(CRAWLERS), crawler.per_day
    assert crawler.refused["quota_reached"] > 0


def test_a_newcomer_who_brings_in_300_vendors_in_a_day_meets_no_limit_and_gives_no_signal(
    new_network: Callable[..., Any], clock: Clock
) -> None:
    network, companies = new_network(CARNET_LIMITS="on"), real_companies(300)
    network.load(**companies, newcomer="Nouvelle Entreprise inc.")
    newcomer = network.member("newcomer")
    for name in sorted(company["name"] for company in companies.values()):  # as they stood in the old list
        for typed in (name[:3], name):
            clock.moves(seconds=15)
            suggestions = newcomer.types(typed).ok()["suggestions"]
        (suggestion,) = [found["suggestion"] for found in suggestions if found["name"] == name]
        shown = newcomer.ask("POST", "/v1/reveals", {"suggestion": suggestion}).ok()
        clock.moves(seconds=60)
        newcomer.ask("POST", "/v1/contacts", {"relation": "vendor", "link": shown["link"]}).ok()
    assert network.sql("SELECT count(DISTINCT linked_company_id) FROM contacts") == [(300,)]
    assert network.sql("SELECT kind FROM signals") == []
