"""The workshop's own sums: sessions, scores, and whether a difference is more than luck."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from carnet.demo import sample
from carnet.files import BadFile
from carnet.tuning import compare, runs, sessions
from carnet.tuning.corpus import built, read_companies
from carnet.tuning.exports import alike, to_qrels, to_query_set, to_search_relevance
from carnet.tuning.reference import references
from carnet.tuning.runs import as_json
from carnet.tuning.scoring import KEYS, play, score
from carnet.tuning.sessions import ABSENT, Session, draw
from carnet.tuning.styles import STYLES, Named, core, reading
from carnet.tuning.tables import every_measure, every_measure_in, summaries
from mappings.reading import read

COMPANIES = [
    Named("1", "Bitfarms Ltd."),
    Named("2", "Val-d'Or Mining Corporation"),
    Named("3", "Équipement Jet & Fils inc.", ("Jet Equipment",)),
    Named("4", "9123-4567 Québec inc."),
    Named("5", "AC"),
]


@pytest.mark.parametrize(
    ("style", "name", "text"),
    [
        ("clean", "Bitfarms Ltd.", "Bitfarms"),
        ("plain", "Équipement Jet inc.", "equipement jet"),
        ("legal", "Bitfarms Ltd.", "bitfarms ltd."),
        ("second_word", "Royal Hammer Co", "hammer"),
        ("joined", "Fit Lab Center", "fitlab center"),
        ("no_punctuation", "Val-d'Or Mining", "valdor mining"),
        ("and", "Hammer & Nails Ltd.", "hammer and nails"),
        ("and", "Marteau et Clous inc.", "marteau & clous"),
        ("swapped_words", "Hammer Royal Supplies", "royal hammer supplies"),
        ("acronym", "International Business Machines", "ibm"),
        ("acronym", "Société des alcools du Québec", "sdadq"),
        ("acronym_said", "Société des alcools du Québec", "saq"),
        ("short", "AC Ltd.", "AC"),
    ],
)
def test_a_style_types_a_name_in_its_way(style: str, name: str, text: str) -> None:
    assert STYLES[style](Named("x", name), random.Random(1)) == text


@pytest.mark.parametrize("style", ["typo", "two_typos", "first_letter", "split"])
def test_a_style_that_errs_never_types_the_name_itself(style: str) -> None:
    for seed in range(50):
        text = STYLES[style](Named("x", "Quincaillerie Tremblay"), random.Random(seed))
        assert text
        assert text != "quincaillerie tremblay"


@pytest.mark.parametrize("style", [style for style in STYLES if style not in ("clean", "short")])
def test_a_style_that_a_name_gives_no_cause_for_types_nothing(style: str) -> None:
    assert STYLES[style](Named("x", "Bob"), random.Random(1)) == ""


@pytest.mark.parametrize(
    ("name", "other", "bilingual"),
    [
        ("Laurentian Bank of Canada", "Banque Laurentienne", True),
        ("Groupe Isolofoam inc.", "Isolofoam Group", True),
        ("Дикси", "Dixy", True),
        ("Bitfarms Ltd.", "Cryptofarms", False),
        ("Jamieson Holdings of Ontario", "The Fox & Hounds", False),
        ("9123-4567 Québec inc.", "9123 Canada", False),
    ],
)
def test_another_name_is_bilingual_or_a_trading_name(name: str, other: str, bilingual: bool) -> None:
    company = Named("x", name, (other,))
    texts = {tag: STYLES[tag](company, random.Random(1)) for tag in ("bilingual", "trading")}
    assert [tag for tag, text in texts.items() if text] == ["bilingual" if bilingual else "trading"]


def test_the_same_seed_draws_the_same_sessions() -> None:
    assert draw(COMPANIES, 3, seed=4) == draw(COMPANIES, 3, seed=4)


def test_a_name_that_is_all_legal_form_keeps_it() -> None:
    assert core("Inc.") == "Inc"
    assert reading("Hammer & Nails Ltd.") == reading("HAMMER AND NAILS")


def test_a_session_is_over_when_its_company_is_among_the_first_five() -> None:
    answers = {"b": [], "bi": ["a", "b", "c", "d", "e", "bitfarms"], "bit": ["a", "bitfarms"]}
    one = play(lambda text: answers[text], Session("clean", "bit", "1", "Bitfarms Ltd."))
    assert one.needed == 3
    assert one.ranks[KEYS.index(2)] == 6
    assert one.ranks[-1] == 2
    assert one.empty == pytest.approx(1 / 3)


def test_after_its_last_key_a_text_stays_as_it_is() -> None:
    one = play(lambda _text: ["bitfarms"], Session("clean", "bit", "1", "Bitfarms"))
    assert set(one.ranks) == {1}


def test_scores_are_means_over_sessions_and_a_company_never_reached_saves_nothing() -> None:
    found, lost = (
        play(lambda text, at=at: ["bitfarms"] if len(text) >= at else [], Session("clean", "bitfarms", "1", "Bitfarms"))
        for at in (2, 99)
    )
    row = score([found, lost])[0]
    assert row.saved == pytest.approx((1 - 2 / 8) / 2)
    assert row.success[1][-1] == 0.5
    assert row.mrr[-1] == 0.5
    assert row.needed == 5


def test_something_offered_for_a_company_that_is_not_there_is_a_false_positive() -> None:
    made_up = play(lambda _text: ["somebody"], Session(ABSENT, "nobody", "", "Nobody"))
    assert score([made_up])[0].false_positives == 1


def test_two_equal_runs_differ_by_nothing_but_luck() -> None:
    assert compare.difference("clean", [0.5] * 40, [0.5] * 40).p == 1


def test_a_difference_in_every_session_is_no_luck_and_one_in_a_few_may_be() -> None:
    sure = compare.difference("clean", [0.5] * 40, [0.6] * 40)
    assert (sure.wins, sure.losses) == (40, 0)
    assert sure.p < 0.01
    assert compare.difference("clean", [0.5] * 40, [0.6, 0.4, 0.6] + [0.5] * 37).p > 0.5


def test_a_list_can_be_taken_elsewhere() -> None:
    listed = [Session("typo", "bit farms", "1", "Bitfarms"), Session(ABSENT, "nobody", "", "Nobody")]
    assert list(to_qrels(listed)) == ["typo:bit_farms 0 1 1"]
    exported = json.loads(to_search_relevance(listed, "mine"))
    assert exported["judgmentRatings"] == [{"query": "bit farms", "ratings": [{"docId": "1", "rating": "1.0"}]}]


def test_companies_that_read_the_same_are_as_good_an_answer_as_the_one_that_is_meant() -> None:
    listed = [Session("typo", "bit farms", "1"), Session("mine", "elsewhere", "9"), Session("typo", "bit farms", "6")]
    same = alike([*COMPANIES, Named("6", "BITFARMS INC.")])
    assert list(to_qrels(listed, same)) == [
        "typo:bit_farms 0 1 1",
        "typo:bit_farms 0 6 1",
        "mine:elsewhere 0 9 1",
    ]
    (first, _) = json.loads(to_search_relevance(listed, "mine", same))["judgmentRatings"]
    assert [one["docId"] for one in first["ratings"]] == ["1", "6"]


def test_a_workbench_takes_every_text_of_a_list_and_finds_the_same_by_it() -> None:
    text = 'a "b" <c>\\d: #1'
    listed = [Session("clean", text, "1", "A B C D 1")]
    (rated,) = json.loads(to_search_relevance(listed, "a list" * 20))["judgmentRatings"]
    (asked,) = json.loads(to_query_set(listed, "mine"))["querySetQueries"]
    assert rated["query"] == asked["queryText"] == "a b c d 1"
    assert read(asked["queryText"]) == read(text)
    assert len(json.loads(to_search_relevance(listed, "a list" * 20))["name"]) == 50


def test_a_line_of_qrels_has_four_fields_whatever_was_typed() -> None:
    (line,) = to_qrels([Session("clean", "a\u00a0b\tc", "id 1", "A B C")])
    assert line.split() == ["clean:a_b_c", "0", "id_1", "1"]


def test_a_run_is_shown_by_every_measure_after_every_number_of_keys_beside_the_reference() -> None:
    session = Session("clean", "bitfarms", "1", "Bitfarms Ltd.")
    wanted = [session, Session("split", "bit farms", "1", "Bitfarms Ltd.")]
    played = [play(lambda text: ["bitfarms"] if len(text) > 3 else [], one) for one in wanted]
    reference = references([company.name for company in COMPANIES], wanted)
    assert list(reference) == ["clean"]
    run = as_json(played, name="mine", fingerprint="", engine="embedded", companies=5, reference=reference)
    tables = list(every_measure(run))
    assert [table.title.split(" after")[0] for table in tables] == [
        "mine: Success@1",
        "mine: Success@3",
        "mine: Success@5",
        "mine: Success@8",
        "mine: MRR",
    ]
    for narrow in (*summaries(run)[1:], *(narrow for _, narrow in every_measure_in(run))):
        assert Console(width=200).measure(narrow).maximum <= 80
    for table in tables:
        assert [column.header for column in table.columns] == ["tag", "2", "3", "4", "6", "8", "12", "24", "all"]
        rows = list(zip(*(column.cells for column in table.columns), strict=True))
        assert rows[0] == ("clean", "0.000", "0.000", *["1.000"] * 6)
        assert [row[0] for row in rows] == ["clean", *["  reference"] * ("@5" in table.title), "split"]


def test_the_reference_shares_the_first_five_places_among_all_that_fit() -> None:
    names = [f"Bit {letter}" for letter in "abcdefghij"]
    (chances,) = references(names, [Session("clean", "Bit a", "1", "Bit a")]).values()
    assert chances[:2] == [0.5, 0.5]
    assert chances[-1] == 1


def test_every_kind_of_session_has_its_tag() -> None:
    eight = {"clean", "plain", "legal", "typo", "second_word", "joined", "no_punctuation", "and"}
    further = {"split", "swapped_words", "first_letter", "two_typos", "acronym", "bilingual", "trading", "quebec_forms"}
    assert set(STYLES) == eight | further | {"numbered", "short", "acronym_said"}


def test_a_session_says_from_where_it_is_typed_and_a_file_who_is_known(tmp_path: Path) -> None:
    rows = "".join(f"{n},ca,Atlas Number{n:02},Toronto,ON,{300 if n == 40 else 0}\n" for n in range(60))
    path = tmp_path / "companies.csv"
    path.write_text(f"id,region,name,city,province,connected\n{rows}near,ca,Atlas Zinc,Québec,P.Q.,\n", "utf-8")
    listed = tmp_path / "sessions.jsonl"
    meant = {"tag": "near", "target": "near", "name": "Atlas Zinc"}
    listed.write_text(
        json.dumps({**meant, "text": "atlas"})
        + "\n"
        + json.dumps({**meant, "text": "atlas", "city": "Quebec", "province": "QC"})
    )
    anywhere, near = sessions.read(listed)
    with built(read_companies(path, None)) as corpus:
        assert corpus.search_for(anywhere)("atlas")[0] == "atlas number40"
        assert "atlas zinc" not in corpus.search_for(anywhere)("atlas")
        assert corpus.search_for(near)("atlas")[:2] == ["atlas zinc", "atlas number40"]
    assert anywhere.id != near.id
    sessions.write(listed, [anywhere, near])
    assert list(sessions.read(listed)) == [anywhere, near]


MEANT = {"tag": "mine", "text": "bitf", "target": "1"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({**MEANT, "text": ""}, "nothing is typed"),
        ({**MEANT, "text": "  "}, "nothing is typed"),
        ({**MEANT, "text": 5}, '"text" must be a text'),
        ({**MEANT, "note": "z"}, 'there is no "note": there are tag, text, target, name, city, province'),
        ({"text": "bitf", "target": "1"}, '"tag" is missing'),
        ({"tag": "mine", "target": "1"}, '"text" is missing'),
        ({"tag": "mine", "text": "bitf"}, '"target" is missing'),
        ({**MEANT, "target": "7"}, '"7" is the id of no company that is measured'),
        ('{"tag": "mine", "text": "bitf"', "no JSON"),
        ('["mine"]', "not a JSON object"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_a_line_that_is_no_session_is_refused_with_its_file_and_number(tmp_path: Path, line: Any, said: str) -> None:
    listed = tmp_path / "sessions.jsonl"
    wrong = line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
    listed.write_bytes(json.dumps(MEANT).encode() + b"\n \n" + wrong + b"\n")
    with pytest.raises(BadFile, match=f"{re.escape(f'{listed}, line 3: ')}.*{re.escape(said)}"):
        list(sessions.of_companies(listed, {company.id: company for company in COMPANIES}))


def test_a_session_is_judged_by_the_name_that_its_company_has_in_the_file(tmp_path: Path) -> None:
    listed = tmp_path / "sessions.jsonl"
    absent = {"tag": ABSENT, "text": "nobody", "name": "Nobody"}
    listed.write_text("\n".join(json.dumps(one) for one in (MEANT, {**MEANT, "name": "Bit Farm"}, absent)))
    found = sessions.of_companies(listed, {company.id: company for company in COMPANIES})
    assert [session.name for session in found] == ["Bitfarms Ltd.", "Bitfarms Ltd.", "Nobody"]


def test_the_bundled_list_means_companies_of_the_bundled_sample_by_their_names() -> None:
    companies = {company.id: company for company in read_companies(sample())}
    listed = list(sessions.read(sessions.bundled()))
    assert list(sessions.of_companies(sessions.bundled(), companies)) == listed


def test_of_companies_with_one_id_the_last_counts_and_a_line_without_one_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "companies.jsonl"
    path.write_text('{"id": "1", "name": "Un"}\n{"name": "Personne"}\n{"id": "1", "name": "Deux"}\n')
    assert [company.name for company in read_companies(path)] == ["Deux"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sessions": 5}', '{"tag": "a"}\n{"tag": "b"}', b"\xff"])
def test_what_no_run_has_written_is_not_taken_for_one(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadFile, match=r"run\.json is no run of"):
        runs.read(path)


def test_a_numbered_company_may_be_written_in_capitals() -> None:
    assert re.fullmatch(
        r"9123[- ]?4567 quebec", STYLES["numbered"](Named("x", "9123-4567 QUÉBEC INC."), random.Random(1))
    )
