"""A rule of the registry holds from both sides: what is refused when written cannot come about underneath either."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.domain.registry import Shift
from chalicelib.models import registry_writes
from chalicelib.models.conflicts import NotRead
from chalicelib.models.registry import RegistryCache
from tests.support import regency
from tests.support import regency as seeded
from tests.world.harness import Answer, Story
from tests.world.provider import head

TODAY = {"agency_id": "damkar", "date": "2026-11-23"}
TOMORROW = {"agency_id": "damkar", "date": "2026-11-24"}
NIGHT = {"starts_at": "2026-11-24T18:00:00Z", "ends_at": "2026-11-25T02:00:00Z"}


def change(story: Story, path: str, *, as_: str = "admin", query: str = "", **fields: Any) -> Answer:
    """PUT a thing with some fields changed."""
    kept = story.http("GET", f"/api/registry/{path}", as_=as_).body
    kept.pop("v")
    return story.http("PUT", f"/api/registry/{path}{query}", {**kept, **fields}, as_=as_)


def add_shift(story: Story, as_: str = "admin", **fields: Any) -> Answer:
    body = {
        "id": "more",
        "agency_id": "damkar",
        "person_id": "andi",
        "unit_id": "damkar_1",
        **NIGHT,
        **fields,
    }
    return story.http("POST", "/api/registry/shifts", body, as_=as_)


def on_roster(story: Story, day: dict[str, str]) -> dict[str, tuple[str, str]]:
    listed = story.http("GET", "/api/registry/shifts", as_="admin", query=day).body["items"]
    return {each["person_id"]: (each["starts_at"], each["ends_at"]) for each in listed}


def test_a_person_with_shifts_is_not_moved_and_the_shifts_are_named(story: Story) -> None:
    refused = change(story, "personnel/andi", agency_id="psc")
    assert refused.status == 409, refused.body
    assert "shifts/andi-2026-11-23" in refused.body["message"]
    assert "end_shifts=true" in refused.body["message"]
    assert refused.body["fields"]["shifts/andi-2026-11-24.person_id"] == "belongs to another agency"
    told = {(each["about"], each["path"], each["code"]) for each in refused.body["faults"]}
    assert told == {
        ("shifts/andi-2026-11-23", "person_id", "other_agency"),
        ("shifts/andi-2026-11-24", "person_id", "other_agency"),
    }


def test_moving_with_end_shifts_removes_those_to_come_and_ends_the_running_one(story: Story) -> None:
    moved = change(story, "personnel/andi", agency_id="psc", query="?end_shifts=true")
    assert moved.status == 200, moved.body
    assert "andi" not in on_roster(story, TOMORROW)
    starts_at, ends_at = on_roster(story, TODAY)["andi"]
    assert starts_at == "2026-11-22T17:00:00Z" and ends_at.startswith("2026-11-23T03:00:00")
    yesterday = on_roster(story, {"agency_id": "damkar", "date": "2026-11-22"})
    assert yesterday["andi"][1] == "2026-11-22T17:00:00Z", "history stays"
    story.call("house_fire", district="baamang")
    story.phone("andi").expects_nothing()
    for person in ("budi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    drill = story.http("GET", "/api/drills/on-duty", as_="supervisor", query={"agency_id": "damkar"}).body
    assert [each["person_id"] for each in drill["people"] + drill["out"]] == ["budi"]


def hour(day: int, at: int) -> Shift:
    """Half an hour of Andi's in December."""
    return Shift(
        id=f"hour-{day}-{at}",
        agency_id="damkar",
        person_id="andi",
        starts_at=f"2026-12-{day:02}T{at:02}:00:00Z",
        ends_at=f"2026-12-{day:02}T{at:02}:30:00Z",
    )


def test_more_shifts_than_one_transaction_takes_are_ended_before_the_person_moves(story: Story) -> None:
    extra = [hour(day, at) for day in range(1, 11) for at in range(16)]
    regency.load({"shifts": extra})
    assert change(story, "personnel/andi", agency_id="psc", query="?end_shifts=true").status == 200
    for day in range(1, 11):
        assert on_roster(story, {"agency_id": "damkar", "date": f"2026-12-{day:02}"}) == {}


def test_shifts_that_were_ended_before_the_database_fell_silent_are_not_told_as_nothing_done(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    regency.load({"shifts": [hour(day, at) for day in range(1, 11) for at in range(16)]})
    really = registry_writes.write

    def silent(cache: RegistryCache) -> None:
        raise NotRead("no answer")

    with monkeypatch.context() as patched:

        def write(*arguments: Any, **more: Any) -> None:
            really(*arguments, **more)
            patched.setattr(RegistryCache, "current", silent)

        patched.setattr(registry_writes, "write", write)
        moved = change(story, "personnel/andi", agency_id="psc", query="?end_shifts=true")
    days = [{"agency_id": "damkar", "date": f"2026-12-{day:02}"} for day in range(1, 11)]
    assert 0 < sum(bool(on_roster(story, day)) for day in days) < len(days), "some were ended"
    assert (moved.status, moved.body["code"]) == (503, "unanswered")


def test_a_roster_that_still_has_somebody_of_another_agency_pages_them_for_no_one(story: Story) -> None:
    # As a release before left it.
    moved = replace(story.world.registry.current().people["andi"], agency_id="psc")
    registry_writes.write([(registry_writes.item_of("personnel", moved), 1)], stamp=seeded.stamped())
    story.call("house_fire")
    story.phone("andi").expects_nothing()
    for person in ("budi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")


@pytest.mark.parametrize(
    ("path", "fields", "about"),
    [
        ("personnel/andi", {"retired": True}, "shifts/andi-2026-11-24"),
        ("units/damkar_1", {"retired": True}, "shifts/andi-2026-11-24"),
        ("units/damkar_1", {"agency_id": "psc", "station_id": "pos_ambulans_1"}, "shifts/andi-2026-11-24"),
        ("agencies/damkar", {"retired": True}, "shifts/budi-2026-11-24"),
        ("agencies/damkar", {"retired": True}, "response-plans/house_fire"),
        ("units/polres_1", {"retired": True}, "response-plans/house_fire"),
        ("units/polres_1", {"capabilities": []}, "response-plans/house_fire"),
        ("units/perahu_1", {"terrains": ["land"]}, "response-plans/water"),
        ("stations/pos_damkar_1", {"agency_id": "psc"}, "units/damkar_1"),
        ("personnel/gita", {"retired": True}, "agencies/psc"),
        ("personnel/gita", {"agency_id": "damkar"}, "agencies/psc"),
        ("personnel/gita", {"retired": True}, "accounts/sub-supervisor"),
        ("personnel/gita", {"agency_id": "damkar"}, "accounts/sub-psc-admin"),
        ("agencies/psc", {"retired": True}, "accounts/sub-supervisor"),
        ("reasons/other_duty", {"words": ["bbm"]}, None),
    ],
)
def test_nothing_changes_underneath_what_depends_on_it(
    story: Story, path: str, fields: dict[str, Any], about: str | None
) -> None:
    head(story, "psc", "gita")
    for account in ("sub-supervisor", "sub-psc-admin"):
        assert change(story, f"accounts/{account}", person_id="gita").status == 200
    refused = change(story, path, **fields)
    assert refused.status == (409 if about else 422), refused.body
    if about:
        assert about in {each["about"] for each in refused.body["faults"]}, refused.body
        assert about in refused.body["message"]
    before = story.http("GET", f"/api/registry/{path}", as_="admin").body
    assert any(before[name] != value for name, value in fields.items()), "it stands as it did"


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ("incident-types/childbirth", "incidents/"),
        ("districts/ketapang", "incidents/"),
        ("response-plans/health", "incidents/"),
        ("reasons/no_fuel", "units/polres_1"),
        ("capabilities/fire", "response-plans/house_fire"),
        ("certifications/water_rescue", "personnel/fajar"),
        ("escalation-policies/normal", "response-plans/health"),
        ("stations/pos_damkar_1", "units/damkar_1"),
    ],
)
def test_nothing_is_deleted_that_is_in_use_now(story: Story, path: str, about: str) -> None:
    story.call("childbirth", district="ketapang")
    story.phone("dewi").expects("Melahirkan") if story.phone("dewi").messages() else story.phone(
        "citra"
    ).expects("Melahirkan")
    story.desk("POST", "/api/units/polres_1/status", {"status": "NotAvailable", "reason": "no_fuel"})
    refused = story.http("DELETE", f"/api/registry/{path}", as_="admin")
    assert refused.status == 409 and about in refused.body["fields"]["id"], refused.body


def test_a_unit_that_is_out_is_neither_retired_nor_moved_nor_are_its_people(story: Story) -> None:
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    unit = change(story, "units/ambulans_1", retired=True, query="?end_shifts=true")
    person = change(story, "personnel/citra", retired=True, query="?end_shifts=true")
    moved = change(story, "personnel/citra", agency_id="damkar", query="?end_shifts=true")
    assert (unit.status, person.status, moved.status) == (409, 409, 409)
    assert {each["code"] for each in unit.body["faults"]} == {"unit_out"}
    assert {each["code"] for each in person.body["faults"]} == {"person_out"}
    assert change(story, "personnel/citra", name="Citra Dewi").status == 200


@pytest.mark.parametrize("noun", ["reasons", "dispositions"])
def test_the_last_of_what_every_incident_needs_stays(story: Story, noun: str) -> None:
    kept = [each["id"] for each in story.http("GET", f"/api/registry/{noun}", as_="admin").body["items"]]
    for id_ in kept[:-1]:
        assert story.http("DELETE", f"/api/registry/{noun}/{id_}", as_="admin").status == 200
    last = story.http("DELETE", f"/api/registry/{noun}/{kept[-1]}", as_="admin")
    assert (last.status, last.body["fields"]) == (409, {"id": "is the last of its kind"})


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"person_id": "citra"}, "person_id", "other_agency"),
        ({"unit_id": "ambulans_1"}, "unit_id", "other_agency"),
        ({"starts_at": "2026-11-24T10:00:00Z"}, "starts_at", "shift_overlaps"),
        ({"unit_id": "damkar_2", "starts_at": "2026-11-24T10:00:00Z"}, "starts_at", "shift_overlaps"),
        ({"unit_id": None, "starts_at": "2026-11-24T16:59:59Z"}, "starts_at", "shift_overlaps"),
        ({"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2020-01-01T08:00:00Z"}, "ends_at", "shift_over"),
        ({"starts_at": "2026-11-20T00:00:00Z", "ends_at": "2026-11-20T08:00:00Z"}, "ends_at", "shift_over"),
        ({"starts_at": "2099-01-01T00:00:00Z", "ends_at": "2099-01-01T08:00:00Z"}, "starts_at", "shift_far"),
        ({"ends_at": "2026-11-25T18:00:01Z"}, "ends_at", "shift_length"),
        ({"ends_at": "2026-11-24T18:00:00Z"}, "ends_at", "shift_length"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(
    story: Story, fields: dict[str, Any], field: str, code: str
) -> None:
    refused = add_shift(story, **fields)
    assert refused.status == 422, refused.body
    assert (field, code) in {(each["path"], each["code"]) for each in refused.body["faults"]}
    assert "more" not in str(on_roster(story, TOMORROW))


def test_shifts_that_touch_are_taken(story: Story) -> None:
    assert add_shift(story, starts_at="2026-11-24T17:00:00Z").status == 201


def test_a_shift_on_what_is_retired_is_refused(story: Story) -> None:
    assert change(story, "units/damkar_2", retired=True, query="?end_shifts=true").status == 200
    assert change(story, "personnel/andi", retired=True, query="?end_shifts=true").status == 200
    refused = add_shift(story, unit_id="damkar_2")
    assert refused.body["fields"] == {"unit_id": "'damkar_2' is retired", "person_id": "'andi' is retired"}


def retire_airud(story: Story) -> None:
    """An agency that no plan asks any more is retired with its roster."""
    assert story.http("DELETE", "/api/registry/response-plans/water", as_="admin").status == 200
    assert change(story, "agencies/airud", retired=True, query="?end_shifts=true").status == 200


def test_a_retired_agency_gets_nothing_new_and_sends_nothing(story: Story) -> None:
    retire_airud(story)
    person = {"id": "hadi", "agency_id": "airud", "name": "Hadi", "phone": "+62811000199", "demo": True}
    unit = to_builtins(story.world.registry.current().units["perahu_1"])
    account = {"id": "sub-new", "name": "Baru", "role": "agency_admin", "agency_id": "airud"}
    for noun, value in (("personnel", person), ("units", {**unit, "id": "new"}), ("accounts", account)):
        refused = story.http("POST", f"/api/registry/{noun}", value, as_="admin")
        assert refused.body["fields"] == {"agency_id": "'airud' is retired"}, noun
    incident = story.call("theft")["incident"]
    path = f"/api/incidents/{incident['id']}/assignments"
    sent = story.http("POST", path, {"unit_id": "perahu_1"}, as_="operator", key="send")
    assert (sent.status, sent.body["fields"]) == (422, {"unit_id": "unknown unit"})


def test_a_retired_agencys_admin_is_told_why_on_every_route(story: Story) -> None:
    story.desk(
        "POST",
        "/api/registry/accounts",
        {"id": "sub-airud-admin", "name": "Airud", "role": "agency_admin", "agency_id": "airud"},
        as_="admin",
    )
    assert story.http("GET", "/api/me", as_="airud_admin").status == 200
    retire_airud(story)
    for method, path in (("GET", "/api/me"), ("GET", "/api/incidents"), ("GET", "/api/registry")):
        refused = story.http(method, path, as_="airud_admin")
        assert (refused.status, refused.body["fields"]) == (403, {"agency_id": "retired"}), path
        assert refused.body["message"] == "this account's agency is retired"


@pytest.mark.parametrize(
    ("role", "agency", "person", "faults"),
    [
        ("agency_admin", None, None, {"agency_id": "is required for an agency_admin"}),
        ("operator", "psc", None, {"agency_id": "an agency_admin has one, nobody else"}),
        ("agency_admin", "damkar", "citra", {"person_id": "belongs to another agency"}),
    ],
)
def test_an_account_is_of_an_agency_where_its_role_says_so(
    story: Story, role: str, agency: str | None, person: str | None, faults: dict[str, str]
) -> None:
    body = {"id": "sub-new", "name": "Baru", "role": role, "agency_id": agency, "person_id": person}
    refused = story.http("POST", "/api/registry/accounts", body, as_="admin")
    assert (refused.status, refused.body["fields"]) == (422, faults)


def test_a_head_of_another_agency_is_refused(story: Story) -> None:
    refused = change(story, "agencies/damkar", head_id="gita")
    assert refused.body["fields"] == {"head_id": "belongs to another agency"}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"category": "fire"}, {"type_id"}),
        ({"type_id": None}, {"type_id"}),
    ],
)
def test_a_plan_is_for_a_type_or_a_category(story: Story, fields: dict[str, Any], named: set[str]) -> None:
    refused = change(story, "response-plans/house_fire", **fields)
    assert refused.status == 422 and set(refused.body["fields"]) == named


def test_all_that_is_wrong_with_a_plan_is_told_at_once(story: Story) -> None:
    need = {"id": "a", "agencies": ["psc"], "capability": "boat", "units": 15}
    refused = change(
        story,
        "response-plans/house_fire",
        category="fire",
        policy_id="none",
        levels=[{"needs": [need, need]}],
    )
    assert set(refused.body["fields"]) == {
        "type_id",
        "policy_id",
        "levels[0].needs[1].id",
        "levels[0].needs[0].agencies[0]",
        "levels[0].needs[1].agencies[0]",
    }


def test_what_stands_broken_hinders_no_repair_of_something_else(story: Story) -> None:
    # As a release before left it: damkar's head of another agency, a plan for a unit that is gone, an operator with an agency.
    snapshot = story.world.registry.current()
    broken = [
        ("agencies", replace(snapshot.agencies["damkar"], head_id="citra")),
        ("units", replace(snapshot.units["polres_1"], retired=True)),
        ("accounts", replace(snapshot.accounts["sub-operator"], agency_id="psc")),
    ]
    for noun, value in broken:
        registry_writes.write([(registry_writes.item_of(noun, value), 1)], stamp=seeded.stamped())
    assert change(story, "units/damkar_1", name="Pompa satu").status == 200
    assert change(story, "personnel/citra", name="Citra Ayu").status == 200
    assert change(story, "accounts/sub-operator", disabled=True).status == 200
    assert change(story, "agencies/damkar", name="Pemadam", head_id="andi").status == 200
    assert change(story, "agencies/damkar", head_id="gita").status == 422


def test_an_agencys_admin_says_of_nobody_elses_people_that_they_did_not_answer(story: Story) -> None:
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}/unanswered-calls"
    own = story.http("POST", path, {"person_id": "citra"}, as_="psc_admin", key="1")
    agency = story.http("POST", path, {"person_id": ""}, as_="psc_admin", key="2")
    others = story.http("POST", path, {"person_id": "andi"}, as_="psc_admin", key="3")
    desk = story.http("POST", path, {"person_id": "andi"}, as_="operator", key="4")
    assert (own.status, agency.status, others.status, desk.status) == (201, 201, 403, 201)
    assert others.body["fields"] == {"person_id": "another agency's"}
