import re

import pytest

from pact_recorder.inference.report_html_style import STYLE

PALETTES = [dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)]
NAMES = ("light", "dark", "paper")
TEXT = ("ink", "quiet", "link", "code", "ok", "moved", "wrong", "broken", "one")


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", PALETTES, ids=NAMES)
@pytest.mark.parametrize("ground", ["page", "card", "soft"])
@pytest.mark.parametrize("text", TEXT)
def test_text_can_be_read(palette: dict[str, str], ground: str, text: str) -> None:
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("palette", PALETTES, ids=NAMES)
@pytest.mark.parametrize("strength", ["one", "few", "many"])
def test_bars_stand_out_from_their_tracks(palette: dict[str, str], strength: str) -> None:
    assert contrast(palette[strength], palette["track"]) >= 3


def test_every_colour_that_is_used_is_in_every_palette() -> None:
    used = set(re.findall(r"var\(--(\w+)\)", STYLE))
    assert [used - set(palette) for palette in PALETTES] == [set()] * len(NAMES)


def test_the_style_sheet_asks_for_nothing_and_cannot_end_early() -> None:
    assert not re.search(r"url\(|@import|@font-face|<", STYLE)
