"""A regency to call services in directly: fake clock, fake provider, and looks into what was written."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import msgspec

from chalicelib.domain import times
from chalicelib.domain.incident import Location
from chalicelib.domain.page import Page
from chalicelib.models import incidents
from chalicelib.models.incidents import Loaded
from chalicelib.models.keys import Key
from chalicelib.models.registry import RegistryCache, Snapshot
from chalicelib.models.tables import IncidentItem
from chalicelib.models.unit_states import all_unit_states
from chalicelib.services.changes.writing import Actor
from chalicelib.services.evidence.timeline import broken_link
from chalicelib.services.response import intake, taking_up
from chalicelib.services.response.intake import NewCall, NewIncident, Taken
from tests.contract.faults import Faults
from tests.world.harness import Story

DESK = Actor(id="sub-operator")


def keyed(key: str, body: bytes = b"{}", caller: str = "sub-operator") -> Actor:
    return Actor(id=caller, key=Key(caller=caller, route="POST /api/calls", key=key, body=body))


def reopened(regency: Regency, incident_id: str, reason: str) -> None:
    """The desk opens an incident again, without telling anybody."""
    again = taking_up.Again(reason=reason)
    taking_up.reopen(regency.world, regency.registry, DESK, incident_id, again)


class Regency(Story):
    """A story without HTTP, whose clock may be asked by several threads."""

    def __init__(self, dynamodb: Faults, lock: Lock) -> None:
        super().__init__()
        self.dynamodb = dynamodb
        draw = self.clock.random

        def random(size: int) -> bytes:
            with lock:
                return draw(size)

        self.clock.random = random  # type: ignore[method-assign]

    @property
    def registry(self) -> Snapshot:
        return self.world.registry.current()

    def another_process(self) -> RegistryCache:
        return RegistryCache()

    def new(self, type_: str = "house_fire", kind: str = "emergency", **more: Any) -> NewCall:
        emergency = kind == "emergency" and "incident_id" not in more
        return NewCall(
            number="+6281234567890",
            channel="phone",
            kind=kind,  # type: ignore[arg-type]
            received_at=times.plus(self.clock.now(), -30),
            answered_at=None,
            incident=NewIncident(type=type_, location=Location(district="baamang")) if emergency else None,
            **more,
        )

    def takes(self, actor: Actor = DESK, type_: str = "house_fire", **more: Any) -> Taken:
        return intake.log_call(self.world, self.registry, actor, self.new(type_, **more))

    def opened(self, type_: str = "house_fire", actor: Actor = DESK) -> str:
        """The id of an incident just opened."""
        taken = self.takes(actor, type_)
        assert taken.loaded is not None
        return taken.loaded.incident.id

    def whole(self, incident_id: str) -> Loaded:
        """An incident with its events, whose chain must hold."""
        loaded = incidents.load_all(incident_id)
        assert loaded is not None
        assert broken_link(loaded) is None
        return loaded

    def incident_ids(self) -> list[str]:
        return sorted(item.pk[2:] for item in IncidentItem.scan() if item.sk == "#")

    def everything(self) -> list[tuple[str, str, int, str]]:
        """All that the table of incidents holds."""
        return sorted((item.pk, item.sk, int(item.v), item.doc) for item in IncidentItem.scan())

    def all_whole(self) -> list[Loaded]:
        return [self.whole(each) for each in self.incident_ids()]

    def assignment_of(self, incident_id: str, unit_id: str = "damkar_1") -> str:
        return next(
            each.id for each in self.whole(incident_id).assignments.values() if each.unit_id == unit_id
        )

    def page_of(self, incident_id: str, person_id: str = "andi") -> Page:
        return next(each for each in self.whole(incident_id).pages.values() if each.person_id == person_id)

    def held_by(self) -> dict[str, str]:
        """Each busy unit with the assignment that holds it."""
        states, _ = all_unit_states()
        return {unit: state.assignment_id for unit, state in states.items() if state.busy}

    def must_agree(self) -> None:
        """Every unit that is held is held by an assignment that is still active, and by one alone."""
        active = {
            assignment.id: assignment.unit_id
            for loaded in self.all_whole()
            for assignment in loaded.assignments.values()
            if assignment.status not in ("cleared", "unable", "cancelled")
        }
        held = self.held_by()
        assert len(active) == len(set(active.values())), "a unit is booked twice"
        assert {(assignment, unit) for unit, assignment in held.items()} == set(active.items())

    def types(self, incident_id: str) -> list[str]:
        return [event.type for event in self.whole(incident_id).events]

    def sent_to(self, number: str) -> int:
        return sum(sms.number == number for sms in self.provider.messages)

    def woken(self) -> list[dict[str, str]]:
        return [body for _, queue, body in self.wakeups.queue if queue == "pages"]


def raw(items: Sequence[IncidentItem]) -> list[dict[str, Any]]:
    """Items as DynamoDB's wire holds them."""
    return [msgspec.convert(item.to_dynamodb_dict(), dict[str, Any]) for item in items]
