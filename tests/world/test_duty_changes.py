"""Changes of duty: who is paged before and after, whose word it takes, and what comes twice, late, at once or not to its end."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from chalicelib.domain.duty import Change
from chalicelib.domain.ids import fingerprint
from chalicelib.errors import Conflict, Forbidden, Unprocessable
from chalicelib.handlers import events
from chalicelib.models import duty_changes as store
from chalicelib.models.conflicts import Unconfirmed
from chalicelib.services.duty import changing
from chalicelib.services.duty.changing import Which, Who
from tests.world.harness import Answer, Story
from tests.world.requests import requests_of
from tests.world.test_duty import at, on_duty, on_patterns, sent
from tests.world.test_duty_sheets import cell, codes, publishes, writes

CHANGES = "/api/duty/changes"
CITRA, DEWI, GITA = (Who.person(each) for each in ("citra", "dewi", "gita"))


def enters(
    story: Story, kind: str, person: str, key: str = "", as_: str = "psc_admin", **more: Any
) -> Answer:
    body = {"agency_id": "psc", "kind": kind, "person_id": person, **more}
    return story.http("POST", CHANGES, body, as_=as_, key=key or fingerprint(repr(body)))


def asks(story: Story, kind: Any, who: Who, key: str = "ONE", **more: Any) -> Change:
    wanted = Change(id="", agency_id="psc", kind=kind, person_id=who.person_id, **more)
    return changing.ask(story.world, story.world.registry.current(), wanted, key, who)


def says(story: Story, word: Any, change: Change, who: Who) -> Change:
    found: Change = word(story.world, story.world.registry.current(), Which(change.agency_id, change.id), who)
    return found


def on_sheet(story: Story) -> None:
    """Citra's mornings with the first ambulance, Dewi's nights with it, Gita's mornings on even days with the second."""
    codes(story)
    rows = [
        {"person_id": person, "unit_id": unit}
        for person, unit in (("citra", "ambulans_1"), ("dewi", "ambulans_1"), ("gita", "ambulans_2"))
    ]
    writes(story, add=rows)
    cells = [cell("citra", day, "P") for day in range(1, 32)]
    cells += [cell("dewi", day, "M") for day in range(1, 32)]
    writes(story, *cells, *(cell("gita", day, "P") for day in range(2, 32, 2)))
    assert publishes(story, "2026-12-01").status == 200


def approving(story: Story) -> None:
    path = "/api/registry/agencies/psc"
    kept = story.http("GET", path, as_="admin").body
    kept.pop("v")
    story.desk("PUT", path, {**kept, "approves_changes": True}, as_="admin")


# -- what it does to who is paged --------------------------------------------------------------------------------------


def test_a_swap_moves_the_page_at_the_very_second(story: Story) -> None:
    on_sheet(story)
    assert (
        enters(story, "swap", "citra", day="2026-12-05", other_id="dewi", other_day="2026-12-08").status
        == 201
    )
    at(story, "2026-12-05", "07:00")
    story.clock.advance(-0.1)
    assert sent(story) == {"dewi": "sheet"}, "the night before is still hers"
    at(story, "2026-12-05", "07:00")
    assert sent(story) == {"dewi": "change"}
    incident = story.call("childbirth")["incident"]
    story.phone("dewi").expects("Melahirkan")
    kept = story.incident(incident["id"])["plan"]["answers"][0]["picks"][0]
    assert kept["on_duty_by"] == {"dewi": "change"}
    assert on_duty(story, at="2026-12-08T20:00:00+07:00") == {"citra@ambulans_1": "change"}
    assert on_duty(story, at="2026-12-06T08:00:00+07:00")["citra@ambulans_1"] == "sheet"


def test_a_substitute_takes_a_part_of_a_shift_and_gives_it_back(story: Story) -> None:
    on_sheet(story)
    part = {"starts_at": "2026-12-05T10:00:00+07:00", "ends_at": "2026-12-05T12:00:00+07:00"}
    assert enters(story, "substitute", "citra", other_id="gita", **part).status == 201
    for clock, who in (("09:59", "citra"), ("10:00", "gita"), ("11:59", "gita"), ("12:00", "citra")):
        assert set(on_duty(story, at=f"2026-12-05T{clock}:00+07:00")) == {f"{who}@ambulans_1"}, clock


def test_leave_takes_the_whole_night_also_after_midnight_and_no_other(story: Story) -> None:
    on_sheet(story)
    assert enters(story, "leave", "dewi", day="2026-12-05", why="Sakit").status == 201
    for day, clock, people in (
        ("2026-12-05", "06:00", {"dewi@ambulans_1"}),
        ("2026-12-05", "20:00", set()),
        ("2026-12-06", "06:00", set()),
        ("2026-12-06", "20:00", {"dewi@ambulans_1"}),
    ):
        assert set(on_duty(story, at=f"{day}T{clock}:00+07:00")) == people, (day, clock)


def test_extra_duty_is_there_from_its_first_second_to_its_last(story: Story) -> None:
    on_sheet(story)
    hours = {"starts_at": "2026-12-05T15:00:00+07:00", "ends_at": "2026-12-06T03:00:00+07:00"}
    assert enters(story, "extra", "gita", unit_id="ambulans_2", **hours).status == 201
    seen = [
        "gita@ambulans_2" in on_duty(story, at=f"2026-12-{text}:00+07:00")
        for text in ("05T14:59", "05T15:00", "06T02:59", "06T03:00")
    ]
    assert seen == [False, True, True, False]


def test_a_shift_that_runs_is_changed_from_now_on_and_what_was_sent_stays(story: Story) -> None:
    on_sheet(story)
    at(story, "2026-12-05", "08:00")
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    at(story, "2026-12-05", "09:00")
    assert enters(story, "substitute", "citra", other_id="gita", day="2026-12-05").status == 201
    story.phone("gita").expects_nothing()
    assert set(on_duty(story, at="2026-12-05T08:59:00+07:00")) == {"citra@ambulans_1"}
    assert set(on_duty(story)) == {"gita@ambulans_1"}
    assert [each["people"] for each in story.incident(incident["id"])["plan"]["answers"][0]["picks"]]


def test_a_pattern_is_changed_as_a_sheet_is(story: Story) -> None:
    on_patterns(story)
    at(story, "2026-12-01", "06:30")
    assert enters(story, "substitute", "citra", other_id="dewi", day="2026-12-01").status == 201
    at(story, "2026-12-01", "08:00")
    assert sent(story) == {"dewi": "change"}


def test_a_swap_over_the_months_end_holds_both_months(story: Story) -> None:
    on_patterns(story)
    at(story, "2026-11-29", "08:00")
    # On the thirtieth Gita has the morning, on the first Citra.
    swap = {"day": "2026-11-30", "other_id": "citra", "other_day": "2026-12-01"}
    assert enters(story, "swap", "gita", **swap).status == 201
    assert "citra@ambulans_1" in on_duty(story, at="2026-11-30T08:00:00+07:00")
    assert "gita@ambulans_1" in on_duty(story, at="2026-12-01T08:00:00+07:00")


# -- whose word it takes -----------------------------------------------------------------------------------------------


def test_what_people_ask_counts_once_the_other_has_said_yes(story: Story) -> None:
    on_sheet(story)
    asked = asks(story, "substitute", CITRA, other_id="gita", day="2026-12-05")
    assert asked.state == "asked"
    assert set(on_duty(story, at="2026-12-05T08:00:00+07:00")) == {"citra@ambulans_1"}
    with pytest.raises(Forbidden):
        says(story, changing.accept, asked, DEWI)
    agreed = says(story, changing.accept, asked, GITA)
    assert agreed.state == "agreed"
    assert says(story, changing.accept, asked, GITA) == agreed, "the same again"
    assert set(on_duty(story, at="2026-12-05T08:00:00+07:00")) == {"gita@ambulans_1"}
    with pytest.raises(Conflict):
        says(story, changing.decline, asked, GITA)


def test_an_agency_that_wants_to_be_asked_has_the_last_word(story: Story) -> None:
    on_sheet(story)
    approving(story)
    asked = asks(story, "substitute", CITRA, other_id="gita", day="2026-12-05")
    assert says(story, changing.accept, asked, GITA).state == "accepted"
    assert set(on_duty(story, at="2026-12-05T08:00:00+07:00")) == {"citra@ambulans_1"}
    with pytest.raises(Forbidden):
        says(story, changing.approve, asked, CITRA)
    path = f"{CHANGES}/psc/{asked.id}"
    assert story.http("POST", f"{path}/approve", {}, as_="psc_admin").body["state"] == "agreed"
    assert set(on_duty(story, at="2026-12-05T08:00:00+07:00")) == {"gita@ambulans_1"}
    leave = asks(story, "leave", DEWI, "TWO", day="2026-12-06")
    assert leave.state == "accepted"
    told = story.http(
        "POST", f"{CHANGES}/psc/{leave.id}/refuse", {"why": "Tidak ada pengganti"}, as_="psc_admin"
    )
    assert told.body["state"] == "refused"
    again = story.http("POST", f"{CHANGES}/psc/{leave.id}/approve", {}, as_="psc_admin")
    assert (again.status, again.body["faults"][0]["code"]) == (409, "change_state")
    words = story.http("GET", path, as_="psc_admin").body["words"]
    assert [(each["act"], each["by"]) for each in words] == [
        ("asked", "Citra"),
        ("accepted", "Gita"),
        ("approved", story.http("GET", "/api/me", as_="psc_admin").body["name"]),
    ]


def test_somebodys_own_leave_counts_at_once_where_nobody_wants_to_be_asked(story: Story) -> None:
    on_sheet(story)
    assert asks(story, "leave", CITRA, day="2026-12-05").state == "agreed"
    assert on_duty(story, at="2026-12-05T08:00:00+07:00") == {}
    with pytest.raises(Forbidden):
        changing.ask(
            story.world,
            story.world.registry.current(),
            Change(id="", agency_id="psc", kind="leave", person_id="dewi", day="2026-12-05"),
            "TWO",
            CITRA,
        )
    extra: dict[str, Any] = {"starts_at": "2026-12-09T03:00:00.000Z", "ends_at": "2026-12-09T06:00:00.000Z"}
    assert asks(story, "extra", GITA, "THREE", unit_id="ambulans_2", **extra).state == "accepted"


def test_what_was_declined_or_taken_back_moves_nobody(story: Story) -> None:
    on_sheet(story)
    one = asks(story, "substitute", CITRA, "ONE", other_id="gita", day="2026-12-05")
    two = asks(story, "substitute", CITRA, "TWO", other_id="gita", day="2026-12-07")
    assert says(story, changing.decline, one, GITA).state == "declined"
    assert says(story, changing.withdraw, two, CITRA).state == "withdrawn"
    with pytest.raises(Conflict):
        says(story, changing.accept, two, GITA)
    agreed = says(
        story,
        changing.accept,
        asks(story, "substitute", CITRA, "SIX", other_id="gita", day="2026-12-09"),
        GITA,
    )
    assert says(story, changing.withdraw, agreed, CITRA).state == "withdrawn"
    for day in ("05", "07", "09"):
        assert set(on_duty(story, at=f"2026-12-{day}T08:00:00+07:00")) == {"citra@ambulans_1"}, day


def test_what_has_begun_is_not_taken_back_and_a_leave_ends_with_today(story: Story) -> None:
    on_sheet(story)
    swap = enters(story, "substitute", "citra", other_id="gita", day="2026-12-05").body
    leave = enters(story, "leave", "dewi", day="2026-12-04", last_day="2026-12-08").body
    at(story, "2026-12-05", "06:00")
    late = story.http("POST", f"{CHANGES}/psc/{swap['id']}/withdraw", {}, as_="psc_admin")
    assert (late.status, late.body["faults"][0]["code"]) == (409, "day_begun")
    # It is put right by another change.
    assert enters(story, "substitute", "gita", other_id="citra", day="2026-12-05").status == 201
    assert set(on_duty(story, at="2026-12-05T08:00:00+07:00")) == {"citra@ambulans_1"}
    for _ in range(2):
        short = story.http("POST", f"{CHANGES}/psc/{leave['id']}/withdraw", {}, as_="psc_admin")
        assert (short.status, short.body["last_day"], short.body["state"]) == (200, "2026-12-05", "agreed")
    assert "dewi@ambulans_1" not in on_duty(story, at="2026-12-05T20:00:00+07:00")
    assert "dewi@ambulans_1" in on_duty(story, at="2026-12-06T20:00:00+07:00")


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "person", "fields", "wrong"),
    [
        (
            "swap",
            "citra",
            {"other_id": "citra"},
            {"other_id": "same_person", "day": "required", "other_day": "required"},
        ),
        ("leave", "citra", {}, {"day": "one_of_these", "starts_at": "one_of_these"}),
        ("leave", "citra", {"day": "2026-12-05", "other_id": "dewi"}, {"other_id": "not_of_kind"}),
        ("leave", "citra", {"day": "2026-12-05", "last_day": "2026-12-04"}, {"last_day": "before_since"}),
        ("leave", "citra", {"day": "2026-12-05", "last_day": "2027-03-04"}, {"last_day": "leave_long"}),
        ("leave", "andi", {"day": "2026-12-05"}, {"person_id": "unknown"}),
        ("leave", "gita", {"day": "2026-12-05"}, {"person_id": "no_duty"}),
        ("leave", "citra", {"day": "2026-12-01"}, {"person_id": "shift_over"}),
        ("substitute", "citra", {"day": "2026-12-06", "other_id": "gita"}, {"other_id": "on_duty_then"}),
        (
            "swap",
            "citra",
            {"day": "2026-12-03", "other_id": "gita", "other_day": "2026-12-06"},
            {"person_id": "swap_begun"},
        ),
        ("leave", "citra", {"day": "2028-12-05"}, {"day": "duty_far"}),
        (
            "extra",
            "gita",
            {"unit_id": "tangki", "starts_at": "2026-12-01T01:00:00Z", "ends_at": "2026-12-01T02:00:00Z"},
            {"unit_id": "unknown", "ends_at": "shift_over"},
        ),
        (
            "extra",
            "gita",
            {"starts_at": "2026-12-05T03:00:00Z", "ends_at": "2026-12-05T02:00:00Z"},
            {"ends_at": "shift_length"},
        ),
    ],
)
def test_what_cannot_be_is_refused_field_by_field(
    story: Story, kind: str, person: str, fields: dict[str, Any], wrong: dict[str, str]
) -> None:
    on_sheet(story)
    at(story, "2026-12-03", "08:00")
    answer = enters(story, kind, person, **fields)
    assert answer.status == 422, answer.body
    assert {each["path"]: each["code"] for each in answer.body["faults"]} == wrong


def test_an_agencys_admin_changes_its_own_duty_alone_and_others_only_look(story: Story) -> None:
    on_sheet(story)
    body = {"kind": "leave", "person_id": "citra", "day": "2026-12-05", "agency_id": "psc"}
    for as_ in ("operator", "supervisor", "airud_admin"):
        assert story.http("POST", CHANGES, body, as_=as_, key="x").status == 403, as_
    assert enters(story, "leave", "citra", day="2026-12-05", as_="admin").status == 201
    for as_, status in (("supervisor", 200), ("psc_admin", 200), ("airud_admin", 403), ("operator", 403)):
        assert story.http("GET", CHANGES, as_=as_, query={"agency_id": "psc"}).status == status, as_
    (only,) = story.http(
        "GET", CHANGES, as_="supervisor", query={"agency_id": "psc", "since": "2026-12-05"}
    ).body["changes"]
    assert (only["kind"], only["name"], only["state"]) == ("leave", "Citra", "agreed")
    nothing = story.http("GET", CHANGES, as_="supervisor", query={"agency_id": "psc", "since": "2026-12-06"})
    assert nothing.body["changes"] == []


def test_a_reason_is_erased_and_everything_else_stands(story: Story) -> None:
    on_sheet(story)
    made = enters(story, "leave", "citra", day="2026-12-05", why="Demam berdarah").body
    path = f"{CHANGES}/psc/{made['id']}"
    for _ in range(2):
        assert story.http("POST", f"{path}/forget-why", {}, as_="psc_admin").body["why"] == ""
    found = story.http("GET", path, as_="psc_admin").body
    assert found["change"]["why"] == "" and [(each["act"], each["why"]) for each in found["words"]] == [
        ("entered", None),
        ("forgot_why", ""),
    ]
    assert on_duty(story, at="2026-12-05T08:00:00+07:00") == {}


# -- twice, at once, half, late ----------------------------------------------------------------------------------------


def test_the_same_asked_twice_is_one_change(story: Story) -> None:
    on_sheet(story)
    first, again = (enters(story, "leave", "citra", "k", day="2026-12-05") for _ in range(2))
    assert first.status == again.status == 201 and first.body == again.body
    other = enters(story, "leave", "citra", "k", day="2026-12-06")
    assert other.status == 422 and other.body["code"] == "idempotency_key_reused"


def test_of_two_who_say_something_at_once_one_is_heard(story: Story) -> None:
    on_sheet(story)
    asked = asks(story, "substitute", CITRA, other_id="gita", day="2026-12-05")
    told: list[object] = []

    def say(word: Any, who: Who) -> None:
        try:
            told.append(says(story, word, asked, who).state)
        except Conflict:
            told.append("conflict")

    both = [Thread(target=say, args=each) for each in ((changing.accept, GITA), (changing.withdraw, CITRA))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    stands = changing.find(story.world.registry.current(), Which("psc", asked.id)).state
    # A withdrawal that comes second takes back what was agreed, and says so.
    assert sorted(map(str, told)) in (["agreed", "withdrawn"], ["conflict", "withdrawn"])
    assert stands == "withdrawn"
    assert set(on_duty(story, at="2026-12-05T08:00:00+07:00")) == {"citra@ambulans_1"}


def test_two_who_are_asked_for_the_same_shift_and_say_yes_do_not_both_take_it(story: Story) -> None:
    on_sheet(story)
    one = asks(story, "substitute", CITRA, "ONE", other_id="gita", day="2026-12-05")
    two = asks(
        story,
        "substitute",
        CITRA,
        "TWO",
        other_id="dewi",
        starts_at="2026-12-05T01:00:00.000Z",
        ends_at="2026-12-05T12:00:00.000Z",
    )
    says(story, changing.accept, one, GITA)
    with pytest.raises(Unprocessable) as refused:
        says(story, changing.accept, two, DEWI)
    assert [each.code for each in refused.value.faults] == ["no_duty"]
    assert set(on_duty(story, at="2026-12-05T08:00:00+07:00")) == {"gita@ambulans_1"}


def dies_after_the_write(story: Story, monkeypatch: pytest.MonkeyPatch, asked: Change) -> None:
    """Gita accepts, and the process is gone before anybody hears of it."""
    write = store.write

    def dies(*arguments: Any) -> None:
        write(*arguments)
        raise RuntimeError("the process is gone")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(store, "write", dies)
        says(story, changing.accept, asked, GITA)


def test_a_process_that_dies_after_the_write_is_answered_alike_by_the_next(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_sheet(story)
    asked = asks(story, "substitute", CITRA, other_id="gita", day="2026-12-05")
    dies_after_the_write(story, monkeypatch, asked)
    agreed = says(story, changing.accept, asked, GITA)
    assert agreed.state == "agreed"
    assert [each.record.act for each in store.records("psc", asked.id)] == ["asked", "accepted"]
    assert set(on_duty(story, at="2026-12-05T08:00:00+07:00")) == {"gita@ambulans_1"}


def test_a_write_whose_answer_is_lost_is_made_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    on_sheet(story)
    write, lost = store.write, [True]

    def answers_late(*arguments: Any) -> None:
        write(*arguments)
        if lost.pop():
            lost.append(False)
            raise Unconfirmed("lost")

    monkeypatch.setattr(store, "write", answers_late)
    assert enters(story, "leave", "citra", day="2026-12-05").status == 201
    (only,) = story.http("GET", CHANGES, as_="admin", query={"agency_id": "psc"}).body["changes"]
    assert len(store.records("psc", only["id"])) == 1


def test_a_yes_that_comes_late_counts_from_then_on_and_after_the_shift_is_refused(story: Story) -> None:
    on_sheet(story)
    one = asks(story, "substitute", CITRA, "ONE", other_id="gita", day="2026-12-05")
    two = asks(story, "substitute", CITRA, "TWO", other_id="gita", day="2026-12-07")
    at(story, "2026-12-05", "12:00")
    says(story, changing.accept, one, GITA)
    seen = [set(on_duty(story, at=f"2026-12-05T{clock}:00+07:00")) for clock in ("11:59", "12:01")]
    assert seen == [{"citra@ambulans_1"}, {"gita@ambulans_1"}]
    at(story, "2026-12-07", "19:00")
    with pytest.raises(Unprocessable) as refused:
        says(story, changing.accept, two, GITA)
    assert [each.code for each in refused.value.faults] == ["shift_over"]


def test_whoever_left_the_agency_neither_says_yes_nor_is_paged(story: Story) -> None:
    on_sheet(story)
    asked = asks(story, "substitute", CITRA, "ONE", other_id="gita", day="2026-12-05")
    enters(story, "substitute", "citra", day="2026-12-07", other_id="gita")
    path = "/api/registry/personnel/gita"
    kept = story.http("GET", path, as_="admin").body
    kept.pop("v")
    story.desk("PUT", path, {**kept, "agency_id": "airud"}, as_="admin")
    with pytest.raises(Unprocessable) as refused:
        says(story, changing.accept, asked, GITA)
    assert [(each.path, each.code) for each in refused.value.faults] == [("other_id", "retired")]
    assert on_duty(story, at="2026-12-07T08:00:00+07:00") == {}, "nobody is there, and it is said"


def test_a_change_is_known_to_a_process_that_has_the_month_already(story: Story) -> None:
    on_sheet(story)
    at(story, "2026-12-05", "08:00")
    assert sent(story) == {"citra": "sheet"}
    other = type(story.world.registry)()
    wanted = Change(
        id="", agency_id="psc", kind="substitute", person_id="citra", other_id="gita", day="2026-12-05"
    )
    changing.ask(story.world, other.current(), wanted, "K", Who("sub-psc-admin"))
    story.clock.advance(60)
    assert sent(story) == {"gita": "change"}


def test_a_past_day_is_told_with_what_was_agreed_before_it_began_and_while_it_ran(story: Story) -> None:
    on_sheet(story)
    assert enters(story, "leave", "dewi", day="2026-12-05").status == 201
    at(story, "2026-12-05", "00:01")
    events.sweep(story.world)
    at(story, "2026-12-05", "10:00")
    assert enters(story, "substitute", "citra", other_id="gita", day="2026-12-05").status == 201
    at(story, "2026-12-06", "08:00")
    for clock, people in (
        ("09:59", {"citra@ambulans_1": "sheet"}),
        ("10:00", {"gita@ambulans_1": "change"}),
        ("20:00", {}),
    ):
        assert on_duty(story, at=f"2026-12-05T{clock}:00+07:00") == people, clock


def test_a_preview_asks_no_more_for_changes_than_for_sheets(story: Story) -> None:
    on_sheet(story)
    at(story, "2026-12-05", "08:00")
    # What was read right after a write is read once more.
    for _ in range(2):
        sent(story)
        story.clock.advance(15)
    without = requests_of(lambda: sent(story))
    asks(story, "substitute", CITRA, other_id="gita", day="2026-12-09")
    assert requests_of(lambda: sent(story)) == without, "what is only asked for is nothing to dispatch"
    story.clock.advance(15)
    sent(story)
    assert enters(story, "substitute", "citra", other_id="gita", day="2026-12-05").status == 201
    assert requests_of(lambda: sent(story)) == [*without, "Query"], "that agency's month, once"
    assert requests_of(lambda: sent(story)) == without
    assert sent(story) == {"gita": "change"}


def test_a_sheet_published_anew_keeps_the_other_half_of_a_swap_that_was_done(story: Story) -> None:
    on_sheet(story)
    swap = {"day": "2026-12-05", "other_id": "dewi", "other_day": "2026-12-08"}
    assert enters(story, "swap", "citra", **swap).status == 201
    at(story, "2026-12-06", "02:00")
    writes(story, cell("dewi", 8, "", "M"))
    refused = publishes(story, "2026-12-07")
    assert (refused.status, [(each["path"], each["code"]) for each in refused.body["faults"]]) == (
        422,
        [("rows.dewi.2026-12-08", "swap_half_done")],
    )
    writes(story, cell("dewi", 8, "P"))
    assert publishes(story, "2026-12-07").status == 200
    assert "citra@ambulans_1" in on_duty(story, at="2026-12-08T08:00:00+07:00")
