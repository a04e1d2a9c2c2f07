"""Bars that stay at the top of the window while one scrolls."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from infra.local.stack import REPO
from tests.browser.test_main_job import PHONE

# Whatever has the focus while the bar lies over it.
COVERED = """bar => {
  const {top, bottom} = document.activeElement.getBoundingClientRect(), over = bar.getBoundingClientRect();
  return over.top < bottom && over.bottom > top ? document.activeElement.id : "";
}"""
WORDS = "Belum diketahui apakah ini sudah tersimpan. Hal yang sama diminta lagi dengan sendirinya; tidak ada yang dilakukan dua kali."


@pytest.mark.parametrize("bar", ["k-open", "k-lost"])
def test_a_bar_at_the_top_lies_over_nothing_that_has_the_focus(browser: Browser, bar: str) -> None:
    style = (REPO / "admin_site" / "css" / "site.css").read_text("utf-8")
    buttons = "".join(f'<p><button id="b{number}">Tambah</button></p>' for number in range(60))
    page = browser.new_page(viewport=PHONE)
    page.set_content(f'<style>{style}</style><h1>112</h1><div class="{bar}">{WORDS}</div>{buttons}')
    page.focus("#b59")
    covered = set()
    for _ in range(58):
        page.keyboard.press("Shift+Tab")
        covered.add(page.locator(f".{bar}").evaluate(COVERED))
    assert page.evaluate("document.activeElement.id") == "b1"
    assert covered == {""}
