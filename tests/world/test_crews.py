"""Crews and holidays: what officers keep of who belongs together, and of days that are like no others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world.harness import Answer, Story
from tests.world.test_versions import changes, history

PATH = "/api/registry/crews/regu_a"
CREW: dict[str, Any] = {
    "id": "regu_a",
    "agency_id": "damkar",
    "name": "Regu A",
    "members": [{"person_id": "andi", "since": "2026-01-01"}],
    "chief_id": "andi",
    "unit_id": "damkar_1",
}


def makes(story: Story, as_: str = "damkar_admin", **more: Any) -> Answer:
    return story.http("POST", "/api/registry/crews", {**CREW, **more}, as_=as_)


def test_an_agency_keeps_its_crews_and_no_others(story: Story) -> None:
    assert makes(story).status == 201
    assert makes(story, id="regu_b", as_="psc_admin").status == 403
    listed = story.http("GET", "/api/registry/crews", as_="psc_admin").body["items"]
    assert listed == []
    assert changes(story, PATH, as_="damkar_admin", name="Regu Api").status == 200
    assert [each["v"] for each in history(story, PATH, as_="damkar_admin")["versions"]] == [2, 1]


def member(person: str, since: str = "2026-01-01", until: str | None = None) -> dict[str, Any]:
    return {"person_id": person, "since": since, "until": until}


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({"members": [member("citra")]}, {"members[0].person_id", "chief_id"}),
        ({"members": [member("nobody"), member("andi")]}, {"members[0].person_id"}),
        ({"members": [member("andi", until="2026-11-22")]}, {"chief_id"}),
        ({"members": [member("andi", "2026-02-30")]}, {"members[0].since"}),
        ({"members": [member("andi", "2026-12-01", "2026-11-30")]}, {"members[0].until"}),
        ({"members": [member("andi"), member("andi", "2027-01-01")]}, {"members[1].person_id"}),
        ({"chief_id": "budi"}, {"chief_id"}),
        ({"unit_id": "perahu_1"}, {"unit_id"}),
        ({"unit_id": "none"}, {"unit_id"}),
        ({"members": [member("andi") | {"unit_id": "perahu_1"}]}, {"members[0].unit_id"}),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_a_crew_that_cannot_be_is_refused(story: Story, more: dict[str, Any], refused: set[str]) -> None:
    answer = makes(story, **more)
    assert (answer.status, set(answer.body["fields"])) == (422, refused)


def test_who_was_in_a_crew_of_another_agency_once_may_stay_in_its_past(story: Story) -> None:
    members = [
        member("citra", until="2026-11-22"),
        member("andi"),
        member("andi", "2025-01-01", "2025-12-31"),
    ]
    assert makes(story, members=members).status == 201


def test_whoever_is_in_a_crew_is_not_moved_or_retired_before_that_ends(story: Story) -> None:
    assert makes(story).status == 201
    path = "/api/registry/personnel/andi"
    value = story.http("GET", path, as_="admin").body
    headers = {"if-match": str(value.pop("v"))}
    retired = {**value, "retired": True}
    refused = story.http("PUT", f"{path}?end_shifts=true", retired, as_="admin", headers=headers)
    assert refused.status == 409
    assert set(refused.body["fields"]) == {"crews/regu_a.members[0].person_id"}
    ended = [member("andi", until="2026-11-22")]
    assert changes(story, PATH, members=ended, chief_id=None).status == 200
    answer = story.http("PUT", f"{path}?end_shifts=true", retired, as_="admin", headers=headers)
    assert answer.status == 200, answer.body


def test_a_crew_goes_with_its_agency_or_is_retired_and_an_empty_one_may_go(story: Story) -> None:
    assert makes(story, members=[], chief_id=None).status == 201
    refused = story.http("DELETE", PATH, as_="damkar_admin")
    assert (refused.status, refused.body["fields"]) == (409, {"id": "retire it instead"})
    assert changes(story, PATH, as_="damkar_admin", retired=True).status == 200


def test_a_holiday_is_a_day_of_the_calendar_that_the_admin_keeps(story: Story) -> None:
    label = {"id": "Hari Raya Natal", "en": "Christmas Day"}
    holiday = {"id": "natal-2026", "day": "2026-12-25", "label": label}
    assert story.http("POST", "/api/registry/holidays", holiday, as_="damkar_admin").status == 403
    assert story.http("POST", "/api/registry/holidays", holiday, as_="admin").status == 201
    refused = story.http(
        "POST", "/api/registry/holidays", {**holiday, "id": "x", "day": "2027-02-29"}, as_="admin"
    )
    assert (refused.status, refused.body["fields"]) == (422, {"day": "is no day of the calendar"})
    assert story.http("DELETE", "/api/registry/holidays/natal-2026", as_="admin").status == 200
