"""Legal forms are optional words: never needed for a match, never enough."""

import pytest

from mappings.folding import fold


@pytest.mark.parametrize(
    "form",
    [
        "inc.", "inc", "Inc", "ltée", "ltee", "Ltd.", "limitée", "enr.", "enrg.", "s.e.n.c.", "S.E.N.C.R.L.", "LLC",
        "L.L.C.", "LLP", "SARL", "S.A.R.L.", "SAS", "S.A.", "S A", "GmbH", "GmbH & Co. KG", "AG", "B.V.", "N.V.", "Oy",
        "AB", "A/S", "S.p.A.", "S.r.l.", "Ltda", "S.A. de C.V.", "Pty Ltd", "Pvt. Ltd.", "Pte. Ltd.", "Sdn. Bhd.", "PLC",
        "S E N C", "L L C", "ULC", "Corp.", "Corporation", "Company", "Co.", "& Cie", "株式会社", "ООО",
        "S.à r.l.", "SCSp", "Aktiebolag", "AB (publ)", "Designated Activity Company", "Unlimited Company", "& C. S.n.c.",
        "Sp. z o. o.", "Spółka z ograniczoną odpowiedzialnością sp. k.", "Korlátolt Felelősségű Társaság",
        "Gesellschaft m.b.H.", "GmbH & Co. geschlossene Investment KG", "Società a responsabilità limitata semplificata",
        "SL, Sociedad Unipersonal", "Unipessoal, Lda", "SGPS, S.A.", "S. de R.L. de C.V.", "Public Company Limited",
        "(OPC) Private Limited", "Coöperatief U.A.", "Ανώνυμη Εταιρεία", ", PT",
    ],
)  # fmt: skip
def test_a_legal_form_at_the_end_is_no_part_of_the_core(form: str) -> None:
    assert fold(f"Boréal {form}").core == ("boreal",)


@pytest.mark.parametrize("name", ["Inc.", "Ltd", "Limited Inc", "S.A.", "Co. Ltd.", "GmbH & Co. KG", "株式会社"])
def test_a_name_that_is_nothing_but_legal_forms_keeps_all_its_words(name: str) -> None:
    assert fold(name).core == fold(name).words != ()


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Co-op Nord", ("co", "op", "nord")),
        ("AS Roma", ("as", "roma")),
        ("SA Power", ("sa", "power")),
        ("The Company Store", ("the", "company", "store")),
        ("SARL Dupont", ("dupont",)),
        ("Maatschap Jansen", ("jansen",)),
        ("Oy Windside", ("windside",)),
        ("OU Interests", ("ou", "interests")),
        ("B & C", ("b", "and", "c")),
        ("Metro Public", ("metro", "public")),
        ("Creative Unlimited", ("creative", "unlimited")),
        ("9123-4567 Québec inc.", ("9123", "4567", "quebec")),
        ("Limoges inc. (Division Est)", ("limoges", "division", "est")),
    ],
)
def test_words_that_only_look_like_a_legal_form_stay(name: str, core: tuple[str, ...]) -> None:
    assert fold(name).core == core
