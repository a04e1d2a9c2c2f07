"""What a use case decided: the new state and the events that say why, to be written in one transaction."""

from __future__ import annotations

from msgspec import Struct, field

from .assignment import Assignment
from .call import Call
from .events import Draft
from .facts import Facts
from .incident import Incident, PlanAnswer
from .note import Note
from .notice import Notice
from .page import Page
from .units import UnitState


class Decision(Struct, kw_only=True):
    """State to write with its events; an empty list of drafts means that nothing happens.

    `pools` names the agencies whose on-call people are taken, with the version that says who took some last: nobody else
    may take one of them at the same instant.
    `quiet`: state changes that no event tells, since it told of the like before: a count that went up.
    `beside` counts what another incident's change puts into the same transaction.
    `facts` are what reports count once the incident has ended; an incident that is opened again loses them.
    """

    incident: Incident
    assignments: list[Assignment] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    answers: list[PlanAnswer] = field(default_factory=list)
    units: list[UnitState] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    pools: dict[str, int] = field(default_factory=dict)
    facts: Facts | None = None
    quiet: bool = False
    beside: int = 0
