"""Lists of crews as agencies have them: the crew's name above its people or beside each; nobody is invented, moved or taken out."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chalicelib.domain.registry import CrewMember, DutyCrew
from chalicelib.domain.sheets.clarifications import Clarifications
from chalicelib.domain.sheets.plan import Plan
from chalicelib.domain.sheets.planning import plan
from tests.unit.test_sheet_import import grid, person, row, scope

PEOPLE = [
    person("p1", "H. Ahmad Yani, S.Sos", "+6281234567801"),
    person("p2", "Siti Nur'aini", "+6281234567802"),
    person("p3", "Suparman", "+6281234567803"),
    person("p4", "Budi Santoso", "+6281234567804", nip="12345678"),
]
LISTED = """DAFTAR REGU PIKET PEMADAM KEBAKARAN

No|Nama|Jabatan|Sejak
REGU I
1|AHMAD YANI|Danru|01/02/2026
2|Siti Nuraini|Anggota|01/02/2026
REGU II
1|Suparman|Kepala Regu|Maret 2026
2|Budi Santoso|Anggota|05/03/2026
Jumlah|4
"""


def tried(text: str, *crews: DutyCrew, clarified: Clarifications | None = None, **more: Any) -> Plan:
    told = scope(*PEOPLE, noun="crews", **more)
    nouns = {**told.book.nouns, "crews": {each.id: each for each in crews}}
    return plan(
        grid(text), clarified or Clarifications(), replace(told, book=replace(told.book, nouns=nouns))
    )


def crew(id_: str, name: str, *members: CrewMember, **more: Any) -> DutyCrew:
    return DutyCrew(id=id_, agency_id="damkar", name=name, members=list(members), **more)


def test_a_crews_name_over_its_people_makes_a_crew_of_them_with_its_chief() -> None:
    made = tried(LISTED)
    assert (made.asked, made.counts["new"]) == ([], 4)
    first, second = (each.value for each in made.writes)
    assert (first.name, first.chief_id, second.name, second.chief_id) == ("REGU I", "p1", "REGU II", "p3")
    assert first.members == [
        CrewMember(person_id="p1", since="2026-02-01"),
        CrewMember(person_id="p2", since="2026-02-01"),
    ]
    assert second.members[0].since == "2026-03-01"


def test_a_crew_in_a_column_is_the_known_one_and_gains_whom_it_lacks() -> None:
    known = crew(
        "c1",
        "Regu I",
        CrewMember(person_id="p1", since="2025-01-01"),
        CrewMember(person_id="p9", since="2025-01-01"),
    )
    made = tried(
        "Regu|Nama|No HP|Sejak\nREGU I|Ahmad Yani||2025-01-01\nregu i|Siti Nur'aini|0812 3456 7802|2026-05-01",
        known,
    )
    assert [each.bin for each in made.rows[1:]] == ["same", "new"]
    (written,) = made.writes
    # Who is not in the list stays.
    assert [each.person_id for each in written.value.members] == ["p1", "p9", "p2"]
    assert (written.id, written.value.id) == ("c1", "c1")


def test_what_is_brought_again_is_the_same() -> None:
    made = tried(LISTED)
    again = tried(LISTED, *(each.value for each in made.writes))
    assert (again.writes, again.counts["same"]) == ([], 4)


def test_from_when_is_asked_once_and_holds_for_who_comes_new_alone() -> None:
    text = "Regu|Nama\nRegu I|Ahmad Yani\nRegu I|Suparman"
    (asked,) = tried(text).asked
    assert (asked.field, asked.for_all) == ("since", True)
    known = crew("c1", "Regu I", CrewMember(person_id="p1", since="2025-01-01"))
    made = tried(text, known, clarified=Clarifications(for_all={"since": "1 Desember 2026"}))
    assert [each.bin for each in made.rows[1:]] == ["same", "new"]
    assert [each.since for each in made.writes[0].value.members] == ["2025-01-01", "2026-12-01"]


def test_whom_nobody_knows_is_refused_with_who_resembles_and_never_made() -> None:
    made = tried("Regu|Nama|Sejak\nRegu I|Siti N|2026-01-01\nRegu I|Orang Asing|2026-01-01")
    like, stranger = (each.refusals[0] for each in made.rows[1:])
    assert (like.code, like.proposed, [each.value for each in like.choices]) == (
        "person_unknown",
        "p2",
        ["p2", "-"],
    )
    assert (stranger.code, stranger.proposed, [each.value for each in stranger.choices]) == (
        "person_unknown",
        "",
        ["-"],
    )
    assert made.writes == []
    taken = tried("Regu|Nama|Sejak\nRegu I|Siti N|2026-01-01", clarified=Clarifications(who={"2": "p2"}))
    assert taken.writes[0].value.members[0].person_id == "p2"


def test_of_two_of_one_name_it_is_asked_who_and_a_service_number_says_it() -> None:
    namesake = person("p5", "Budi Santoso", "+6281234567805")
    told = scope(*PEOPLE, namesake, noun="crews")
    text = grid(
        "Regu|Nama|NIP|Sejak\nRegu I|Budi Santoso||2026-01-01\nRegu II|Budi Santoso|12345678|2026-01-01"
    )
    made = plan(text, Clarifications(), told)
    assert [each.code for each in row(made, 2).refusals] == ["who_same_name"]
    assert row(made, 3).value.members[0].person_id == "p4"


def test_who_is_in_another_crew_now_is_not_moved_by_a_list() -> None:
    there = crew("c1", "Regu I", CrewMember(person_id="p1", since="2025-01-01"))
    text = "Regu|Nama|Sejak\nRegu II|Ahmad Yani|2026-01-01"
    assert [(each.code, each.values) for each in tried(text, there).rows[1].refusals] == [
        ("in_other_crew", {"names": "Regu I"})
    ]
    left = crew("c1", "Regu I", CrewMember(person_id="p1", since="2025-01-01", until="2025-12-31"))
    assert tried(text, left).rows[1].bin == "new"


def test_one_person_twice_and_two_chiefs_of_a_crew_are_told() -> None:
    made = tried(
        "Regu|Nama|Jabatan|Sejak\nRegu I|Ahmad Yani|Danru|2026-01-01\nRegu I|Suparman|Danru|2026-01-01\nRegu I|Ahmad Yani|Anggota|2026-01-01"
    )
    assert [each.code for each in row(made, 3).refusals] == ["chief_twice"]
    assert [each.code for each in row(made, 4).refusals] == ["who_twice"]
    assert [each.person_id for each in made.writes[0].value.members] == ["p1"]


def test_a_row_above_any_crew_is_refused_and_its_crew_can_be_said() -> None:
    made = tried("No|Nama|Sejak\n1|Suparman|2026-01-01\nREGU I\n2|Ahmad Yani|2026-01-01")
    assert [(each.code, each.field) for each in row(made, 2).refusals] == [("required", "crew")]
    assert row(made, 4).value.name == "REGU I"
