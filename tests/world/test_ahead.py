"""Nobody is silently on nobody's roster: each morning the coming weeks are looked at, and the agency's admin, then its head, are told."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.models import coverages, mornings
from chalicelib.services.watch import looking_ahead
from tests.world.harness import Story
from tests.world.test_duty import at, code, crew, keeps, pattern
from tests.world.test_duty_sheets import cell, publishes, writes


def put(story: Story, noun: str, id_: str, **changed: Any) -> None:
    path = f"/api/registry/{noun}/{id_}"
    kept = story.http("GET", path, as_="admin").body
    kept.pop("v")
    answer = story.http("PUT", path, {**kept, **changed}, as_="admin")
    assert answer.status == 200, answer.body


def on_duty_for_good(story: Story) -> None:
    """Citra and Dewi by turns with the first ambulance, all the time; Citra's account keeps the duty, Gita heads the agency."""
    for text in ("P", "M"):
        assert keeps(story, "shift-codes", code(text)).status == 201
    for number, person in enumerate(("citra", "dewi")):
        assert keeps(story, "crews", crew(f"regu_{number}", person)).status == 201
    turns = (("regu_0", "2026-11-01"), ("regu_1", "2026-11-02"))
    assert keeps(story, "duty-patterns", pattern(*turns, cycle=["P", "M"])).status == 201
    put(story, "accounts", "sub-psc-admin", person_id="citra")
    put(story, "agencies", "psc", head_id="gita")


def morning(story: Story, day: str, clock: str = "07:00") -> list[dict[str, Any]]:
    """The first minute of a day in which it is looked; what was found of the ambulances."""
    at(story, day, clock)
    story.send_notices()
    story.send_notices()
    found = story.http("GET", "/api/duty/ahead", as_="psc_admin").body["agencies"]
    return list(found[0]["findings"]) if found and found[0]["day"] == day else []


def kinds(findings: list[dict[str, Any]]) -> list[str]:
    return [each["kind"] for each in findings]


def nobody_told(story: Story) -> None:
    for person in ("citra", "gita"):
        story.phone(person).expects_nothing()


def test_where_all_is_well_nobody_is_told(story: Story) -> None:
    on_duty_for_good(story)
    assert morning(story, "2026-11-26") == []
    nobody_told(story)


def test_a_roster_that_ends_is_told_to_the_admin_and_the_next_morning_to_the_head(story: Story) -> None:
    on_duty_for_good(story)
    put(story, "duty-patterns", "pola", until="2026-12-10")
    (found,) = morning(story, "2026-11-26")
    assert (found["kind"], found["day"], found["told_admin"]) == ("nobody", "2026-12-11", "2026-11-26")
    text = story.phone("citra").expects("Psc", "tanpa piket mulai 11 Des")
    assert len(text) <= 160
    story.phone("gita").expects_nothing()
    morning(story, "2026-11-27")
    story.phone("citra").expects_nothing()
    story.phone("gita").expects("tanpa piket mulai 11 Des")
    for day in ("2026-11-28", "2026-11-30", "2026-12-02"):
        morning(story, day)
    nobody_told(story)
    # Once a week, and each morning from three days before.
    morning(story, "2026-12-03")
    story.phone("citra").expects("tanpa piket")
    morning(story, "2026-12-08")
    story.phone("citra").expects("tanpa piket", "rencana tanpa jawaban")
    story.phone("gita").expects("tanpa piket")


def test_what_was_put_right_is_told_to_nobody_else(story: Story) -> None:
    on_duty_for_good(story)
    put(story, "duty-patterns", "pola", until="2026-12-10")
    morning(story, "2026-11-26")
    story.phone("citra").expects("tanpa piket")
    put(story, "duty-patterns", "pola", until=None)
    assert morning(story, "2026-11-27") == []
    nobody_told(story)


def test_a_month_that_begins_unpublished_is_told_where_sheets_are_kept(story: Story) -> None:
    on_duty_for_good(story)
    rows = [{"person_id": "citra", "unit_id": "ambulans_1"}, {"person_id": "dewi", "unit_id": "ambulans_1"}]
    writes(story, add=rows)
    writes(story, *(cell("citra", day, "P") for day in range(1, 32)))
    writes(story, *(cell("dewi", day, "M") for day in range(1, 32)))
    # Without a sheet the pattern counts, and no month is missed.
    assert morning(story, "2026-11-26") == []
    assert publishes(story, "2026-12-01").status == 200
    assert kinds(morning(story, "2026-12-01")) == []
    (found,) = morning(story, "2026-12-02")
    assert (found["kind"], found["month"], found["day"]) == ("unpublished", "2027-01", "2027-01-01")
    story.phone("citra").expects("Jan belum terbit")


def test_a_plan_without_an_answer_within_three_days_is_told(story: Story) -> None:
    on_duty_for_good(story)
    members = [{"person_id": "citra", "since": "2026-01-01", "until": "2026-11-29"}]
    put(story, "crews", "regu_0", members=members, chief_id=None)
    # The night of the thirtieth is the first without her.
    assert morning(story, "2026-11-27") == []
    found = morning(story, "2026-11-28")
    assert {(each["kind"], each["plan_id"], each["day"]) for each in found} == {
        ("unanswered", "health", "2026-11-30"),
        ("unanswered", "house_fire", "2026-11-30"),
    }
    story.phone("citra").expects("2 rencana tanpa jawaban")


def test_a_certificate_that_ends_within_sixty_days_is_told_and_one_that_was_renewed_is_not(
    story: Story,
) -> None:
    on_duty_for_good(story)
    held = {"certification_id": "water_rescue", "expires_on": "2027-01-24"}
    put(story, "personnel", "dewi", certifications=[held])
    renewed = [held, {**held, "expires_on": "2028-01-24"}]
    put(story, "personnel", "citra", certifications=renewed)
    (found,) = morning(story, "2026-11-26")
    assert (found["kind"], found["person"], found["day"]) == ("certificate", "Dewi", "2027-01-24")
    assert found["certification"]["id"] == "Penyelamatan air"
    text = story.phone("citra").expects("1 sertifikat akan berakhir")
    assert "Dewi" not in text


def test_somebody_who_stands_by_for_more_hours_than_the_regency_has_set_is_told(story: Story) -> None:
    on_duty_for_good(story)
    # A morning after a night: twenty-four hours in a row each second day.
    assert morning(story, "2026-11-26") == []
    put(story, "regency", "kotim", duty_hours_most=20)
    found = morning(story, "2026-11-27")
    assert kinds(found) == ["too_long", "too_long"] and {each["person"] for each in found} == {
        "Citra",
        "Dewi",
    }
    story.phone("citra").expects("2 orang piket terlalu lama")


def test_whoever_is_on_call_sleeps_at_home_and_is_not_counted(story: Story) -> None:
    on_duty_for_good(story)
    put(story, "regency", "kotim", duty_hours_most=20)
    for text in ("p", "m"):
        put(story, "shift-codes", f"psc-{text}", readiness="on_call")
    assert morning(story, "2026-11-27") == []


def test_it_is_looked_once_a_day_at_the_hour_that_the_regency_has_set(story: Story) -> None:
    on_duty_for_good(story)
    put(story, "regency", "kotim", duty_hour=9)
    put(story, "duty-patterns", "pola", until="2026-12-10")
    assert morning(story, "2026-11-26", "08:59") == []
    nobody_told(story)
    assert kinds(morning(story, "2026-11-26", "09:00")) == ["nobody"]
    story.phone("citra").expects("tanpa piket")
    for _ in range(3):
        story.clock.advance(3600)
        story.send_notices()
    nobody_told(story)


def test_where_an_agency_has_no_admin_with_a_phone_its_head_is_told_at_once(story: Story) -> None:
    on_duty_for_good(story)
    put(story, "accounts", "sub-psc-admin", person_id=None)
    put(story, "duty-patterns", "pola", until="2026-12-10")
    morning(story, "2026-11-26")
    story.phone("gita").expects("tanpa piket")


def test_where_there_is_nobody_to_tell_it_is_said(story: Story) -> None:
    at(story, "2026-11-26", "07:00")
    story.send_notices()
    agencies = story.http("GET", "/api/duty/ahead", as_="leader").body["agencies"]
    assert {each["agency_id"]: each["unheard"] for each in agencies} == dict.fromkeys(
        ("airud", "damkar", "polres", "psc"), True
    )
    assert "4 unheard" in story.http("GET", "/api/health").body["checks"]["duty"]["detail"]


def test_an_agency_reads_its_own_alone(story: Story) -> None:
    at(story, "2026-11-26", "07:00")
    story.send_notices()
    own = story.http("GET", "/api/duty/ahead", as_="damkar_admin").body["agencies"]
    assert [each["agency_id"] for each in own] == ["damkar"]
    assert story.http("GET", "/api/duty/ahead", as_="operator").status == 403


def test_one_agency_that_cannot_be_looked_at_keeps_no_other_and_is_seen_and_tried_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_duty_for_good(story)
    put(story, "duty-patterns", "pola", until="2026-12-10")
    found = looking_ahead._found

    def breaks(world: Any, registry: Any, agency: Any, today: str) -> Any:
        if agency.id == "damkar":
            raise ValueError("spoilt")
        return found(world, registry, agency, today)

    monkeypatch.setattr(looking_ahead, "_found", breaks)
    morning(story, "2026-11-26")
    story.phone("citra").expects("tanpa piket")
    assert not story.http("GET", "/api/health").body["checks"]["duty"]["ok"]
    # Who was told is told once, however often the others are tried.
    monkeypatch.undo()
    story.clock.advance(60)
    story.send_notices()
    nobody_told(story)
    assert story.http("GET", "/api/health").body["checks"]["duty"]["ok"]
    assert mornings.day() == "2026-11-26"


def test_a_process_that_dies_after_the_order_orders_no_second_sms(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_duty_for_good(story)
    put(story, "duty-patterns", "pola", until="2026-12-10")

    def dies(*_: Any) -> None:
        raise OSError("killed")

    monkeypatch.setattr(mornings, "save", dies)
    at(story, "2026-11-26", "07:00")
    story.send_notices()
    monkeypatch.undo()
    morning(story, "2026-11-26", "07:02")
    story.phone("citra").expects("tanpa piket")
    story.phone("citra").expects_nothing()


def test_without_coverage_the_rest_is_told_all_the_same(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_duty_for_good(story)
    put(story, "duty-patterns", "pola", until="2026-12-10")

    def breaks(*_: Any) -> None:
        raise OSError("no answer")

    monkeypatch.setattr(coverages, "save", breaks)
    assert kinds(morning(story, "2026-11-26")) == ["nobody"]
    story.phone("citra").expects("tanpa piket")
    assert not story.http("GET", "/api/health").body["checks"]["duty"]["ok"]


def test_it_is_told_in_ones_own_language(story: Story) -> None:
    on_duty_for_good(story)
    put(story, "personnel", "citra", language="en")
    put(story, "duty-patterns", "pola", until="2026-12-10")
    morning(story, "2026-11-26")
    story.phone("citra").expects("nobody on duty from 11 Dec")
