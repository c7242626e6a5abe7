"""Finding a company while typing, over HTTP: who is found by whom, and what is said about them."""

from typing import Any

import pytest


def test_a_suggestion_says_the_name_what_fits_and_where_and_no_more(network: Any) -> None:
    answer = network.member("tremblay").types("bitf").ok()
    (found,) = answer["suggestions"]
    assert answer == {"suggestions": [found], "unverified": True}
    assert found == {
        "suggestion": found["suggestion"],
        "name": "Bitfarms Ltd.",
        "matched": [[0, 4]],
        "city": "Toronto",
        "province": "ON",
    }


def test_where_another_name_fits_both_names_are_said(network: Any) -> None:
    (found,) = network.member("tremblay").types("backb").ok()["suggestions"]
    assert (found["name"], found["matched_name"], found["matched"]) == ("Bitfarms Ltd.", "Backbone Hosting", [[0, 5]])


@pytest.mark.parametrize("q", ["b", "bit", "bitfarms", "BITFARMS LTD.", "bitfarms inc", "bitfamrs", "crypto"])
def test_no_contact_data_is_in_any_answer_of_a_look_up(network: Any, q: str) -> None:
    asker = network.member("tremblay")
    card = asker.picks("bitf")["card"]
    answer = asker.types(q)
    assert "Bitfarms Ltd." in answer.text
    for field in ("email", "phone", "website", "street", "postal_code"):
        assert card[field]
        assert card[field] not in answer.text
        assert card[field] not in str(answer.headers)
    assert "5550134" not in answer.text


def test_no_answer_may_be_kept_by_anybody(network: Any) -> None:
    asker = network.member("tremblay")
    for path in ("/v1/typeahead?q=bitf", "/v1/typeahead?q=", "/v1/typeahead", "/v1/company/card", "/v1/contacts"):
        assert asker.ask("GET", path).headers["Cache-Control"] == "no-store", path
    assert network.nobody().types("bitf").headers["Cache-Control"] == "no-store"


def test_ones_own_company_is_not_offered(network: Any) -> None:
    assert network.member("tremblay").finds("trembl") == []
    assert network.member("bitfarms").finds("trembl") == ["Quincaillerie Tremblay ltée"]


def test_a_hidden_company_an_ended_one_one_elsewhere_a_firm_and_an_absent_one_give_the_same_answer(
    network: Any,
) -> None:
    network.load(hidden={"name": "Zephyr Un", "visible": "false"}, ended="Zephyr Deux")
    network.load(
        elsewhere={"name": "Zephyr Trois", "region": "us"}, zfirm={"name": "Zephyr", "kind": "accounting_firm"}
    )
    network.ends("ended")
    asker = network.member("tremblay")
    answers = [asker.types(q) for q in ("zephyr un", "zephyr deux", "zephyr trois", "zephyr", "zephyr quatre")]
    assert {(answer.status, answer.text) for answer in answers} == {(200, answers[-1].text)}
    assert answers[-1].json["suggestions"] == []
    # The same whether the index knows or not.
    network.drain()
    assert {asker.types(q).text for q in ("zephyr un", "zephyr deux", "zephyr trois", "zephyr")} == {answers[-1].text}


def test_a_member_finds_only_members_of_its_own_region(network: Any) -> None:
    assert network.member("ajax").finds("ajax") == []
    assert network.member("ajax").finds("bitf") == []
    assert network.member("tremblay").finds("ajax") == []


@pytest.mark.parametrize(
    "trick", ["&region=us", "&region=*", "&company=ajax", "&limit=8&limit=999", "&visible=false", "&q=ajax"]
)
def test_nothing_in_a_request_moves_the_region_wall(network: Any, trick: str) -> None:
    answer = network.member("tremblay").ask("GET", "/v1/typeahead?q=ajax" + trick)
    assert "Ajax Novelty" not in answer.text
    assert answer.status in (200, 422)


def test_nothing_in_a_header_moves_the_region_wall(network: Any) -> None:
    asker = network.member("tremblay")
    for name, value in {"Carnet-Acting-For": "ajax", "Carnet-Region": "us", "X-Forwarded-For": "1.1.1.1"}.items():
        assert "Ajax Novelty" not in asker.ask("GET", "/v1/typeahead?q=ajax", headers={name: value}).text


def test_a_hidden_company_still_looks_others_up(network: Any) -> None:
    asker = network.member("tremblay")
    asker.turns(visible=False)
    assert asker.finds("bitf") == ["Bitfarms Ltd."]
    assert asker.picks("bitf")["card"]["email"] == "compta@bitfarms.example"


def test_a_company_that_moves_is_found_in_its_new_region_only(network: Any) -> None:
    network.load(bitfarms={"name": "Bitfarms Ltd.", "region": "us"})
    assert network.member("tremblay").finds("bitf") == []
    assert network.member("ajax").finds("bitf") == ["Bitfarms Ltd."]


def test_in_a_tier_the_askers_own_city_comes_first_then_its_province(network: Any) -> None:
    network.load(
        far={"name": "Nordik Aa", "city": "Halifax", "province": "NS"},
        near={"name": "Nordik Bb", "city": "Gatineau", "province": "QC"},
        here={"name": "Nordik Cc", "city": "Longueuil", "province": "QC"},
        exact={"name": "Nordik", "city": "Halifax", "province": "NS"},
    )
    assert network.member("tremblay").finds("nordik") == ["Nordik", "Nordik Cc", "Nordik Bb", "Nordik Aa"]


def test_a_city_is_near_itself_where_cards_have_no_provinces(network: Any) -> None:
    paris = {f"p{n}": {"name": f"Construction Atlas {n:02}", "region": "fr", "city": "Paris"} for n in range(30)}
    network.load(**paris, lyon={"name": "Construction Atlas Zed", "region": "fr", "city": "Lyon"})
    network.load(asks={"name": "Somebody", "region": "fr", "city": "LYON"})
    assert network.member("asks").finds("construction atl")[0] == "Construction Atlas Zed"


@pytest.mark.parametrize(("own", "other"), [("QC", "Québec"), ("Québec", "P.Q."), ("qc", "Province de Québec")])
def test_a_province_is_the_same_however_it_is_written(network: Any, own: str, other: str) -> None:
    network.load(asks={"name": "Somebody", "city": "Montréal", "province": own})
    network.load(**{f"on{n}": {"name": f"Atlas {n:02}", "city": "Toronto", "province": "ON"} for n in range(20)})
    network.load(
        gaspe={"name": "Atlas Yvon", "city": "Gaspé", "province": other},
        here={"name": "Atlas Zed", "city": "montreal", "province": other},
    )
    assert network.member("asks").finds("atlas")[:2] == ["Atlas Zed", "Atlas Yvon"]


def test_the_same_company_stands_first_however_many_are_asked_for(network: Any) -> None:
    network.load(**{f"v{form}": f"Valeo {form}" for form in ("GmbH", "Inc.", "SA", "SAS", "SE")})
    asker = network.member("tremblay")
    for limit in range(1, 9):
        found = asker.ask("GET", f"/v1/typeahead?q=valeo se&limit={limit}").ok()["suggestions"]
        assert found[0]["name"] == "Valeo SE", limit


def test_at_most_so_many_are_shown_as_were_asked_for_and_eight_where_nobody_says(network: Any) -> None:
    network.load(**{f"n{n}": f"Nordik {n:02}" for n in range(20)})
    asker = network.member("tremblay")
    assert len(asker.finds("nordik")) == 8
    assert len(asker.types("nordik", limit=3).ok()["suggestions"]) == 3
    assert asker.types("nordik", limit=1).ok()["suggestions"][0]["name"] == "Nordik 00"


@pytest.mark.parametrize(
    "q",
    [
        "syndicat des copropriétaires du 1258 ch",
        "syndicat copropriétaires du 1258 ch",
        "syndicat des copropriétaires 1258",
        "copropriétaires du 1258 chemin",
        "des copropriétaires du 1258 chem",
        "syndicatdescoproprietairesdu1258ch",
        "syndicat des coproprietaires du1258chemin",
        "sindicat des copropriétaires du 1258 ch",
        "syndicat des coproprietiares du 1258",
        "syndicat des copropriétaires du 1258 chemin chanbly",
    ],
)
def test_of_sixty_names_that_begin_alike_for_long_the_one_is_found_that_goes_on_as_typed(network: Any, q: str) -> None:
    network.load(**{f"n{n}": f"Syndicat des copropriétaires du {1200 + n} chemin Chambly" for n in range(60)})
    assert network.member("tremblay").finds(q)[:1] == ["Syndicat des copropriétaires du 1258 chemin Chambly"]


def test_hidden_companies_take_no_places_from_those_that_may_be_shown(network: Any) -> None:
    network.load(**{f"n{n}": f"Nordik {n:02}" for n in range(20)})
    network.sql("UPDATE companies SET visible = false WHERE id IN ('n0', 'n1', 'n2', 'n3', 'n4', 'n5')")  # and no sync
    assert len(network.member("tremblay").finds("nordik")) == 8


def test_a_renamed_company_is_not_found_by_the_name_that_only_the_index_still_knows(network: Any) -> None:
    network.sql("UPDATE card_versions SET name = 'Autre' WHERE company_id = 'heroux'")
    assert network.member("tremblay").finds("heroux") == []


def test_there_is_no_way_to_list_page_or_count_companies(network: Any) -> None:
    asker = network.member("tremblay")
    for path in ("/v1/typeahead?q=*", "/v1/typeahead?q=%25", "/v1/typeahead?q=_", "/v1/typeahead?q=name:*"):
        assert asker.ask("GET", path).ok()["suggestions"] == [], path
    for path in ("/v1/companies", "/v1/companies/bitfarms", "/v1/company/card?company=bitfarms", "/v1/suggestions"):
        answer = asker.ask("GET", path)
        assert "Bitfarms" not in answer.text, path
    for trick in ("offset=5", "page=2", "after=a", "size=1000"):  # a parameter that does not exist changes nothing
        shown = asker.ask("GET", f"/v1/typeahead?q=bitf&{trick}").ok()["suggestions"]
        assert [found["name"] for found in shown] == ["Bitfarms Ltd."]


@pytest.mark.parametrize("company", ["firm"])
def test_a_firms_own_books_have_no_search_no_card_and_no_visibility(network: Any, company: str) -> None:
    firm = network.member(company)
    for answer in (
        firm.types("bitf"),
        firm.ask("GET", "/v1/company/card"),
        firm.ask("GET", "/v1/company/visibility"),
        firm.ask("PUT", "/v1/company/visibility", {"visible": False}),
        firm.ask("GET", "/v1/contacts"),
        firm.ask("POST", "/v1/contacts", {"relation": "customer", "name": "A"}),
        firm.ask("POST", "/v1/reveals", {"suggestion": "x"}),
    ):
        assert (answer.status, answer.code) == (403, "not_a_member")


def test_an_ended_company_is_told_the_same_on_every_route(network: Any) -> None:
    asker = network.member("tremblay")
    suggestion = asker.suggestion("bitf")
    network.ends("tremblay")
    for answer in (
        asker.types("bitf"),
        asker.ask("POST", "/v1/reveals", {"suggestion": suggestion}),
        asker.ask("GET", "/v1/company/card"),
        asker.ask("PUT", "/v1/company/visibility", {"visible": True}),
        asker.ask("GET", "/v1/contacts"),
    ):
        assert (answer.status, answer.code) == (403, "not_a_member")


def test_a_region_that_is_no_longer_served_has_no_members(new_network: Any) -> None:
    network = new_network(CARNET_REGIONS="ca")
    network.load(tremblay="Quincaillerie Tremblay", bitfarms="Bitfarms")
    network.sql("UPDATE companies SET region = 'us' WHERE id = 'tremblay'")
    assert network.member("tremblay").types("bitf").code == "not_a_member"


def test_a_company_of_a_region_that_is_hidden_by_default_is_found_once_it_says_so(new_network: Any) -> None:
    network = new_network(CARNET_REGIONS="ca,de=off")
    network.load(asker={"name": "Asker", "region": "de"}, nord={"name": "Nord GmbH", "region": "de"})
    asker = network.member("asker")
    assert asker.finds("nord") == []
    network.member("nord").turns(visible=True)
    assert asker.finds("nord") == ["Nord GmbH"]
