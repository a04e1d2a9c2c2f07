"""A page between its worker and its provider's reports: whatever comes in whatever order, it is told and then due no more."""

from __future__ import annotations

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain import escalation, outcomes, times
from chalicelib.domain import page as machine
from chalicelib.domain.incident import Attention, Crew, PageOrder
from chalicelib.domain.outcomes import TOLD_BY
from chalicelib.domain.page import Attempt, Page
from chalicelib.domain.registry import EscalationPolicy, EscalationStep, Label
from tests.support.things import NOW, assignment, incident, page

Act = Literal[
    "work", "accepted", "refused", "outage", "died", "delivered", "failed", "answered", "told", "later"
]
acts = st.lists(st.sampled_from(Act.__args__), max_size=25)  # type: ignore[attr-defined]


class Life:
    """One page, the worker that may hold a claim of it, and what the trail last told of it."""

    def __init__(self) -> None:
        self.page = page()
        self.now = NOW
        self.held: Page | None = None
        self.event = ""
        self.messages = 0
        self.arrived = False

    def attempt(self, outcome: Literal["sent", "retry", "failed"], **more: str) -> Attempt:
        return Attempt(at=self.now, provider="p", outcome=outcome, **more)  # type: ignore[arg-type]

    def do(self, act: Act) -> None:
        self.now = times.plus(self.now, 0.5)
        getattr(self, act)()
        assert self.page.status != "delivered" or self.page.delivered_at
        if self.arrived:
            assert self.page.delivered_at
            assert self.page.status in ("pending", "sending", "delivered")

    def work(self) -> None:
        """The page function is woken."""
        step = machine.next_step(self.page, self.now, wanted=True)
        if step == "send":
            assert not self.page.delivered_at, "what has arrived is sent again"
            self.held = self.page = machine.claim(self.page, self.now, f"c{self.now}")
        elif step == "expire":
            self.page = machine.expired(self.page, self.now)
        elif step == "arrived":
            self.page = machine.arrived(self.page)
        else:
            self.told()

    def told(self) -> None:
        """Its outcome is put into the trail, if there is one to tell."""
        if machine.next_step(self.page, self.now, wanted=True) != "evidence":
            return
        crews = (Crew(id="A1", agency_id="damkar", unit_id="d", callsign="D", status="requested", at=NOW),)
        decision = outcomes.settle(incident(crews=crews), {}, [self.page], [self.page], self.now)
        (self.page,), (draft,) = decision.pages, decision.drafts
        self.event = draft.type

    def written(self, after: Page) -> None:
        self.page, self.held = after, None

    def accepted(self) -> None:
        if self.held:
            self.messages += 1
            self.written(
                machine.sent(self.page, self.attempt("sent", message_id=f"m{self.messages}"), "b", "00")
            )

    def refused(self) -> None:
        if self.held:
            self.written(machine.failed(self.page, self.attempt("failed")))

    def outage(self) -> None:
        if self.held:
            attempt = replace(self.attempt("retry"), may_be_taken=True)
            self.written(machine.retry(self.page, attempt))

    def died(self) -> None:
        self.held = None
        self.now = times.plus(self.now, machine.CLAIM_S)

    def delivered(self) -> None:
        left = machine.may_have_left(self.page)
        self.page = machine.delivered(self.page, self.now, self.now)
        assert bool(self.page.delivered_at) == left
        self.arrived = left

    def failed(self) -> None:
        self.page = machine.undelivered(self.page, self.attempt("failed"))

    def answered(self) -> None:
        self.page = replace(self.page, acknowledged_at=self.now)

    def later(self) -> None:
        if not self.held:
            self.now = times.plus(self.now, 300)


@given(acts)
def test_any_order_of_reports_and_outcomes_ends_told_and_due_no_more(chosen: list[Act]) -> None:
    life = Life()
    for act in chosen:
        life.do(act)
    for _ in range(40):
        if life.held:
            life.do("accepted")
        life.do("work")
        life.now = times.plus(life.now, 60)
    assert life.page.due_at is None
    assert life.event == TOLD_BY[life.page.status].__name__
    assert life.page.undelivered is None


def test_what_a_report_said_of_a_message_nobody_wrote_down_is_kept_when_its_page_expires() -> None:
    life = Life()
    for act in ("work", "died", "failed"):
        life.do(act)
    reported = life.page.undelivered
    assert life.page.status == "sending" and reported
    expired = machine.expired(life.page, life.page.expires_at)
    assert (expired.status, expired.undelivered, expired.attempts) == ("expired", None, (reported,))


@given(acts)
def test_no_report_is_ever_an_answer(chosen: list[Act]) -> None:
    life = Life()
    for act in chosen:
        if act != "answered":
            life.do(act)
    assert life.page.acknowledged_at is None


@given(st.permutations(["delivered", "failed", "delivered", "failed"]))
def test_two_reports_that_contradict_each_other_end_the_same_in_any_order(order: list[Act]) -> None:
    life = Life()
    for act in ("work", "accepted", *order):
        life.do(act)
    assert life.page.status == "delivered"


def test_a_report_that_says_nothing_new_changes_nothing() -> None:
    sent = machine.sent(page(), Attempt(at=NOW, provider="p", outcome="sent"), "b", "00")
    failure = Attempt(at=NOW, provider="p", outcome="failed")
    arrived = machine.delivered(sent, NOW, NOW)
    assert machine.delivered(arrived, NOW, NOW) is arrived
    assert machine.undelivered(arrived, failure) is arrived
    lost = machine.undelivered(sent, failure)
    assert machine.undelivered(lost, failure) is lost
    answered = replace(sent, acknowledged_at=NOW)
    assert machine.undelivered(answered, failure) is answered


# -- whether the next stage need not wait ------------------------------------------------------------------------------

DUE = times.plus(NOW, 600)
STEP = EscalationStep(after_s=600, to="on_duty")
POLICY = EscalationPolicy(id="p", label=Label(id="P", en="P"), steps=[STEP, STEP])


def test_a_crew_waits_as_long_as_one_of_it_can_answer() -> None:
    waiting = assignment(people=("andi", "budi"), due_at=DUE)
    lost = page(id="P1", status="failed")
    for status in ("pending", "sending", "sent", "delivered"):
        pages = [lost, page(id="P2", person_id="budi", status=status)]
        assert escalation.sooner(incident(), waiting, pages, NOW) is waiting
    for status in ("failed", "expired"):
        pages = [lost, page(id="P2", person_id="budi", status=status)]
        assert escalation.sooner(incident(), waiting, pages, NOW).due_at == NOW
    answered = page(id="P2", person_id="budi", status="delivered", acknowledged_at=NOW)
    few = replace(waiting, status="acknowledged", acknowledgements=2)
    assert escalation.sooner(incident(), few, [lost, answered], NOW).due_at == NOW


def test_only_the_people_of_the_present_stage_and_their_newest_pages_count() -> None:
    first = assignment(people=("andi",), due_at=NOW)
    second, stage = escalation.advance(first, POLICY, {"on_duty": ("budi",)}, {}, NOW)
    assert (stage.people, second.asked) == (("budi",), ("budi",))
    old = page(id="P1", status="sent")
    assert (
        escalation.sooner(
            incident(), second, [old, page(id="P2", person_id="budi", status="failed")], NOW
        ).due_at
        == NOW
    )
    assert escalation.sooner(incident(), second, [replace(old, status="failed")], NOW).due_at == NOW
    again = [page(id="P2", person_id="budi", status="failed"), page(id="P3", person_id="budi", status="sent")]
    assert escalation.sooner(incident(), second, again, NOW) is second
    foreign = [page(id="P2", person_id="budi", status="sent", assignment_id="A2")]
    assert (
        escalation.sooner(
            incident(), second, [*foreign, page(id="P1", person_id="budi", status="failed")], NOW
        )
        != second
    )


def test_nobody_is_looked_for_sooner_than_the_stage_is_written_or_after_the_search_has_ended() -> None:
    waiting, lost = assignment(people=("andi",), due_at=DUE), [page(status="failed")]
    unwritten = incident(unpaged=(PageOrder(assignment_id="A1", person_id="andi"),))
    assert escalation.sooner(unwritten, waiting, lost, NOW) is waiting
    for over in (
        replace(waiting, status="en_route", due_at=None),
        replace(waiting, status="unanswered", due_at=None),
        replace(waiting, step=1),
    ):
        assert escalation.sooner(incident(), over, lost, NOW) is over
    assert escalation.sooner(incident(status="closed"), waiting, lost, NOW) is waiting
    passed = replace(waiting, due_at=times.plus(NOW, -5))
    assert escalation.sooner(incident(), passed, lost, NOW) == passed


def test_a_mark_stays_while_another_page_of_the_crew_is_lost() -> None:
    crews = (Crew(id="A1", agency_id="damkar", unit_id="d", callsign="D", status="requested", at=NOW),)
    marked = incident(crews=crews, attention=(Attention(code="page_failed", detail="A1", at=NOW),))
    arrived = page(status="delivered", delivered_at=NOW)
    lost = page(id="P2", person_id="budi", status="failed")
    assert outcomes.concerns_others(marked, [arrived])
    assert outcomes.settle(marked, {}, [arrived, lost], [arrived], NOW).incident.attention == marked.attention
    assert outcomes.settle(marked, {}, [arrived], [arrived], NOW).incident.attention == ()


def test_hundreds_that_fail_again_and_again_leave_a_few_marks() -> None:
    crew = Crew(id="A1", agency_id="damkar", unit_id="d", callsign="D", status="requested", at=NOW)
    marked = incident(crews=(crew,))
    for batch in range(30):
        lost = [page(id=f"P{batch}-{n}", status="failed") for n in range(10)]
        marked = outcomes.settle(marked, {}, lost, lost, NOW).incident
    assert len(marked.attention) == outcomes.MARKS_MOST


def test_what_becomes_of_a_page_that_no_longer_matters_is_told_without_a_look_at_the_others() -> None:
    lost = page(status="failed")
    crew = Crew(id="A1", agency_id="damkar", unit_id="d", callsign="D", status="requested", at=NOW)
    assert outcomes.concerns_others(incident(crews=(crew,)), [lost])
    moved, over = (replace(crew, status=each) for each in ("en_route", "cancelled"))
    for now_known in (
        incident(crews=(moved,)),
        incident(crews=(over,)),
        incident(crews=(crew,), status="cancelled"),
    ):
        assert not outcomes.concerns_others(now_known, [lost])
        decision = outcomes.settle(now_known, {}, [lost], [lost], NOW)
        assert ([each.type for each in decision.drafts], decision.incident) == (["PagesFailed"], now_known)
