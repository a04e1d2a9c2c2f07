"""Duty by codes, crews and patterns: what officers may keep, and whom a call pages by it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import times
from tests.world.drafts import effect_of
from tests.world.harness import Answer, Story

DAY_S = 24 * 3600
CODES: dict[str, dict[str, Any]] = {
    "P": {"name": "Pagi", "starts": "07:00", "ends": "19:00"},
    "M": {"name": "Malam", "starts": "19:00", "ends": "07:00"},
    "L": {"name": "Lepas", "off": "rest"},
}


def keeps(story: Story, noun: str, fields: dict[str, Any], as_: str = "psc_admin") -> Answer:
    return story.http("POST", f"/api/registry/{noun}", fields, as_=as_)


def code(text: str, **more: Any) -> dict[str, Any]:
    fields = {**CODES.get(text, {"name": text}), **more}
    return {"id": f"psc-{text.lower()}", "agency_id": "psc", "code": text, **fields}


def crew(id_: str, *people: str, **more: Any) -> dict[str, Any]:
    members = [{"person_id": person, "since": "2026-01-01"} for person in people]
    fields = {"unit_id": "ambulans_1", **more}
    return {"id": id_, "agency_id": "psc", "name": id_, "members": members, **fields}


def pattern(*crews: tuple[str, str], **more: Any) -> dict[str, Any]:
    turns = [{"crew_id": id_, "anchor": anchor} for id_, anchor in crews]
    fields = {"cycle": ["P", "M", "L"], "since": "2026-11-01", **more}
    return {"id": "pola", "agency_id": "psc", "name": "Pola tiga hari", "crews": turns, **fields}


def on_patterns(story: Story) -> None:
    """Citra, Dewi and Gita take turns with the first ambulance: morning, night, off."""
    for text in CODES:
        assert keeps(story, "shift-codes", code(text)).status == 201
    for number, person in enumerate(("citra", "dewi", "gita")):
        assert keeps(story, "crews", crew(f"regu_{number}", person)).status == 201
    turns = [(f"regu_{number}", f"2026-11-0{number + 1}") for number in range(3)]
    answer = keeps(story, "duty-patterns", pattern(*turns))
    assert answer.status == 201, answer.body


def at(story: Story, day: str, clock: str) -> None:
    """Let it be a local time of a day."""
    moment = times.render(times.parse(f"{day}T{clock}:00+07:00"))
    story.clock.advance((times.between(story.clock.now(), moment) or 0) - 0.001)


def sent(story: Story) -> dict[str, Any]:
    """Whom the plan would page for a birth, and by what each is on duty."""
    query = {"type": "childbirth", "district": "baamang"}
    (pick,) = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body["picks"]
    assert {person["id"] for person in pick["people"]} == pick["on_duty_by"].keys()
    return dict(pick["on_duty_by"])


def test_a_regency_that_keeps_patterns_never_runs_out_of_duty(story: Story) -> None:
    on_patterns(story)
    # The first of November was Citra's first morning; 400 days later it is the next turn of three days.
    for day, clock, person in (
        ("2026-12-01", "08:00", "citra"),
        ("2026-12-01", "20:00", "gita"),
        ("2026-12-02", "06:00", "gita"),
        ("2028-01-04", "08:00", "citra"),
    ):
        at(story, day, clock)
        assert sent(story) == {person: "pattern"}, (day, clock)
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    kept = story.incident(incident["id"])["plan"]["answers"][0]["picks"][0]
    assert kept["on_duty_by"] == {"citra": "pattern"}


def test_hand_over_is_at_the_very_second(story: Story) -> None:
    on_patterns(story)
    at(story, "2026-12-01", "19:00")
    story.clock.advance(-0.1)
    assert sent(story) == {"citra": "pattern"}
    at(story, "2026-12-01", "19:00")
    assert sent(story) == {"gita": "pattern"}


def test_single_shifts_of_releases_before_read_on_and_come_before_their_persons_pattern(story: Story) -> None:
    on_patterns(story)
    # The story began with shifts of that day, and Dewi is off then by her crew's pattern.
    assert sent(story) == {"citra": "shift"}


def test_whoever_leaves_a_crew_in_mid_month_is_paged_no_more_from_the_next_day(story: Story) -> None:
    on_patterns(story)
    members = [
        {"person_id": "citra", "since": "2026-01-01", "until": "2026-12-03"},
        {"person_id": "dewi", "since": "2026-12-04"},
    ]
    path = "/api/registry/crews/regu_0"
    kept = story.http("GET", path, as_="psc_admin").body
    changed = {**kept, "members": members}
    changed.pop("v")
    story.desk("PUT", path, changed, as_="psc_admin")
    at(story, "2026-12-01", "08:00")
    assert sent(story) == {"citra": "pattern"}
    at(story, "2026-12-04", "08:00")
    assert sent(story) == {"dewi": "pattern"}


def test_on_call_becomes_stationed_by_its_code_and_dispatch_follows_with_the_next_request(
    story: Story,
) -> None:
    for text in CODES:
        assert keeps(story, "shift-codes", code(text, readiness="on_call")).status == 201
    for unit, person in (("ambulans_1", "citra"), ("ambulans_2", "dewi")):
        assert keeps(story, "crews", crew(unit, person, unit_id=unit)).status == 201
    turns = [("ambulans_1", "2026-12-01"), ("ambulans_2", "2026-12-01")]
    assert keeps(story, "duty-patterns", pattern(*turns, cycle=["P"])).status == 201
    plan = story.http("GET", "/api/registry/response-plans/health", as_="admin").body
    plan.pop("v")
    story.desk("PUT", "/api/registry/response-plans/health", {**plan, "on_call_km": 100}, as_="admin")
    at(story, "2026-12-01", "08:00")
    assert sent(story) == {"citra": "pattern"}, "of two crews on call the nearer one goes"
    stationed = code("X", starts="07:00", ends="19:00")
    assert keeps(story, "shift-codes", stationed).status == 201
    other = {**pattern(("ambulans_2", "2026-12-01"), cycle=["X"]), "id": "di_pos"}
    first = {**pattern(turns[0], cycle=["P"])}
    story.desk("PUT", "/api/registry/duty-patterns/pola", first, as_="psc_admin")
    assert keeps(story, "duty-patterns", other).status == 201
    assert sent(story) == {"dewi": "pattern"}, "the plan lets a crew at its station go first, however far"


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        (code("P", ends=None), {"ends": "needs both its start and its end"}),
        (code("P", off="rest"), {"off": "has either hours or why somebody is off"}),
        (code("L", off=None), {"off": "has either hours or why somebody is off"}),
        ({**code("M"), "id": "other"}, {"code": "stands for 'psc-m' already"}),
    ],
    ids=str,
)
def test_a_code_that_says_two_things_or_nothing_is_refused(
    story: Story, fields: dict[str, Any], refused: dict[str, str]
) -> None:
    assert keeps(story, "shift-codes", code("M")).status == 201
    answer = keeps(story, "shift-codes", fields)
    assert (answer.status, answer.body["fields"]) == (422, refused)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        (pattern(("regu_0", "2026-11-01"), cycle=["P", "X"]), {"cycle[1]": "the agency has no code 'X'"}),
        (pattern(("api", "2026-11-01")), {"crews[0].crew_id": "belongs to another agency"}),
        (
            pattern(("regu_0", "2026-11-01"), ("regu_0", "2026-11-02")),
            {"crews[1].crew_id": "is given twice"},
        ),
        (pattern(("regu_0", "2026-11-31")), {"crews[0].anchor": "is no day of the calendar"}),
        (pattern(("regu_0", "2026-11-01"), until="2026-10-31"), {"until": "lies before the first day"}),
        (pattern(("nobody", "2026-11-01")), {"crews[0].crew_id": "crews has no 'nobody'"}),
    ],
    ids=str,
)
def test_a_pattern_of_what_the_agency_does_not_have_is_refused(
    story: Story, fields: dict[str, Any], refused: dict[str, str]
) -> None:
    on_patterns(story)
    theirs = {"id": "api", "agency_id": "damkar", "name": "Regu api"}
    assert keeps(story, "crews", theirs, as_="damkar_admin").status == 201
    answer = keeps(story, "duty-patterns", {**fields, "id": "lain"})
    assert (answer.status, answer.body["fields"]) == (422, refused)


def test_a_code_is_not_removed_nor_a_crew_retired_while_a_pattern_needs_it(story: Story) -> None:
    on_patterns(story)
    refused = story.http("DELETE", "/api/registry/shift-codes/psc-m", as_="psc_admin")
    assert refused.status == 409
    assert refused.body["fields"]["duty-patterns/pola.cycle[1]"] == "the agency has no code 'M'"
    path = "/api/registry/crews/regu_1"
    kept = story.http("GET", path, as_="psc_admin").body
    headers = {"if-match": str(kept.pop("v"))}
    answer = story.http("PUT", path, {**kept, "retired": True}, as_="psc_admin", headers=headers)
    assert (answer.status, set(answer.body["fields"])) == (409, {"duty-patterns/pola.crews[1].crew_id"})


def test_a_draft_of_a_pattern_says_who_would_not_be_paged_any_more(story: Story) -> None:
    on_patterns(story)
    at(story, "2026-12-01", "08:00")
    draft = pattern(("regu_1", "2026-11-02"), ("regu_2", "2026-11-03"))
    found = effect_of(story, "duty-patterns", draft)
    assert ("unanswered", "health") in {(row["kind"], row["plan_id"]) for row in found["rows"]}


def test_an_agency_keeps_its_own_codes_and_patterns_and_sees_no_others(story: Story) -> None:
    on_patterns(story)
    assert keeps(story, "shift-codes", {**code("P"), "id": "x"}, as_="damkar_admin").status == 403
    assert story.http("GET", "/api/registry/duty-patterns", as_="damkar_admin").body["items"] == []
    assert len(story.http("GET", "/api/registry/shift-codes", as_="psc_admin").body["items"]) == 3


def on_duty(story: Story, as_: str = "operator", **query: str) -> dict[str, str]:
    found = story.http("GET", "/api/duty", as_=as_, query={"agency_id": "psc", **query})
    assert found.status == 200, found.body
    return {f"{each['person_id']}@{each['unit_id']}": each["by"] for each in found.body["people"]}


def test_who_is_on_duty_is_told_for_now_and_for_400_days_ahead_and_by_what(story: Story) -> None:
    on_patterns(story)
    # Of the pattern Gita is off on that day.
    assert on_duty(story) == {"citra@ambulans_1": "shift", "dewi@ambulans_2": "shift"}
    assert on_duty(story, at="2027-12-28T08:00:00+07:00") == {"gita@ambulans_1": "pattern"}
    far = story.http(
        "GET", "/api/duty", as_="admin", query={"agency_id": "psc", "at": "2029-01-01T00:00:00Z"}
    )
    assert (far.status, far.body["fields"]) == (422, {"at": "is out of range"})


def test_an_agency_sees_its_own_duty_alone(story: Story) -> None:
    assert story.http("GET", "/api/duty", as_="damkar_admin", query={"agency_id": "psc"}).status == 403
    assert on_duty(story, as_="psc_admin")
    unknown = story.http("GET", "/api/duty", as_="admin", query={"agency_id": "nobody"})
    assert (unknown.status, set(unknown.body["fields"])) == (422, {"agency_id"})
