"""The demo: the bundled sample of real company names, with contact data that is made up from nothing.

E-mails end in example.com and phones are 555-01xx, so that nothing here can reach anyone.
"""

import hashlib
from importlib import resources
from pathlib import Path
from typing import Any

from carnet.load import Loaded, load_file
from directory.records import Records
from directory.regions import Regions
from mappings.folding import fold

_AREA_CODES = (204, 236, 403, 416, 418, 438, 506, 514, 519, 581, 604, 613, 647, 705, 778, 819, 867, 902)


def sample() -> Path:
    """21,750 names, cities and postal codes; sources and licences stand in NOTICE."""
    return Path(str(resources.files("carnet").joinpath("sample", "companies.csv.gz")))


def load_sample(records: Records, folder: Path) -> Loaded:
    return load_file(records, Regions(), sample(), folder, amend=invent_contact_data)


def invent_contact_data(fields: dict[str, Any]) -> dict[str, Any]:
    """The row with an e-mail, a phone, a web site and a street; always the same ones for the same id."""
    seed = int.from_bytes(hashlib.sha256(fields["id"].encode()).digest()[:8])
    words = [word for word in fold(fields["name"]).core if word.isascii()]
    host = "-".join(words)[:40].strip("-") or f"company-{seed % 100_000}"
    return {
        **fields,
        "email": f"info@{host}.example.com",
        "phone": f"+1{_AREA_CODES[seed % len(_AREA_CODES)]}55501{seed // 100 % 100:02}",
        "website": f"https://{host}.example.com/",
        "street": f"{seed // 10_000 % 9_900 + 100} Example Street",
    }
