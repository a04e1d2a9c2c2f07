"""What people typed of a call, read as far as it can be: nothing optional refuses an emergency (ADR 24).

What cannot be read stays as it was typed, under the field's name, and a code says that it must be asked again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast, get_args

import msgspec

from ..domain import details, places
from ..domain.call import Channel, Statement
from ..domain.details import Detail
from ..domain.incident import Location
from ..domain.registry import Terrain
from ..domain.texts import honest, honest_line
from ..errors import Invalid
from ..faults import Fault
from ..models.registry import Snapshot
from ..services.registry.phone_numbers import read_number
from ..services.response.intake import NewCall, NewIncident
from .bodies.calls import CallBody, IncidentBody, PlaceBody, SaidBody
from .bodies.fields import Moment
from .reading import exactly_one, instant

LONGEST_LINE = 160
LONGEST_TEXT = 2000
# Nobody types so much in a call; what is kept of it must leave room for all others.
LONGEST_KEPT = 8000
PRIORITIES = range(1, 6)


class Hearing:
    """Reads one request's fields and gathers what was read otherwise (`typed`, by field) and what is doubtful (`doubts`)."""

    def __init__(self, registry: Snapshot) -> None:
        self._registry = registry
        self.typed: dict[str, str] = {}
        self.doubts: list[str] = []

    def number(self, typed: str) -> str:
        """The number by what it is kept, '' for none; what it was made of is kept where it says more than itself."""
        read = read_number(typed, self._registry.regency)
        if read.kind == "withheld":
            return ""
        if read.kind != "number":
            self._keep("number", typed, "" if read.kind == "unread" else "number_short")
        elif read.says_more:
            self.typed["number"] = read.typed
        return read.known

    def channel(self, typed: str) -> Channel:
        """The channel, `other` for one that is not known here."""
        return cast(Channel, self._choice("channel", typed, get_args(Channel)) or "other")

    def moment(self, field: str, typed: str | None, *, needed: bool) -> str | None:
        """A time as an instant, None for none or blanks; Invalid for one that is no time where the call can wait (`needed`)."""
        if typed is None or not honest(typed).strip():
            return None
        try:
            return instant(msgspec.convert(typed, Moment), field)
        except (msgspec.ValidationError, Invalid):
            if needed:
                raise Invalid("that is no time", Fault(field, "no_time")) from None
            self._keep(field, typed, "time_unread")
            return None

    def text(self, field: str, typed: str) -> str:
        """A text of several lines, cut where it is longer than anybody reads."""
        return self._cut(field, honest(typed).strip(), LONGEST_TEXT)

    def line(self, field: str, typed: str) -> str:
        """A text of one line, cut where it is longer than any page or SMS shows."""
        return self._cut(field, honest_line(typed).strip(), LONGEST_LINE)

    def incident(self, body: IncidentBody) -> NewIncident:
        """What is to be opened; its doubts are those of what it goes by."""
        before = len(self.doubts)
        return NewIncident(
            type=body.type,
            location=self._place(body.location or PlaceBody()),
            priority=self._priority(body.priority),
            terrain=self._terrain(body.terrain),
            narrative=self.text("narrative", body.narrative),
            drill=body.drill,
            doubts=tuple(self.doubts[before:]),
            details=self._details(body),
        )

    def _details(self, body: IncidentBody) -> tuple[Detail, ...]:
        """What was said to the type's questions, each once; of what is no question of it any more the words are kept."""
        type_ = self._registry.types.get(body.type)
        asked = {each.id: each for each in type_.questions} if type_ else {}
        said = {each.question: each.value for each in body.details if honest_line(each.value).strip()}
        others = [f"{id_}: {value}" for id_, value in said.items() if id_ not in asked]
        if others:
            self.typed["details"] = honest("\n".join(others)).strip()[:LONGEST_KEPT]
        return tuple(details.read(question, said[id_]) for id_, question in asked.items() if id_ in said)

    def statement(self, body: SaidBody | None) -> Statement | None:
        """What the caller said and no incident goes by, with all that could not be read; to be called last."""
        said: dict[str, Any] = {}
        if body:
            said = {
                "type": self._choice("type", body.type, self._registry.types) or "",
                "location": self._place(body.location) if body.location else None,
                "priority": self._priority(body.priority),
                "terrain": self._terrain(body.terrain),
                "narrative": self.text("narrative", body.narrative),
                "drill": body.drill,
            }
        statement = Statement(**said, typed=dict(self.typed))
        return statement if statement != Statement() else None

    def _place(self, typed: PlaceBody) -> Location:
        district = self._district(typed.district)
        lat, lng = self._point(typed)
        landmark = honest_line(typed.landmark).strip()
        name = self.typed.get("district", "")
        if name and name.casefold() not in landmark.casefold():
            # A crew that reads it may know it.
            landmark = ", ".join(filter(None, (landmark, name)))
        if not district and (lies := places.lies_in(lat, lng, self._registry.districts.values())):
            # As the preview has said.
            district = lies.district
        if not district and lat is None:
            self.doubts.append("place_unknown")
        found, _ = places.sense(
            lat, lng, self._registry.districts.get(district), self._registry.districts.values()
        )
        self.doubts += found
        return Location(
            district=district,
            village=self.line("village", typed.village),
            landmark=self.line("landmark", landmark),
            lat=lat,
            lng=lng,
        )

    def _district(self, typed: str) -> str:
        typed = honest_line(typed).strip()
        wanted = typed.casefold()
        districts = self._registry.districts.values()
        for each in districts:
            if wanted in (each.id, each.name.casefold()):
                return each.id
        found = [
            each.id
            for each in districts
            if wanted in (known.casefold() for known in (*each.aliases, *each.villages))
        ]
        if len(found) == 1:
            # A village's name says more than its district's, and is read by the crew.
            self.typed["district"] = typed
            return found[0]
        if typed:
            self._keep("district", typed)
        return ""

    def _point(self, typed: PlaceBody) -> tuple[float | None, float | None]:
        lat, lng = typed.lat, typed.lng
        if lat is not None and lng is not None and abs(lat) <= 90 and abs(lng) <= 180:
            if typed.point.strip():
                self.typed["point"] = honest_line(typed.point).strip()[:LONGEST_KEPT]
            return lat, lng
        given = [typed.point] if typed.point.strip() else []
        if (lat, lng) != (None, None):
            given.append(", ".join("?" if each is None else f"{each:.15g}" for each in (lat, lng)))
        if given:
            self._keep("point", " · ".join(given))
        return None, None

    def _priority(self, typed: float | None) -> int | None:
        if typed is None or typed in PRIORITIES:
            return None if typed is None else int(typed)
        self._keep("priority", f"{typed:.15g}")
        return None

    def _terrain(self, typed: str | None) -> Terrain | None:
        return cast("Terrain | None", self._choice("terrain", typed or "", get_args(Terrain)) or None)

    def _choice(self, field: str, typed: str, choices: Collection[str]) -> str:
        if typed in choices:
            return typed
        if honest_line(typed).strip():
            self._keep(field, typed)
        return ""

    def _cut(self, field: str, text: str, longest: int) -> str:
        if len(text) <= longest:
            return text
        self._keep(field, text, "text_cut")
        return text[: longest - 1].rstrip() + "…"

    def _keep(self, field: str, typed: str, doubt: str = "") -> None:
        self.typed[field] = honest(typed).strip()[:LONGEST_KEPT]
        code = doubt or f"{field}_unread"
        if code not in self.doubts:
            self.doubts.append(code)


def heard_call(registry: Snapshot, body: CallBody) -> NewCall:
    """A call as it was taken down; Invalid unless an emergency, and no other call, has an incident."""
    if body.kind == "emergency":
        exactly_one(incident=body.incident, incident_id=body.incident_id)
    if body.kind != "emergency" and (body.incident or body.incident_id):
        raise Invalid(
            "only an emergency has an incident", Fault("class", "no_incident_of_class", {"kind": body.kind})
        )
    heard = Hearing(registry)
    return NewCall(
        number=heard.number(body.number),
        channel=heard.channel(body.channel),
        kind=body.kind,
        received_at=instant(body.received_at, "received_at"),
        answered_at=heard.moment("answered_at", body.answered_at, needed=body.kind != "emergency"),
        note=heard.text("note", body.note),
        incident=heard.incident(body.incident) if body.incident else None,
        incident_id=body.incident_id,
        insist=body.insist,
        said=heard.statement(body.said),
        # Gathered while all else was read.
        doubts=tuple(heard.doubts),
    )
