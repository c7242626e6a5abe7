"""What names and typed texts are reduced to. Left and right of each pair must be found by each other."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mappings.folding import fold

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=80)  # lone surrogates included
NAMES = st.text(st.sampled_from("aAéÉœŒ ßẞ'’.-&+123İıǅﬁ日本한กเ́̂𝒜🏭\u00ad\u200b"), max_size=40)


@given(ANY_TEXT)
@example("\ud800\udfff lone")
@example("\x00\x1f\x7f")
@example("…'.'.'…")
def test_no_text_in_all_of_unicode_makes_folding_fail(text: str) -> None:
    folded = fold(text)
    assert len(folded.words) == len(folded.spelled) == len(folded.spans) == len(folded.legal)
    assert all(folded.words)


@given(ANY_TEXT)
def test_every_letter_of_every_word_has_its_place_in_the_name(text: str) -> None:
    folded = fold(text)
    for word, letters in enumerate(map(len, folded.words)):
        for typed in range(1, letters + 2):
            [(start, end)] = folded.places([(word, typed)])
            assert 0 <= start < end <= len(text)


@given(NAMES | ANY_TEXT)
def test_composed_and_decomposed_spellings_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)).words == fold(unicodedata.normalize("NFC", text)).words


@given(NAMES | ANY_TEXT)
def test_upper_and_lower_case_fold_alike(text: str) -> None:
    assert fold(text.swapcase().swapcase()).words == fold(text.swapcase()).words


@given(NAMES | ANY_TEXT)
def test_what_is_folded_already_stays_as_it_is(text: str) -> None:
    words = fold(text).words
    assert fold(" ".join(words)).words == words


@given(ANY_TEXT)
def test_a_name_that_has_words_keeps_at_least_one_without_its_legal_form(text: str) -> None:
    folded = fold(text)
    assert bool(folded.core) == bool(folded.words)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Héroux-Devtek", "heroux devtek"),
        ("L'Oréal", "l oreal"),
        ("L’Oréal", "l'oreal"),
        ("Val-d'Or", "val d or"),
        ("Dépanneur de l'Œuvre", "depanneur de l oeuvre"),
        ("Œufs d’Or", "oeufs d or"),
        ("Frères & Sœurs", "freres and soeurs"),
        ("Frères et Sœurs", "freres and soeurs"),
        ("Freres + Soeurs", "freres and soeurs"),
        ("Müller und Söhne", "muller and sohne"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Łódź", "lodz"),
        ("Ålborg Ærø", "alborg aero"),
        ("A.B.C. Électrique", "abc electrique"),
        ("S.E.N.C.", "senc"),
        ("Reid's Dairy", "reids dairy"),
        ("Reid’s Dairy", "reids dairy"),
        ("St-Hubert", "saint hubert"),
        ("St. James", "Saint James"),
        ("Ste-Foy Toyota", "Sainte-Foy toyota"),
        ("Y.K.K.株式会社", "YKK 株式会社"),
        ("東京Y.K.K.", "東京y.k.k."),
        ("Garderie Les Anges de Ste-Thérèse", "garderie les anges de sainte therese"),
        ("LAC STE ANNE", "lac sainte-anne"),
        ("Saint‑Jean", "saint jean"),  # a no-break hyphen
        ("Henry IV Capital", "henry 4 capital"),
        ("Aspen Fund VIII", "aspen fund 8"),
        ("Centre Dentaire", "center dentaire"),
        ("Rush Med Ctr", "rush med centre"),
        ("Asset Mgt", "asset management"),
        ("Smith Fdn Svc", "smith foundation service"),
        ("Ａｃｍｅ", "acme"),
        ("ﬁnance", "finance"),
        ("Co\u00adop", "coop"),  # a soft hyphen parts no word
        ("№ 9", "no 9"),
        ("École\u200b Bleue", "ecole bleue"),
        ("Ελλάς", "ελλασ"),
        ("Їжак", "іжак"),
        ("مُحَمَّد", "محمد"),
        ("ガラス", "カラス"),
        ("कंपनी", "कंपनी"),
    ],
)
def test_a_name_folds_like_what_people_type(written: str, typed: str) -> None:
    assert fold(written).words == fold(typed).words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9123", "9124"),
        ("STE GENERALE", "Sainte Generale"),
        ("Ajax", "Ajay"),
        ("कंपनी", "कपन"),
        ("Acme 1", "Acme 2"),
        ("Acme II", "Acme III"),
        ("Acme V", "Acme 5"),  # as likely initials
        ("日本", "日木"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one).words != fold(other).words


@pytest.mark.parametrize("text", ["", " ", "…", "-", "'", ".", "\u200b", "\u0301", "🏭", "\x07", "()[]{}"])
def test_a_text_without_letters_or_digits_has_no_words(text: str) -> None:
    assert fold(text).words == ()
