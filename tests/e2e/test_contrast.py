"""The colours of the style sheet have the contrast that WCAG AA asks for, in light and in dark."""

import re
from pathlib import Path

import pytest

import api

SHEET = (Path(api.__file__).parent / "static" / "base.css").read_text()
TEXT, CONTROL = 4.5, 3.0
PAIRS = [
    *[(ink, paper, TEXT) for ink in ("text", "soft", "accent") for paper in ("ground", "sheet", "accent-tint")],
    ("accent-text", "accent", TEXT),
    ("accent-text", "accent-hover", TEXT),
    ("accent-hover", "ground", TEXT),
    ("mark-text", "mark", TEXT),
    ("bad", "bad-tint", TEXT),
    ("bad", "sheet", TEXT),
    *[(ink, paper, CONTROL) for ink in ("edge", "accent") for paper in ("ground", "sheet")],
]


def palettes():
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in re.findall(r":root \{(.*?)\}", SHEET, re.S)
    )
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper", "least"), PAIRS)
def test_text_and_controls_stand_out_from_their_ground(scheme, ink, paper, least):
    palette = palettes()[scheme]
    light, dark = sorted((luminance(palette[ink]), luminance(palette[paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least
