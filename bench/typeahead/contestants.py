"""Everybody who is asked: each a function from a keystroke to its answer, over connections that are kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from api.bearer import issue
from bench.typeahead.building import SUBJECT
from bench.typeahead.documented import question
from bench.typeahead.filling import REGION
from bench.typeahead.keystrokes import Keystroke, near
from bench.typeahead.place import BARE, COMPLETION, EMBEDDED, KEY, SERVICES, TRIGRAM, Place
from bench.typeahead.servers import Server, carnet, documented
from carnet.listening import Listening
from carnet.settings import read_settings
from carnet.stores import open_engine, open_records
from carnet.tuning.styles import Named
from directory.errors import Unavailable
from directory.lookup import MOST_SUGGESTIONS, typeahead
from directory.ports import Reach
from directory.typing_on import Proposals, TypingOn
from indexer.lease import held
from indexer.upkeep import POPULARITY
from mappings.reading import read
from tests.services import addresses
from tests.services.own import own_redis

Ask = Callable[[Keystroke], object]
FLOOR, SAYT, SUGGESTER, TRIGRAMS = "empty _search", "search_as_you_type", "completion, fuzzy", "pg_trgm"
ENGINE, EMBEDDED_ENGINE = "Carnet, OpenSearch call", "Carnet, embedded call"
ROUTE, HTTP, EMBEDDED_HTTP = "documented route", "Carnet, OpenSearch, HTTP", "Carnet, embedded, HTTP"
PG_TRGM_MOST = 60  # keystrokes a round: most of them take a tenth of a second and more


@dataclass(frozen=True)
class Contestant:
    """`most`: how many keystrokes of a round it is asked, None for all. `server`: where the answer is a whole HTTP one.
    `prepare`: called before the clock runs.
    """

    name: str
    ask: Ask
    most: int | None = None
    server: Server | None = None
    headers: Callable[[Keystroke], dict[str, str]] = lambda _keystroke: {}
    prepare: Callable[[Sequence[Keystroke]], None] = lambda _keystrokes: None


@contextmanager
def everybody(place: Place, only: Sequence[str]) -> Iterator[list[Contestant]]:
    """Those whose names contain one of `only` (all, where it is empty), open until the block ends."""
    members, _ = place.members_and_pool()
    built = place.done()
    wanted = lambda name: not only or any(part in name for part in only)  # noqa: E731
    with ExitStack() as opened:
        made: dict[str, tuple[str, Callable[[], Contestant]]] = {
            FLOOR: (BARE, lambda: _empty(place)),
            SAYT: (BARE, lambda: _search_as_you_type(place)),
            SUGGESTER: (COMPLETION, lambda: _completion(place)),
            TRIGRAMS: (TRIGRAM, lambda: _trigrams(place, opened)),
            ENGINE: (SERVICES, lambda: _engine(ENGINE, place.on_services(), members, opened)),
            EMBEDDED_ENGINE: (EMBEDDED, lambda: _engine(EMBEDDED_ENGINE, place.embedded(), members, opened)),
            ROUTE: (BARE, lambda: _http(ROUTE, opened.enter_context(_documented(place)), [])),
            HTTP: (SERVICES, lambda: _http(HTTP, opened.enter_context(_carnet(_with_redis(place, opened))), members)),
            EMBEDDED_HTTP: (
                EMBEDDED,
                lambda: _http(EMBEDDED_HTTP, opened.enter_context(_carnet(place.embedded())), members),
            ),
        }
        yield [make() for name, (needed, make) in made.items() if wanted(name) and needed in built]


@contextmanager
def _carnet(environment: Mapping[str, str]) -> Iterator[Server]:
    """A server that leaves companies on the steps they were given: it would reckon them from links, of which there are
    none here, and write an eighth of all companies again while it is measured.
    """
    with (
        closing(open_records(read_settings(environment))) as records,
        held(records, POPULARITY),
        carnet(environment) as server,
    ):
        yield server


def _documented(place: Place) -> AbstractContextManager[Server]:
    return documented(addresses().search_url, place.prefix + BARE)


def _with_redis(place: Place, opened: ExitStack) -> dict[str, str]:
    return {**place.on_services(), "CARNET_REDIS_URL": opened.enter_context(own_redis(addresses().redis_url))}


def _empty(place: Place) -> Contestant:
    body = {"size": 0, "track_total_hits": False}
    return Contestant(FLOOR, lambda _: place.client.search(index=place.prefix + BARE, body=body))


def _search_as_you_type(place: Place) -> Contestant:
    return Contestant(SAYT, lambda key: place.client.search(index=place.prefix + BARE, body=question(key.text)))


def _completion(place: Place) -> Contestant:
    def ask(key: Keystroke) -> object:
        wanted = {"field": "name", "size": MOST_SUGGESTIONS, "skip_duplicates": True, "fuzzy": {"fuzziness": "AUTO"}}
        body = {"_source": False, "suggest": {"name": {"prefix": key.text, "completion": wanted}}}
        return place.client.search(index=place.prefix + COMPLETION, body=body)

    return Contestant(SUGGESTER, ask)


def _trigrams(place: Place, opened: ExitStack) -> Contestant:
    connection = opened.enter_context(place.trigrams())

    def ask(key: Keystroke) -> object:
        query = "SELECT id FROM names ORDER BY %s <<-> name LIMIT %s"
        return connection.execute(query, (key.text, MOST_SUGGESTIONS), prepare=True).fetchall()

    return Contestant(TRIGRAMS, ask, most=PG_TRGM_MOST)


def _engine(name: str, environment: dict[str, str], members: Sequence[Named], opened: ExitStack) -> Contestant:
    """What a look-up asks of the engine, from the text to the ids: further questions counted in, where a whole look-up asks
    any, and none where what was proposed some letters ago holds all that fits. Whether it asks further is found by names,
    which is no part of the call, so it is found beforehand.
    """
    settings = read_settings(environment)
    engine, records = open_engine(settings), open_records(settings)
    opened.callback(engine.close)
    opened.callback(records.close)
    askers: list[Any] = [
        SimpleNamespace(company_id=one.id, region=REGION, city=one.city, province=one.province) for one in members
    ]
    places = [near(member) for member in members]
    further: dict[Keystroke, list[Reach]] = {}
    typing_on = TypingOn()

    def prepare(keystrokes: Sequence[Keystroke]) -> None:
        nonlocal typing_on
        for key in keystrokes:
            listening = Listening(engine)
            with suppress(Unavailable):
                typeahead(records, listening, askers[key.member], key.text)
            further[key] = [reach for reach, _ in listening.answers[1:]]
        typing_on = TypingOn()

    def ask(key: Keystroke) -> object:
        typed, place, found = read(key.text), places[key.member], list[str]()
        if not typed.blank:
            proposals = Proposals(typing_on, engine, key.member, REGION, typed, place)
            for reach in (Reach.NEAR, *further.get(key, ())):
                found = proposals.propose(reach)
        return found

    return Contestant(name, ask, prepare=prepare)


def _http(name: str, server: Server, members: Sequence[Named]) -> Contestant:
    headers = [{"Authorization": f"Bearer {_token(member)}", "Accept-Language": "en"} for member in members]

    def sent(key: Keystroke) -> dict[str, str]:
        return headers[key.member] if headers else {}

    connection = server.connect()
    return Contestant(
        name,
        lambda key: server.ask(connection, key.text, sent(key)),
        server=server,
        headers=sent,
        prepare=lambda _: connection.close(),  # the server may have, while others had their turn
    )


def _token(member: Named) -> str:
    said = {"subject": SUBJECT, "company": member.id, "scope": "network", "issuer": "carnet", "audience": "carnet"}
    return issue(KEY, **said, life_s=86_400)
