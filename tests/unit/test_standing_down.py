"""Who is stood down, over made-up incidents: never who goes, never who may have to, and nobody twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.domain import standing_down, times
from chalicelib.domain.assignment import Assignment, active
from chalicelib.domain.incident import Incident, LateAnswer, Location, PageOrder
from chalicelib.domain.page import Attempt, Page, may_have_left
from chalicelib.domain.registry import EscalationPolicy, Label

NOW = "2026-11-23T03:10:00.000Z"
PEOPLE = "abcdefgh"
CREWS = ("x", "y", "z")
STATUSES = (
    "requested",
    "acknowledged",
    "en_route",
    "on_scene",
    "ready",
    "cleared",
    "unable",
    "cancelled",
    "unanswered",
)


def incident(**more: Any) -> Incident:
    return Incident(
        id="i",
        type="house_fire",
        category="fire",
        priority=1,
        terrain="land",
        location=Location(district="baamang"),
        narrative="",
        drill=False,
        received_at=NOW,
        answered_at=None,
        opened_at=NOW,
        **{"status": "open", **more},
    )


def assignment(id_: str, status: str = "requested", **more: Any) -> Assignment:
    return Assignment(
        id=id_,
        incident_id="i",
        agency_id="damkar",
        unit_id=id_,
        callsign=id_,
        need_id="pump",
        level=1,
        status=status,  # type: ignore[arg-type]
        **more,
    )


def page(number: int, crew: str, people: str, phone: str, **more: Any) -> Page:
    fields: dict[str, Any] = {
        "kind": "page",
        "status": "sent",
        "attempts": (Attempt(at=NOW, provider="fake", outcome="sent"),),
    }
    return Page(
        id=f"{number:04d}",
        incident_id="i",
        assignment_id=crew,
        person_id=people[0],
        also=tuple(people[1:]),
        agency_id="damkar",
        name=people,
        number=phone,
        language="id",
        demo=True,
        requested_at=NOW,
        expires_at=times.plus(NOW, 900),
        due_at=None,
        **{**fields, **more},
    )


UNSENT: dict[str, Any] = {"status": "failed", "attempts": ()}


@dataclass
class Made:
    """An incident somewhere in its life."""

    incident: Incident
    crews: dict[str, Assignment]
    pages: list[Page]

    def tells(self) -> list[PageOrder]:
        return standing_down.to_tell(self.incident, self.crews, self.pages, NOW)

    def told(self, orders: list[PageOrder]) -> list[Page]:
        by_id = {each.id: each for each in self.pages}
        return [by_id[each.after] for each in orders]


@st.composite
def made(draw: st.DrawFn) -> Made:
    """Crews in any state with whoever was asked for them; of some phones two people have one."""
    phones = {each: draw(st.sampled_from("12345678")) for each in PEOPLE}
    crews, pages = {}, list[Page]()
    for id_ in draw(st.lists(st.sampled_from(CREWS), unique=True, min_size=1)):
        asked = draw(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1))
        own = asked[: draw(st.integers(1, len(asked)))]
        answered = draw(st.lists(st.sampled_from(asked), unique=True, max_size=3))
        crews[id_] = assignment(
            id_,
            draw(st.sampled_from(STATUSES)),
            people=tuple(own),
            paged=tuple(asked[len(own) :]),
            acknowledged_by=tuple(answered),
            late=tuple(answered[1:]) if draw(st.booleans()) else (),
            acknowledgements=draw(st.integers(1, 2)),
            recall_at=draw(st.sampled_from([None, times.plus(NOW, -1), times.plus(NOW, 30)])),
        )
        for person in asked:
            more = draw(
                st.sampled_from(
                    [{}, {}, {"acknowledged_at": NOW}, UNSENT, {"status": "pending", "attempts": ()}]
                )
            )
            pages.append(page(0, id_, person, phones[person], **more))
    pages = [replace(each, id=f"{i:04d}") for i, each in enumerate(draw(st.permutations(pages)))]
    return Made(incident(status=draw(st.sampled_from(["open", "open", "closed"]))), crews, pages)


PROMISES: list[Callable[[Made], None]] = []


def promise(holds: Callable[[Made], None]) -> Callable[[Made], None]:
    """What holds of every incident: to make one costs more than to look at it, so each is looked at for all of them."""
    PROMISES.append(holds)
    return holds


@promise
def nobody_who_goes_is_told(case: Made) -> None:
    for each in case.told(case.tells()):
        for crew in case.crews.values():
            in_time = [person for person in crew.acknowledged_by if person not in crew.late]
            phones = {page.number for page in case.pages for person in in_time if person in page.people}
            assert each.number not in phones, "acknowledged in time"
            if crew.status in ("acknowledged", "en_route", "on_scene", "ready", "cleared"):
                assert not set(each.people) & set(crew.people), "their own crew goes"


@promise
def nobody_who_may_still_have_to_come_is_told(case: Made) -> None:
    if case.incident.status != "open":
        return
    for each in case.told(case.tells()):
        for crew in case.crews.values():
            if crew.status in ("requested", "unanswered"):
                assert not set(each.people) & {*crew.people, *crew.paged}, "still asked"
            if crew.status in ("acknowledged", "en_route", "on_scene", "ready"):
                waits = crew.recall_at is not None and crew.recall_at > NOW
                few = crew.status == "acknowledged" and len(crew.acknowledged_by) < crew.acknowledgements
                assert not ((waits or few) and set(each.people) & set(crew.paged)), (
                    "the minute has not passed"
                )


@promise
def it_follows_a_call_out_that_left_or_may_still_leave_and_that_nobody_declined(case: Made) -> None:
    for each in case.told(case.tells()):
        assert each.kind == "page"
        assert each.status == "pending" or may_have_left(each)
        assert not each.acknowledged_at or set(each.people) & set(case.crews[each.assignment_id].late)


@promise
def each_phone_is_told_once_however_often_it_is_asked_for(case: Made) -> None:
    orders = case.tells()
    phones = [each.number for each in case.told(orders)]
    assert len(phones) == len(set(phones))
    after = Made(replace(case.incident, unpaged=tuple(orders)), case.crews, case.pages)
    assert after.tells() == []
    written = [
        replace(each, id=f"9{i:03d}", kind="cancelled", because="answered", after=each.id)
        for i, each in enumerate(case.told(orders))
    ]
    assert Made(case.incident, case.crews, [*case.pages, *written]).tells() == []


@promise
def with_the_incidents_end_nobody_is_left_standing_by(case: Made) -> None:
    """Each phone that was asked goes, declined, never got it, was called off or is told."""
    ended = replace(case.incident, status="closed")
    orders = standing_down.at_end(ended, case.crews, case.pages, NOW)
    told = {each.number for each in case.told(orders)}
    for each in case.pages:
        crew = case.crews[each.assignment_id]
        lost = each.status == "failed"
        declined = each.acknowledged_at and not set(each.people) & set(crew.late)
        goes = any(
            set(other.people) & standing_down.going(one)
            for one in case.crews.values()
            for other in case.pages
            if other.number == each.number
        )
        called_off = any(
            other.number == each.number and active(case.crews[other.assignment_id].status)
            for other in case.pages
        )
        alone = crew.status == "unable" and len(
            {other.number for other in case.pages if other.assignment_id == crew.id}
        )
        assert lost or declined or goes or called_off or alone or each.number in told


@given(made())
@settings(max_examples=300)
def test_of_every_incident_all_that_is_promised_holds(case: Made) -> None:
    for holds in PROMISES:
        holds(case)


def test_who_cannot_come_with_one_crew_is_told_that_the_other_needs_them_no_more() -> None:
    crews = {
        "x": assignment("x", "cleared", people=("a",), paged=("d",)),
        "y": assignment("y", "unable", people=("d",)),
    }
    pages = [page(1, "x", "a", "1"), page(2, "x", "d", "2"), page(3, "y", "d", "2")]
    orders = Made(incident(status="closed"), crews, pages).tells()
    assert [(each.person_id, each.after) for each in orders] == [("d", "0002")]


def test_a_paging_drill_and_a_logbooks_incident_tell_nobody() -> None:
    policy = EscalationPolicy(id="normal", label=Label(id="a", en="a"), stand_down=False)
    assert not standing_down.told_of(incident(plan={"policy": to_builtins(policy)}))
    assert standing_down.told_of(incident(plan={"policy": to_builtins(replace(policy, stand_down=True))}))
    # A policy of an incident that an older release opened.
    older = {key: value for key, value in to_builtins(policy).items() if key != "stand_down"}
    assert standing_down.told_of(incident(plan={"policy": older}))
    assert standing_down.told_of(incident())


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        ("requested", "acknowledged", 60.0),
        ("requested", "en_route", 60.0),
        ("unanswered", "acknowledged", 60.0),
        ("acknowledged", "unable", 0.0),
        ("requested", "unable", 0.0),
        ("requested", "cancelled", None),
    ],
)
def test_when_the_others_are_told(before: str, after: str, due: float | None) -> None:
    old = assignment("x", before, people=("a",), paged=("b",))
    new = replace(old, status=after, acknowledged_by=("a",) if after != "unable" else ())
    at = standing_down.reported(incident(), old, new, "a", NOW).recall_at
    assert times.between(NOW, at) == due


def test_a_step_further_leaves_the_minute_as_it_is() -> None:
    old = assignment(
        "x",
        "acknowledged",
        people=("a",),
        paged=("b",),
        acknowledged_by=("a",),
        recall_at=times.plus(NOW, 20),
    )
    new = standing_down.reported(incident(), old, replace(old, status="en_route"), "a", NOW)
    assert new.recall_at == times.plus(NOW, 20)


def test_nobody_is_waited_for_where_nobody_else_was_asked() -> None:
    old = assignment("x", people=("a",))
    new = replace(old, status="acknowledged", acknowledged_by=("a",))
    assert standing_down.reported(incident(), old, new, "a", NOW).recall_at is None


def test_marks_are_once_a_person_and_crew_and_few() -> None:
    one = incident()
    for n in range(100):
        answer = LateAnswer(assignment_id="x", person_id=f"p{n % 50}", said="acknowledged", at=NOW)
        one = standing_down.marked(one, answer)
    assert len(one.late) == standing_down.LATE_MOST
    assert len({each.person_id for each in one.late}) == standing_down.LATE_MOST
    done = LateAnswer(assignment_id="x", person_id="a", said="cleared", at=NOW)
    assert standing_down.marked(one, done) == one


def test_a_time_that_a_clock_set_back_left_in_the_future_is_brought_near() -> None:
    far = assignment("x", "acknowledged", recall_at=times.plus(NOW, 3600))
    assert standing_down.in_reach(far, NOW) == times.plus(NOW, standing_down.WAIT_S)
