"""What events imply, folded from them alone, and what stands beside them held against it."""

from __future__ import annotations

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.domain import times
from chalicelib.domain.beside import Comparison
from chalicelib.domain.events import (
    AlarmRaised,
    AssignmentEscalated,
    CallSplitOff,
    Content,
    Event,
    IncidentCancelled,
    IncidentClosed,
    IncidentReopened,
    IncidentSetAside,
    IncidentTakenUp,
    LegalHoldLifted,
    LegalHoldPlaced,
    OrderedPage,
    OwedUnits,
    PageAcknowledged,
    PagesRequested,
    SmsReplyDismissed,
    SmsReplyReceived,
    UnitAssigned,
    UnitOnScene,
    UnitsBeingOrdered,
    UnitUnable,
    digest,
)
from chalicelib.domain.incident import Crew
from chalicelib.domain.note import Note
from chalicelib.domain.trail import Trail
from chalicelib.domain.whole import Whole
from tests.support.things import NOW, assignment, incident, page

ASSIGNED = UnitAssigned(
    assignment="A1",
    agency="damkar",
    unit="damkar_1",
    need="pump",
    level=1,
    people=("andi",),
    reasons=(),
    because="plan",
)


def events(*contents: Content) -> list[Event]:
    """One a minute."""
    return [
        Event(
            incident_id="I1",
            seq=seq,
            type=type(content).__name__,
            occurred_at=times.plus(NOW, 60 * seq),
            recorded_at=times.plus(NOW, 60 * seq),
            source="web",
            actor="sub-operator",
            command=f"c{seq}",
            data=to_builtins(content),
            prev="",
        )
        for seq, content in enumerate(contents, start=1)
    ]


def folded(*contents: Content) -> Trail:
    trail = Trail()
    for event in events(*contents):
        trail.follow(event)
    return trail


def test_a_crews_way_is_what_its_reports_say() -> None:
    arrived = UnitOnScene(assignment="A1", unit="damkar_1", before="requested", late_entry=True)
    unable = UnitUnable(assignment="A1", unit="damkar_1", before="on_scene", reason="no_fuel")
    said = folded(ASSIGNED, arrived, unable).units["A1"]
    assert (said.status, said.reason, said.people) == ("unable", "no_fuel", ("andi",))
    assert said.late == ("on_scene",)
    assert said.milestones == {
        "requested": times.plus(NOW, 60),
        "on_scene": times.plus(NOW, 120),
        "unable": times.plus(NOW, 180),
    }


def test_one_more_acknowledgement_moves_nothing() -> None:
    arrived = UnitOnScene(assignment="A1", unit="damkar_1", before="requested")
    again = PageAcknowledged(assignment="A1", unit="damkar_1", status="on_scene", page="P1", person="budi")
    assert folded(ASSIGNED, arrived, again).units == folded(ASSIGNED, arrived).units


def test_a_unit_whose_sending_nobody_timed_has_no_instant_of_it() -> None:
    (event,) = events(ASSIGNED)
    untimed = folded(UnitAssigned(**{**event.data, "people": (), "reasons": (), "untimed": True}))
    assert untimed.units["A1"].milestones == {}


def test_the_desk_is_told_to_ring_and_the_crew_counts_as_unanswered() -> None:
    stage = AssignmentEscalated(
        assignment="A1", unit="damkar_1", to="desk", people=(), skipped=(), status="unanswered"
    )
    assert folded(ASSIGNED, stage).units["A1"].status == "unanswered"


def test_calls_alarm_hold_and_what_is_being_ordered_follow_the_events() -> None:
    owed = UnitsBeingOrdered(owed=(OwedUnits(need="pump", level=2, units=3),))
    hold = LegalHoldPlaced(note="N1", reason="d")
    trail = folded(CallSplitOff(call="C1", to="I2"), AlarmRaised(level=2), owed, hold)
    assert (trail.calls, trail.left, trail.level, trail.held) == (0, {"C1": "I2"}, 2, True)
    assert trail.owed == owed.owed
    assert folded(hold, LegalHoldLifted(note="N2", reason="d")).held is False


def test_a_setting_aside_stands_until_it_is_taken_up_a_unit_is_sent_or_the_incident_ends() -> None:
    aside = IncidentSetAside(reason="no_unit", until=times.plus(NOW, 1800))
    assert folded(aside).aside is not None
    for after in (IncidentTakenUp(), ASSIGNED, IncidentClosed(disposition="done")):
        assert folded(aside, after).aside is None


def test_an_end_takes_its_time_and_disposition_and_a_new_opening_takes_them_away() -> None:
    closed = folded(IncidentClosed(disposition="done"))
    assert (closed.status, closed.closed_at, closed.disposition) == ("closed", times.plus(NOW, 60), "done")
    again = folded(
        IncidentClosed(disposition="done"), IncidentReopened(note="N1", reason="d", before="closed")
    )
    assert (again.status, again.closed_at, again.disposition) == ("open", None, None)


def test_who_is_called_off_with_the_incident_is_named_by_its_event() -> None:
    trail = folded(ASSIGNED, IncidentCancelled(note="N1", reason="d", assignments=("A1",)))
    assert (trail.status, trail.units["A1"].status) == ("cancelled", "cancelled")


def test_a_report_of_a_unit_that_nobody_sent_is_no_honest_event() -> None:
    with pytest.raises(KeyError):
        folded(UnitOnScene(assignment="A1", unit="damkar_1", before="requested"))


def test_what_was_entered_late_is_held_against_the_events() -> None:
    arrived = UnitOnScene(assignment="A1", unit="damkar_1", before="requested")
    told = events(ASSIGNED, arrived)
    crew = Crew(id="A1", agency_id="damkar", unit_id="damkar_1", callsign="D1", status="on_scene", at=NOW)
    kept = assignment(
        status="on_scene",
        need_id="pump",
        people=("andi",),
        late_entry=("on_scene",),
        milestones={"requested": told[0].occurred_at, "on_scene": told[1].occurred_at},
    )
    compared = Comparison(Whole(id="I1", incident=incident(), assignments={"A1": kept}))
    for event in told:
        compared.follow(event)
    compared.compare(incident(crews=(crew,)))
    assert [each.why for each in compared.findings] == [
        "assignment A1: what was entered late is not what its events say"
    ]


def whys(kept: Whole, *contents: Content) -> list[str]:
    """What does not hold of what stands beside these events."""
    compared = Comparison(kept)
    for event in events(*contents):
        compared.follow(event)
    return [each.why for each in compared.findings]


def test_who_shares_a_pages_phone_is_held_against_the_event() -> None:
    asked = page(salt="s", also=("gita",))
    ordered = OrderedPage(
        page=asked.id,
        kind=asked.kind,
        assignment=asked.assignment_id,
        person=asked.person_id,
        to=digest("s", asked.number),
    )
    kept = Whole(id="I1", pages={asked.id: asked})
    assert whys(kept, PagesRequested(pages=(replace(ordered, also=("gita",)),))) == []
    assert whys(kept, PagesRequested(pages=(ordered,))) == [
        f"page {asked.id}: its others are not who the event says"
    ]


def test_the_sender_of_an_sms_is_held_against_the_event() -> None:
    note = Note(
        id="N1", text="Otw", at=times.plus(NOW, 60), by="sub-operator", salt="s", number="+6281100000001"
    )
    received = SmsReplyReceived(
        assignment="A1",
        page="P1",
        note="N1",
        text=digest("s", "Otw"),
        sender=digest("s", note.number),
        proposal="",
    )
    assert whys(Whole(id="I1", notes={"N1": note}), received) == []
    other = replace(note, number="+6281100000002")
    assert whys(Whole(id="I1", notes={"N1": other}), received) == [
        "the sender of note N1 is not what the event sealed"
    ]


def test_an_sms_that_was_read_and_is_gone_is_missed() -> None:
    assert whys(Whole(id="I1"), SmsReplyDismissed(assignment="A1", reply="N1")) == ["note N1 is missing"]
