"""Whatever a change orders is woken by the write itself: no use case has to remember it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from chalicelib.domain.decision import Decision
from chalicelib.domain.incident import Owed, PageOrder
from chalicelib.domain.wakeup import REST
from chalicelib.models import incidents
from chalicelib.models.change import Change
from chalicelib.services.changes.writing import write
from chalicelib.services.response.ending import add_note
from tests.contract.regency_on_moto import DESK, Regency

Order = Callable[[Regency, Decision], None]


def pages_to_write(regency: Regency, decision: Decision) -> None:
    order = PageOrder(assignment_id=decision.incident.crews[0].id, person_id="andi")
    decision.incident = replace(decision.incident, unpaged=(order,))


def units_to_send(regency: Regency, decision: Decision) -> None:
    decision.incident = replace(decision.incident, owed=(Owed(need_id="engine", level=1, units=1),))


def crews_to_call_off(regency: Regency, decision: Decision) -> None:
    decision.incident = replace(decision.incident, status="cancelled", closed_at=regency.clock.now())


def page_to_send(regency: Regency, decision: Decision) -> None:
    (page,) = (each for each in loaded(decision.incident.id).pages.values() if each.person_id == "andi")
    decision.pages.append(page)


def burst_to_send(regency: Regency, decision: Decision) -> None:
    page_to_send(regency, decision)
    decision.pages = [replace(each, bulk=True) for each in decision.pages]


def crew_to_escalate(regency: Regency, decision: Decision) -> None:
    first = loaded(decision.incident.id).assignments[decision.incident.crews[0].id]
    decision.assignments.append(first)


ORDERED: dict[Order, tuple[str, str]] = {
    pages_to_write: ("pages", REST),
    units_to_send: ("pages", REST),
    crews_to_call_off: ("pages", REST),
    page_to_send: ("pages", "page"),
    burst_to_send: ("bulk", "page"),
    crew_to_escalate: ("timers", "assignment"),
}


def loaded(incident_id: str) -> incidents.Loaded:
    found = incidents.load_state(incident_id)
    assert found is not None
    return found


def carry_out(regency: Regency, incident_id: str, order: Order, *, goes_on: bool = False) -> set[str]:
    """The wake-ups of one write, each as its queue and what it names."""
    regency.wakeups.queue.clear()

    def prepare(now: str) -> Change:
        found = loaded(incident_id)
        decision = Decision(incident=found.incident, quiet=True)
        order(regency, decision)
        return Change(found, decision)

    write(regency.world, DESK, prepare, goes_on=goes_on)
    return {
        f"{queue} {REST if body.get('page') == REST else next(name for name in body if name != 'incident')}"
        for _, queue, body in regency.wakeups.queue
    }


@pytest.mark.parametrize("order", ORDERED, ids=lambda order: str(order.__name__))
def test_whatever_is_ordered_is_woken_by_its_write(regency: Regency, order: Order) -> None:
    incident_id = regency.opened()
    assert carry_out(regency, incident_id, order) == {" ".join(ORDERED[order])}


def test_who_goes_on_with_the_rest_wakes_nobody_for_it(regency: Regency) -> None:
    assert carry_out(regency, regency.opened(), pages_to_write, goes_on=True) == set()


def test_what_waits_already_is_not_woken_again_by_what_changes_nothing_of_it(regency: Regency) -> None:
    incident_id = regency.opened()
    carry_out(regency, incident_id, pages_to_write)
    regency.wakeups.queue.clear()
    add_note(regency.world, DESK, incident_id, "the road is closed")
    assert not regency.wakeups.queue
