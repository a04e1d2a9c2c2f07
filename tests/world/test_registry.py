"""Keeping the registry: what counts from the next request on, and what must not be lost."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import to_builtins

from chalicelib.domain.registry import Person
from chalicelib.models import registry_writes
from tests.support import regency as seeded
from tests.world.harness import Answer, Story, call_app


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
        "/api/registry/personnel/citra?end_shifts=true",
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
    assert second.body["fields"] == {"If-Match": f"the version is {int(version) + 1}"}


def test_a_change_that_names_no_version_is_refused_and_changes_nothing(story: Story) -> None:
    path = "/api/registry/units/damkar_1"
    before = story.http("GET", path, as_="admin").body
    changed = {**{name: each for name, each in before.items() if name != "v"}, "name": "A"}
    for headers in (None, {"if-match": ""}):
        refused = call_app("PUT", path, changed, as_="admin", headers=headers)
        assert (refused.status, refused.body["code"]) == (428, "precondition_required")
        assert refused.body["fields"] == {"If-Match": "is required"}
    assert story.http("GET", path, as_="admin").body == before


def test_a_change_whose_answer_was_lost_is_sent_again_and_is_nobody_elses(story: Story) -> None:
    path = "/api/registry/units/damkar_1"
    unit = story.http("GET", path, as_="admin").body
    headers = {"if-match": str(unit.pop("v"))}
    first = story.http("PUT", path, {**unit, "name": "A"}, as_="admin", headers=headers)
    again = story.http("PUT", path, {**unit, "name": "A"}, as_="admin", headers=headers)
    assert (again.status, again.body) == (200, first.body)
    assert story.http("GET", path, as_="admin").body == first.body


def test_the_last_admin_cannot_be_lost(story: Story) -> None:
    admin = story.http("GET", "/api/registry/accounts/sub-admin", as_="admin").body
    admin.pop("v")
    path = "/api/registry/accounts/sub-admin"
    assert story.http("PUT", path, {**admin, "disabled": True}, as_="admin").status == 409
    assert story.http("PUT", path, {**admin, "role": "auditor"}, as_="admin").status == 409
    assert story.http("DELETE", path, as_="admin").status == 409
    assert story.http("PUT", path, {**admin, "name": "Other"}, as_="admin").status == 200


# -- the regency, and whose numbers SMS are sent to ----------------------------------------------------------------------


def regency_as_it_stands(story: Story) -> dict[str, Any]:
    (found,) = story.http("GET", "/api/registry/regency", as_="admin").body["items"]
    return dict(found)


def test_there_is_one_regency_which_only_the_admin_changes(story: Story) -> None:
    regency = {name: each for name, each in regency_as_it_stands(story).items() if name != "v"}
    assert story.http("GET", "/api/registry", as_="operator").body["regency"] == regency
    second = story.http("POST", "/api/registry/regency", {**regency, "id": "seruyan"}, as_="admin")
    assert (second.status, second.body["fields"]) == (409, {"id": "there is one already"})
    deleted = story.http("DELETE", "/api/registry/regency/kotim", as_="admin")
    assert (deleted.status, deleted.body["fields"]) == (409, {"id": "change it instead"})
    path = "/api/registry/regency/kotim"
    assert story.http("PUT", path, {**regency, "area_code": "0532"}, as_="damkar_admin").status == 403
    assert story.http("PUT", path, {**regency, "area_code": "0532"}, as_="admin").status == 200
    asked = story.http("POST", "/api/callers", {"number": "21112"}, as_="operator").body
    assert asked["number"] == "+6253221112"


def test_a_zone_that_is_not_the_deployments_is_refused(story: Story) -> None:
    regency = regency_as_it_stands(story)
    del regency["v"]
    path = "/api/registry/regency/kotim"
    refused = story.http("PUT", path, {**regency, "zone": "Asia/Makassar"}, as_="admin")
    assert (refused.status, refused.body["fields"]) == (422, {"zone": "is not UTC+7"})
    assert story.http("PUT", path, {**regency, "zone": "Asia/Pontianak"}, as_="admin").status == 200


def test_a_registry_of_the_release_before_guesses_no_area_code_until_the_regency_is_told(
    story: Story,
) -> None:
    (regency,) = seeded.nouns()["regency"]
    registry_writes.write([], [(registry_writes.item_of("regency", regency), 1)], stamp=seeded.stamped())
    asked = story.http("POST", "/api/callers", {"number": "21112"}, as_="operator").body
    assert (asked["number"], asked["kind"]) == ("", "unread")
    assert story.http("POST", "/api/callers", {"number": "0812 3456 7890"}, as_="operator").body["number"]
    shown = story.http("GET", "/api/registry", as_="operator").body["regency"]
    assert (shown["area_code"], shown["countries"]) == ("", ["ID"])
    told = {"id": "kotim", "name": "Kotim", "zone": "Asia/Jakarta", "area_code": "0531", "countries": ["ID"]}
    assert story.http("POST", "/api/registry/regency", told, as_="admin").status == 201
    asked = story.http("POST", "/api/callers", {"number": "21112"}, as_="operator").body
    assert asked["number"] == "+6253121112"


def hires(story: Story, phone: str, as_: str = "damkar_admin", **more: Any) -> Answer:
    person = {"id": "hasan", "agency_id": "damkar", "name": "Hasan", "phone": phone, **more}
    return story.http("POST", "/api/registry/personnel", person, as_=as_)


@pytest.mark.parametrize(
    ("phone", "refusal"),
    [
        ("+1-900-555-1234", "is of a country that is not allowed"),
        ("00 1 900 555 1234", "is of a country that is not allowed"),
        ("+60 12-345 6789", "is of a country that is not allowed"),
        ("+870 773 111 632", "is of a country that is not allowed"),
        ("0809 1 234 567", "is a premium-rate number"),
        ("0531-21112", "is no mobile number"),
    ],
)
def test_nobody_is_paged_abroad_at_a_premium_or_on_a_desk_phone(
    story: Story, phone: str, refusal: str
) -> None:
    refused = hires(story, phone)
    assert (refused.status, refused.body["fields"]) == (422, {"phone": refusal})
    assert story.http("GET", "/api/registry/personnel/hasan", as_="admin").status == 404


@pytest.mark.parametrize(("phone", "refusal"), [("112", "is a short number"), ("O812", "is no phone number")])
def test_a_phone_that_nobody_could_ring_is_refused(story: Story, phone: str, refusal: str) -> None:
    refused = hires(story, phone)
    assert (refused.status, refused.body["fields"]) == (400, {"phone": refusal})


def test_a_phone_is_kept_as_it_is_dialled_from_anywhere_however_it_was_written(story: Story) -> None:
    for _ in range(2):
        assert hires(story, "0812-3456-7890 (kantor)").body["phone"] == "+6281234567890"
    kept = story.http("GET", "/api/registry/personnel/hasan", as_="damkar_admin").body
    assert kept["phone"] == "+6281234567890"


def test_a_crew_with_a_sim_of_a_neighbour_is_hired_once_the_admin_allows_the_country(story: Story) -> None:
    regency = regency_as_it_stands(story)
    del regency["v"]
    path = "/api/registry/regency/kotim"
    assert story.http("PUT", path, {**regency, "countries": ["ID", "MY"]}, as_="admin").status == 200
    assert hires(story, "+60 12-345 6789").status == 201
    # And then the country cannot be taken away behind their back.
    refused = story.http("PUT", path, {**regency, "countries": ["ID"]}, as_="admin")
    assert (refused.status, refused.body["fields"]) == (422, {"countries": "leaves out personnel/hasan"})
    retired = {
        "id": "hasan",
        "agency_id": "damkar",
        "name": "Hasan",
        "phone": "+60123456789",
        "retired": True,
    }
    assert story.http("PUT", "/api/registry/personnel/hasan", retired, as_="damkar_admin").status == 200
    assert story.http("PUT", path, {**regency, "countries": ["ID"]}, as_="admin").status == 200


def test_somebody_kept_by_an_older_release_with_a_number_now_refused_can_still_be_retired(
    story: Story,
) -> None:
    old = Person(id="hasan", agency_id="damkar", name="Hasan", phone="+6221112")
    registry_writes.write([(registry_writes.item_of("personnel", old), None)], stamp=seeded.stamped())
    body = to_builtins(old)
    path = "/api/registry/personnel/hasan"
    assert story.http("PUT", path, {**body, "name": "H. Hasan"}, as_="admin").body["fields"] == {
        "phone": "is no phone number"
    }
    assert story.http("PUT", path, {**body, "retired": True}, as_="admin").status == 200


TYPE = {
    "id": "boat_accident",
    "category": "accident",
    "label": {"id": "Kecelakaan kapal", "en": "Boat accident"},
}


def test_callers_words_reach_the_desk_and_none_stands_twice_at_one_type(story: Story) -> None:
    twice = {**TYPE, "words": ["kapal karam", "hanyut", "Kapal-karam "]}
    refused = story.http("POST", "/api/registry/incident-types", twice, as_="admin")
    assert (refused.status, refused.body["fields"]) == (422, {"words[2]": "'Kapal-karam ' stands here twice"})
    made = story.http(
        "POST", "/api/registry/incident-types", {**TYPE, "words": ["karam", "hanyut"]}, as_="admin"
    )
    assert made.status == 201, made.body
    types = story.http("GET", "/api/registry", as_="operator").body["incident_types"]
    assert next(each for each in types if each["id"] == "boat_accident")["words"] == ["karam", "hanyut"]


def test_the_same_word_may_stand_at_two_types(story: Story) -> None:
    for id_ in ("boat_accident", "missing_person"):
        made = story.http(
            "POST", "/api/registry/incident-types", {**TYPE, "id": id_, "words": ["hanyut"]}, as_="admin"
        )
        assert made.status == 201, made.body


def test_a_type_that_another_is_like_is_there_and_stays(story: Story) -> None:
    unknown = story.http("POST", "/api/registry/incident-types", {**TYPE, "like": ["drowned"]}, as_="admin")
    assert (unknown.status, list(unknown.body["fields"])) == (422, ["like[0]"])
    assert (
        story.http(
            "POST", "/api/registry/incident-types", {**TYPE, "like": ["childbirth"]}, as_="admin"
        ).status
        == 201
    )
    kept = story.http("DELETE", "/api/registry/incident-types/childbirth", as_="admin")
    assert kept.status == 409
    assert "incident-types/boat_accident" in kept.body["fields"]["id"]


def test_no_village_and_no_other_name_stands_twice_at_a_district(story: Story) -> None:
    district = {"id": "seranau", "code": "62.02.12", "name": "Seranau", "lat": -2.5, "lng": 113.0}
    twice = {**district, "aliases": ["Seberang", "seberang"], "villages": ["Ganepo", "Batuah", "Ganepo"]}
    refused = story.http("POST", "/api/registry/districts", twice, as_="admin")
    assert refused.status == 422
    assert refused.body["fields"] == {
        "aliases[1]": "'seberang' stands here twice",
        "villages[2]": "'Ganepo' stands here twice",
    }


def test_a_service_number_is_kept_and_only_who_keeps_people_sees_it_whole(story: Story) -> None:
    citra = story.http("GET", "/api/registry/personnel/citra", as_="psc_admin").body
    version = str(citra.pop("v"))
    headers = {"if-match": version}
    told = {**citra, "nip": "198001012005012001"}
    path = "/api/registry/personnel/citra"
    assert story.http("PUT", path, told, as_="psc_admin", headers=headers).status == 200
    seen = {
        who: story.http("GET", path, as_=who).body["nip"]
        for who in ("psc_admin", "admin", "auditor", "supervisor")
    }
    assert seen == {
        "psc_admin": "198001012005012001",
        "admin": "198001012005012001",
        "auditor": "…001",
        "supervisor": "…001",
    }
    in_history = {
        who: story.http("GET", f"{path}/history", as_=who).body["versions"][0]["after"]["nip"] for who in seen
    }
    assert in_history == seen
