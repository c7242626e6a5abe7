"""The French catalog: it holds every sentence of the code, and what is shipped was made from it."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import api

ROOT = Path(api.__file__).parent.parent
FRENCH = ROOT / "api/translations/fr/LC_MESSAGES/messages.po"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "Message": None}


@pytest.fixture(scope="module")
def catalog():
    with FRENCH.open("rb") as file:
        return read_po(file)


def test_every_sentence_of_the_code_is_in_the_catalog_and_no_other(catalog):
    """To mend it: pybabel extract -F api/babel.cfg -k Message -o messages.pot . && pybabel update … && pybabel compile …"""
    with (ROOT / "api/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    extracted = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    found = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in extracted}
    assert found - {""} == {message.id for message in catalog if message.id}


def test_every_sentence_has_a_french_one(catalog):
    messages = [message for message in catalog if message.id]
    assert [message.id for message in messages if not message.string or message.fuzzy] == []
    holders = re.compile(r"%\(\w+\)s|\{\w+\}")
    assert [m.id for m in messages if set(holders.findall(m.id)) != set(holders.findall(m.string))] == []
    ordinary_space_before_a_colon_or_inside_guillemets = re.compile(r"« |[^\s\u00a0]»|\w :(?! \.)| »")
    assert [m.id for m in messages if ordinary_space_before_a_colon_or_inside_guillemets.search(m.string)] == []


def test_the_compiled_catalog_says_what_the_catalog_says(catalog):
    with FRENCH.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert [m.id for m in catalog if m.id and compiled.gettext(m.id) != m.string] == []
