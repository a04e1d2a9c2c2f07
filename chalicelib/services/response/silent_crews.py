"""A crew that nobody has heard of: the next fit unit is asked beside it, and what becomes of that one's request."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import unheard
from ...domain.assignment import Assignment, Step
from ...domain.decision import Decision
from ...domain.events import CrewHeard, Draft, UnitCancelled
from ...domain.portions import WAITING_MOST
from ...domain.times import plus
from ...models import incidents
from ...models.change import Change
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ...models.unit_states import unit_states
from ..changes.ordering import order
from ..changes.writing import must
from .following import apply, stand_down
from .replacing import Vacancy, fill, in_the_plan, send_next


def look(world: World, registry: Snapshot, loaded: Loaded, before: Assignment, now: str) -> Change:
    """Ask the next unit beside a crew that is due to be looked at, if it is silent; once a need."""
    incident = loaded.incident
    waits = unheard.after_s(incident)
    if len(incident.unpaged) >= WAITING_MOST:
        # It stays due: who is being paged comes first.
        return Change(loaded, Decision(incident=incident))
    whole = must(incidents.load_state(incident.id), incident.id)
    incident, before = whole.incident, whole.assignments[before.id]
    if not unheard.due(incident, before, now):
        return Change(whole, Decision(incident=incident))
    asked = in_the_plan(world, registry, incident, before, now)
    crews = unheard.of_need(incident, whole.assignments.values(), asked.need_id, asked.level)
    if waits is None or unheard.asked_already(crews):
        return _seen(whole, before, None)
    sign = unheard.last_sign(before, whole.pages.values(), whole.notes)
    since = unheard.silent_since(incident, before, whole.pages.values(), sign, now)
    if since is None:
        change = _seen(whole, before, unheard.again_at(before, waits, now))
        if sign:
            heard = CrewHeard(assignment=before.id, unit=before.unit_id, sign=sign.kind, at=sign.at)
            change.decision.drafts.append(Draft(heard))
        return change
    if plus(since, waits) > now:
        return _seen(whole, before, plus(since, waits))
    change = _seen(whole, before, None)
    vacancy = Vacancy(need_id=asked.need_id, level=asked.level, because=unheard.BECAUSE, beside=before.id)
    fill(world, registry, change.decision, vacancy, now)
    return change


def _seen(loaded: Loaded, before: Assignment, again_at: str | None) -> Change:
    """That a crew was looked at, and when it is looked at again; what follows from it is told by other events."""
    after = replace(before, silent_at=again_at)
    return Change(loaded, Decision(incident=loaded.incident, assignments=[after], quiet=True))


def taken(before: Assignment, *, drill: bool) -> bool:
    """Whether the unit of an assignment was taken for another incident before it had answered."""
    if before.because != unheard.BECAUSE:
        return False
    return unheard.taken(unit_states([before.unit_id]).units.get(before.unit_id), before, drill=drill)


def end_taken(world: World, registry: Snapshot, loaded: Loaded, before: Assignment, now: str) -> Change:
    """End the request of a unit that was taken: who was asked for it is told, and the need asks on if nobody stands for it.

    The transaction that took it wrote nothing here; the unit's state, which both need, says who has it.
    """
    whole = must(incidents.load_state(loaded.incident.id), loaded.incident.id)
    before = whole.assignments[before.id]
    decision = Decision(incident=whole.incident)
    if before.status not in unheard.SILENT:
        # It has answered here at the same moment: both have asked it, and it comes to this one.
        return Change(whole, decision)
    apply(registry, decision, before, Step("cancelled", "", now), now)
    (called_off,) = decision.drafts
    assert isinstance(called_off.content, UnitCancelled)
    decision.drafts = [replace(called_off, content=replace(called_off.content, because="taken"))]
    order(world, registry, decision, stand_down(whole, {before.id}), now)
    send_next(world, registry, decision, before, now)
    return Change(whole, decision)
