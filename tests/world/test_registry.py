"""Keeping the registry: what counts from the next request on, and what must not be lost."""

from __future__ import annotations

from tests.world.harness import Story


def test_somebody_taken_off_the_roster_is_not_paged_for_the_next_call(story: Story) -> None:
    day = {"agency_id": "psc", "date": "2026-11-23"}
    listed = story.http("GET", "/api/registry/shifts", as_="psc_admin", query=day).body["items"]
    shift = next(each["id"] for each in listed if each["person_id"] == "citra")
    removed = story.http("DELETE", f"/api/registry/shifts/{shift}", as_="psc_admin", query=day)
    assert removed.status == 200, removed.body
    story.call("childbirth")
    story.phone("dewi").expects("Melahirkan")


def test_a_shift_is_removed_only_by_its_agency_and_day(story: Story) -> None:
    def refused(**query: str) -> tuple[int, list[str]]:
        path = "/api/registry/shifts/citra-2026-11-23"
        answer = story.http("DELETE", path, as_="admin", query=query)
        return answer.status, list(answer.body["fields"])

    assert refused(date="2026-11-23") == (400, ["agency_id"])
    assert refused(agency_id="psc") == (400, ["date"])
    assert refused(agency_id="psc", date="2026-02-30") == (400, ["date"])
    assert refused(agency_id="nobody", date="2026-11-23") == (422, ["agency_id"])
    assert refused(agency_id="psc", date="2026-11-20") == (404, ["id"])
    assert refused(agency_id="psc", date="2026-11-23", more="1") == (400, ["more"])


def test_an_agency_cannot_touch_anothers_roster(story: Story) -> None:
    day = {"agency_id": "psc", "date": "2026-11-23"}
    path = "/api/registry/shifts/citra-2026-11-23"
    assert story.http("DELETE", path, as_="damkar_admin", query=day).status == 403


def test_what_old_incidents_name_is_retired_and_not_deleted(story: Story) -> None:
    refused = story.http("DELETE", "/api/registry/personnel/citra", as_="admin")
    assert (refused.status, refused.body["fields"]) == (409, {"id": "retire it instead"})
    citra = story.http("GET", "/api/registry/personnel/citra", as_="psc_admin").body
    version = str(citra.pop("v"))
    retired = story.http(
        "PUT",
        "/api/registry/personnel/citra",
        {**citra, "retired": True},
        as_="psc_admin",
        headers={"if-match": version},
    )
    assert retired.status == 200, retired.body
    story.call("childbirth")
    story.phone("dewi").expects("Melahirkan")


def test_two_officers_do_not_overwrite_each_other(story: Story) -> None:
    unit = story.http("GET", "/api/registry/units/damkar_1", as_="admin").body
    version = str(unit.pop("v"))
    headers = {"if-match": version}
    first = story.http(
        "PUT", "/api/registry/units/damkar_1", {**unit, "name": "A"}, as_="admin", headers=headers
    )
    second = story.http(
        "PUT", "/api/registry/units/damkar_1", {**unit, "name": "B"}, as_="admin", headers=headers
    )
    assert (first.status, second.status) == (200, 409)


def test_the_last_admin_cannot_be_lost(story: Story) -> None:
    admin = story.http("GET", "/api/registry/accounts/sub-admin", as_="admin").body
    admin.pop("v")
    path = "/api/registry/accounts/sub-admin"
    assert story.http("PUT", path, {**admin, "disabled": True}, as_="admin").status == 409
    assert story.http("PUT", path, {**admin, "role": "auditor"}, as_="admin").status == 409
    assert story.http("DELETE", path, as_="admin").status == 409
    assert story.http("PUT", path, {**admin, "name": "Other"}, as_="admin").status == 200
