"""Cities and provinces as they are compared: what two cards write differently and mean alike is one."""

from mappings.data import load
from mappings.folding import fold

_CODES: dict[str, str] = {fold(name).joined: code for code, names in load("provinces.json").items() for name in names}


def city_of(text: str) -> str:
    return fold(text).joined if text else ""


def province_of(text: str) -> str:
    """Its code where the name is known (Québec, P.Q. and QC are qc), else what was written, folded."""
    folded = fold(text).joined if text else ""
    return _CODES.get(folded, folded)
