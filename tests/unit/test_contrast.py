"""The colours of both themes against each other: text, dimmed text, edges of fields, rings of focus and figures on a colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "admin_site" / "css" / "site.css").read_text("utf-8")
# WCAG 2.2: 1.4.3 of text, 1.4.11 of what a field or a state is known by, 2.4.13 of what has the focus.
TEXT, EDGE = 4.5, 3.0
GROUNDS = ("--k-panel", "--k-ground")
TINTS = ("--k-red-soft", "--k-amber-soft", "--k-green-soft", "--k-teal-soft")
PRIORITIES = tuple(f"--k-p{number}" for number in range(1, 6))


def _colours(selector: str) -> dict[str, str]:
    (block,) = re.findall(rf"^{re.escape(selector)} \{{(.*?)^\}}", CSS, re.MULTILINE | re.DOTALL)
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{3,6});", block))


LIGHT = _colours(":root, [data-bs-theme]")
THEMES = {"light": LIGHT, "dark": LIGHT | _colours('[data-bs-theme="dark"]')}


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast("#000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_also_where_it_is_dimmed(theme: str) -> None:
    colours = THEMES[theme]
    wanted = [
        (text, on) for text in ("--k-ink", "--k-soft", "--tblr-link-color") for on in (*GROUNDS, *TINTS)
    ]
    wanted += [(text, on) for text in ("--k-red", "--k-amber") for on in GROUNDS]
    wanted += [("--k-red", "--k-red-soft"), ("--k-amber", "--k-amber-soft")]
    low = {pair: round(contrast(*map(colours.get, pair)), 2) for pair in wanted}  # type: ignore[arg-type]
    assert {pair: each for pair, each in low.items() if each < TEXT} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_figures_on_a_prioritys_colour_can_be_read(theme: str) -> None:
    colours = THEMES[theme]
    found = {name: round(contrast("#fff", colours[name]), 2) for name in (*PRIORITIES, "--tblr-primary")}
    assert {name: each for name, each in found.items() if each < TEXT} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_fields_and_rings_of_focus_stand_out_from_what_lies_around_them(theme: str) -> None:
    colours = THEMES[theme]
    wanted = [(edge, on) for edge in ("--k-edge", "--k-field", "--tblr-primary") for on in GROUNDS]
    wanted += [("--tblr-link-color", on) for on in (*GROUNDS, *TINTS)]
    low = {pair: round(contrast(*map(colours.get, pair)), 2) for pair in wanted}  # type: ignore[arg-type]
    assert {pair: each for pair, each in low.items() if each < EDGE} == {}
    # Rings are drawn in the one colour that stands out on every ground, or in the text's own.
    rings = set(re.findall(r"outline: \dpx solid ([^;]+);", CSS))
    assert rings <= {"var(--tblr-link-color)", "currentColor", "#fff"}


def test_nothing_is_dimmed_by_making_it_see_through() -> None:
    """What is dimmed so falls below what its colour was chosen for; a disabled field may, and what is not seen."""
    found = re.findall(r"^([^\n{]+) \{[^}]*opacity: ([\d.]+)", CSS, re.MULTILINE)
    dimmed = {selector.strip() for selector, value in found if 0 < float(value) < 1}
    assert dimmed <= {".k-fields[disabled]", "@keyframes k-pulse"}, dimmed
