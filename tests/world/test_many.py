"""What an import writes into the registry: chunk by chunk, once however often it is sent, and taken back whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain import registry_rules
from chalicelib.domain.registry import Person
from chalicelib.domain.registry_rules import Book
from chalicelib.errors import Unanswered
from chalicelib.faults import Fault
from chalicelib.models import registry_writes
from chalicelib.models.tables import RegistryItem
from chalicelib.services.registry import many
from chalicelib.services.registry.many import Import, Outcome, Row
from tests.support.regency import stamped
from tests.support.registry_faults import before_the_second, dying_after_one_write, first_answer_lost
from tests.world.harness import Story
from tests.world.test_versions import changes, history

BROUGHT = Import("psc-2026", "sub-psc-admin", "Daftar dari PSC")
UNDONE = BROUGHT._replace(why="Berkas yang salah")


def person(n: int, **more: Any) -> Person:
    fields = {"id": f"baru-{n}", "agency_id": "psc", "name": f"Baru {n}", "phone": f"+62812000{n:05}"}
    return Person(**{**fields, **more})


def new(story: Story, count: int) -> list[Row]:
    return [Row("personnel", f"baru-{n}", person(n), None) for n in range(count)]


def renamed(story: Story, id_: str, name: str = "Nama Baru") -> Row:
    registry = story.world.registry.current()
    value = replace(registry.people[id_], name=name)
    return Row("personnel", id_, value, registry.versions["personnel", id_])


def brings(story: Story, rows: list[Row]) -> Outcome:
    return many.write_many(story.world, rows, BROUGHT)


def names(story: Story) -> dict[str, str]:
    return {id_: each.name for id_, each in story.world.registry.current().people.items()}


def test_a_hundred_new_people_and_a_changed_one_come_with_a_record_each_that_names_the_import(
    story: Story,
) -> None:
    outcome = brings(story, [*new(story, 100), renamed(story, "citra")])
    assert (len(outcome.written), outcome.left, outcome.more) == (101, [], False)
    assert {f"baru-{n}" for n in range(100)} <= names(story).keys()
    for id_, change in (("baru-0", "created"), ("baru-99", "created"), ("citra", "changed")):
        newest = history(story, f"/api/registry/personnel/{id_}")["versions"][0]
        told = (newest["change"], newest["import_id"], newest["why"], newest["by"]["id"])
        assert told == (change, "psc-2026", "Daftar dari PSC", "sub-psc-admin")


def test_the_same_import_again_writes_nothing_again(story: Story) -> None:
    rows = [*new(story, 60), renamed(story, "citra")]
    brings(story, rows)
    again = brings(story, rows)
    assert (again.written, again.left) == ([], [])
    assert [each["v"] for each in history(story, "/api/registry/personnel/citra")["versions"]] == [2, 1]


def test_a_run_that_died_between_two_chunks_is_gone_on_with(story: Story) -> None:
    rows = new(story, 100)
    with dying_after_one_write():
        brings(story, rows)
    stood = len(names(story))
    outcome = brings(story, rows)
    assert 0 < len(outcome.written) < 100 and outcome.left == []
    assert len(names(story)) == stood + len(outcome.written)
    assert {
        each["v"]
        for n in range(100)
        for each in history(story, f"/api/registry/personnel/baru-{n}")["versions"]
    } == {1}


@pytest.mark.parametrize("written", [True, False])
def test_an_answer_that_was_lost_makes_nothing_twice(story: Story, written: bool) -> None:
    with first_answer_lost(written=written):
        outcome = brings(story, [renamed(story, "citra"), *new(story, 3)])
    assert outcome.left == []
    assert [each["v"] for each in history(story, "/api/registry/personnel/citra")["versions"]] == [2, 1]
    assert names(story)["baru-2"] == "Baru 2"


def test_what_others_changed_meanwhile_is_left_and_named(story: Story) -> None:
    row = renamed(story, "citra")
    changes(story, "/api/registry/personnel/citra", name="Citra Dewi")
    outcome = brings(story, [row, *new(story, 1)])
    assert [(each.id, [fault.code for fault in each.faults]) for each in outcome.left] == [
        ("citra", ["changed_meanwhile"])
    ]
    assert (names(story)["citra"], names(story)["baru-0"]) == ("Citra Dewi", "Baru 0")


def test_what_is_wrong_is_left_and_named_and_the_dry_run_says_the_same(story: Story) -> None:
    registry = story.world.registry.current()
    elsewhere = replace(renamed(story, "citra").value, agency_id="damkar")
    rows = [
        Row("personnel", "a", person(1, id="a", agency_id="nobody"), None),
        Row("personnel", "b", person(2, id="b", phone="+62531211121"), None),
        Row("personnel", "citra", elsewhere, registry.versions["personnel", "citra"]),
        *new(story, 1),
    ]
    told = many.faults_of(story.world, registry, rows)
    assert {id_: {fault.where for fault in found} for (_, id_), found in told.items()} == {
        "a": {"agency_id"},
        "b": {"phone"},
        "citra": {"shifts/citra-2026-11-23.person_id", "shifts/citra-2026-11-24.person_id"},
    }
    assert len(names(story)) == len(registry.people)
    outcome = brings(story, rows)
    assert {each.id: each.faults for each in outcome.left} == {id_: found for (_, id_), found in told.items()}
    assert outcome.written == [("personnel", "baru-0")]


def test_things_that_lean_on_each_other_come_together(story: Story) -> None:
    registry = story.world.registry.current()
    station = replace(next(iter(registry.stations.values())), id="dermaga", agency_id="airud")
    boat = replace(registry.units["perahu_1"], id="perahu-9", callsign="PERAHU-9", station_id="dermaga")
    rows = [Row("units", "perahu-9", boat, None), Row("stations", "dermaga", station, None)]
    assert brings(story, rows).left == []
    lost = [Row("units", "perahu-8", replace(boat, id="perahu-8", station_id="none"), None)]
    assert [each.id for each in brings(story, lost).left] == ["perahu-8"]


def test_the_registry_changes_while_an_import_writes(story: Story) -> None:
    path = "/api/registry/personnel/dewi"
    with before_the_second(lambda: changes(story, path, name="Dewi Baru")):
        outcome = brings(story, [*new(story, 100), renamed(story, "dewi", "Dari berkas")])
    assert [each.id for each in outcome.left] == ["dewi"]
    assert (len(outcome.written), names(story)["dewi"]) == (100, "Dewi Baru")


def test_a_wrong_import_is_taken_back_whole(story: Story) -> None:
    before = {id_: replace(each) for id_, each in story.world.registry.current().people.items()}
    brings(story, [*new(story, 70), renamed(story, "citra"), renamed(story, "dewi")])
    outcome = many.take_back(story.world, UNDONE)
    assert (len(outcome.written), outcome.left) == (72, [])
    assert story.world.registry.current().people == before
    newest = history(story, "/api/registry/personnel/citra")["versions"][0]
    assert (newest["change"], newest["of"], newest["why"]) == ("put_back", 1, "Berkas yang salah")
    assert history(story, "/api/registry/personnel/baru-0")["versions"][0]["change"] == "removed"
    again = many.take_back(story.world, UNDONE)
    assert (again.written, again.left) == ([], [])


def test_what_was_changed_since_an_import_stays_and_is_named(story: Story) -> None:
    brings(story, [*new(story, 2), renamed(story, "citra")])
    changes(story, "/api/registry/personnel/baru-1", name="Benar")
    outcome = many.take_back(story.world, UNDONE)
    assert [(each.id, each.faults[0].code) for each in outcome.left] == [("baru-1", "changed_meanwhile")]
    assert names(story)["baru-1"] == "Benar" and "baru-0" not in names(story)


def test_whoever_has_a_shift_by_now_is_not_taken_back(story: Story) -> None:
    brings(story, new(story, 2))
    shift = {"id": "s", "agency_id": "psc", "person_id": "baru-0"}
    shift |= {"starts_at": "2026-11-25T00:00:00Z", "ends_at": "2026-11-25T08:00:00Z"}
    assert story.http("POST", "/api/registry/shifts", shift, as_="psc_admin").status == 201
    outcome = many.take_back(story.world, UNDONE)
    assert [(each.id, each.faults[0].about) for each in outcome.left] == [("baru-0", "shifts/s")]
    assert "baru-1" not in names(story)


def test_a_boat_that_was_sent_since_it_was_brought_is_not_removed(story: Story) -> None:
    boat = replace(story.world.registry.current().units["perahu_1"], id="perahu-9", callsign="PERAHU-9")
    brings(story, [Row("units", "perahu-9", boat, None)])
    out = {"status": "NotAvailable", "reason": "no_fuel"}
    assert story.http("POST", "/api/units/perahu-9/status", out, as_="supervisor", key="out").status == 200
    outcome = many.take_back(story.world, UNDONE)
    assert [each.faults[0].code for each in outcome.left] == ["named_by_old"]


def test_taking_back_goes_on_where_it_died(story: Story) -> None:
    brings(story, new(story, 100))
    with dying_after_one_write(Unanswered):
        many.take_back(story.world, UNDONE)
    outcome = many.take_back(story.world, UNDONE)
    assert outcome.left == [] and not any(id_.startswith("baru") for id_ in names(story))
    assert not {"baru-0", "baru-99"} & names(story).keys()


def test_an_import_that_was_taken_back_may_come_again(story: Story) -> None:
    rows = [*new(story, 2)]
    brings(story, rows)
    many.take_back(story.world, UNDONE)
    assert len(brings(story, rows).written) == 2
    told = history(story, "/api/registry/personnel/baru-0")
    assert told["whole"] and [each["v"] for each in told["versions"]] == [3, 2, 1]


def test_what_no_record_tells_of_is_brought_with_the_version_that_stood(story: Story) -> None:
    citra = story.world.registry.current().people["citra"]
    item = registry_writes.item_of("personnel", replace(citra, name="Dari rilis lama"))
    item.v = 2
    item.save()
    story.world.registry.__init__()  # type: ignore[misc]
    row = renamed(story, "citra")
    assert row.known == 2
    assert brings(story, [row]).left == []
    told = [each["change"] for each in history(story, "/api/registry/personnel/citra")["versions"]]
    assert told == ["changed", "unrecorded", "created"]
    many.take_back(story.world, UNDONE)
    assert names(story)["citra"] == "Dari rilis lama"
    assert len(list(RegistryItem.query("V#R", RegistryItem.sk.startswith("personnel#citra~")))) == 4


def test_somebody_else_writes_past_the_rules(story: Story) -> None:
    """What stands broken already hinders no import."""
    citra = story.world.registry.current().people["citra"]
    item = registry_writes.item_of("personnel", replace(citra, agency_id="damkar"))
    registry_writes.write([(item, 1)], stamp=stamped())
    assert brings(story, new(story, 1)).left == []


def test_who_breaks_a_rule_is_found_without_asking_the_whole_registry_for_each_row(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column read wrongly breaks forty plans by two hundred units: eight minutes, where a request has half of one."""
    registry = story.world.registry.current()
    rows = [
        Row("units", id_, replace(unit, capabilities=[]), registry.versions["units", id_])
        for id_, unit in registry.units.items()
    ]
    walks, walk = [], registry_rules.dependents_faults

    def counted(book: Book) -> Iterator[Fault]:
        walks.append(book)
        return walk(book)

    monkeypatch.setattr(registry_rules, "dependents_faults", counted)
    found = many.faults_of(story.world, registry, rows)
    # What one breaks alone is told of that one, what it takes several to break of all of them.
    told = {(thing[1], fault.about) for thing, faults in found.items() for fault in faults}
    assert {id_ for id_, about in told if about == "response-plans/water"} == {"perahu_1"}
    assert {id_ for id_, about in told if about == "response-plans/house_fire"} == registry.units.keys()
    assert len(walks) == 2
