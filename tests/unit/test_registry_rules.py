"""The rule book by itself: what it asks of a thing, and of what depends on it."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from chalicelib.domain import registry_rules as rules
from chalicelib.domain.registry import NOUNS, Label, Target
from chalicelib.domain.registry_rules import Book
from chalicelib.faults import Fault
from infra.seed.load import read
from tests.support import regency

ROOT = Path(__file__).parents[2]
NOW = "2026-11-23T03:00:00.000Z"


def book(**more: object) -> Book:
    nouns = {noun: {each.id: each for each in values} for noun, values in regency.nouns().items()}  # type: ignore[attr-defined]
    return Book(nouns=nouns, now=NOW, shifts=regency.shifts("2026-11-24"), **more)  # type: ignore[arg-type]


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


def test_only_the_response_time_runs_until_the_crew_is_ready_to_act() -> None:
    legal = Target(
        id="legal",
        label=Label(id="Api", en="Fire"),
        seconds=900,
        source="Permendagri 114/2018",
        until_ready=True,
    )
    assert rules.faults(legal, book()) == []
    turnout = replace(legal, clock="turnout")
    assert [(fault.path, fault.code) for fault in rules.faults(turnout, book())] == [
        ("until_ready", "of_response_only")
    ]
