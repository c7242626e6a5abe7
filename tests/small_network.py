"""The small network that most tests begin with, put where it stands before a test asks for it."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from carnet.load import load_file
from carnet.settings import read_settings
from carnet.stores import open_engine, open_records, own_index
from directory.rows import COLUMNS
from indexer.drain import drain

KEY = "a key for tests only, longer than 32 bytes"
NOISE = {
    "noise-1": {"name": "Boulangerie Noisette inc.", "city": "Sherbrooke", "province": "QC"},
    "noise-2": {"name": "Noise Abatement Ltd.", "city": "Toronto", "province": "ON"},
}
CONTACT_DATA = {
    "email": "compta@{id}.example",
    "phone": "+15145550134",
    "website": "https://www.{id}.example/contact",
    "street": "7777, rue Sans-Pareille",
    "postal_code": "J4K 5G4",
}
# `tremblay`, who asks, and others of and around its region.
SMALL_NETWORK: dict[str, Any] = {
    "tremblay": {"name": "Quincaillerie Tremblay ltée", "city": "Longueuil", "province": "QC"},
    "bitfarms": {
        "name": "Bitfarms Ltd.",
        "other_names": "Cryptofermes|Backbone Hosting",
        "city": "Toronto",
        "province": "ON",
        **{name: value.format(id="bitfarms") for name, value in CONTACT_DATA.items()},
    },
    "heroux": {"name": "Héroux-Devtek inc.", "city": "Longueuil", "province": "QC", "email": "info@heroux.example"},
    "ajax": {"name": "Ajax Novelty", "region": "us"},
    "firm": {"name": "Ajax Comptables", "kind": "accounting_firm"},
    **NOISE,
}


def what_an_operator_sets(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    return {
        "CARNET_HOME": str(folder / "home"),
        "CARNET_JWT_KEY": KEY,
        "CARNET_LIMITS": "off",  # tests that ask in a loop are no people; those about limits turn them on
        **environment,
    }


def write_companies(path: Path, companies: Mapping[str, Any]) -> Path:
    """A CSV file of companies: id → name, or id → fields. Region ca where they say nothing."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for company_id, said in companies.items():
            fields = {"name": said} if isinstance(said, str) else said
            writer.writerow({"id": company_id.replace("_", "-"), "region": "ca", **fields})
    return path


def settle(folder: Path, environment: Mapping[str, str]) -> None:
    """Import the small network into a place that has tables, and show it in the index."""
    settings = read_settings(what_an_operator_sets(folder, environment))
    records = open_records(settings)
    ownership = own_index(settings, refusal="in use")
    engine = open_engine(settings, ownership)
    load_file(records, settings.regions, write_companies(folder / "companies.csv", SMALL_NETWORK), folder)
    drain(records, engine)
    engine.close()
    records.close()
    if ownership:
        ownership.give_back()
