"""The auditor among desks, workers and other auditors: it repairs nothing twice and undoes nobody's work."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.domain.wakeup import Wakeup
from chalicelib.models import incidents
from chalicelib.models.tables import IncidentItem
from chalicelib.services.pages import sending as paging
from chalicelib.services.response import assigning, ending, following
from chalicelib.services.watch import auditing
from tests.contract.faults import after
from tests.contract.regency_on_moto import DESK, Regency
from tests.contract.test_races import together
from tests.support import regency as people

CITRA = people.number_of("citra")


def birth(regency: Regency) -> tuple[str, str]:
    """A childbirth, and its one assignment."""
    incident_id = regency.opened("childbirth")
    return incident_id, regency.assignment_of(incident_id, "ambulans_1")


def forget(incident_id: str, sk: str, **fields: Any) -> None:
    """Let an item fall out of the due index."""
    item = IncidentItem.get(incidents.pk_of(incident_id), sk, consistent_read=True)
    item.doc = json.dumps({**json.loads(item.doc), **fields})
    item.due_key = item.due_at = None
    item.save()


def test_a_repair_that_a_crews_report_overtakes_takes_nothing_back(regency: Regency) -> None:
    incident_id, assignment = birth(regency)
    forget(incident_id, f"A#{assignment}", due_at=None)

    def crew_is_first() -> None:
        following.report(
            regency.world,
            regency.registry,
            DESK,
            incident_id,
            following.CrewReport(assignment_id=assignment, status="en_route"),
        )

    regency.dynamodb.next("TransactWriteItems", after(crew_is_first))
    assert auditing.audit(regency.world)["failed"] == 0
    whole = regency.whole(incident_id)
    assert (whole.assignments[assignment].status, whole.assignments[assignment].due_at) == ("en_route", None)
    assert "AuditRepaired" not in regency.types(incident_id)
    regency.must_agree()


def test_a_page_that_is_put_back_while_a_worker_sends_it_leaves_once(regency: Regency) -> None:
    incident_id, _ = birth(regency)
    page = regency.page_of(incident_id, "citra")
    forget(incident_id, f"P#{page.id}", due_at=None)
    sends = after(lambda: paging.send_pages(regency.world, [Wakeup(incident_id, page.id)]))
    regency.dynamodb.next("TransactWriteItems", sends)
    assert auditing.audit(regency.world)["failed"] == 0
    paging.send_pages(regency.world, [Wakeup(incident_id, page.id)])
    assert regency.sent_to(CITRA) == 1
    assert regency.page_of(incident_id, "citra").status == "sent"
    assert auditing.audit(regency.world)["repaired"] == 0


def test_auditors_at_once_repair_and_mark_once(regency: Regency) -> None:
    incident_id, assignment = birth(regency)
    forget(incident_id, f"A#{assignment}", due_at=None)
    forget(incident_id, "~00000001", actor="somebody-else")
    assert together(*(lambda: auditing.audit(regency.world) for _ in range(4))) == []
    loaded = incidents.load_all(incident_id)
    assert loaded is not None
    types = [event.type for event in loaded.events]
    assert (types.count("AuditRepaired"), types.count("AuditMarked")) == (1, 1)
    assert [mark.code for mark in loaded.incident.attention] == ["audit"]


def test_a_unit_that_is_sent_out_again_while_the_auditor_frees_it_stays_out(regency: Regency) -> None:
    incident_id, assignment = birth(regency)
    held = IncidentItem.get(incidents.pk_of(incident_id), f"A#{assignment}", consistent_read=True)
    held.doc = json.dumps({**json.loads(held.doc), "status": "cleared", "due_at": None})
    held.due_key = held.due_at = None
    held.save()
    other: list[str] = []

    def dispatcher_is_first() -> None:
        other.append(regency.opened("theft"))
        assigning.assign(
            regency.world,
            regency.registry,
            DESK,
            other[0],
            assigning.Choice(unit_id="ambulans_1", insist=True),
        )

    regency.dynamodb.next("TransactWriteItems", after(dispatcher_is_first))
    assert auditing.audit(regency.world)["failed"] == 0
    sent = regency.assignment_of(other[0], "ambulans_1")
    assert sent in regency.held_by().values()


def test_an_incident_that_is_closed_meanwhile_gets_no_mark(regency: Regency) -> None:
    incident_id, assignment = birth(regency)
    following.report(
        regency.world,
        regency.registry,
        DESK,
        incident_id,
        following.CrewReport(assignment_id=assignment, status="cleared"),
    )
    regency.clock.advance(3600)

    def desk_is_first() -> None:
        ending.close(regency.world, regency.registry, DESK, incident_id, "done")

    regency.dynamodb.next("TransactWriteItems", after(desk_is_first))
    assert auditing.audit(regency.world)["failed"] == 0
    whole = regency.whole(incident_id)
    assert (whole.incident.status, whole.incident.attention) == ("closed", ())
    assert "AuditMarked" not in regency.types(incident_id)
