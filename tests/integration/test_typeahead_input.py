"""What people and programs type: everything is answered, in order or with a reason."""

from typing import Any
from urllib.parse import quote

import pytest


@pytest.mark.parametrize("q", ["", " ", "\u00a0", "\t\n", "…", "'", "🏭", "\u200b", "%", "*", "---"])
def test_a_blank_text_finds_nothing_and_is_no_error(still_network: Any, q: str) -> None:
    assert still_network.member("tremblay").types(q).ok() == {"suggestions": [], "unverified": True}


@pytest.mark.parametrize(
    "q",
    [
        "bitf\x00", "\x01bitf", "bi\u00adtf", "bitf\u200b", "\u202ebitf", "bitf\u202c", "\u2066bitf\u2069", "\u200fbitf",
        "🏭 bitf 🏭", "BITF", "  bitf  ", "bitf\ufeff", "ｂｉｔｆ", "𝐛𝐢𝐭𝐟", "b\u0301itf", "bitf'", "'bitf", "(bitf)", "bitf!",
        "bitf\\", 'bitf"', "bitf/*",
    ],
    ids=ascii,
)  # fmt: skip
def test_what_cannot_be_seen_or_said_does_no_harm(still_network: Any, q: str) -> None:
    assert still_network.member("tremblay").finds(q) == ["Bitfarms Ltd."]


@pytest.mark.parametrize(
    "raw",
    ["%ff%fe", "%ed%a0%80", "%ed%a0%bd%ed%b0%80bitf", "%c3", "bitf%80", "%00", "%f8%88%80%80%80", "%", "%zz", "+%2B+"],
)
def test_bytes_that_are_no_utf_8_are_answered_and_never_crash(still_network: Any, raw: str) -> None:
    answer = still_network.member("tremblay").ask("GET", f"/v1/typeahead?q={raw}")
    assert answer.status in (200, 422)
    if answer.status == 200:
        assert set(answer.json) == {"suggestions", "unverified"}


@pytest.mark.parametrize(
    "q", ["שלום", "مرحبا بالعالم", "\u202eabc", "ひらがな", "한국", "ไทย", "कंपनी", "a\u0300" * 100, "ﷺ" * 40, "İ", "ß"]
)
def test_every_script_is_answered(still_network: Any, q: str) -> None:
    assert still_network.member("tremblay").types(q).status == 200


def test_names_in_every_script_are_found(network: Any) -> None:
    names = [
        "شركة النور",
        "חברת האור",
        "日本電信電話株式会社",
        "ООО Ромашка",
        "कंपनी भारत",
        "บริษัท ไทย",
        "Ελλάς",
        "🏭 Usine 𝒜",
    ]
    network.load(**{f"s{n}": name for n, name in enumerate(names)})
    asker = network.member("tremblay")
    for name in names:
        assert asker.finds(name) == [name]
        assert asker.finds(name.split()[0][:3] if name[0] != "🏭" else "usi") == [name]


def test_a_text_of_256_characters_is_answered_and_one_of_257_refused(still_network: Any) -> None:
    asker = still_network.member("tremblay")
    assert asker.types("é" * 256).status == 200
    answer = asker.types("é" * 257)
    assert (answer.status, answer.code) == (422, "invalid")
    assert answer.json["errors"] == {"q": ["At most 256 characters."]}


def test_256_characters_outside_the_basic_plane_are_256_characters(still_network: Any) -> None:
    assert still_network.member("tremblay").types("🏭" * 256).status == 200


def test_a_text_beyond_64_characters_is_cut_not_refused(network: Any) -> None:
    name = "Coopérative de solidarité en habitation des travailleuses et travailleurs de la Montérégie"
    network.load(coop=name)
    assert network.member("tremblay").finds(name) == [name]


@pytest.mark.parametrize("limit", ["0", "9", "-1", "x", "", "1.5", "1e1", "٣x", "99999999999999999999", "NaN", "null"])
def test_a_limit_that_is_no_number_from_1_to_8_is_refused_by_name(still_network: Any, limit: str) -> None:
    answer = still_network.member("tremblay").ask("GET", f"/v1/typeahead?q=bitf&limit={quote(limit)}")
    assert (answer.status, answer.code) == (422, "invalid")
    assert list(answer.json["errors"]) == ["limit"]


def test_a_look_up_without_a_text_says_what_is_missing(still_network: Any) -> None:
    answer = still_network.member("tremblay").ask("GET", "/v1/typeahead")
    assert answer.json["errors"] == {"q": ["This is needed."]}


@pytest.mark.parametrize(
    "q",
    [
        "(((((((",
        'name:"a"',
        "a AND b",
        "a^9",
        "a~2",
        "[a TO z]",
        "/x.*/",
        "a" * 64 + "*",
        "kind:business",
        "visible:true",
        "{}",
    ],
)
def test_no_query_language_can_be_spoken(still_network: Any, q: str) -> None:
    assert still_network.member("tremblay").types(q).ok()["suggestions"] == []
