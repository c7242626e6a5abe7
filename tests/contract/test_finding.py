"""What a typed text proposes, tier by tier, and the order that tiers, places and ranks give.

An engine only proposes, but what it leaves out nobody gets to see: so the order counts where there is little room.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.lookup import candidates
from directory.ports import Near, Reach
from indexer.engines.port import Engine, Tombstone
from mappings.folding import fold
from mappings.reading import read
from tests.contract.conftest import document, open_engine, serve_companies

COMPANIES = {
    "exact": {"name": "Hammer & Nails inc."},
    "start": {"name": "Hammer and Nails Supplies Ltd."},
    "run": {"name": "Royal Hammer et Nails"},
    "words": {"name": "Nails Wholesale and Hammers"},
    "joined": {"name": "Hammerandnailsmart"},
    "typo": {"name": "Hammer and Nayls"},
    "other": {"name": "Zebra Design", "other_names": ["Fit Lab", "Conditionnement Éclair"]},
    "digits": {"name": "9123-4567 Québec inc."},
    "near-digits": {"name": "9124-4567 Québec inc."},
    "elided": {"name": "L'Oréal Canada"},
    "dotted": {"name": "S.E.N.C. Tremblay"},
    "japanese": {"name": "株式会社トヨタ"},
    "long": {"name": "Association of the Friends of the Library of the City"},
}


@pytest.fixture(scope="module")
def found_in(kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine with COMPANIES in region ca, and hidden ones of the same ids and an X, which must never be proposed."""
    with open_engine(kind, tmp_path_factory.mktemp("index") / "index", request) as opened:
        visible = [document(company_id, **row) for company_id, row in COMPANIES.items()]
        serve_companies(opened, "ca", [*visible, *(Tombstone(f"{company_id}-X", 9) for company_id in COMPANIES)])
        yield opened


def finds(engine: Engine, text: str, limit: int = 25) -> list[str]:
    return engine.propose("ca", read(text), Near(), limit)


def test_the_better_tiers_come_where_there_is_no_room_for_all(found_in: Engine) -> None:
    tiers = ["exact", "start", "run", "words", "joined", "typo"]
    for room in range(1, len(tiers)):
        assert set(finds(found_in, "hammer and nails", room)) == set(tiers[:room])
    assert set(finds(found_in, "hammer and nails")) == set(tiers)


def test_only_the_best_tiers_come_where_there_is_little_room(found_in: Engine) -> None:
    assert finds(found_in, "hammer and nails", limit=2) == ["exact", "start"]


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("fit lab", "other"),
        ("fitlab", "other"),
        ("conditionnement ecl", "other"),
        ("eclair", "other"),
        ("loreal", "elided"),
        ("oreal", "elided"),
        ("senc trem", "dotted"),
        ("tremb", "dotted"),
        ("株式会社トヨ", "japanese"),
        ("library of the city", "long"),
        ("associationofthefriendsofthelibrary", "long"),
    ],
)
def test_every_way_of_writing_a_name_finds_it(found_in: Engine, text: str, company: str) -> None:
    assert company in finds(found_in, text)


@pytest.mark.parametrize("text", ["hammre and nails", "hamer and nails", "hammmer and nails", "hummer and nails"])
def test_a_swapped_missing_extra_or_wrong_letter_is_forgiven(found_in: Engine, text: str) -> None:
    assert {"exact", "start"} <= set(finds(found_in, text))


@pytest.mark.parametrize("at", range(1, 30))
def test_a_missing_letter_is_forgiven_wherever_it_is(found_in: Engine, at: int) -> None:
    name = "association of the friends of the library"
    assert "long" in finds(found_in, name[:at] + name[at + 1 :])


def test_every_start_of_a_name_finds_it(found_in: Engine) -> None:
    for company_id, row in COMPANIES.items():
        name = str(row["name"])
        for length in range(1, len(name) + 1):
            if not read(name[:length]).blank:
                assert company_id in finds(found_in, name[:length]), name[:length]


def test_what_fits_nothing_finds_nothing(found_in: Engine) -> None:
    assert finds(found_in, "qqqq zzzz") == []


def test_the_popular_come_first_in_a_tier_then_by_name(engine: Engine) -> None:
    serve_companies(
        engine,
        "ca",
        [
            document("later", "Atlas Zinc"),
            document("sooner", "Atlas Beton"),
            document("popular", "Atlas Zinc et Fer Blanc", popularity=3),
        ],
    )
    assert finds(engine, "atlas", limit=3) == ["popular", "sooner", "later"]
    assert finds(engine, "atlas", limit=1) == ["popular"]


def test_what_was_written_last_stands_in_the_same_order(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [document(f"c{n}", f"Atlas Number{n:02}") for n in range(30)])
    engine.write(build, [document("popular", "Atlas Zinc", popularity=9)], refresh=True)
    assert finds(engine, "a", limit=1) == ["popular"]
    assert finds(engine, "atlas", limit=3) == ["popular", "c0", "c1"]


def test_within_a_tier_the_own_city_comes_first_then_the_own_province(engine: Engine) -> None:
    items = [document(f"far{n}", f"Atlas Far{n:02}", popularity=9) for n in range(40)]
    items += [
        document("province", "Atlas Zinc", city="Québec", province="QC"),
        document("city", "Atlas Zinc", city="Longueuil", province="QC"),
        document("namesake", "Atlas Zinc", city="Longueuil", province="ON"),
        document("exact", "Atlas", city="Vancouver", province="BC"),
    ]
    serve_companies(engine, "ca", items)
    near = Near(city="longueuil", province="qc")
    assert engine.propose("ca", read("atlas"), near, 3) == ["exact", "city", "province"]
    assert engine.propose("ca", read("atlas z"), Near(city="longueuil"), 1)[0] in ("city", "namesake")
    assert engine.propose("ca", read("atlas"), Near(province="bc"), 2) == ["exact", "far0"]


NASTY = st.one_of(
    st.text(max_size=256),
    st.text(alphabet=st.characters(categories=["Cs", "Cc", "Mn", "So", "Sk"]), max_size=256),
    st.sampled_from(['"', "*", "\\", "note:secret", "{}", "AND", "a*", "((((", "\ud800", "👩‍👩‍👧", "ﷺ" * 256, "a" * 256])
    .flatmap(lambda piece: st.integers(1, 40).map(lambda n: (piece * n)[:256])),
    st.lists(st.sampled_from(["hammer", "and", "nails", "9123", "l'", "&", "inc", "👍", "\ud83d"]), max_size=12).map(" ".join),
)  # fmt: skip


@given(text=NASTY, city=NASTY, province=st.sampled_from(["", "qc"]))
@example(text="\ud800hammer", city="\udfff", province="qc")
@example(text="hammer " * 36, city="", province="")
@example(text="saint", city="", province="")
@settings(max_examples=150, deadline=None)
def test_no_text_makes_a_look_up_fail_or_finds_a_hidden_company(
    found_in: Engine, text: str, city: str, province: str
) -> None:
    typed = read(text)
    for reach in Reach if not typed.blank else ():
        found = found_in.propose("ca", typed, Near(fold(city).joined, province), 25, reach=reach)
        assert set(found) <= set(COMPANIES)


def test_a_typo_in_a_crowd_of_names_that_begin_alike_is_forgiven_to_the_last_letter_of_the_legal_form(
    engine: Engine,
) -> None:
    crowd = [document(f"c{n}", f"Les Industries {chr(97 + n % 26)}{chr(97 + n // 26)}tra inc.") for n in range(200)]
    serve_companies(engine, "ca", [*crowd, document("meant", "Les Industries Flexpipe inc.")])
    text = "les industriies flexpipe inc."
    lost = [text[:n] for n in range(len("les industriies flex"), len(text) + 1) if not is_proposed(engine, text[:n])]
    assert lost == []


def test_of_many_names_a_typo_away_those_that_begin_alike_for_longest_are_proposed(engine: Engine) -> None:
    crowd = [document(f"c{n}", f"B{chr(97 + n % 26)}tfarm {n:02}") for n in range(60)]
    half = [document(f"half{n}", f"Bitaarm {n:02}") for n in range(25)]
    serve_companies(engine, "ca", [*crowd, *half, document("quarter", "Bitfazm")])
    found = finds(engine, "bitfarm", limit=9)
    assert "quarter" in found
    assert any(one.startswith("half") for one in found)


@pytest.mark.parametrize("why", [{"city": "Longueuil", "province": "QC"}, {"popularity": 6}])
def test_of_many_names_a_typo_away_the_near_and_the_well_known_are_proposed(
    engine: Engine, why: dict[str, Any]
) -> None:
    crowd = [document(f"c{n}", f"Bitfar{chr(97 + n)} {n:02}") for n in range(26) if chr(97 + n) != "m"]
    serve_companies(engine, "ca", [*crowd, document("meant", "Bqtfarm", **why)])
    assert "meant" in engine.propose("ca", read("bitfarm"), Near(city="longueuil", province="qc"), 9)


def test_two_typos_are_forgiven_where_dozens_of_names_begin_with_one_of_them(engine: Engine) -> None:
    crowd = [document(f"c{n}", f"Maplewood Ia{n:02}") for n in range(40)]
    serve_companies(engine, "ca", [*crowd, document("meant", "Maplewood Industries")])
    typed = read("maplewodinudstries")
    assert "meant" in engine.propose("ca", typed, Near(), candidates(Reach.FAR), reach=Reach.FAR)


@pytest.mark.parametrize(
    "text", ["xyzzyqv gagnon lemieux", "xyzzyqv gagnon lemieux ", "xyzzyqv gagnon lemie", "xyzzyqv lemieux"]
)
def test_of_many_names_with_one_of_the_telling_words_those_with_two_are_proposed(engine: Engine, text: str) -> None:
    crowd = [document(f"{word}{n}", f"{word} {n:02}") for word in ("Gagnon", "Lemieux") for n in range(70)]
    meant = document("meant", "Lemieux Notaires Xyzzyqv" if "gagnon" not in text else "Lemieux Notaires Gagnon")
    serve_companies(engine, "ca", [*crowd, meant])
    assert "meant" in engine.propose("ca", read(text), Near(), candidates(Reach.FAR), reach=Reach.FAR)


@pytest.mark.parametrize("text", ["groupe direct supply", "the direct supply"])
def test_a_whole_name_behind_a_common_word_is_proposed_where_a_crowd_has_its_other_words(
    engine: Engine, text: str
) -> None:
    crowd = [document(f"c{n}", f"Alba Direct {n:02} Supply") for n in range(99)]
    serve_companies(engine, "ca", [*crowd, document("meant", "Direct Supply inc.")])
    assert "meant" in engine.propose("ca", read(text), Near(), candidates(Reach.FAR), reach=Reach.FAR)


@pytest.mark.parametrize("text", ["groupe metal trading", "the metal trading", "metal trading canada"])
def test_a_name_of_common_words_alone_is_proposed_with_more_than_it_says(engine: Engine, text: str) -> None:
    serve_companies(engine, "ca", [document("meant", "Metal Trading Ltd.")])
    assert is_proposed(engine, text)


def is_proposed(engine: Engine, text: str) -> bool:
    """Whether the company is proposed, by the first question or, where nothing fits, by a further one."""
    return any("meant" in engine.propose("ca", read(text), Near(), 24, reach=reach) for reach in Reach)
