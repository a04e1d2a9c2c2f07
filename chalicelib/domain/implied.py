"""An incident's state against what its events imply, once all of them were followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set

from .events import Event, IncidentSetAside, OwedUnits
from .incident import Incident, SetAside
from .notice import TOLD_AS
from .trail import Said, Trail
from .whole import Findings, Whole

STATED = {"disposition": "disposition", "calls": "number of calls", "level": "alarm level"}
SUBJECT = ("type", "category", "priority", "terrain")


class Implied:
    """What an incident's events came to: `named` are the calls, notes and pages that they speak of by noun, `reworded` says
    how often each note was put right.
    """

    def __init__(
        self,
        kept: Whole,
        trail: Trail,
        found: Findings,
        named: Mapping[str, Set[str]],
        reworded: Counter[str],
    ) -> None:
        self._kept, self._trail, self._found = kept, trail, found
        self._named, self._reworded = named, reworded

    def compare(self, incident: Incident) -> None:
        """Find what stands in the state and does not follow from the events, once all of them were followed."""
        self._subject(incident)
        if incident.status != self._trail.status:
            self._found.say(None, f"the incident is {incident.status}, its events say {self._trail.status}")
        self._stayed(incident)
        if incident.closed_at != self._trail.closed_at:
            self._found.say(None, "it ended at another time than its events say")
        for name, called in STATED.items():
            if getattr(incident, name) != getattr(self._trail, name):
                self._found.say(None, f"its {called} is not what its events say")
        self._corrections(incident)
        self._links(incident)
        owed = [OwedUnits(need=each.need_id, level=each.level, units=each.units) for each in incident.owed]
        if owed != list(self._trail.owed):
            self._found.say(None, "what is being ordered does not follow from the events")
        for call in self._kept.calls.values():
            if call.incident_id != self._trail.left.get(call.id, self._kept.id):
                self._found.say(
                    None, f"call {call.id} says that it belongs to {call.incident_id}, its events do not"
                )
        for id_, outcome in self._trail.word_back.items():
            self._word_back(id_, outcome)
        for id_, unit in self._trail.units.items():
            self._crew(id_, unit)
        crews = {crew.id: crew.status for crew in incident.crews}
        if crews != {id_: unit.status for id_, unit in self._trail.units.items()}:
            self._found.say(None, "the crews on the board do not follow from the events")
        for noun, ids_ in (
            ("assignment", self._kept.assignments.keys() - self._trail.units.keys()),
            ("call", self._kept.calls.keys() - self._named["call"]),
            ("note", self._kept.notes.keys() - self._named["note"]),
            ("page", self._kept.pages.keys() - self._named["page"]),
        ):
            for id_ in sorted(ids_):
                self._found.say(None, f"no event speaks of {noun} {id_}")

    def _word_back(self, call_id: str, outcome: str) -> None:
        """Compare what became of a notice; what is due is still to be told."""
        notice = self._kept.notices.get(call_id)
        if notice is None:
            return
        if notice.incident_id != self._kept.id:
            self._found.say(
                None, f"notice {call_id} says that it belongs to {notice.incident_id}, its events do not"
            )
        if not notice.due_at and TOLD_AS.get(notice.status, "") != outcome:
            self._found.say(
                None, f"notice {call_id} is {notice.status}, its events say {outcome or 'requested'}"
            )

    def _stayed(self, incident: Incident) -> None:
        """Hold what somebody has ordered of it, and has not taken back, against the events."""
        if (incident.hold is not None) != self._trail.held:
            self._found.say(None, "its legal hold does not follow from the events")
        if incident.aside and not _follows(incident.aside, self._trail.aside):
            self._found.say(None, "that it is set aside does not follow from the events")

    def _links(self, incident: Incident) -> None:
        """Compare which other incidents it is the same as."""
        self._found.marks(None, "which others are the same", incident.duplicates, self._trail.duplicates)
        of = (incident.duplicate_of,) if incident.duplicate_of else ()
        self._found.marks(None, "of which other it is a duplicate", of, (self._trail.duplicate_of,))

    def _corrections(self, incident: Incident) -> None:
        """Compare what was put right, and what is asked for."""
        self._found.marks(None, "what was put right of it", incident.corrected, self._trail.corrected)
        for call in self._kept.calls.values():
            if call.kind != self._trail.kinds.get(call.id, "emergency"):
                self._found.say(None, f"call {call.id}: its class is not what its events say")
        for note in self._kept.notes.values():
            asks = note.asks.status if note.asks else None
            if asks and asks != self._trail.asked.get(note.id):
                self._found.say(None, f"note {note.id}: what it asks for is {asks}, its events do not say so")
            if note.salt and len(note.earlier) != self._reworded[note.id]:
                self._found.say(None, f"note {note.id}: what it said before is not what its events say")

    def _subject(self, incident: Incident) -> None:
        """What the incident is: as it was opened and amended, each against the event that said so last."""
        said = self._trail.subject
        if not said:
            return
        place = incident.location
        stands = {**{name: getattr(incident, name) for name in SUBJECT}, "district": place.district}
        for name, value in stands.items():
            claimed, event = said[name]
            if value != claimed:
                self._found.say(event, f"the incident: its {name} is not what the event says")
        doubts, event = said["doubts"]
        self._found.doubts(event, "the incident", incident.doubts, doubts)
        where = f"{place.village}|{place.landmark}|{place.lat}|{place.lng}"
        exactly = "" if (place.landmark, place.lat, place.lng) == ("", None, None) else where
        gone = "narrative" in self._found.erased
        sealed, event = said["narrative"]
        self._found.sealed(event, "the narrative", incident, incident.narrative, sealed)
        sealed, event = said["place"]
        self._found.sealed(event, "the place", incident, exactly if gone else where, sealed)
        # Bounds go by it alone: a release that does not know it drops it.
        if incident.amended > self._trail.amended:
            self._found.say(None, "how often it was amended is not what its events say")

    def _crew(self, id_: str, unit: Said) -> None:
        kept = self._kept.assignments.get(id_)
        if kept is None:
            self._found.say(unit.event, f"assignment {id_} is missing")
        elif kept.status != unit.status:
            self._found.say(unit.event, f"assignment {id_} is {kept.status}, its events say {unit.status}")
        elif kept.milestones != unit.milestones:
            differing = sorted(
                name
                for name in kept.milestones.keys() | unit.milestones.keys()
                if kept.milestones.get(name) != unit.milestones.get(name)
            )
            self._found.say(
                unit.event, f"assignment {id_}: its events do not say when it was {', '.join(differing)}"
            )
        elif kept.reason != unit.reason:
            self._found.say(unit.event, f"assignment {id_}: its reason is not what its events say")
        elif kept.people != unit.people:
            self._found.say(unit.event, f"assignment {id_}: its people are not what its events say")
        elif kept.late_entry != unit.late:
            self._found.say(unit.event, f"assignment {id_}: what was entered late is not what its events say")
        elif kept.late and kept.late != unit.answered_late:
            self._found.say(unit.event, f"assignment {id_}: who answered late is not who its events say")
        else:
            self._found.marks(unit.event, f"assignment {id_}: what a person told", kept.claimed, unit.claimed)
            self._found.marks(
                unit.event, f"assignment {id_}: what was put right", kept.corrected, unit.corrected
            )


def _follows(kept: SetAside, event: Event | None) -> bool:
    """Whether an event says it. One that is not kept is no finding: a release that does not know it drops it, and it is alarmed."""
    said = event.content if event else None
    if event is None or not isinstance(said, IncidentSetAside):
        return False
    return kept == SetAside(
        reason=said.reason,  # type: ignore[arg-type]
        by=event.actor,
        at=event.occurred_at,
        until=said.until,
        awaits=said.awaits,
    )
