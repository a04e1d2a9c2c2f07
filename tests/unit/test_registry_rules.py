"""The rule book by itself: every code has a sentence, every sentence a code, in both languages of the site."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from msgspec.structs import replace

from chalicelib.domain import registry_rules as rules
from chalicelib.domain.registry import NOUNS
from chalicelib.domain.registry_rules import SENTENCES, Book, Fault
from infra.seed.load import read
from tests.support import regency

ROOT = Path(__file__).parents[2]
NOW = "2026-11-23T03:00:00.000Z"


def book(**more: object) -> Book:
    nouns = {noun: {each.id: each for each in values} for noun, values in regency.nouns().items()}  # type: ignore[attr-defined]
    return Book(nouns=nouns, now=NOW, shifts=regency.shifts("2026-11-24"), **more)  # type: ignore[arg-type]


def test_the_site_says_each_code_in_both_languages() -> None:
    source = (ROOT / "admin_site/js/parts/fault-words.js").read_text(encoding="utf-8")
    words = dict(re.findall(r"^  (\w+): \(.*?\) => t\(\"(.*?)\"[,)]", source, re.MULTILINE))
    assert words.keys() == SENTENCES.keys()
    catalogue = (ROOT / "admin_site/locale/id/site.po").read_text(encoding="utf-8")
    joined = re.sub(r'"\n"', "", catalogue)
    for code, english in words.items():
        found = re.search(rf'msgid "{re.escape(english)}"\nmsgstr "(.+)"', joined)
        assert found, code


@pytest.mark.parametrize("code", SENTENCES)
def test_the_site_uses_values_that_the_code_has(code: str) -> None:
    source = (ROOT / "admin_site/js/parts/fault-words.js").read_text(encoding="utf-8")
    line = next(line for line in source.splitlines() if line.strip().startswith(f"{code}:"))
    wanted = set(re.findall(r"\w+", line.split("=>")[0].partition("(")[2]))
    given = {name for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name}
    assert wanted <= given


def test_a_whole_regency_has_no_fault() -> None:
    whole = book()
    assert list(rules.dependents_faults(whole)) == []
    for noun in NOUNS:
        for value in whole.of(noun).values():
            assert rules.faults(value, whole) == [], value


def test_the_seed_has_no_fault_that_the_interface_would_refuse() -> None:
    seed = read(ROOT / "infra/seed/kotim.yaml")
    nouns = {noun: {each.id: each for each in values} for noun, values in seed.nouns.items()}  # type: ignore[attr-defined]
    found = [
        fault for fault in rules.dependents_faults(Book(nouns=nouns, now=NOW)) if fault.code != "last_admin"
    ]
    assert found == []


def test_a_change_is_asked_of_what_depends_on_it_alone() -> None:
    whole = book()
    andi = replace(whole.of("personnel")["andi"], agency_id="psc")
    found = rules.introduced(whole, whole.with_("personnel", "andi", andi), "personnel", "andi")
    assert found == [Fault(path="person_id", code="other_agency", about="shifts/andi-2026-11-24")]


def test_what_was_broken_before_is_not_put_to_a_change() -> None:
    whole = book()
    gone = replace(whole.of("units")["damkar_1"], retired=True)
    broken = whole.with_("units", "damkar_1", gone)
    budi = replace(whole.of("personnel")["budi"], name="Budi Santoso")
    assert rules.introduced(broken, broken.with_("personnel", "budi", budi), "personnel", "budi") == []
