"""Bars that stay at the top of the window while one scrolls."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from infra.local.stack import REPO
from tests.browser.test_main_job import PHONE

# Whatever has the focus while one of the bars lies over it.
COVERED = """bars => {
  const {top, bottom} = document.activeElement.getBoundingClientRect(), over = bars.getBoundingClientRect();
  return over.top < bottom && over.bottom > top ? document.activeElement.id : "";
}"""
WORDS = "Belum diketahui apakah ini sudah tersimpan. Hal yang sama diminta lagi dengan sendirinya; tidak ada yang dilakukan dua kali."


@pytest.mark.parametrize("bars", [("k-open",), ("k-lost",), ("k-open", "k-lost")], ids=" ".join)
def test_the_bars_at_the_top_stand_one_below_the_other_and_lie_over_nothing_that_has_the_focus(
    browser: Browser, bars: tuple[str, ...]
) -> None:
    style = (REPO / "admin_site" / "css" / "site.css").read_text("utf-8")
    buttons = "".join(f'<p><button id="b{number}">Tambah</button></p>' for number in range(60))
    shown = "".join(f'<div class="{each}">{WORDS}</div>' for each in bars)
    page = browser.new_page(viewport=PHONE)
    page.set_content(f'<style>{style}</style><h1>112</h1><div class="k-bars">{shown}</div>{buttons}')
    page.focus("#b59")
    assert page.locator(".k-bars").evaluate("bars => bars.getBoundingClientRect().top") == 0
    tops = [page.locator(f".{each}").evaluate("bar => bar.getBoundingClientRect().top") for each in bars]
    heights = [
        page.locator(f".{each}").evaluate("bar => bar.getBoundingClientRect().height") for each in bars
    ]
    assert tops == [sum(heights[:place]) for place in range(len(bars))]
    covered = set()
    for _ in range(58):
        page.keyboard.press("Shift+Tab")
        covered.add(page.locator(".k-bars").evaluate(COVERED))
    assert page.evaluate("document.activeElement.id") == "b1"
    assert covered == {""}
