"""A whole configuration brought in: what the seed reads and this reads is the same; accounts come from no file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.registry_rules import Book
from chalicelib.domain.sheets.clarifications import Clarifications
from chalicelib.domain.sheets.configuring import NOUN
from chalicelib.domain.sheets.plan import Plan, Scope
from chalicelib.domain.sheets.planning import plan
from infra.seed import load
from infra.workbooks.reading import read_workbook
from tests.unit.test_sheet_import import READ_PHONE

SEED = Path(__file__).parents[2] / "infra/seed/kotim.yaml"


def tried(text: str, nouns: Any = None, faults: Any = None) -> Plan:
    book = read_workbook(text.encode())
    assert book.refused is None, book.what
    return plan(
        book.sheets[0],
        Clarifications(),
        Scope(
            noun=NOUN,
            book=Book(nouns=nouns or {}, now="2026-11-30T03:00:00.000Z"),
            import_id="01IMPORT",
            read_phone=READ_PHONE,
            faults=faults or (lambda _: {}),
        ),
    )


def test_what_the_seed_reads_and_what_is_brought_in_is_the_same() -> None:
    seed = load.read(SEED)
    made = tried(SEED.read_text("utf-8"))
    assert [each for each in made.rows if each.refusals] == []
    brought = {each.id: each.value for each in made.writes}
    read: Any = {f"{noun}/{each.id}": each for noun, things in seed.nouns.items() for each in things}  # type: ignore[attr-defined]
    assert {id_: read.get(id_) for id_ in brought} == brought
    # What the seed makes of its duty, which a file that was taken out writes down.
    assert {id_.partition("/")[0] for id_ in read.keys() - brought.keys()} <= {
        "crews",
        "shift-codes",
        "duty-patterns",
    }


def test_accounts_and_who_is_on_duty_are_never_taken_from_a_file() -> None:
    made = tried(
        "demo: false\nagencies: {}\naccounts:\n  admin: {name: Lain, role: admin}\nshifts:\n  s1: {}\nduty:\n  d1: {}\n"
    )
    assert [(each.label, each.kind, each.bin) for each in made.rows if each.kind == "not_taken"] == [
        ("accounts admin", "not_taken", "not_read"),
        ("shifts s1", "not_taken", "not_read"),
        ("duty d1", "not_taken", "not_read"),
    ]
    assert made.writes == []


def test_what_is_wrong_is_told_thing_by_thing_and_an_unknown_section_too() -> None:
    made = tried(
        "agencies:\n  bpbd: {name: BPBD, short_name: 7}\n  pmi: []\nfantasi:\n  x: {a: 1}\ncapabilities:\n  fire: {label: {id: Api, en: Fire}}\n"
    )
    assert [(each.label, [one.code for one in each.refusals]) for each in made.rows] == [
        ("agencies bpbd", ["wrong_form"]),
        ("agencies pmi", ["wrong_form"]),
        ("fantasi x", ["section_unknown"]),
        ("capabilities: Api", []),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("agencies:\n  a: {name: x\n", "line 3"),
        ("agencies:\n  a: {name: x}\n  a: {name: y}\n", "stands here twice"),
        ("x: &x [1, 1]\nagencies: {a: *x}\n", "aliases are not read"),
        ("agencies:\n  - 1\n--- \n", "expected a single document"),
    ],
)
def test_a_text_that_is_no_yaml_is_refused_by_its_line(text: str, told: str) -> None:
    book = read_workbook(text.encode())
    assert book.refused == "file_yaml" and told in book.what, book.what


def test_a_page_of_aliases_is_not_expanded() -> None:
    lines = ["agencies:", "  a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    bomb = "\n".join(lines)
    assert read_workbook(bomb.encode()).refused == "file_yaml"


@pytest.mark.parametrize(
    "written",
    ["1" * 5000, "{x: {true: 1, ~: 2}}", "!!timestamp 2020-99-01", "!!int x", "!!float x", "!!bool x"],
)
def test_a_value_that_cannot_be_made_of_what_is_written_is_said_and_not_raised(written: str) -> None:
    book = read_workbook(f"agencies:\n  damkar: {written}\n".encode())
    assert (book.refused, book.sheets) == ("file_yaml", [])
